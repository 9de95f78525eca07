import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CATALOGUE } from '../../../src/analysis/analysis';

const DOCS = join(__dirname, '..', '..', '..', 'docs');
const page = readFileSync(join(DOCS, 'rules', 'coverage.md'), 'utf8');
const admission = readFileSync(join(DOCS, 'admission.md'), 'utf8');
const codesIn = (text: string, family: RegExp) => [...new Set(text.match(family) ?? [])].sort();

test('every code of ours on the page of coverage is in the catalogue', () => {
  const known = CATALOGUE.map(({ code }) => code);
  expect(codesIn(page, /MTLS\d+/g).filter((code) => !known.includes(code))).toEqual([]);
  expect(codesIn(page, /ADMIT\d+/g).filter((code) => !admission.includes(`| ${code} |`))).toEqual([]);
});

test('a code of Kiali or istioctl has one row a kind', () => {
  for (const kind of page.split(/^## /m).slice(1)) {
    const firsts = [...kind.matchAll(/^\| ((?:KIA|IST)[^|]*)\|/gm)].flatMap(([, cell]) => cell.match(/(KIA|IST)\d{4}/g)!);
    expect(firsts.filter((code, index) => firsts.indexOf(code) !== index)).toEqual([]);
  }
});

test('every code of istioctl\'s newest messages is on the page', () => {
  const ranges = [...page.matchAll(/(IST\d{4}) to IST(\d{4})/g)].flatMap(([, from, to]) =>
    Array.from({ length: Number(to) - Number(from.slice(3)) + 1 }, (_, index) => `IST${String(Number(from.slice(3)) + index).padStart(4, '0')}`));
  const told = [...codesIn(page, /IST\d{4}/g), ...ranges];
  const ofIstioctl = ['IST0101', 'IST0134', ...Array.from({ length: 9 }, (_, index) => `IST${String(150 + index + 1).padStart(4, '0')}`), 'IST0173', 'IST0174', 'IST0175', 'IST0176', 'IST0177'];
  expect(ofIstioctl.filter((code) => !told.includes(code))).toEqual([]);
});
