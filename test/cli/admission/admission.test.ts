import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import * as judgement from '../../../src/analysis/judgement';
import { WORTHWHILE } from '../../../src/cli/admission/admission';
import { objectionsTo } from '../../../src/cli/admission/objections';
import { check } from '../../../src/cli/findings/check';
import { objectsOf, readingOf } from '../../../src/cli/input/reading';
import { calendarDateOf } from '../../../src/findings/acknowledgement';
import { readYaml } from '../../../src/manifests/yaml/read-yaml';
import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';
import { BAD, GOOD, UNREADABLE } from '../manifests';
import { BROKEN, SOUND, WARNED } from '../meshes';

afterAll(removeFolders);

const ROOT = join(__dirname, '../../..');
const BIN = `require('${ROOT}/bin/istio-mtls');`;
const THREADS = 'const threads = require("node:worker_threads"); const { Worker } = threads;';
/** Prints to standard error how many messages the second thread sent. */
const COUNTED = `${THREADS} let answers = 0; process.on('exit', () => console.error(answers));
  threads.Worker = class extends Worker { constructor(...a) { super(...a); this.on('message', () => answers++); } };`;
const ONE_THREAD = 'require("node:os").availableParallelism = () => 1;';
const BROKEN_THREAD = `${THREADS} threads.Worker = class extends Worker { constructor() { super('throw new Error("broken")', { eval: true }); } };`;
const NO_THREAD = `${THREADS} threads.Worker = class { constructor() { throw new Error('no thread'); } };`;
/** Runs the command from its modules, one of which throws. */
const DEFECT = `require('${ROOT}/lib/src/admission/admission.js').admit = () => { throw new Error('defect'); };
  require('${ROOT}/lib/src/cli/main.js').main(process.argv.slice(2), { root: '${ROOT}', version: '0' });`;

/** Comments make the text long enough for a second thread. */
const LONG = `${'# a comment\n'.repeat(Math.ceil(WORTHWHILE / 12))}---\n`;
const LIST = 'apiVersion: v1\nkind: List\nitems:\n  - kind: PeerAuthentication\n    apiVersion: security.istio.io/v1\n    metadata: {name: a, namespace: b}\n    spec: {mtls: {mode: STRICTER}}\n  - 3\n';

function run(prepare: string, args: readonly string[], input = '', program = BIN) {
  const script = `${prepare} process.argv = ['node', 'x', 'check', ...${JSON.stringify(args)}]; ${program}`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', script], { input, encoding: 'utf8' });
  return { status, stdout, stderr };
}

const folder = folderWith({ 'a.yaml': LONG + SOUND, 'b.yaml': BAD + LIST, 'c.yaml': 'no: manifest\n', 'd.yaml': BROKEN });

test.each<[string, string[], string]>([
  ['no findings', ['-'], LONG + SOUND],
  ['an error and a warning', ['-'], [LONG, BROKEN, WARNED].join('---\n')],
  ['rejected objects', ['-', '-o', 'json'], [LONG, BROKEN, BAD, GOOD].join('---\n')],
  ['unreadable documents', ['-', '-o', 'json'], [LONG, UNREADABLE, BROKEN, BAD].join('---\n')],
  ['a List', ['-'], [LONG, SOUND, LIST].join('---\n')],
  ['several files, and one that doesn\'t exist', [folder, join(folder, 'none.yaml'), '--istiod-namespace', 'shop'], ''],
  ['facts, of which some are rejected', [join(folder, 'd.yaml'), '--with', join(folder, 'a.yaml'), '--with', join(folder, 'b.yaml')], ''],
  ['objects without a namespace, with -n', ['-', '-n', 'shop'], (LONG + BROKEN).replaceAll(/^ {2}namespace: shop\n/gm, '')],
])('one and two threads print the same: %s', (_, args, input) => {
  const one = run(ONE_THREAD + COUNTED, args, input);
  const two = run(COUNTED, args, input);
  expect([one.stderr, two.stderr]).toEqual(['0\n', '1\n']);
  expect({ ...two, stderr: '' }).toEqual({ ...one, stderr: '' });
});

test('one thread does all for objects that can\'t be sent to another', () => {
  const input = [LONG, BROKEN, BAD, 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b}\nimmutable: -0.0\n'].join('---\n');
  const [one, two] = [ONE_THREAD + COUNTED, COUNTED].map((prepare) => run(prepare, ['-', '-o', 'json'], input));
  expect(two).toEqual(one);
  expect(two.stderr).toBe('0\n');
});

test('one thread reads a short text', () => {
  expect(run(COUNTED, ['-'], SOUND)).toMatchObject({ status: 0, stderr: '0\n' });
});

test.each([['can\'t start', NO_THREAD], ['breaks', BROKEN_THREAD]])('if the second thread %s, the first one reads all', (_, prepare) => {
  const input = [LONG, BROKEN, BAD].join('---\n');
  expect(run(prepare, ['-'], input)).toEqual({ ...run(ONE_THREAD, ['-'], input), stderr: '' });
  expect(run(prepare, ['-'], input, DEFECT)).toMatchObject({ status: 2, stderr: expect.stringMatching(/^istio-mtls could not finish: defect\n/) });
});

test.each([
  ['known before the rules run: they run once', true, 1],
  ['known only after they ran: they run twice', false, 2],
])('the rules run without rejected objects: %s', async (_, hasRefused, times) => {
  const rules = jest.spyOn(judgement, 'judge');
  const text = [BROKEN, BAD].join('---\n');
  const reading = readingOf({ paths: { judged: ['-'] }, texts: [{ name: '-', text, given: '-', isNamed: true, isFact: false }], problems: [], skipped: [], notes: [] });
  const options = { acknowledgements: [], today: calendarDateOf(new Date(0)), parseYaml: readYaml };
  const objected = objectionsTo(objectsOf(reading), {});
  const found = await check(reading, options, { objected: Promise.resolve(objected), hasRefused: () => hasRefused });
  expect(rules).toHaveBeenCalledTimes(times);
  expect(found.findings).toEqual((await check(reading, options)).findings);
  rules.mockRestore();
});

test.each<[string, string, number, string[]]>([
  ['Web', 'web', 1, ['ADMIT503']],
  ['web', 'Web', 1, ['ADMIT503']],
  ['web', 'web', 0, []],
])('a Service called %s and a Deployment called %s: what an API server refuses is no part of the mesh', async (service, workload, exitCode, codes) => {
  const input = `
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${workload}, namespace: shop}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, ports: [{containerPort: 80}]}]}}}
---
apiVersion: v1
kind: Service
metadata: {name: ${service}, namespace: shop}
spec: {selector: {app: web}, ports: [{name: http, port: 80}]}
`;
  const { out, exitCode: given } = await command(['check', '-', '-o', 'json'], { input });
  const { findings, connections } = JSON.parse(out);
  expect([given, findings.map(({ code }: any) => code), connections.outcomes.broken]).toEqual([exitCode, codes, 0]);
});
