import { envelopeLines } from '../../../src/cli/connections/json';
import { readingOf } from '../../../src/cli/input/reading';
import { newCa } from '../../support/certificates/cacerts';
import { privateHalf, shows } from '../../support/certificates/leaks';
import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';
import { sampledTexts } from '../../support/documents/examples-of-rules';
import { validatorOf } from '../../support/documents/schemas';
import { asFormat1 } from '../../support/meshes/traced';
import { BAD, UNREADABLE } from '../manifests';
import { BROKEN, PART, SOUND, USERS_KIND, withClientOfUser } from '../meshes';

afterAll(removeFolders);

const SCHEMA = validatorOf('connections-2');

/** Two namespaces that call each other: one works, one is broken. */
const MESH = `${SOUND.replaceAll('shop', 'other')}---\n${BROKEN}`;
const UNDECIDED = BROKEN.slice(BROKEN.indexOf('---\n') + 4);

/** The output of format 2, validated against its schema. */
async function told(files: Record<string, string>, args: readonly string[] = Object.keys(files)) {
  const { exitCode, out, error } = await command(['connections', '-o', 'json', '--format', '2', ...args], { cwd: folderWith(files) });
  expect(error).toBe('');
  const report = JSON.parse(out);
  expect(SCHEMA.validate(report)).toEqual({ valid: true, errors: [] });
  return { exitCode, out, report };
}

test('prints an object with format, Istio minor, summary and connections', async () => {
  const { exitCode, report } = await told({ 'a.yaml': BROKEN });
  expect(exitCode).toBe(0);
  expect(report).toMatchObject({
    format: 2,
    istio: '1.31',
    summary: { files: 1, objects: 6, refused: 0, unreadable: 0, skipped: 0, facts: 0 },
    unreadable: [],
    skipped: [],
    notes: [],
    connections: [{ client: { kind: 'workload', object: { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web' } }, transport: { outcome: 'broken' } }],
  });
  expect(Object.keys(report)).toEqual(['format', 'istio', 'summary', 'unreadable', 'skipped', 'notes', 'connections']);
});

test('prints one connection a line, with the rest of the object before and after', async () => {
  const { out, report } = await told({ 'a.yaml': MESH });
  const [first, ...others] = out.trimEnd().split('\n');
  expect(report.connections).toHaveLength(6);
  expect(first).toMatch(/^\{"format":2,.*"connections":\[$/);
  expect(others.pop()).toBe(']}');
  expect(others.map((line) => JSON.parse(line.replace(/,$/, '')))).toEqual(report.connections);
});

test('prints a valid object with an empty list', async () => {
  const { exitCode, report } = await told({ 'a.yaml': SOUND }, ['a.yaml', '--outcome', 'broken']);
  expect([exitCode, report.connections]).toEqual([0, []]);
});

test('lists the same connections as format 1 for examples of the rules', async () => {
  for (const input of [MESH, PART, UNDECIDED, ...sampledTexts]) {
    const [one, two] = await Promise.all([['1'], ['2']].map(async ([format]) => JSON.parse((await command(['connections', '-', '-o', 'json', '--format', format], { input })).out)));
    expect(SCHEMA.validate(two)).toEqual({ valid: true, errors: [] });
    expect(two.connections.map(asFormat1)).toEqual(one);
  }
});

test('--client, --service and --outcome filter connections', async () => {
  const { report } = await told({ 'a.yaml': MESH }, ['a.yaml', '--client', 'shop/web', '--service', 'other/ratings:9080', '--outcome', 'mtls']);
  expect(report.connections.map((one: any) => `${asFormat1(one).client.name} ${one.requested.host} ${one.transport.outcome}`)).toEqual(['web ratings.other.svc.cluster.local mtls']);
  const { exitCode, out, error } = await command(['connections', '-', '-o', 'json', '--format', '2', '--client', 'shop/wbe'], { input: BROKEN });
  expect([exitCode, out, error]).toEqual([2, '', expect.stringContaining('Fix: write shop/web (Deployment).')]);
});

test('--format 1 is the default, and prints an array', async () => {
  const printed = async (...options: string[]) => (await command(['connections', '-', '-o', 'json', ...options], { input: MESH })).out;
  expect(await printed('--format', '1')).toBe(await printed());
  expect(JSON.parse(await printed())).toHaveLength(6);
});

test.each<[string, string[], string]>([
  ['an unknown format', ['-o', 'json', '--format', '3'], 'error: option \'--format <number>\' argument \'3\' is invalid. Allowed choices are 1, 2.'],
  ['a format that isn\'t a number', ['-o', 'json', '--format', 'two'], 'error: option \'--format <number>\' argument \'two\' is invalid. Allowed choices are 1, 2.'],
  ['--format with the table', ['--format', '2'], 'error: option \'--format <number>\' is for -o json only, and not for table'],
  ['--format with CSV', ['-o', 'csv', '--format', '2'], 'error: option \'--format <number>\' is for -o json only, and not for csv'],
  ['--format 1 with CSV', ['-o', 'csv', '--format', '1'], 'error: option \'--format <number>\' is for -o json only, and not for csv'],
])('%s exits with 2', async (_, options, message) => {
  expect(await command(['connections', '-', ...options], { input: BROKEN })).toEqual({ exitCode: 2, out: '', error: `${message}\n(see istio-mtls connections --help)\n` });
});

describe('reports in the object what other formats print to standard error', () => {
  test('unreadable documents, with exit code 2', async () => {
    const { exitCode, report } = await told({ 'a.yaml': `${BROKEN}---\n${UNREADABLE}` });
    expect([exitCode, report.summary.unreadable, report.connections.length]).toEqual([2, 1, 1]);
    expect(report.unreadable).toEqual([expect.objectContaining({ code: 'ADMIT151', file: 'a.yaml', line: expect.any(Number) })]);
  });

  test('rejected objects, without those among facts', async () => {
    expect((await told({ 'a.yaml': `${BROKEN}---\n${BAD}` })).report.summary).toMatchObject({ objects: 7, refused: 1 });
    expect((await told({ 'a.yaml': BROKEN, 'f.yaml': BAD }, ['a.yaml', '--with', 'f.yaml'])).report.summary).toMatchObject({ objects: 6, refused: 0, facts: 1 });
  });

  test('the configuration file', async () => {
    const { report } = await told({ 'istio-mtls.yaml': 'paths: [dist]\ninjectedNamespaces: [shop]\n', 'dist/a.yaml': UNDECIDED }, []);
    expect([report.configuration, report.connections[0].transport.outcome]).toEqual([{ path: 'istio-mtls.yaml' }, 'broken']);
  });

  test('skipped documents of folders, and notes on charts and the control plane', async () => {
    const chart = { 'dist/c/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n', 'dist/c/templates/a.yaml': 'kind: {{ .Values.kind }}\n' };
    const { report } = await told({ 'dist/a.yaml': BROKEN, ...chart }, ['dist', '--istio-version', '1.29']);
    expect(report.skipped.map(({ file }: any) => file)).toContain('dist/c/templates/a.yaml');
    expect(report.summary.skipped).toBe(report.skipped.length);
    expect(report.notes.map(({ about }: any) => about)).toEqual(['chart', 'control plane']);
  });
});

test('with facts, lists only connections that involve a checked object or change by one', async () => {
  const { report } = await told({ 'policy.yaml': BROKEN.slice(BROKEN.lastIndexOf('---\n') + 4), 'cluster.yaml': MESH }, ['policy.yaml', '--with', 'cluster.yaml']);
  expect(report.summary).toMatchObject({ objects: 1, facts: 12 });
  expect(new Set(report.connections.map(({ requested }: any) => requested.host))).toEqual(new Set(['ratings.shop.svc.cluster.local']));
});

test('an undecided connection has a reason for the hop and for the whole', async () => {
  const { report: { connections: [{ hops: [hop], transport }] } } = await told({ 'a.yaml': UNDECIDED });
  expect([hop.transport, transport].map(({ outcome, undecidedBecause }: any) => [outcome, undecidedBecause])).toEqual([['undecided', 'client-proxy-unknown'], ['undecided', 'client-proxy-unknown']]);
});

test('prints each connection once it is decided, and keeps none', () => {
  let decided = 0;
  function* endless() {
    for (;;) {
      decided++;
      yield { client: { kind: 'workload' as const }, requested: { host: 'a', port: 1 }, hops: [], transport: { outcome: 'mtls' as const, because: [] } };
    }
  }
  const texts = { paths: { judged: [], facts: [] }, texts: [], problems: [], skipped: [], notes: [] };
  const lines = envelopeLines({ reading: readingOf(texts), refused: 0 }, endless());
  expect([lines.next().value, decided]).toEqual([expect.stringMatching(/"connections":\[$/), 0]);
  for (let line = 1; line <= 1000; line++) expect([lines.next().value.endsWith(','), decided]).toEqual([true, line + 1]);
});

test('contains no control characters and no private keys', async () => {
  const ofUser = ['--config', 'istio-mtls.yaml'];
  const { out, report } = await told({ 'a.yaml': withClientOfUser(BROKEN, '=cmd(\u009b1m\n\u202e)'), 'istio-mtls.yaml': USERS_KIND }, ['a.yaml', ...ofUser]);
  expect(out).not.toMatch(/[\u007f-\u009f\u202e]/);
  expect(report.connections[0].client.object.namespace).toBe('=cmd(\u009b1m\n\u202e)');

  const { caKey } = newCa().props;
  const named = withClientOfUser(BROKEN, caKey).replaceAll('name: default', `name: ${JSON.stringify(Buffer.from(caKey).toString('base64'))}`);
  const cwd = folderWith({ 'istio-mtls.yaml': USERS_KIND });
  const [one, two] = await Promise.all(['1', '2'].map(async (format) => (
    await command(['connections', '-', '-o', 'json', '--format', format, ...ofUser], { input: named, cwd })).out));
  expect([one, two].map((text) => shows(text, privateHalf(caKey)))).toEqual([false, false]);
  expect(JSON.parse(two).connections.map(asFormat1)).toEqual(JSON.parse(one));
});

describe('the schema rejects', () => {
  let valid: any;
  beforeAll(async () => { valid = (await told({ 'a.yaml': BROKEN })).report; });

  type Change = (report: any) => void;
  const inConnection = (change: Change): Change => ({ connections: [connection] }) => change(connection);
  const inHop = (change: Change): Change => inConnection(({ hops: [hop] }) => change(hop));

  test.each<[string, Change]>([
    ['another format', (report) => { report.format = 1; }],
    ['no format', (report) => { delete report.format; }],
    ['a patch version of Istio', (report) => { report.istio = '1.31.4'; }],
    ['no summary', (report) => { delete report.summary; }],
    ['a negative count', (report) => { report.summary.files = -1; }],
    ['an unknown field', (report) => { report.more = 1; }],
    ['an unknown field in the summary', (report) => { report.summary.connections = 1; }],
    ['an unknown field in a connection', inConnection((connection) => { connection.outcome = 'mtls'; })],
    ['an unknown field in a hop', inHop((hop) => { hop.outcome = 'mtls'; })],
    ['an unknown field in an object', inHop((hop) => { hop.sender.apiVersion = 'apps/v1'; })],
    ['an unknown field in the requested destination', inConnection(({ requested }) => { requested.protocol = 'HTTP'; })],
    ['an unknown field in a destination', inHop(({ destination }) => { destination.name = 'ratings'; })],
    ['an unknown field in a server', inHop(({ server }) => { server.kind = 'Deployment'; })],
    ['an unknown field in a transport', inConnection(({ transport }) => { transport.passes = 'all'; })],
    ['an unknown field in a reason', inConnection(({ transport: { because: [reason] } }) => { reason.kind = 'PeerAuthentication'; })],
    ['no hops', inConnection((connection) => { connection.hops = []; })],
    ['no transport', inConnection((connection) => { delete connection.transport; })],
    ['no transport of a hop', inHop((hop) => { delete hop.transport; })],
    ['no sender', inHop((hop) => { delete hop.sender; })],
    ['a missing server, in place of null', inHop((hop) => { delete hop.server; })],
    ['a missing service, in place of null', inHop(({ destination }) => { delete destination.service; })],
    ['an object without a group', inHop(({ server }) => { delete server.object.group; })],
    ['a reason without a group', inConnection(({ transport: { because: [{ object }] } }) => { delete object.group; })],
    ['a cluster without a name', inHop((hop) => { hop.sender.cluster = ''; })],
    ['an unknown outcome', inConnection(({ transport }) => { transport.outcome = 'fine'; })],
    ['an unknown client TLS', inHop((hop) => { hop.clientTls = 'TLS'; })],
    ['an unknown server mode', inHop((hop) => { hop.serverMode = 'UNSET'; })],
    ['an undecided transport without undecidedBecause', inConnection(({ transport }) => { transport.outcome = 'undecided'; })],
    ['a decided transport with undecidedBecause', inHop(({ transport }) => { transport.undecidedBecause = 'no-endpoints'; })],
    ['a caller of an unknown kind', inConnection(({ client }) => { client.kind = 'Deployment'; })],
    ['a workload that isn\'t an object', inConnection(({ client }) => { delete client.object; })],
    ['a workload with a field of outside callers', inConnection(({ client }) => { client.enters = { object: client.object, port: 443 }; })],
    ['an outside caller that is an object', inConnection(({ client }) => { client.kind = 'outside'; client.enters = { object: client.object, port: 443 }; })],
    ['an outside caller without a place of entry', inConnection((connection) => { connection.client = { kind: 'outside' }; })],
    ['a protocol without reasons', inConnection((connection) => { connection.protocol = { reaches: 'yes' }; })],
    ['a protocol with an unknown result', inHop((hop) => { hop.protocol = { reaches: 'perhaps', because: [] }; })],
    ['an authorization without reasons', inConnection((connection) => { connection.authorization = { passes: 'all' }; })],
    ['an authorization with an unknown result', inHop((hop) => { hop.authorization = { passes: 'perhaps', because: [] }; })],
  ])('%s', (_, change) => {
    const report = structuredClone(valid);
    change(report);
    expect(SCHEMA.validate(report).valid).toBe(false);
  });
});

test.each<[string, (connection: any) => void]>([
  ['gateways as callers', (connection) => { connection.client.kind = 'gateway'; }],
  ['outside callers at a gateway', (connection) => {
    connection.client = { kind: 'outside', enters: { object: { group: 'networking.istio.io', kind: 'Gateway', namespace: 'shop', name: 'g' }, port: 443, host: 'shop.example.com' } };
    connection.hops[0].sender = null;
  }],
  ['several hops', (connection) => { connection.hops = [{ ...connection.hops[0], server: null }, { ...connection.hops[0], sender: null }]; }],
  ['clusters', (connection) => { connection.hops[0].server.object.cluster = 'east'; }],
  ['protocols', (connection) => { connection.protocol = connection.hops[0].protocol = { reaches: 'no', because: connection.transport.because }; }],
  ['authorization', (connection) => { connection.authorization = connection.hops[0].authorization = { passes: 'some', because: [] }; }],
])('the schema allows %s', async (_, change) => {
  const { report } = await told({ 'a.yaml': BROKEN });
  change(report.connections[0]);
  expect(SCHEMA.validate(report)).toEqual({ valid: true, errors: [] });
});
