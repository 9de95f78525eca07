import { join } from 'node:path';
import { BAD, GOOD, UNREADABLE } from './manifests';
import { BROKEN, SOUND } from './meshes';
import { command } from '../support/command/command';
import { folderWith, removeFolders } from '../support/command/scratch';
import { validatorOf } from '../support/documents/schemas';

afterAll(removeFolders);

const CHECK_SCHEMA = validatorOf('check');

const documents = BROKEN.split('---\n');
const of = (kind: string) => documents.filter((document) => document.includes(`kind: ${kind}\n`)).join('---\n');
const without = (kind: string) => documents.filter((document) => !document.includes(`kind: ${kind}\n`)).join('---\n');

const findingText = ({ code, file, object }: any) => `${code} ${file} ${object.kind}`;

/** Runs check on a file, with others as facts; file names have no folder. */
async function checked(judged: string, facts: Record<string, string>, ...options: string[]) {
  const folder = folderWith({ 'judged.yaml': judged, ...facts });
  const withs = Object.keys(facts).flatMap((file) => ['--with', join(folder, file)]);
  const { exitCode, out, error } = await command(['check', '-o', 'json', join(folder, 'judged.yaml'), ...withs, ...options]);
  expect(error).toBe('');
  const report = JSON.parse(out.replaceAll(`${folder}/`, ''));
  expect(CHECK_SCHEMA.validate(report)).toEqual({ valid: true, errors: [] });
  return { exitCode, report, findings: report.findings.map(findingText), unreadable: report.unreadable.map(({ code, file }: any) => `${code} ${file}`) };
}

test('findings and connections of facts alone don\'t count', async () => {
  const { exitCode, report, findings } = await checked(GOOD.replace('shop', 'other'), { 'cluster.yaml': BROKEN });
  expect([exitCode, findings, report.connections.connections]).toEqual([0, [], 0]);
  expect(report.summary).toMatchObject({ files: 1, objects: 1, facts: 6, errors: 0 });
});

describe('facts in a checked folder', () => {
  const files = { 'mesh.yaml': of('PeerAuthentication'), 'cluster.yaml': without('PeerAuthentication'), 'deep/er/other.yaml': GOOD.replace('shop', 'other') };
  const counted = async (paths: readonly string[], facts: readonly string[]) => {
    const { out } = await command(['check', '-o', 'json', ...paths, ...facts.flatMap((path) => ['--with', path])], { cwd: folderWith(files) });
    const { summary, notes } = JSON.parse(out);
    return [summary.objects, summary.facts, notes.map(({ path }: any) => path)];
  };

  test.each<[string, string[], string[], number, number]>([
    ['a file', ['.'], ['cluster.yaml'], 2, 5],
    ['a file that the checked pattern matches', ['*.yaml'], ['./cluster.yaml'], 1, 5],
    ['a folder', ['.'], ['deep/er'], 6, 1],
    ['a folder that the checked pattern matches', ['**/*.yaml'], ['deep'], 6, 1],
    ['a pattern', ['.'], ['deep/**/*.yaml'], 6, 1],
  ])('%s is taken as facts only', async (_, paths, facts, objects, others) => {
    expect(await counted(paths, facts)).toEqual([objects, others, []]);
  });

  test.each<[string, string[], string[], string[]]>([
    ['the folder itself', ['.'], ['.'], ['.']],
    ['a parent folder', ['deep', 'mesh.yaml', 'cluster.yaml'], ['.'], ['.']],
    ['the same pattern', ['**/*.yaml'], ['**/*.yaml'], ['**/*.yaml']],
    ['a file that is also named as checked', ['.', 'cluster.yaml'], ['cluster.yaml'], ['cluster.yaml']],
  ])('%s is checked, and a note says that it adds no facts', async (_, paths, facts, notes) => {
    expect(await counted(paths, facts)).toEqual([7, 0, notes]);
  });

  test('a finding that checked objects cause in facts names the facts\' file', async () => {
    const { out } = await command(['check', '-o', 'json', '.', '--with', 'cluster.yaml'], { cwd: folderWith(files) });
    expect(JSON.parse(out).findings.map(findingText)).toEqual(['MTLS101 cluster.yaml DestinationRule']);
  });
});

test('a finding that a checked object causes in a fact names the fact\'s file', async () => {
  const { exitCode, report, findings } = await checked(of('PeerAuthentication'), { 'cluster.yaml': without('PeerAuthentication') });
  expect([exitCode, findings, report.connections.outcomes.broken]).toEqual([1, ['MTLS101 cluster.yaml DestinationRule'], 1]);
});

test('a checked object that breaks calls of facts is reported in its own file', async () => {
  const { findings } = await checked(of('DestinationRule'), { 'cluster.yaml': without('DestinationRule') });
  expect(findings).toEqual(['MTLS101 judged.yaml DestinationRule']);
  const twoFiles = await checked(of('DestinationRule'), { 'a.yaml': of('PeerAuthentication'), 'b.yaml': ['Deployment', 'Service', 'Namespace'].map(of).join('---\n') });
  expect(twoFiles.findings).toEqual(findings);
});

test('a checked object replaces the fact with its name', async () => {
  const mended = of('DestinationRule').replace('DISABLE', 'ISTIO_MUTUAL');
  const { exitCode, report, findings } = await checked(mended, { 'cluster.yaml': BROKEN });
  expect([exitCode, findings, report.connections.outcomes]).toEqual([0, [], expect.objectContaining({ mtls: 1, broken: 0 })]);
});

test('rejected facts aren\'t part of the mesh, and aren\'t reported', async () => {
  // In the mesh it would win by name, and make the namespace PERMISSIVE.
  const refused = BAD.replace('name: bad', 'name: aaa');
  const { report, findings } = await checked(of('DestinationRule'), { 'cluster.yaml': `${without('DestinationRule')}---\n${refused}` });
  expect([findings, report.summary.refused]).toEqual([['MTLS101 judged.yaml DestinationRule'], 0]);
});

test('a rejected object doesn\'t replace the fact with its name', async () => {
  const { findings, report } = await checked(of('PeerAuthentication').replace('mode:', 'mod:'), { 'cluster.yaml': BROKEN });
  expect([findings, report.connections.connections]).toEqual([['ADMIT201 judged.yaml PeerAuthentication'], 0]);
});

test('unreadable facts exit with 2, because they could contain anything', async () => {
  expect(await checked(SOUND, { 'cluster.yaml': `${UNREADABLE}` })).toMatchObject({ exitCode: 2, unreadable: ['ADMIT151 cluster.yaml'] });
  const folder = folderWith({ 'a.yaml': SOUND });
  for (const path of ['nowhere.yaml', '*.json']) {
    const { exitCode, out } = await command(['check', 'a.yaml', '--with', path, '-o', 'json'], { cwd: folder });
    expect([exitCode, JSON.parse(out).notes]).toEqual([2, []]);
  }
});

test('facts may be empty, and a note says so', async () => {
  const folder = folderWith({ 'a.yaml': SOUND, 'empty.yaml': '', 'none.json': '{"apiVersion": "v1", "kind": "List", "items": []}', 'facts/values.yaml': 'a: b\n', 'bare/x.txt': '', 'cluster.yaml': GOOD });
  for (const path of ['empty.yaml', 'none.json', 'facts', 'bare', '-']) {
    const { exitCode, out } = await command(['check', 'a.yaml', '--with', path, '--with', 'cluster.yaml', '-o', 'json'], { cwd: folder });
    const { unreadable, skipped, notes } = JSON.parse(out);
    const text = `${path === '-' ? '<stdin>' : path} adds nothing: it is empty, or another path also contains its objects`;
    expect([exitCode, unreadable, skipped, notes]).toEqual([0, [], [], [{ about: 'fact', path, text }]]);
    expect((await command(['check', 'a.yaml', '--with', path], { cwd: folder })).out).toContain(`\n${text}\n`);
    expect((await command(['connections', 'a.yaml', '--with', path], { cwd: folder })).error).toBe(`${text}\n`);
  }
});

test('facts don\'t make up for a run without checked objects', async () => {
  const { exitCode, out } = await command(['check', '.', '--with', 'a.yaml', '-o', 'json'], { cwd: folderWith({ 'a.yaml': SOUND }) });
  expect([exitCode, JSON.parse(out).unreadable.map(({ code }: any) => code)]).toEqual([2, ['ADMIT167']]);
});

test('a cluster dump as facts adds no noise, and no Secret value is shown', async () => {
  const secret = Buffer.from('very-secret-value').toString('base64');
  const meta = (name: string, more: object = {}) => ({ name, namespace: 'shop', uid: '1', resourceVersion: '2', creationTimestamp: '2024-01-01T00:00:00Z', managedFields: [{ manager: 'kubectl', operation: 'Update', fieldsV1: { 'f:spec': {} } }], ...more });
  const pod = { metadata: { labels: { app: 'old' } }, spec: { containers: [{ name: 'app' }] } };
  const items = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { 'istio-injection': 'enabled', 'kubernetes.io/metadata.name': 'shop' } }, status: { phase: 'Active' } },
    { apiVersion: 'v1', kind: 'Secret', metadata: meta('s'), data: { token: secret }, type: 'Opaque' },
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: meta('old'), spec: { template: pod }, status: { readyReplicas: 1 } },
    { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: meta('old-1', { ownerReferences: [{ kind: 'Deployment', name: 'old' }] }), spec: { template: pod } },
    { apiVersion: 'v1', kind: 'Pod', metadata: meta('old-1-a', { labels: { app: 'old' }, ownerReferences: [{ kind: 'ReplicaSet', name: 'old-1' }] }), spec: pod.spec, status: { podIP: '10.0.0.1' } },
    { apiVersion: 'v1', kind: 'Service', metadata: meta('old'), spec: { selector: { app: 'old' }, clusterIP: '10.1.0.1', ports: [{ name: 'http', port: 80 }] }, status: { loadBalancer: {} } },
    { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: meta('old-x', { labels: { 'kubernetes.io/service-name': 'old' } }), addressType: 'IPv4', endpoints: [{ addresses: ['10.0.0.1'], targetRef: { kind: 'Pod', name: 'old-1-a' } }], ports: [{ port: 80 }] },
    { apiVersion: 'v1', kind: 'Event', metadata: meta('e'), reason: 'Started' },
    { apiVersion: 'example.com/v1', kind: 'Thing', metadata: meta('t'), spec: { a: 1 } },
    { apiVersion: 'security.istio.io/v1beta1', kind: 'PeerAuthentication', metadata: meta('default'), spec: { mtls: { mode: 'STRICT' } } },
    { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: meta('old'), spec: { host: 'old', trafficPolicy: { tls: { mode: 'DISABLE' } } } },
  ];
  const dump = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  const chart = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: new, namespace: shop}\nspec: {template: {metadata: {labels: {app: new}}, spec: {containers: [{name: app}]}}}\n';
  const { report, findings } = await checked(chart, { 'cluster.json': dump });
  expect([findings, report.notes, report.skipped, report.summary.facts]).toEqual([['MTLS101 cluster.json DestinationRule'], [], [], items.length]);
  const folder = folderWith({ 'a.yaml': chart, 'cluster.json': dump });
  for (const format of ['text', 'json', 'sarif', 'junit', 'github']) {
    const { out } = await command(['check', join(folder, 'a.yaml'), '--with', join(folder, 'cluster.json'), '-o', format]);
    expect(out).toContain('MTLS101');
    expect(out).not.toContain(secret);
  }
});

test('the text has the number of facts, and says which connections it counts', async () => {
  const folder = folderWith({ 'judged.yaml': of('PeerAuthentication'), 'other.yaml': GOOD.replace('shop', 'other'), 'cluster.yaml': without('PeerAuthentication') });
  const printed = async (file: string) => (await command(['check', join(folder, file), '--with', join(folder, 'cluster.yaml')])).out;
  expect(await printed('judged.yaml')).toMatch(/^2 workloads and 1 service in 1 namespace: 1 connection involving the checked objects, or changed by them, in Istio 1.31\n {2}1 {2}broken[^]*\n1 object in 1 file, beside 5 objects taken as given: 1 error\.\n/);
  expect(await printed('other.yaml')).toBe('No connection involves the checked objects or is changed by them.\n\n1 object in 1 file, beside 5 objects taken as given: no errors.\n');
});

test('options that would decide connections are counted with checked objects, and decide as many as stated', async () => {
  const workload = (space: string, name: string) => `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}, namespace: ${space}}\nspec: {template: {metadata: {labels: {app: ${name}}}}}\n`;
  const service = (space: string, name: string) => `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}, namespace: ${space}}\nspec: {selector: {app: ${name}}, ports: [{name: http, port: 80}]}\n`;
  const there = ['a', 'b'].flatMap((space) => ['one', 'two'].flatMap((name) => [workload(space, name), service(space, name)])).join('---\n');
  const told = async (...options: string[]) => {
    const { connections: { outcomes, wouldDecide: { facts, together } } } = (await checked(workload('c', 'new'), { 'cluster.yaml': there }, ...options)).report;
    return { undecided: outcomes.undecided, facts, together };
  };
  const { undecided, facts, together } = await told();
  expect([undecided, facts.map(({ subject, connections }: any) => `${subject} ${connections}`)]).toEqual([4, ['c 4', 'a 2', 'b 2']]);
  for (const { options, decides } of [...facts.map((fact: any) => fact.told), together]) expect((await told(...options.split(' '))).undecided).toBe(undecided - decides);
  expect([together.decides, (await told('--injected-namespace', 'a')).facts[0].told.decides]).toEqual([4, 2]);
});

test('JUnit has a test case for facts only if they have findings', async () => {
  const folder = folderWith({ 'judged.yaml': of('PeerAuthentication'), 'cluster.yaml': without('PeerAuthentication') });
  const { out } = await command(['check', join(folder, 'judged.yaml'), '--with', join(folder, 'cluster.yaml'), '-o', 'junit']);
  expect([...out.matchAll(/<testcase name="([^"]*)" classname="([^"]*)"/g)].map(([, name, file]) => `${name} ${file.replace(`${folder}/`, '')}`)).toEqual(['PeerAuthentication shop/default judged.yaml', 'DestinationRule shop/ratings cluster.yaml']);
});

test('connections lists those that a checked object is part of or changes, and finds clients among facts', async () => {
  const folder = folderWith({
    'policy.yaml': of('PeerAuthentication'), 'other.yaml': GOOD.replace('shop', 'other'), 'cluster.yaml': without('PeerAuthentication'), 'refused.yaml': `${without('PeerAuthentication')}---\n${BAD}`,
  });
  const listed = async (file: string, facts: string, ...options: string[]) => {
    const { out, error } = await command(['connections', join(folder, file), '--with', join(folder, facts), '-o', 'json', ...options]);
    return [JSON.parse(out).map(({ client, outcome }: any) => `${client.name} ${outcome}`), error];
  };
  expect(await listed('policy.yaml', 'cluster.yaml')).toEqual([['web broken'], '']);
  expect(await listed('policy.yaml', 'refused.yaml', '--client', 'shop/web')).toEqual([['web broken'], '']);
  expect(await listed('other.yaml', 'cluster.yaml')).toEqual([[], '']);
});

test('validate finds subsets in facts, and doesn\'t report facts', async () => {
  const route = 'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: v, namespace: shop}\nspec: {hosts: [a], http: [{route: [{destination: {host: a, subset: v1}}]}]}\n';
  const rule = 'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: d, namespace: shop}\nspec: {host: a, subsets: [{name: v1, labels: {a: b}}]}\n';
  const folder = folderWith({ 'route.yaml': route, 'rule.yaml': `${rule}---\n${BAD}` });
  const found = async (...options: string[]) => JSON.parse((await command(['validate', '-o', 'json', join(folder, 'route.yaml'), ...options])).out).findings.map(({ code }: any) => code);
  expect([await found(), await found('--with', join(folder, 'rule.yaml'))]).toEqual([['ADMIT801'], []]);
});
