import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { certificate, TestCertificate } from '../../support/certificates/x509';
import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';
import { deployment, injected, peerAuthentication, service } from '../../support/meshes/mesh';

afterAll(removeFolders);

const SERVED: Record<string, any[]> = {
  'namespaces': injected('shop'),
  'services': [service('shop/ratings', [9080])],
  'deployments.apps': [
    deployment('shop/web', {
      spec: {
        containers: [{
          name: 'app',
          env: [
            { name: 'RATINGS', value: 'http://ratings:9080/x' }, { name: 'DB_PASSWORD', value: 'hunter2' }, { name: 'MOTD', value: 'two words' }, { name: 'BY_REF', valueFrom: {} },
          ],
        }],
      },
    }),
    deployment('shop/ratings', { ports: [{ containerPort: 9080 }] }),
  ],
  'replicasets.apps': [{ ...deployment('shop/old'), kind: 'ReplicaSet', spec: { replicas: 0 } }],
  'configmaps': [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'istio-system', name: 'istio' }, data: { mesh: '{}' } },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'shop', name: 'settings' }, data: { x: 'y' } },
  ],
  'peerauthentications.security.istio.io': [peerAuthentication('shop/default', { mtls: { mode: 'STRICT' } }, { creationTimestamp: '2026-01-02T03:04:05Z' })],
  'secrets': [{ apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'shop', name: 'key' }, data: { key: 'aHVudGVyMg==' } }],
};

/** A folder with a stub of kubectl that answers from `served`, and logs its calls. */
function cluster(served: Record<string, any[]>, { forbidden = [] as string[], down = false, partial = false } = {}) {
  const folder = folderWith({});
  const program = `#!${process.execPath}
const { appendFileSync } = require('node:fs');
const words = process.argv.slice(2);
appendFileSync(${JSON.stringify(join(folder, 'calls'))}, words.join(' ') + '\\n');
const served = ${JSON.stringify(served)};
if (${down}) { console.error('The connection to the server was refused'); process.exit(1); }
if (words[0] === 'api-resources') { console.log(Object.keys(served).join('\\n')); if (${partial}) { console.error('unable to retrieve the complete list of server APIs: security.istio.io/v1: stale'); process.exit(1); } }
else if (${JSON.stringify(forbidden)}.includes(words[1])) { console.error('Error from server (Forbidden): no'); process.exit(1); }
else console.log(JSON.stringify({ kind: 'List', items: served[words[1]].map((item) => ({ ...item, status: { x: 1 }, metadata: { ...item.metadata, managedFields: [], uid: 'u', annotations: { 'kubectl.kubernetes.io/last-applied-configuration': 'hunter2' } } })) }));
`;
  writeFileSync(join(folder, 'kubectl'), program);
  chmodSync(join(folder, 'kubectl'), 0o755);
  return { cwd: folder, env: { PATH: `${folder}${delimiter}${process.env.PATH}` } };
}

test('prints the objects of a mesh without secret values', async () => {
  const { exitCode, out, error } = await command(['snapshot', '--context', 'prod'], cluster(SERVED));
  expect([exitCode, error]).toEqual([0, '']);
  const { kind, items } = JSON.parse(out);
  expect([kind, items.map(({ kind: own, metadata: { namespace = '', name } }: any) => `${own} ${namespace}/${name}`)]).toEqual(['List', [
    'ConfigMap istio-system/istio', 'Deployment shop/ratings', 'Deployment shop/web', 'Namespace /shop', 'PeerAuthentication shop/default', 'Service shop/ratings',
  ]]);
  expect(out).not.toMatch(/hunter2|aHVudGVyMg|status|managedFields|last-applied|Secret/);
  const web = items.find(({ metadata }: any) => metadata.name === 'web');
  expect(web.spec.template.spec.containers[0].env).toEqual([
    { name: 'RATINGS', value: 'http://ratings:9080/x' }, { name: 'DB_PASSWORD', value: '' }, { name: 'MOTD', value: '' }, { name: 'BY_REF', valueFrom: {} },
  ]);
  expect(items.find(({ kind: own }: any) => own === 'PeerAuthentication').metadata.creationTimestamp).toBe('2026-01-02T03:04:05Z');
});

test('only reads, and never asks for Secrets', async () => {
  const at = cluster(SERVED);
  await command(['snapshot', '--context', 'prod'], at);
  const calls = readFileSync(join(at.cwd, 'calls'), 'utf8').trim().split('\n');
  expect(calls.every((call) => /^(?:get|api-resources) /.test(call) && call.endsWith('--context=prod'))).toBe(true);
  expect(calls.some((call) => call.includes('secrets'))).toBe(false);
});

test('istio-ca-root-cert keeps only its certificates', async () => {
  const { pem, keyPem } = certificate({ commonName: 'root', ca: true });
  const roots = (namespace: string, text: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name: 'istio-ca-root-cert' }, data: { 'root-cert.pem': text } });
  const { out } = await command(['snapshot'], cluster({ configmaps: [roots('bank', pem + keyPem), roots('shop', pem), { ...roots('x', pem), data: undefined }] }));
  const [bank, shop, x] = JSON.parse(out).items.map(({ data }: any) => data);
  expect([bank, shop, x]).toEqual([{ 'root-cert.pem': expect.not.stringMatching(/^[A-Za-z0-9+/]{40}/m) }, { 'root-cert.pem': pem }, undefined]);
});

test('check with a snapshot as facts finds a CA that proxies don\'t trust', async () => {
  const [root, other] = ['root', 'other'].map((commonName) => certificate({ commonName, ca: true, keyUsage: [5, 6] }));
  const roots = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'shop', name: 'istio-ca-root-cert' }, data: { 'root-cert.pem': root.pem } };
  const at = cluster({ ...SERVED, configmaps: [roots] });
  writeFileSync(join(at.cwd, 'cluster.json'), (await command(['snapshot'], at)).out);
  const checked = async ({ pem, keyPem }: TestCertificate) => {
    const data = { 'ca-cert.pem': pem, 'ca-key.pem': keyPem, 'root-cert.pem': pem, 'cert-chain.pem': pem };
    writeFileSync(join(at.cwd, 'ca.json'), JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'istio-system', name: 'cacerts' }, stringData: data }));
    const { out } = await command(['check', 'ca.json', '--with', 'cluster.json', '-o', 'json'], at);
    return JSON.parse(out).findings.filter(({ code }: any) => code === 'MTLS726').map(({ actual }: any) => actual);
  };
  expect(await checked(other)).toEqual(['for CN=other, but proxies trust CN=root according to ConfigMap istio-ca-root-cert']);
  expect(await checked(root)).toEqual([]);
});

test('the same cluster gives the same snapshot, which other verbs read', async () => {
  const at = cluster(SERVED);
  const [first, second] = [await command(['snapshot'], at), await command(['snapshot'], at)];
  expect(second.out).toBe(first.out);
  writeFileSync(join(at.cwd, 'cluster.json'), first.out);
  const connections = await command(['connections', 'cluster.json', '-o', 'json'], at);
  expect(JSON.parse(connections.out).map(({ outcome }: any) => outcome)).toEqual(['mtls']);
});

test('an object with an invalid kind stays in the snapshot', async () => {
  const odd = { ...service('shop/odd', [80]), kind: { toString: 1 } };
  const { exitCode, out } = await command(['snapshot', '--context', 'prod'], cluster({ services: [service('shop/web', [80]), odd] }));
  expect([exitCode, JSON.parse(out).items.map(({ metadata: { name } }: any) => name)]).toEqual([0, ['odd', 'web']]);
});

test('a forbidden resource is reported, with exit code 2', async () => {
  const { exitCode, out, error } = await command(['snapshot'], cluster(SERVED, { forbidden: ['services'] }));
  expect([exitCode, error]).toEqual([2, 'can\'t read services: Error from server (Forbidden): no\n']);
  expect(JSON.parse(out).items).toHaveLength(5);
});

test('an incomplete list of resources is reported, with exit code 2', async () => {
  const { exitCode, out, error } = await command(['snapshot'], cluster(SERVED, { partial: true }));
  expect([exitCode, error]).toEqual([2, 'can\'t read all resources: unable to retrieve the complete list of server APIs: security.istio.io/v1: stale\n']);
  expect(JSON.parse(out).items).toHaveLength(6);
});

test.each([
  ['a cluster that doesn\'t answer', () => cluster(SERVED, { down: true }), 'The connection to the server was refused'],
  ['no kubectl', () => ({ cwd: folderWith({}), env: { PATH: folderWith({}) } }), 'kubectl isn\'t on PATH'],
])('%s exits with 2', async (_, at, expected) => {
  const { exitCode, out, error } = await command(['snapshot'], at());
  expect([exitCode, out]).toEqual([2, '']);
  expect(error).toBe(`the cluster can't be read: ${expected}. Fix: try kubectl get namespaces.\n`);
});
