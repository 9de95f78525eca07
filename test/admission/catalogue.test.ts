// The catalogue of codes says what admission does.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sampleObjects } from '../../conformance/generators/objects/objects';
import { admit } from '../../src/admission/admission';
import { ADMISSION_CATALOGUE, ADMISSION_CODES } from '../../src/admission/catalogue';

const ROOT = join(__dirname, '..', '..');

/** Objects of Istio's kinds, most of them with something wrong. */
function objects(count: number): readonly object[] {
  return JSON.parse(JSON.stringify(sampleObjects(1, count).map(({ object }) => object)));
}

const RAISED = objects(4000).flatMap((object) => admit(object)).map(({ code, severity }) => ({ code, severity }));
const raised = (isSo: (severity: string) => boolean) => new Set(RAISED.filter(({ severity }) => isSo(severity)).map(({ code }) => code));

test('a code that only warns or informs refuses nothing', () => {
  const refusing = raised((severity) => severity === 'error');
  expect(refusing.size).toBeGreaterThan(60);
  expect(ADMISSION_CODES.filter(({ code, severity }) => severity !== 'error' && refusing.has(code))).toEqual([]);
});

test('a code that refuses says when it only warns or informs', () => {
  const admitting = raised((severity) => severity !== 'error');
  expect(admitting.size).toBeGreaterThan(10);
  const silent = ADMISSION_CODES.filter(({ code, severity, what }) => severity === 'error' && admitting.has(code) && !/warning|info/.test(what));
  expect(silent).toEqual([]);
});

test('each code stands once, in the section of its layer', () => {
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
