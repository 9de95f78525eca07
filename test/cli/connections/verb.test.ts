import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';
import { validatorOf } from '../../support/documents/schemas';
import { BAD, UNREADABLE } from '../manifests';
import { BROKEN, declaringCalls, PART, SOUND, USERS_KIND, withClientOfUser } from '../meshes';

afterAll(removeFolders);

const SCHEMA = validatorOf('connections');

/** Two namespaces that call each other: one works, one is broken. */
const MESH = `${SOUND.replaceAll('shop', 'other')}---\n${BROKEN}`;

const connections = (input: string, ...options: string[]) => command(['connections', '-', ...options], { input });

async function listed(input: string, ...options: string[]): Promise<any[]> {
  const { exitCode, out, error } = await connections(input, '-o', 'json', ...options);
  expect([exitCode, error]).toEqual([0, '']);
  const list = JSON.parse(out);
  expect(SCHEMA.validate(list)).toEqual({ valid: true, errors: [] });
  return list;
}

const short = ({ client, requested, outcome }: any) => `${client.namespace}/${client.name} ${requested.host.split('.').slice(0, 2).join('.')}:${requested.port} ${outcome}`;

test('JSON follows the schema and has the reasons', async () => {
  expect(await listed(BROKEN)).toEqual([{
    client: { kind: 'Deployment', namespace: 'shop', name: 'web' },
    requested: { host: 'ratings.shop.svc.cluster.local', port: 9080 },
    service: { namespace: 'shop', name: 'ratings', host: 'ratings.shop.svc.cluster.local', port: 9080 },
    server: { kind: 'Deployment', namespace: 'shop', name: 'ratings', port: 9080 },
    clientTls: 'PLAINTEXT',
    serverMode: 'STRICT',
    outcome: 'broken',
    because: [
      { kind: 'DestinationRule', namespace: 'shop', name: 'ratings', field: 'spec.trafficPolicy.tls.mode', effect: 'the client sends PLAINTEXT' },
      { kind: 'PeerAuthentication', namespace: 'shop', name: 'default', field: 'spec.mtls.mode', effect: 'STRICT for the namespace' },
    ],
  }]);
});

test('an undecided connection has its reason', async () => {
  expect((await listed(BROKEN.slice(BROKEN.indexOf('---\n') + 4)))[0]).toMatchObject({ outcome: 'undecided', undecidedBecause: 'client-proxy-unknown' });
});

test('--partial-namespace leaves calls to unknown services of the namespace undecided', async () => {
  const outcomes = async (...options: string[]) => (await listed(PART, ...options)).map(({ outcome }) => outcome);
  expect(await outcomes()).toEqual(['broken', 'broken']);
  expect(await outcomes('--partial-namespace', 'shop')).toEqual(['undecided', 'undecided']);
});

test('prints an empty list if no connection matches', async () => {
  expect(await listed(SOUND, '--outcome', 'broken')).toEqual([]);
});

test.each<[string, string[], string[]]>([
  ['a client', ['--client', 'other/web'], ['other/web ratings.other:9080 mtls', 'other/web ratings.shop:9080 broken']],
  ['a client with its kind', ['--client', 'deployment/shop/ratings'], ['shop/ratings ratings.other:9080 mtls']],
  ['a service', ['--service', 'shop/ratings'], ['other/ratings ratings.shop:9080 broken', 'other/web ratings.shop:9080 broken', 'shop/web ratings.shop:9080 broken']],
  ['a service with its port', ['--service', 'shop/ratings:9080', '--client', 'shop/web'], ['shop/web ratings.shop:9080 broken']],
  ['a host', ['--service', 'ratings.other.svc.cluster.local:9080', '--client', 'shop/web'], ['shop/web ratings.other:9080 mtls']],
  ['an outcome', ['--outcome', 'broken', '--client', 'shop/web'], ['shop/web ratings.shop:9080 broken']],
])('filters by %s', async (_, options, expected) => {
  expect((await listed(MESH, ...options)).map(short)).toEqual(expected);
});

test.each<[string, string[], string]>([
  ['an unknown client', ['--client', 'shop/wbe'], 'client \'shop/wbe\' is not a workload in these manifests; expected namespace/name or kind/namespace/name. Fix: write shop/web (Deployment).\n'],
  ['a client without a similar name', ['--client', 'x'], 'client \'x\' is not a workload in these manifests; expected namespace/name or kind/namespace/name. Fix: check the name.\n'],
  ['an unknown service', ['--service', 'shop/rating'], 'service \'shop/rating\' is not a service in these manifests; expected namespace/name or a host, with :port or without. Fix: write shop/ratings (Service).\n'],
  ['an unknown port', ['--service', 'shop/ratings:9081'], 'service \'shop/ratings:9081\' has no such port; expected one of its ports. Fix: write shop/ratings:9080.\n'],
  ['a service without a similar name', ['--service', 'x'], 'service \'x\' is not a service in these manifests; expected namespace/name or a host, with :port or without. Fix: check the name.\n'],
])('%s exits with 2 and a fix', async (_, options, message) => {
  expect(await connections(BROKEN, ...options)).toEqual({ exitCode: 2, out: '', error: message });
});

test('workloads with the same name are distinguished by kind', async () => {
  const twins = `${BROKEN}---\n${/apiVersion: apps\/v1[^]*?---/.exec(BROKEN)![0].replace('kind: Deployment', 'kind: StatefulSet').replace('---', '')}`;
  const { exitCode, error } = await connections(twins, '--client', 'shop/web');
  expect([exitCode, error]).toEqual([2, 'client \'shop/web\' matches 2 workloads; expected one of them. Fix: write deployment/shop/web or statefulset/shop/web.\n']);
  expect((await listed(twins, '--client', 'StatefulSet/shop/web')).map(({ client }) => client.kind)).toEqual(['StatefulSet']);
});

test('workloads with the same generateName are one client', async () => {
  const job = 'apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: run-, namespace: shop}\nspec: {template: {metadata: {labels: {app: run}}}}\n';
  const found = await listed([BROKEN, job, job].join('---\n'), '--client', 'shop/run-');
  expect(found.map(({ client }) => client.name)).toEqual(['run-', 'run-']);
});

test('prints a table, and CSV with quotes where needed', async () => {
  expect((await connections(MESH)).out).toMatchSnapshot();
  const { out } = await connections(BROKEN, '-o', 'csv');
  expect(out).toMatchSnapshot();
});

test('shows what is equal in all cases, and what differs by case', async () => {
  const open = BROKEN.slice(BROKEN.indexOf('---\n') + 4).replace('STRICT', 'PERMISSIVE');
  const cases = 'if shop has sidecars: mode PERMISSIVE, DestinationRule shop/ratings: the client sends PLAINTEXT; else: mode NO_PROXY, Deployment shop/web: neither the namespace nor the pod asks for a sidecar, Deployment shop/ratings: neither the namespace nor the pod asks for a sidecar';
  expect((await connections(open)).out.split('\n')[1]).toMatch(new RegExp(`^plaintext .* PLAINTEXT +UNKNOWN +PeerAuthentication shop/default: PERMISSIVE for the namespace; ${cases}$`));
  expect((await connections(open, '-o', 'csv')).out.split('\n')[1]).toMatch(new RegExp(`,PLAINTEXT,UNKNOWN,plaintext,,[^"]*,"${cases}"$`));
  const [connection] = await listed(open);
  expect(connection).toMatchObject({ clientTls: 'PLAINTEXT', serverMode: 'UNKNOWN', outcome: 'plaintext', because: [{ kind: 'PeerAuthentication' }] });
  expect(Object.keys(connection)).toEqual(['client', 'requested', 'service', 'server', 'clientTls', 'serverMode', 'outcome', 'because']);
});

test('reports unreadable documents, lists the others, and exits with 2', async () => {
  const { exitCode, out, error } = await connections(`${BROKEN}---\n${UNREADABLE}`, '-o', 'json');
  expect([exitCode, JSON.parse(out)]).toEqual([2, [expect.objectContaining({ outcome: 'broken' })]]);
  expect(error).toMatch(/✖ could not read {2}<stdin>:\d+:\d+ {2}ADMIT151/);
});

test('leaves rejected objects out of the mesh, as check does', async () => {
  const refused = `${BROKEN}---\n${BAD.replace('name: bad', 'name: aaa')}`;
  const { exitCode, out, error } = await connections(refused, '-o', 'json');
  expect([exitCode, error]).toEqual([0, '1 object would be rejected and is ignored here: see istio-mtls check.\n']);
  expect(JSON.parse(out)).toEqual([expect.objectContaining({ serverMode: 'STRICT', outcome: 'broken' })]);
  expect((await connections(`${refused}---\n${BAD}`)).error).toMatch(/^2 objects would be rejected and are ignored here/);
});

test('CSV and JSON contain no control characters, and CSV no formulas', async () => {
  const namespace = '=cmd(\u009b1m\n\u202e)';
  const cwd = folderWith({ 'istio-mtls.yaml': USERS_KIND });
  const named = async (format: string, text = namespace): Promise<string> => (
    await command(['connections', '-', '-o', format, '--config', 'istio-mtls.yaml'], { input: withClientOfUser(BROKEN, text), cwd })).out;
  const csv = await named('csv');
  expect(csv.split('\n')[1]).toMatch(/^App,'=cmd\(\\u009b1m\\u000a\\u202e\),web,ratings/);
  expect(csv.split('\n')).toHaveLength(3);
  expect((await named('csv', `\t${namespace}`)).split('\n')[1]).toMatch(/^App,'\t=cmd/);
  const json = await named('json');
  expect(json).not.toMatch(/[\u007f-\u009f\u202e]/);
  expect(JSON.parse(json)[0].client.namespace).toBe('=cmd(\u009b1m\n\u202e)');
});

describe('in a terminal', () => {
  const inTerminal = async (columns: number, manifests: string) => (await command(['connections', '-'], { input: manifests, isTerminal: true, columns, env: { NO_COLOR: '1' } })).out.trimEnd().split('\n');

  test('every line fits the terminal, with reasons below', async () => {
    for (const columns of [80, 100, 160]) {
      const lines = await inTerminal(columns, MESH);
      expect(lines.filter((line) => line.length > columns)).toEqual([]);
      expect(lines.join(' ').replace(/\s+/g, ' ')).toContain('DestinationRule shop/ratings: the client sends PLAINTEXT; PeerAuthentication shop/default: STRICT for the namespace');
    }
  });

  test('a wide terminal shows a table, a narrow one stacks the columns', async () => {
    expect((await inTerminal(160, MESH))[0]).toMatch(/^OUTCOME +CLIENT .*SERVER MODE$/);
    expect((await inTerminal(80, MESH))[0]).toMatch(/^broken {5}other\/ratings → ratings\.shop\.svc\.cluster\.local:9080$|^\w+ +\S+ → \S+$/);
  });

  test('unknown values are left out', async () => {
    const open = BROKEN.slice(BROKEN.indexOf('---\n') + 4);
    expect((await inTerminal(80, open)).join('\n')).not.toMatch(/UNKNOWN|client-proxy-unknown/);
  });
});

test('in a pipe, each connection is one line that ends with its reasons', async () => {
  const lines = (await connections(MESH)).out.trimEnd().split('\n');
  expect(lines[0]).toMatch(/BECAUSE$/);
  expect(lines.slice(1).every((line) => /^(mtls|tls|plaintext|broken|undecided) /.test(line))).toBe(true);
});

test('calls that no workload declares aren\'t listed, which a note says, unless all are asked for', async () => {
  const silent = declaringCalls(BROKEN, '');
  const note = '1 possible connection, broken, is left out, because workloads declare their calls: Deployment shop/web (--all-calls lists them)';
  const { out, error } = await connections(silent, '-o', 'json');
  expect([out, error]).toEqual(['[]\n', `${note}\n`]);
  const second = await connections(silent, '-o', 'json', '--format', '2');
  expect(JSON.parse(second.out)).toMatchObject({ connections: [], notes: [{ about: 'calls', text: note }] });
  expect(validatorOf('connections-2').validate(JSON.parse(second.out))).toEqual({ valid: true, errors: [] });
  expect((await listed(silent, '--all-calls')).map(short)).toEqual((await listed(BROKEN)).map(short));
});
