// The catalogue of codes matches what admission does.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sampleObjects } from '../../conformance/generators/objects/objects';
import { admit } from '../../src/admission/admission';
import { ADMISSION_CATALOGUE, ADMISSION_CODES } from '../../src/admission/catalogue';
import { mode, peerAuthentication } from '../support/meshes/mesh';
import { casesOf } from '../support/random/cases';

const ROOT = join(__dirname, '..', '..');

const { seed, count } = casesOf('hostile');

/** One object that is refused, and one that is warned of. */
const WRITTEN = [peerAuthentication('shop/strong', mode('STRONG')), peerAuthentication('shop/empty', { selector: {}, ...mode('STRICT') })];
/** Objects of Istio's kinds, most of them with something wrong. */
const RANDOM: readonly object[] = JSON.parse(JSON.stringify(sampleObjects(seed, count(4000)).map(({ object }) => object)));

const RAISED = [...WRITTEN, ...RANDOM].flatMap((object) => admit(object)).map(({ code, severity }) => ({ code, severity }));
const raised = (isSo: (severity: string) => boolean) => new Set(RAISED.filter(({ severity }) => isSo(severity)).map(({ code }) => code));

test('codes of severity warning or info never reject an object', () => {
  const refusing = raised((severity) => severity === 'error');
  expect(refusing).toContain(admit(WRITTEN[0])[0].code);
  expect(ADMISSION_CODES.filter(({ code, severity }) => severity !== 'error' && refusing.has(code))).toEqual([]);
});

test('codes of severity error document when they only warn or inform', () => {
  const admitting = raised((severity) => severity !== 'error');
  expect(admitting).toContain('ADMIT451');
  const silent = ADMISSION_CODES.filter(({ code, severity, what }) => severity === 'error' && admitting.has(code) && !/warning|info/.test(what));
  expect(silent).toEqual([]);
});

test('each code is listed once, in the section of its layer', () => {
  const codes = ADMISSION_CODES.map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
  expect(ADMISSION_CATALOGUE.map(({ heading, codes: all }) => [heading, new Set(all.map(({ code }) => code.slice(0, 6)))])).toEqual([
    ['Reading', new Set(['ADMIT1'])], ['Kinds', new Set(['ADMIT1'])], ['Structure', new Set(['ADMIT2'])], ['CEL', new Set(['ADMIT3'])], ['Webhook', new Set(['ADMIT4'])],
    ['Metadata', new Set(['ADMIT5'])], ['Mesh config', new Set(['ADMIT6'])], ['cacerts', new Set(['ADMIT7'])], ['Together', new Set(['ADMIT8'])],
  ]);
});

test('docs/admission.md has the rows of the catalogue', () => {
  const page = readFileSync(join(ROOT, 'docs', 'admission.md'), 'utf8');
  for (const { code, severity, what, why } of ADMISSION_CODES) expect(page).toContain(`\n| ${code} | ${severity === 'error' ? '' : `(${severity}) `}${what} | ${why} |\n`);
});
