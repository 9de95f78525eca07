import { BROKEN, SOUND, WARNED } from './meshes';
import { command } from '../support/command/command';
import { folderWith, removeFolders } from '../support/command/scratch';
import { validatorOf } from '../support/documents/schemas';

afterAll(removeFolders);

const check = (input: string, ...options: string[]) => command(['check', '-', ...options], { input });

/** Without its Namespace, so its sidecars are unknown. */
const OPEN = SOUND.slice(SOUND.indexOf('---\n') + 4);
const ELSEWHERE = 'apiVersion: v1\nkind: Service\nmetadata: {name: reviews, namespace: other}\nspec: {selector: {app: reviews}, ports: [{name: http, port: 80}]}\n';
/** Its calls aren't decided, whoever has a sidecar. */
const UNKNOWN = SOUND.replace('istio-injection: enabled', 'istio.io/dataplane-mode: ambient');
const ASSUMED = 'Assumed: Istio 1.31; the default mesh config; no EnvoyFilter or policy beyond those shown; the sidecar injector runs; '
  + 'pods are newer than the last change of injection; no other webhook changes pods (docs/assumptions.md)';
const CANARY = SOUND.replace('istio-injection: enabled', 'istio.io/rev: canary');

test('the text counts undecided connections, and says what would decide them', async () => {
  const { out, exitCode } = await check(`${OPEN}---\n${ELSEWHERE}`);
  expect([exitCode, out]).toEqual([0, [
    '2 workloads and 2 services in 2 namespaces: 3 connections possible, in Istio 1.31',
    '  with  without  sidecars in shop (not in the manifests)',
    '     1        0  mtls       mutual TLS between the proxies',
    '     0        1  plaintext  readable and modifiable in transit',
    '     2        2  undecided  unknown from these manifests',
    '     2        2    nothing in the manifests serves the port (no-endpoints)',
    '',
    'What would decide the 3 undecided connections',
    '  2 wait for a workload or address that serves other/reviews',
    '',
    '6 objects in 1 file: no errors in decided connections, 0 of 3 connections decided either way (0 %), 1 with those sidecars, 1 without.',
    'Judged as if shop has sidecars, as PeerAuthentication shop/default suggests; errors that depend on it are warnings.',
    'Not shown: 1 warning without (--all shows them).',
    'To state it: --injected-namespace shop or --uninjected-namespace shop, or add the Namespace.',
    ASSUMED,
    '',
  ].join('\n')]);
  expect((await check(`${OPEN}---\n${ELSEWHERE}`, '--injected-namespace', 'shop')).out).toContain('no errors in decided connections, 1 of 3 connections decided (33 %).');
});

test('leaves out deciding facts that repeat the reasons', async () => {
  const gateway = SOUND.replace('        app: web\n', '        app: web\n      annotations:\n        inject.istio.io/templates: gateway\n');
  expect(gateway).not.toBe(SOUND);
  const { out } = await check(gateway);
  expect(out).toContain('  1  undecided  unknown from these manifests\n       1 calls by gateways, waypoints, gRPC agents, customized sidecars and workloads in ambient mode aren\'t decided yet (client-proxy-not-modelled)\n\n');
  expect(out).not.toContain('What would decide');
  expect((await check(gateway, '-o', 'github')).error).toBe('0 of 1 connection decided (0 %): -o text shows why the others aren\'t\n');
  expect((await check(`${gateway}---\n${ELSEWHERE}`)).out).toContain('What would decide the');
});

test.each(['github', 'junit', 'sarif'])('with -o %s, standard error counts decided connections', async (format) => {
  expect(await check(OPEN, '-o', format)).toMatchObject({ exitCode: 0, error: expect.stringMatching(/^0 of 1 connection decided either way \(0 %\), 1 with those sidecars, 1 without: -o text shows what would decide the others\nJudged as if /) });
  expect((await check(SOUND, '-o', format)).error).toBe('');
});

test('the summary of no errors is green only if all connections are decided', async () => {
  const coloured = async (input: string) => (await command(['check', '-'], { input, env: { FORCE_COLOR: '1' } })).out;
  expect(await coloured(SOUND)).toContain('\u001b[32mno errors\u001b[39m');
  expect(await coloured(OPEN)).not.toContain('\u001b[32mno errors');
});

test('no errors never stands alone above broken connections', async () => {
  const client = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: outside, namespace: ops}\nspec: {template: {metadata: {labels: {app: outside}}}}\n';
  const { out, exitCode } = await check(`${SOUND}---\n${client}`, '--uninjected-namespace', 'ops', '--acknowledge', '*: a trial');
  expect(out).toMatch(/: no errors, 1 connection broken/);
  expect(exitCode).toBe(0);
  expect((await check(SOUND)).out).not.toContain('broken');
  const coloured = (await command(['check', '-', '--uninjected-namespace', 'ops', '--acknowledge', '*: a trial'], { input: `${SOUND}---\n${client}`, env: { FORCE_COLOR: '1' } })).out;
  expect(coloured).not.toContain('\u001b[32mno errors');
});

const POLICY = 'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: all, namespace: shop}\nspec: {action: DENY, rules: [{}]}\n';

test('the text without errors states what isn\'t checked and assumed', async () => {
  const { out } = await check(`${SOUND}---\n${POLICY}`);
  expect(out.split('\n').slice(-4)).toEqual([
    '7 objects in 1 file: no errors.', 'Not checked: 1 AuthorizationPolicy, which concerns 1 connection called mtls', ASSUMED, '',
  ]);
  const stated = (await check(SOUND, '--istio-version', '1.31')).out;
  expect(stated).not.toContain('Assumed: Istio 1.31');
  expect(stated).toContain('Assumed: the default mesh config; ');
});

test('the text states no assumptions with errors or without decided connections', async () => {
  for (const input of [BROKEN, UNKNOWN, WARNED]) expect((await check(input)).out).not.toContain('Assumed');
  expect(JSON.parse((await check(BROKEN, '-o', 'json')).out).assumptions).toHaveLength(6);
  expect(JSON.parse((await check(UNKNOWN, '-o', 'json')).out).assumptions).toEqual([]);
});

describe('without the Namespace', () => {
  const FAULT = 'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: fault, namespace: shop}\n'
    + 'spec: {hosts: [ratings], http: [{fault: {abort: {httpStatus: 500, percentage: {value: 100}}}, route: [{destination: {host: ratings}}]}]}\n';
  const UNJUDGED = [OPEN, POLICY, FAULT].join('---\n');
  const listsOf = async (input: string, ...options: string[]) => {
    const { unjudged, assumptions } = JSON.parse((await check(input, '-o', 'json', ...options)).out);
    return { unjudged, assumptions };
  };

  test('the text states what isn\'t checked and assumed with sidecars', async () => {
    const { out } = await check(UNJUDGED);
    expect(out).toContain('no errors in decided connections, 0 of 1 connection decided either way');
    expect(out.split('\n').slice(-3)).toEqual([
      'Not checked: 1 AuthorizationPolicy and the faults of 1 VirtualService, which concern 1 connection called mtls', ASSUMED, '',
    ]);
  });

  test('the JSON has what it has with the Namespace stated to have sidecars', async () => {
    const found = await listsOf(UNJUDGED);
    expect(found.unjudged).toMatchObject({ connections: 1 });
    expect(found).toEqual(await listsOf(UNJUDGED, '--injected-namespace', 'shop'));
    expect((await listsOf(UNJUDGED, '--uninjected-namespace', 'shop')).unjudged).toMatchObject({ objects: [], connections: 0 });
  });

  test('a change of facts counts only the connections that it concerns', async () => {
    const cwd = folderWith({ 'facts.yaml': `${OPEN}---\n${POLICY}`, 'own.yaml': OPEN.slice(0, OPEN.indexOf('---\n')), 'none.yaml': ELSEWHERE });
    const changed = async (file: string) => JSON.parse((await command(['check', file, '--with', 'facts.yaml', '-o', 'json'], { cwd })).out);
    expect(await changed('own.yaml')).toMatchObject({ unjudged: { connections: 1 }, assumptions: expect.arrayContaining([{ name: 'istio-version', text: 'Istio 1.31' }]) });
    expect(await changed('none.yaml')).toMatchObject({ unjudged: { connections: 0 }, assumptions: [] });
  });
});

test.each(['github', 'junit', 'sarif'])('with -o %s, standard error states what isn\'t checked', async (format) => {
  expect((await check(`${SOUND}---\n${POLICY}`, '-o', format)).error).toBe('Not checked: 1 AuthorizationPolicy, which concerns 1 connection called mtls\n');
});

test('the printed options decide as many connections as stated', async () => {
  for (const [input, options] of [[OPEN, []], [CANARY, ['--installed-revision', 'stable']]] as const) {
    const { connections } = JSON.parse((await check(input, ...options, '-o', 'json')).out);
    const [{ told }] = connections.wouldDecide.facts;
    const after = JSON.parse((await check(input, ...options, ...told.options.split(' '), '-o', 'json')).out).connections;
    expect([told.decides, after.outcomes.undecided]).toEqual([1, connections.outcomes.undecided - told.decides]);
  }
});

test('shortens a long list, and --all shows it', async () => {
  const services = Array.from({ length: 9 }, (_, index) => ELSEWHERE.replace('reviews, n', `reviews${index}, n`));
  const input = [SOUND, ...services].join('---\n');
  expect((await check(input)).out).toContain('\n  and 4 more (--all shows them)\n');
  expect((await check(input, '--all')).out.match(/2 wait for a workload or address that serves other\/reviews\d/g)!.length).toBe(9);
});

const client = (namespace: string) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: ${namespace}}\nspec: {template: {metadata: {labels: {app: web}}}}\n`;
const revision = `apiVersion: v1\nkind: Namespace\nmetadata: {name: canary, labels: {istio.io/rev: canary}}\n---\n${client('canary')}`;

test.each<[string, string[], string[], string, string]>([
  ['a few namespaces', [client('n1'), client('n2')], [], 'n1 and n2 (not in the manifests)',
    '--injected-namespace n1 --injected-namespace n2 or --uninjected-namespace n1 --uninjected-namespace n2, or add the Namespaces'],
  ['many namespaces', ['n1', 'n2', 'n3', 'n4'].map(client), [], 'n1 and 3 other namespaces (not in the manifests)',
    '--injected-namespace "*" or --uninjected-namespace "*", or add the Namespaces'],
  ['a revision', [revision], ['default'], 'of revision canary (not known to be installed)', '--installed-revision canary'],
  ['a namespace and a revision', [client('n1'), revision], ['default'], 'n1 (not in the manifests) and sidecars of revision canary (not known to be installed)',
    '--injected-namespace n1 or --uninjected-namespace n1; --installed-revision canary, or add the Namespace'],
])('the columns with and without sidecars name %s', async (_, manifests, revisions, title, options) => {
  const { out } = await check([SOUND, ...manifests].join('---\n'), ...revisions.flatMap((name) => ['--installed-revision', name]));
  expect(out).toContain(`  with  without  sidecars ${title.startsWith('of') ? '' : 'in '}${title}\n`);
  expect(out).toContain(`\nTo state it: ${options}.\n`);
});

test('lost mirror requests have a row in both columns', async () => {
  const route = 'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: copies, namespace: shop}\n'
    + 'spec: {hosts: [ratings], http: [{route: [{destination: {host: ratings}}], mirrors: [{destination: {host: ratings, subset: v9}}]}]}\n';
  expect((await check(`${SOUND}---\n${route}---\n${client('n1')}`)).out).toMatch(/\n {5}\d {8}\d {2}lost {7}only copies of requests are lost: no call fails\n/);
});

test('the summary counts connections that break only without sidecars', async () => {
  const strict = 'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: default, namespace: shop}\nspec: {mtls: {mode: STRICT}}\n';
  const sum = async (input: string) => /decided either way \(.*/.exec((await check(input)).out)![0];
  expect(await sum(`${SOUND}---\n${strict}---\n${client('n1')}`)).toBe('decided either way (50 %), 2 with those sidecars, 2 without, 1 broken without.');
  expect(await sum(`${OPEN}---\n${strict}`)).toBe('decided either way (0 %), 1 with those sidecars, 1 without.');
});

test.each(['shop', '*'])('namespace %s can\'t be both injected and uninjected', async (name) => {
  const both = await check(OPEN, '--injected-namespace', name, '--uninjected-namespace', name);
  expect([both.exitCode, both.error]).toEqual([2, expect.stringContaining(`namespace '${name}' is stated with injection and without; expected one of the two`)]);
  const outcome = async (option: string) => Object.entries(JSON.parse((await check(OPEN, option, name, '-o', 'json')).out).connections.outcomes).find(([, count]) => count === 1)![0];
  expect([await outcome('--injected-namespace'), await outcome('--uninjected-namespace')]).toEqual(['mtls', 'plaintext']);
});

test('a namespace\'s name overrides * of the other option', async () => {
  const { out } = await check(OPEN, '--injected-namespace', '*', '--uninjected-namespace', 'shop', '-o', 'json');
  expect(JSON.parse(out).connections.outcomes.plaintext).toBe(1);
});

test('JSON has the same facts, valid by its schema', async () => {
  const report = JSON.parse((await check(`${OPEN}---\n${ELSEWHERE}`, '-o', 'json')).out);
  const schema = validatorOf('check');
  expect(schema.validate(report)).toEqual({ valid: true, errors: [] });
  expect(report.connections).toMatchObject({
    connections: 3,
    decided: 0,
    wouldDecide: {
      facts: [
        { need: 'namespace', subject: 'shop', connections: 3, told: { options: '--injected-namespace shop', injectedNamespaces: ['shop'], installedRevisions: [], decides: 1 } },
        { need: 'servers', subject: 'other/reviews', connections: 2 },
      ],
    },
  });
  expect(report.worlds).toMatchObject({
    facts: [{ fact: 'namespace', name: 'shop' }], with: { connections: 3, outcomes: { mtls: 1 } }, without: { connections: 3, outcomes: { plaintext: 1 } },
  });
});

describe('--fail-on', () => {
  test.each<[string, string, string, number]>([
    ['undecided connections pass with', 'error', OPEN, 0],
    ['undecided connections fail with', 'undecided', OPEN, 1],
    ['undecided connections fail with', 'error,undecided', OPEN, 1],
    ['decided connections pass with', 'error,undecided', SOUND, 0],
    ['undecided connections pass with', 'never', OPEN, 0],
  ])('sets the exit code: %s %s', async (_, words, input, exitCode) => {
    expect((await check(input, '--fail-on', words)).exitCode).toBe(exitCode);
  });

  test('skipped fails check and validate if documents are skipped', async () => {
    const folder = folderWith({ 'mesh.yaml': SOUND, 'values.yaml': 'replicas: 1\n' });
    for (const verb of ['check', 'validate']) {
      expect((await command([verb, folder])).exitCode).toBe(0);
      const { exitCode, out } = await command([verb, folder, '--fail-on', 'error,skipped']);
      expect([exitCode, out]).toEqual([1, expect.stringContaining('\n--fail-on error,skipped: 1 document was skipped.\n')]);
    }
  });

  test.each<[string, (out: string) => unknown, unknown]>([
    ['text', (out) => out.split('\n').at(-2), '--fail-on undecided: 1 of 1 connections is undecided.'],
    ['github', (out) => out, '::error title=istio-mtls::1 of 1 connections is undecided\n'],
    ['junit', (out) => /<testsuite .*?>/.exec(out)![0], '<testsuite name="istio-mtls" tests="6" failures="1" errors="0" skipped="0">'],
    ['sarif', (out) => JSON.parse(out).runs[0].invocations[0].toolExecutionNotifications, expect.arrayContaining([{ level: 'error', message: { text: '1 of 1 connections is undecided' } }])],
  ])('undecided gives its reason in -o %s', async (format, said, expected) => {
    expect(said((await check(OPEN, '--fail-on', 'undecided', '-o', format)).out)).toEqual(expected);
    expect((await check(OPEN, '-o', format)).out).not.toContain('is undecided');
  });

  test.each([
    ['check', 'undecded', '\'undecded\'; expected one or more of error, warning, info, undecided, conditional, skipped, never.'],
    ['validate', 'undecided', '\'undecided\'; expected one or more of error, warning, info, skipped, never.'],
    ['check', 'never,error', '\'never\' together with others; expected \'never\' alone.'],
  ])('%s rejects %s, and lists allowed words', async (verb, words, message) => {
    expect(await command([verb, '-', '--fail-on', words], { input: SOUND })).toEqual({ exitCode: 2, out: '', error: expect.stringContaining(message) });
  });
});

test('a key in place of a namespace\'s name is refused and redacted', async () => {
  const key = 'j1VX5Z9m1oN++yqgugRYc1Cuj1VX5Z9m1oN++yqgugRYc1Cu';
  for (const options of [[], ['-o', 'json']]) {
    const { out } = await check(`${SOUND}---\n${client(key)}`, ...options);
    expect([out.includes('ADMIT505'), out.includes(key.slice(0, 24))]).toEqual([true, false]);
  }
});
