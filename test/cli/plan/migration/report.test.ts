import { existsSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../../../support/command/command';
import { Answer, prometheusAnswer } from '../../../support/command/prometheus';
import { folderWith, removeFolders } from '../../../support/command/scratch';
import { validatorOf } from '../../../support/documents/schemas';
import { SOUND, BROKEN, declaringCalls } from '../../meshes';

afterAll(removeFolders);

const SCHEMA = validatorOf('migration');

const PERMISSIVE = SOUND.replace('mode: STRICT', 'mode: PERMISSIVE');
/** A DestinationRule that sends plaintext to a PERMISSIVE server. */
const PLAIN = BROKEN.replace('mode: STRICT', 'mode: PERMISSIVE');
const SCRAPED = { 'Deployment shop/web': 1, 'Deployment shop/ratings': 1 };
const PROBER = '---\napiVersion: v1\nkind: Namespace\nmetadata: {name: ops}\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: prober, namespace: ops}\nspec: {template: {metadata: {labels: {app: prober}}}}\n';
const telemetry = '---\napiVersion: telemetry.istio.io/v1\nkind: Telemetry\nmetadata: {name: quiet, namespace: istio-system}\nspec: {metrics: [{overrides: [{disabled: true}]}]}\n';

const folder = (mesh: string, answer: Answer = {}) => folderWith({ 'mesh.yaml': mesh, 'calls.json': JSON.stringify(prometheusAnswer(answer)) });
const plan = (cwd: string, ...options: string[]) => command(['plan', 'to-strict', 'mesh.yaml', ...options], { cwd });

/** The output of `-o json`, validated against its schema. */
async function planned(cwd: string, ...options: string[]) {
  const { exitCode, out, error } = await plan(cwd, '-o', 'json', ...options);
  expect(error).toBe('');
  const report = JSON.parse(out);
  expect(SCHEMA.validate(report)).toEqual({ valid: true, errors: [] });
  return { exitCode, ...report };
}

test('the report doesn\'t mention measurements without --calls', async () => {
  const { exitCode, measured, possible } = await planned(folder(PERMISSIVE + PROBER));
  expect([exitCode, measured, possible.length]).toEqual([1, undefined, 1]);
  expect((await plan(folder(PERMISSIVE + PROBER))).out).not.toContain('Measured');
});

test('a fully measured mesh gets a plan to STRICT without possible callers', async () => {
  const cwd = folder(PERMISSIVE + PROBER, { scraped: SCRAPED });
  const { exitCode, measured, possible, plan: found } = await planned(cwd, '--calls', 'calls.json');
  expect([exitCode, possible, found.stages.length]).toEqual([0, [], 1]);
  const prober = { client: { kind: 'Deployment', namespace: 'ops', name: 'prober' }, calls: 1 };
  expect(measured).toEqual({ files: [{ path: 'calls.json', window: '25h', until: '2025-12-31T21:00:00.000Z' }], unknown: [], unseen: [prober], foreign: 0 });
});

test('services without callers get a plan to STRICT', async () => {
  const cwd = folderWith({ 'mesh.yaml': 'apiVersion: v1\nkind: Service\nmetadata: {name: alias, namespace: shop}\nspec: {type: ExternalName, externalName: stars.example.com, ports: [{name: http, port: 80}]}\n' });
  expect(await planned(cwd)).toMatchObject({ exitCode: 0, blockers: [], possible: [] });
});

/** Two namespaces that no manifest shows: what one calls without a sidecar, the other refuses with one. */
const OPEN = PERMISSIVE.slice(PERMISSIVE.indexOf('---\n') + 4) + PROBER.slice(PROBER.lastIndexOf('---\n'));
const UNLABELLED = PERMISSIVE.slice(PERMISSIVE.indexOf('---\n') + 4);
const NAMED = OPEN.replace('labels: {app: prober}}', 'labels: {app: prober}}, spec: {containers: [{name: app, env: [{name: UPSTREAM, value: "ratings.shop:9080"}]}]}');

test('callers that a mode cuts off in some cases only are told with these, and stages that are proven in each are', async () => {
  const only = [{ fact: 'namespace', name: 'ops', holds: false }, { fact: 'namespace', name: 'shop', holds: true }];
  const { exitCode, blockers, possible, missing, plan: found } = await planned(folder(NAMED));
  expect([exitCode, possible, blockers.map(({ client, remedy, if: conditions }: any) => [client.name, remedy, conditions])]).toEqual([0, [], [['prober', 'inject', only]]]);
  expect([missing.map(({ name }: any) => name), found.missing.map(({ name }: any) => name), found.stages.map(({ verdict }: any) => verdict)]).toEqual([['ops', 'shop'], ['ops', 'shop'], ['safe', 'safe']]);
  const could = await planned(folder(OPEN));
  expect([could.exitCode, could.blockers, could.possible]).toEqual([1, [], [{ client: { kind: 'Deployment', namespace: 'ops', name: 'prober' }, calls: 1, if: only }]]);
  expect((await plan(folder(OPEN), '--accept-possible')).exitCode).toBe(0);
});

test('what isn\'t checked and assumed is that of the case with sidecars', async () => {
  const policy = '---\napiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: all, namespace: shop}\nspec: {rules: [{}]}\n';
  const cwd = folder(UNLABELLED + policy);
  const { plan: { assumptions, unjudgedAfter } } = await planned(cwd);
  const stated = (await planned(cwd, '--injected-namespace', 'shop')).plan;
  expect([assumptions.length, unjudgedAfter.connections]).toEqual([6, 1]);
  expect([assumptions, unjudgedAfter]).toEqual([stated.assumptions, stated.unjudgedAfter]);
  const { out } = await plan(cwd);
  expect(out).toContain('\nNot checked: 1 AuthorizationPolicy, which concerns 1 connection called mtls\nAssumed: Istio 1.31; ');
});

test('texts tell the cases, and how to state the facts', async () => {
  const stating = 'No manifest shows whether ops and shop have sidecars. To state it: --injected-namespace ops --injected-namespace shop';
  const { out } = await plan(folder(NAMED));
  expect(out).toContain('STRICT for the whole mesh: up to 1 known caller would be cut off, and 0 possible calls.\n');
  expect(out).toContain('✔ Deployment ops/prober → ratings.shop.svc.cluster.local:9080  env UPSTREAM  it gets a sidecar  if shop has sidecars and ops has none\n');
  expect([out.split(stating).length, out.includes('Neither state')]).toEqual([2, false]);
  const markdown = (await plan(folder(NAMED), '-o', 'markdown')).out;
  expect(markdown).toContain('Up to 1 known caller would be cut off:\n');
  expect(markdown).toContain(': it gets a sidecar, `if shop has sidecars and ops has none`\n');
  expect(markdown).toContain(`\n\`${stating}`);
  const could = await plan(folder(OPEN));
  expect(could.out).toContain('\n    Deployment ops/prober  1 call  if shop has sidecars and ops has none\n');
  expect((await plan(folder(OPEN), '-o', 'markdown')).out).toContain('- `Deployment ops/prober`: 1 call, `if shop has sidecars and ops has none`\n');
  expect((await plan(folder(UNLABELLED))).out).toContain('\nNothing of this depends on whether shop has sidecars.\n');
  expect((await plan(folder(PERMISSIVE))).out).not.toMatch(/Nothing of this|No manifest shows whether/);
});

test('servers that keep their mode are told with the case in which their callers aren\'t known', async () => {
  const cwd = folder(PERMISSIVE.slice(PERMISSIVE.indexOf('---\n') + 4), { scraped: SCRAPED, calls: ['unknown → shop/ratings'] });
  const { exitCode, measured } = await planned(cwd, '--calls', 'calls.json');
  expect([exitCode, measured.unknown.map(({ server, if: conditions }: any) => [server.name, conditions])]).toEqual([1, [['ratings', [{ fact: 'namespace', name: 'shop', holds: true }]]]]);
  expect((await plan(cwd, '--calls', 'calls.json')).out).toContain('    Deployment shop/ratings  unidentified callers send it plaintext  if shop has sidecars\n');
});

test('a stage that isn\'t proven in one case names it, and connections that are undecided there are counted', async () => {
  const filter = '---\napiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\nmetadata: {name: all, namespace: shop}\nspec: {configPatches: [{applyTo: LISTENER, patch: {operation: REMOVE}}]}\n';
  const cwd = folder(PERMISSIVE.slice(PERMISSIVE.indexOf('---\n') + 4) + filter);
  const { exitCode, undecided, undecidedIf, plan: { stages } } = await planned(cwd);
  const [sidecars, none] = [true, false].map((holds) => [{ fact: 'namespace', name: 'shop', holds }]);
  expect([exitCode, undecided > 0, undecidedIf]).toEqual([1, true, sidecars]);
  expect(stages).toMatchObject([{ verdict: 'unproven', if: none, witness: { kind: 'undecided', if: sidecars } }]);
  expect((await plan(cwd)).out).toMatch(/\d connections? can't be decided if shop has sidecars and may also be cut off/);
  expect((await plan(cwd, '--accept-possible')).exitCode).toBe(0);
});

test('reads the state from standard input', async () => {
  const cwd = folder(PLAIN, { scraped: SCRAPED, calls: ['shop/web → shop/ratings'] });
  const [read, ofFile] = await Promise.all(['-', 'mesh.yaml'].map((path) => command(['plan', 'to-strict', '--calls', 'calls.json', path], { cwd, input: PLAIN })));
  expect(read).toEqual({ ...ofFile, out: ofFile.out.replaceAll('mesh.yaml', '<stdin>') });
  expect(read.out).toContain('Deployment shop/web');
});

test('measured callers are marked as seen', async () => {
  const cwd = folder(PLAIN, { scraped: SCRAPED, calls: ['shop/web → shop/ratings'] });
  const { exitCode, blockers } = await planned(cwd, '--calls', 'calls.json');
  expect([exitCode, blockers.map(({ client, evidence, remedy }: any) => [client.name, evidence, remedy])]).toEqual([0, [['web', 'measured', 'rule-without-tls']]]);
  expect((await plan(cwd, '--calls', 'calls.json')).out).toMatch(/✔ Deployment shop\/web → \S+:9080 {2}seen {2}its rule no longer sets/);
  expect((await plan(cwd, '--calls', 'calls.json', '-o', 'markdown')).out).toMatch(/- ✅ `Deployment shop\/web → \S+:9080` \(`seen`\): its rule/);
});

test.each<[string, Answer, string, string?]>([
  ['callers without a name', { scraped: SCRAPED, calls: ['unknown → shop/ratings'] }, 'unidentified callers send it plaintext'],
  ['a caller that doesn\'t exist', { scraped: SCRAPED, calls: ['a/b → shop/ratings'] }, 'a/b sends it plaintext for reasons that no manifest shows'],
  ['callers that don\'t exist', { scraped: SCRAPED, calls: ['a/b → shop/ratings', 'a/c → shop/ratings'] }, 'a/b, a/c send it plaintext for reasons that no manifest shows'],
  ['proxies that weren\'t scraped', { scraped: { 'Deployment shop/web': 1 } }, 'none of its proxies was scraped'],
  ['proxies that were scraped for a part of the window', { scraped: { ...SCRAPED, 'Deployment shop/ratings': 0.9999 } }, 'its proxies were scraped for 99 % of 25h'],
  ['a Telemetry that changes the metrics', { scraped: SCRAPED }, 'a Telemetry changes its metrics', telemetry],
])('a server keeps its mode for %s, with exit code 1, unless --accept-unknown names it', async (_, answer, why, more = '') => {
  const cwd = folder(PERMISSIVE + more, answer);
  const { exitCode, measured, plan: found } = await planned(cwd, '--calls', 'calls.json');
  expect([exitCode, measured.unknown.map(({ server }: any) => server.name), found.stages.length > 0]).toEqual([1, more ? ['ratings', 'web'] : ['ratings'], true]);
  const text = await plan(cwd, '--calls', 'calls.json');
  expect(text.exitCode).toBe(1);
  expect(text.out).toContain('✖ Some callers of these are unknown, so they keep their mode (--accept-unknown SERVER continues anyway):\n');
  expect(text.out).toContain(`\n    Deployment shop/ratings  ${why}\n`);
  expect((await plan(cwd, '--calls', 'calls.json', '-o', 'markdown')).out).toContain(`\n- ❌ \`Deployment shop/ratings\`: \`${why}\`\n`);
  expect((await plan(cwd, '--calls', 'calls.json', '--accept-unknown', 'shop', '--accept-possible')).exitCode).toBe(0);
});

test('several --calls files add up', async () => {
  const cwd = folder(PERMISSIVE, { scraped: { 'Deployment shop/web': 1 } });
  const other = folder(PERMISSIVE, { window: '7d', scraped: { 'Deployment shop/ratings': 1 }, calls: ['x/y → x/z'] });
  const { out, exitCode } = await plan(cwd, '--calls', 'calls.json', '--calls', join(other, 'calls.json'));
  expect(exitCode).toBe(0);
  expect(out).toContain(`\nMeasured: calls.json, 25h until 2025-12-31T21:00:00.000Z; ${join(other, 'calls.json')}, 7d until 2025-12-31T21:00:00.000Z. 2 workloads of it aren't in these manifests.\n`);
});

test('the --calls file isn\'t read as a manifest', async () => {
  const cwd = folder(PERMISSIVE, { scraped: SCRAPED });
  expect(await command(['plan', 'to-strict', '.', '--calls', 'calls.json'], { cwd })).toMatchObject({ exitCode: 0, error: '' });
});

test('the folder of to-strict has the query for refused connections', async () => {
  const cwd = folder(PERMISSIVE);
  await plan(cwd, '--out', 'plan');
  expect(readFileSync(join(cwd, 'plan/refused.promql'), 'utf8')).toBe((await command(['queries', 'refused'])).out);
  expect(readFileSync(join(cwd, 'plan/README.md'), 'utf8')).toContain('istio-mtls queries refused');
  await command(['plan', 'to-disable', 'mesh.yaml', '--out', 'other'], { cwd });
  expect(existsSync(join(cwd, 'other/README.md'))).toBe(true);
  expect(existsSync(join(cwd, 'other/refused.promql'))).toBe(false);
});

test.each<[string, string[], string]>([
  ['a missing file', ['--calls', 'nope.json'], 'error: nope.json: could not read: missing; expected a file'],
  ['a folder', ['--calls', '.'], 'error: .: could not read: a folder'],
  ['an answer that isn\'t JSON', ['--calls', 'mesh.yaml'], 'error: mesh.yaml:1:1: not JSON; expected a response of Prometheus\' HTTP API. Fix: fetch it again'],
  ['an answer that is older than its window', ['--calls', 'calls.json', '--date', '2026-01-03'], 'error: calls.json: data.result was measured at 2025-12-31T21:00:00.000Z; expected a time within 25h, its window, before 2026-01-03'],
  ['an unknown server', ['--calls', 'calls.json', '--accept-unknown', 'shop/rating'], 'error: --accept-unknown is \'shop/rating\'; expected a namespace with workloads, or namespace/workload, in these manifests. Fix: write shop/ratings.'],
  ['--accept-unknown without --calls', ['--accept-unknown', 'shop'], 'error: --accept-unknown is given without --calls; expected both'],
  ['a second path', ['mesh.yaml'], 'error: too many arguments for \'to-strict\'. Expected 1 argument but got 2.'],
  ['a second state', ['--onto', 'mesh.yaml'], 'error: unknown option \'--onto\''],
  ['an invalid date', ['--date', 'yesterday'], '--date'],
])('%s exits with 2', async (_, options, error) => {
  expect(await plan(folder(PERMISSIVE), ...options)).toMatchObject({ exitCode: 2, out: '', error: expect.stringContaining(error) });
});

test.each(['to-disable', 'to-permissive'])('%s has no options for measurements', async (verb) => {
  for (const option of ['--calls', '--accept-unknown', '--date']) {
    expect(await command(['plan', verb, 'mesh.yaml', option, 'x'], { cwd: folder(SOUND) })).toMatchObject({ exitCode: 2, out: '', error: expect.stringContaining(`error: unknown option '${option}'`) });
  }
  expect(await command(['plan', verb, 'mesh.yaml', '--scope', 'shop', '--accept-possible'], { cwd: folder(SOUND) })).toMatchObject({ exitCode: 0, error: '' });
});

test('rejects a file over the limit without reading it', async () => {
  const cwd = folder(PERMISSIVE);
  truncateSync(join(cwd, 'calls.json'), 200 * 1024 * 1024);
  expect(await plan(cwd, '--calls', 'calls.json')).toMatchObject({ exitCode: 2, out: '', error: expect.stringContaining('error: calls.json: could not read: larger than 64 MB; expected at most 64 MB') });
});

test('each plan needs a path', async () => {
  for (const verb of [[], ['to-strict'], ['to-permissive'], ['to-disable']]) {
    expect(await command(['plan', ...verb])).toMatchObject({ exitCode: 2, error: expect.stringContaining('error: missing required argument \'path\'') });
  }
});

describe('measured calls that aren\'t declared', () => {
  const answer = { scraped: SCRAPED, calls: ['shop/web → shop/ratings', 'unknown → shop/web'] };
  const UNDECLARED = 'Measured, not declared (calls.istio-mtls/to): shop/web → shop/ratings.';

  test('follow the measurements in texts, comments and the report', async () => {
    const cwd = folder(declaringCalls(PERMISSIVE, ''), answer);
    const lines = (await plan(cwd, '--calls', 'calls.json')).out.split('\n');
    const measured = 'Measured: calls.json, 25h until 2025-12-31T21:00:00.000Z.';
    expect(lines.slice(lines.indexOf(measured), lines.indexOf(measured) + 2)).toEqual([measured, `⚠ ${UNDECLARED}`]);
    expect((await plan(cwd, '--calls', 'calls.json', '-o', 'markdown')).out).toContain(`\`${measured}\`\n\n⚠️ \`${UNDECLARED}\`\n`);
    expect((await planned(cwd, '--calls', 'calls.json')).measured.undeclared).toEqual(['shop/web → shop/ratings']);
  });

  test.each([['declared', 'shop/ratings'], ['declared by mistake', 'shop/ratnigs']])('aren\'t named where they are %s', async (_, calls) => {
    const cwd = folder(declaringCalls(PERMISSIVE, calls), answer);
    expect((await planned(cwd, '--calls', 'calls.json')).measured.undeclared).toBeUndefined();
    expect((await plan(cwd, '--calls', 'calls.json')).out).not.toContain('not declared');
  });

  test('don\'t change the exit code', async () => {
    const exitCodes = [];
    for (const calls of ['', 'shop/ratings']) exitCodes.push((await plan(folder(declaringCalls(PERMISSIVE, calls), answer), '--calls', 'calls.json', '--accept-possible', '--accept-unknown', 'shop')).exitCode);
    expect(exitCodes).toEqual([0, 0]);
  });

  test('are counted beyond those that a text shows', async () => {
    const clients = Array.from({ length: 22 }, (_, index) => `c${10 + index}`);
    const workloads = clients.map((name) => `---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}, namespace: shop, annotations: {calls.istio-mtls/to: ""}}\nspec: {template: {metadata: {labels: {app: ${name}}}}}\n`);
    const cwd = folder(PERMISSIVE + workloads.join(''), { scraped: SCRAPED, calls: clients.map((name) => `shop/${name} → shop/ratings`) });
    const shown = clients.slice(0, 20).map((name) => `shop/${name} → shop/ratings`).join(', ');
    expect((await plan(cwd, '--calls', 'calls.json')).out).toContain(`\n⚠ Measured, not declared (calls.istio-mtls/to): ${shown} and 2 more.\n`);
    expect((await plan(cwd, '--calls', 'calls.json', '--all')).out).toContain('shop/c30 → shop/ratings, shop/c31 → shop/ratings.\n');
  });
});
