// Whatever names and values manifests hold, no output line controls a terminal or a CI runner.
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { BROKEN } from './meshes';
import { printedCheck } from '../../src/cli/check/printed';
import { CheckReport } from '../../src/cli/findings/check';
import { REPORT_FORMATS } from '../../src/cli/findings/formats';
import { ReportedFinding, AppliedConfiguration } from '../../src/cli/findings/report';
import { Progress } from '../../src/cli/output/terminal';
import { printedValidate } from '../../src/cli/validate/printed';
import { FailWords, SEVERITIES } from '../../src/findings/finding';
import { command as run } from '../support/command/command';
import { folderWith, removeFolders } from '../support/command/scratch';
import { exampleTexts } from '../support/documents/examples-of-rules';
import { TODAY } from '../support/meshes/analysis';
import { casesOf } from '../support/random/cases';
import { fc } from '../support/random/fast-check';
import { command, hostile, UNSEEN } from '../support/random/runner-commands';

afterAll(removeFolders);

const { seed, count } = casesOf('hostile');
const PACKAGED = { root: join(__dirname, '..', '..'), version: '1.2.3' };
// eslint-disable-next-line no-control-regex
const COLOUR = /\u001b\[\d+m/g;

/** The workflow command at the start of each line of GitHub\'s format; titles and messages can\'t end it. */
const OWN_COMMAND = /^::(?:error|warning|notice) (?:\w+=[^:,]*,?)+::/;

function expectHarmless(out: string, format: string): void {
  const isHarmless = (line: string): boolean => {
    if (format !== 'github') return !UNSEEN.test(line) && !command.test(line);
    return OWN_COMMAND.test(line) && !UNSEEN.test(line) && !command.test(line.replace(OWN_COMMAND, ''));
  };
  expect(out.replace(COLOUR, '').split('\n').slice(0, -1).filter((line) => !isHarmless(line))).toEqual([]);
}

const position = fc.record({ line: fc.constant(3), column: fc.integer({ min: 1, max: 5 }), text: hostile });

const finding: fc.Arbitrary<ReportedFinding> = fc.record({
  code: fc.constantFrom('ADMIT108', 'ADMIT201', 'MTLS101'),
  severity: fc.constantFrom(...SEVERITIES),
  field: fc.array(fc.oneof(hostile, fc.nat(3)), { maxLength: 3 }),
  actual: hostile,
  expected: hostile,
  because: fc.option(hostile, { nil: undefined }),
  fix: hostile,
  object: fc.record({ apiVersion: hostile, kind: hostile, namespace: hostile, name: hostile }),
  place: fc.option(fc.record({ file: hostile, position }), { nil: undefined }),
  objectIndex: fc.nat(3),
});

const entry = fc.record({
  code: fc.constant('MTLS101'),
  ...{ group: hostile, kind: hostile, namespace: hostile, name: hostile, field: hostile, reason: hostile },
  count: fc.constant(1),
  connections: fc.constant(2),
});

const growth = fc.record({ entry, count: fc.constant(1), connections: fc.constantFrom(1, 3), calls: fc.array(hostile, { maxLength: 2 }) });

const configured: fc.Arbitrary<AppliedConfiguration> = fc.record({
  configuration: fc.record({ path: hostile, mesh: hostile }),
  off: fc.nat(2),
  baseline: fc.record({
    path: hostile,
    held: fc.array(fc.tuple(finding, entry), { maxLength: 2 }).map((pairs) => new Map(pairs)),
    grown: fc.array(fc.tuple(finding, growth), { maxLength: 4 })
      .map((pairs) => new Map(pairs)),
    stale: fc.array(entry, { maxLength: 2 }),
    undecidedBeyond: fc.nat(3),
  }),
});

const report: fc.Arbitrary<CheckReport> = fc.record({
  reading: fc.record({
    files: fc.constant(1),
    skipped: fc.array(fc.record({ file: hostile, why: hostile }), { maxLength: 2 }),
    documents: fc.constant([]),
    facts: fc.constant({ files: 0, documents: [] }),
    notes: fc.array(fc.record({ about: fc.constant('chart' as const), path: hostile, text: hostile }), { maxLength: 2 }),
    unreadable: fc.array(fc.record({ code: fc.constant('ADMIT151'), file: hostile, actual: hostile, expected: hostile, fix: hostile, position }), { maxLength: 2 }),
  }),
  findings: fc.array(finding, { maxLength: 6 }),
  acknowledged: fc.array(fc.tuple(finding, hostile, hostile, hostile, hostile).map(([one, reason, owner, expires, file]) => (
    { ...one, reason, owner, expires, by: 'run' as const, saidAt: ['acknowledgements', 0], saidIn: { file, position: { line: 1, column: 1 } } })), { maxLength: 2 }),
  size: fc.constant({ namespaces: 1, workloads: 2, services: 1 }),
  connections: fc.constant({ connections: 3, lostCopies: 0, outcomes: { mtls: 0, tls: 0, plaintext: 0, broken: 0, undecided: 3 }, undecided: { 'no-endpoints': 3 } }),
  plaintext: fc.constant([]),
  wouldDecide: fc.record({ facts: fc.array(fc.record({ need: fc.constantFrom('namespace', 'servers', 'subset', 'template'), subject: hostile, connections: fc.constant(3) })) }),
  unjudged: fc.constant({ objects: [{ kind: 'AuthorizationPolicy', count: 1 }], connections: 1, gateways: [] }),
  assumptions: fc.constant([{ name: 'injector', text: 'the sidecar injector runs' }]),
  configured: fc.option(configured, { nil: undefined }),
}) as fc.Arbitrary<CheckReport>;

/** A narrow terminal, which wraps text to new lines; a file; and colours. */
const papers = fc.constantFrom({ columns: 60, env: { NO_COLOR: '1' } }, { columns: undefined, env: {} }, { columns: 60, env: { FORCE_COLOR: '1' } });

test.each(REPORT_FORMATS)('-o %s is harmless with hostile text in every field of findings', (format) => {
  const failOn: FailWords = ['error', 'undecided', 'skipped'];
  fc.assert(fc.property(report, papers, fc.boolean(), (one, { columns, env }, all) => {
    const progress = new Progress({ write: () => undefined }, () => 0);
    const terminal = {
      input: async function* () {},
      isTerminal: true,
      columns,
      env,
      today: () => TODAY,
      now: () => new Date(TODAY),
      progress,
      out: () => {},
      error: () => {},
    };
    expectHarmless(printedCheck(one, { format, all, failOn, packaged: PACKAGED }, terminal), format);
    const { connections, wouldDecide, size, ...ofObjects } = one;
    expectHarmless(printedValidate(ofObjects, { format, all, failOn, packaged: PACKAGED }, terminal), format);
  }), { seed, numRuns: count(200) });
});

/** An example of a rule with some names and values replaced by hostile text, consistently. */
const hostileChanges = fc.array(fc.tuple(fc.nat(), hostile), { minLength: 1, maxLength: 3 });
const hostileManifests = fc.tuple(fc.constantFrom(...exampleTexts), hostileChanges).map(([text, changes]) => {
  const objects = loadAll(text);
  const texts = [...new Set(objects.flatMap(textsIn))];
  const swaps = new Map(changes.map(([number, value]) => [texts[number % texts.length], value]));
  return objects.map((object) => JSON.stringify(swapped(object, swaps))).join('\n---\n');
});

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([key, item]) => [key, ...textsIn(item)]) : [];
}

function swapped(value: unknown, swaps: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return swaps.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => swapped(item, swaps));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [swaps.get(key) ?? key, swapped(item, swaps)]));
}

/** Expectations for `test`. */
const EXPECTED = join(__dirname, '../../fuzz/expectations.yaml');

const COMMAND_LINES = [
  ...['check', 'validate'].flatMap((verb) => REPORT_FORMATS.map((format) => `${verb} --all -o ${format}`)),
  ...['table', 'csv', 'json'].map((format) => `connections -o ${format}`),
  'connections --format 2 -o json',
  ...['text', 'json', 'junit'].map((format) => `test ${EXPECTED} --all -o ${format}`),
];

test('every verb and format is harmless with hostile names and values in manifests', async () => {
  await fc.assert(fc.asyncProperty(hostileManifests, fc.constantFrom(...COMMAND_LINES), papers, async (input, commandLine, { columns, env }) => {
    const { out, error } = await run([...commandLine.split(' '), '-'], { input, isTerminal: true, columns, env });
    const format = commandLine.split(' ').at(-1)!;
    expectHarmless(out, format);
    expectHarmless(error, 'text');
  }), { seed, numRuns: count(600), interruptAfterTimeLimit: 8000 });
});

test('error messages about the command line are harmless', async () => {
  const lines = (text: string) => [
    ['check', `--${text}`], ['check', '-o', text, '-'], ['check', '--fail-on', text, '-'], ['rules', text], [text], ['check', '--injected-namespace', text, '-'],
    ['connections', '--client', text, '-'], ['connections', '--service', text, '-'], ['validate', `no-such-file${text}`], ['test', text, '-'],
  ];
  await fc.assert(fc.asyncProperty(hostile.filter((text) => !text.includes('\u0000')), fc.nat(9), async (text, which) => {
    const { out, error } = await run(lines(text)[which], { input: exampleTexts[0] });
    expectHarmless(out, 'text');
    expectHarmless(error, 'text');
  }), { seed, numRuns: count(400) });
});

test('errors in an expectations file are harmless', async () => {
  await fc.assert(fc.asyncProperty(hostile, fc.constantFrom('text', 'json', 'junit'), async (text, format) => {
    const tests = [{ from: `a/${text}`, to: `${text}`, is: 'mtls' }, { from: '*', is: text, [text]: 1 }, { to: '*', is: 'mtls', except: [{ to: `a/${text}`, reason: text }] }];
    for (const some of [tests, [tests[2]], [tests[0]]]) {
      const cwd = folderWith({ 'tests.json': JSON.stringify({ tests: some }) });
      const { out, error } = await run(['test', 'tests.json', '-', '-o', format], { input: exampleTexts[0], cwd });
      expectHarmless(out, format);
      expectHarmless(error, 'text');
    }
  }), { seed, numRuns: count(60) });
});

test.each(['text', 'json', 'sarif', 'junit', 'github'])('-o %s contains no control characters', async (format) => {
  const named = BROKEN.replaceAll('name: ratings', 'name: "r\\e[31m\\x9b\\u202e"');
  // eslint-disable-next-line no-control-regex
  expect((await run(['check', '-', '-o', format], { input: named })).out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
});
