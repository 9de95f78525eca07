import { chmodSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { Baseline, BaselineEntry } from '../../src/baseline/baseline';
import { baselineText, loadBaseline, loadBaselineIfThere, readBaseline, writeBaseline } from '../../src/baseline/baseline-file';
import { folderWith, removeFolders } from '../support/command/scratch';
import { validatorOf } from '../support/documents/schemas';
import { casesOf } from '../support/random/cases';
import { fc } from '../support/random/fast-check';

afterAll(removeFolders);

const SCHEMA = validatorOf('baseline');

const ENTRY: BaselineEntry = {
  code: 'MTLS101', group: 'networking.istio.io', kind: 'DestinationRule', namespace: 'shop', name: 'ratings', field: 'spec.trafficPolicy.tls.mode', count: 1, connections: 3,
};

test('is written as YAML in the usual style', () => {
  const text = baselineText({
    entries: [{ ...ENTRY, reason: 'goes in March: ask the "shop" team' }, { code: 'MTLS201', group: '', kind: 'Service', namespace: '', name: 'on', field: '', count: 2 }],
    undecided: { 'no-endpoints': 12, 'delegate': 1 },
  });
  expect(text).toBe(`# Known findings in these manifests: istio-mtls fails only on others. See docs/configuration.md.
# istio-mtls check --write-baseline rewrites this file and keeps reasons, but not comments.
format: 1
findings:
  - code: MTLS201
    kind: Service
    name: "on"
    count: 2
  - code: MTLS101
    group: networking.istio.io
    kind: DestinationRule
    namespace: shop
    name: ratings
    field: spec.trafficPolicy.tls.mode
    connections: 3
    reason: "goes in March: ask the \\"shop\\" team"
undecided:
  delegate: 1
  no-endpoints: 12
`);
});

const text = fc.oneof(
  fc.string({ minLength: 1, maxLength: 12 }), fc.string({ minLength: 1, maxLength: 6, unit: 'binary' }),
  fc.constantFrom('yes', 'Off', 'null', '~', '1', '0x1', '1e3', '.inf', '- a', 'a: b', '#', '{}', '[a]', '\u0085', '\u2028', '\ufeff', '---', '<<', '=', '\t', 'a #b', '"', '\\'),
).filter((one) => one.trim() !== '');

const entry: fc.Arbitrary<BaselineEntry> = fc.record({
  code: fc.integer({ min: 100, max: 999 }).map((number) => `MTLS${number}`),
  group: fc.oneof(text, fc.constant('')),
  kind: text,
  namespace: fc.oneof(text, fc.constant('')),
  name: text,
  field: fc.oneof(text, fc.constant('')),
  count: fc.integer({ min: 1, max: 9 }),
  connections: fc.option(fc.nat(), { nil: undefined }),
  calls: fc.option(fc.array(text, { minLength: 1, maxLength: 3 }), { nil: undefined }),
  reason: fc.option(text, { nil: undefined }),
});
const baselines: fc.Arbitrary<Baseline> = fc.record({
  entries: fc.uniqueArray(entry, { maxLength: 5, selector: ({ code }) => code }),
  undecided: fc.option(fc.dictionary(text.filter((one) => one !== '__proto__'), fc.nat(), { maxKeys: 3 }), { nil: undefined }),
});
const byCode = (entries: readonly BaselineEntry[]) => [...entries].sort((left, right) => (left.code < right.code ? -1 : 1));

test('a written baseline is read back unchanged, and is valid by the schema', () => {
  fc.assert(fc.property(baselines, (baseline) => {
    const written = baselineText(baseline);
    expect(SCHEMA.validate(load(written)).errors).toEqual([]);
    const read = readBaseline(written, 'baseline.yaml');
    expect(byCode(read.entries)).toEqual(byCode(baseline.entries));
    expect({ ...read.undecided }).toEqual({ ...baseline.undecided });
    expect(baselineText(read)).toBe(written);
  }), { numRuns: casesOf('texts').count(300) });
});

test('the order of findings doesn\'t change the file', () => {
  fc.assert(fc.property(baselines, ({ entries, undecided }) => {
    const reversed = undecided && Object.fromEntries(Object.entries(undecided).reverse());
    expect(baselineText({ entries: [...entries].reverse(), undecided: reversed })).toBe(baselineText({ entries, undecided }));
  }), { numRuns: casesOf('texts').count(50) });
});

test.each<[string, string, string]>([
  ['a missing format', 'findings: []\n', '1:1: the document is without format; expected a baseline of format 1. Fix: add format. [API092]'],
  ['a later format', 'format: 2\n', '1:1: format is 2; expected 1. Fix: use the version of istio-mtls that wrote it, or write it again. [API092]'],
  ['an entry without code', 'format: 1\nfindings:\n  - kind: Service\n', '3:5: findings[0] is without code; expected a string. Fix: add code. [API092]'],
  ['an unknown field', 'format: 1\nfindings:\n  - code: MTLS101\n    reson: r\n', '4:5: findings[0].reson is an unknown field; expected one of code, group, kind, namespace, name, field, count, connections, calls, reason. Fix: write reason. [API091]'],
  ['a count of 0', 'format: 1\nfindings:\n  - code: MTLS101\n    count: 0\n', '4:5: findings[0].count is 0; expected a whole number of at least 1. Fix: write a number without quotes. [API092]'],
  ['a number in quotes', 'format: 1\nundecided:\n  delegate: "1"\n', '3:3: undecided.delegate is \'1\'; expected a whole number of at least 0. Fix: write a number without quotes. [API092]'],
])('refuses %s, with its position', (_, said, fault) => {
  expect(SCHEMA.validate(load(said)).valid).toBe(false);
  expect(() => readBaseline(said, 'b.yaml')).toThrow(`b.yaml:${fault}`);
});

test('refuses two entries with the same key', () => {
  const said = 'format: 1\nfindings:\n  - {code: MTLS101, name: a}\n  - {code: MTLS101, name: a, reason: r}\n';
  expect(() => readBaseline(said, 'b.yaml')).toThrow('b.yaml:4:5: findings[1] is a second entry for the same code, object and field; expected one entry. Fix: delete one of them. [API092]');
});

test('a new file is readable by the umask, and an existing file keeps its mode', () => {
  const file = join(folderWith({}), 'baseline.yaml');
  writeBaseline({ entries: [ENTRY] }, file);
  // eslint-disable-next-line no-bitwise
  expect(statSync(file).mode & 0o777).toBe(0o666 & ~process.umask());
  chmodSync(file, 0o600);
  writeBaseline({ entries: [] }, file);
  // eslint-disable-next-line no-bitwise
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(loadBaseline(file)).toEqual({ entries: [], undecided: undefined });
});

test('a missing file can\'t be compared with, but can be written', () => {
  const file = join(folderWith({}), 'none.yaml');
  expect(() => loadBaseline(file)).toThrow(/none\.yaml: the file is missing; .* \[API094\]$/);
  expect(loadBaselineIfThere(file)).toEqual({ entries: [] });
  expect(() => writeBaseline({ entries: [] }, join(file, 'in-no-folder.yaml'))).toThrow(/the file is not writable \(ENOENT\); .* \[API095\]$/);
});

test('an invalid file isn\'t overwritten', () => {
  const file = join(folderWith({}), 'baseline.yaml');
  writeFileSync(file, 'format: 1\nfindings: nothing\n');
  expect(() => loadBaselineIfThere(file)).toThrow('[API092]');
});
