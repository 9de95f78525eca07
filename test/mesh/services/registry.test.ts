import { readMeshConfig } from '../../../src/mesh/config/mesh-config';
import { exportOf } from '../../../src/mesh/services/registry';
import { deployment, mesh, service, serviceEntry } from '../../support/meshes/mesh';

const registry = (...objects: unknown[]) => mesh(objects).registry;
const port = (protocol: string, number: number) => ({ number, name: `p-${number}`, protocol });
const entry = (path: string, host: string, spec: object = {}, fields: object = {}) => serviceEntry(path, { hosts: [host], resolution: 'STATIC', ports: [port('TCP', 80)], ...spec }, fields);

test('services are sorted by age, by the name that istiod gives them, by namespace and by name', () => {
  const old = service('z/old', [80], { creationTimestamp: '2020-01-01T00:00:00Z' });
  const { services } = registry(old, service('b/m'), service('a/m'), entry('a/z', 'l.example.com'), entry('a/y', 'n.example.com'), entry('a/x', 'n.example.com'), entry('b/a', 'n.example.com'));
  expect(services.map(({ namespace, name }) => `${namespace}/${name}`)).toEqual(['z/old', 'a/z', 'a/m', 'b/m', 'a/x', 'a/y', 'b/a']);
});

test('finds a host\'s Service even if ServiceEntries share the host', () => {
  const host = 'x.a.svc.cluster.local';
  const found = registry({ ...entry('a/a', host), metadata: { ...entry('a/a', host).metadata, creationTimestamp: '2020-01-01T00:00:00Z' } }, service('a/x'));
  expect(found.byHost.get(host)!.map(({ name }) => name)).toEqual(['a', 'x']);
  expect(found.kubernetesService(host)).toMatchObject({ registry: 'Kubernetes', name: 'x' });
  expect([found.kubernetesService('other'), registry(entry('a/a', host)).kubernetesService(host)]).toEqual([undefined, undefined]);
});

test('hosts that differ only in capital letters are ambiguous: HTTP doesn\'t distinguish them', () => {
  const found = registry(entry('a/a', 'x.example.com'), entry('b/b', 'X.example.com'), entry('c/c', 'Y.example.com'));
  expect(['x.example.com', 'X.example.com', 'Y.example.com'].map((host) => found.isAmbiguous(host))).toEqual([true, true, false]);
});

test.each([
  ['TCP without an address', { ports: [port('TCP', 1), port('TLS', 2)] }, [1, 2]],
  ['TCP with an address', { ports: [port('TCP', 1)], addresses: ['192.0.2.1'] }, []],
  ['HTTP, which is distinguished by host', { ports: [port('HTTP', 1)] }, []],
  ['UDP, which istiod has no listener for', { ports: [port('UDP', 1)] }, []],
  ['a wildcard, of any protocol and address', { hosts: ['*.example.com'], ports: [port('HTTP', 1), port('TCP', 2)], addresses: ['192.0.2.1'] }, [1, 2]],
])('ServiceEntry ports that take calls to other hosts: %s', (_, spec, expected) => {
  const found = registry(entry('a/e', 'x.example.com', spec), service('a/x', ['tcp:9']));
  expect([1, 2, 9].filter((number) => found.isCatchAllPort(number))).toEqual(expected);
  expect([1, 2, 9].filter((number) => found.isGreedyPortOfOthers(number, found.kubernetesService('x.a.svc.cluster.local')!))).toEqual(expected);
  expect([1, 2, 9].filter((number) => found.isGreedyPortOfOthers(number, found.services.find(({ registry: kind }) => kind === 'ServiceEntry')!))).toEqual([]);
});

test('a wildcard host covers a namespace if it matches all its Services', () => {
  const hosts = ['*.a.svc.cluster.local', '*.b.svc.cluster.local', '*.x.c.svc.cluster.local', '*.svc.cluster.local', '*.d.svc', '*.example.com', 'x.e.svc.cluster.local', '*'];
  expect([...registry(hosts.map((host, index) => entry(`a/${index}`, host))).coveredNamespaces]).toEqual(['a', 'b']);
});

test('defaultServiceExportTo applies to services without exportTo', () => {
  const [own, none] = registry(service('a/a', [80], { annotations: { 'networking.istio.io/exportTo': 'b' } }), service('a/b')).services;
  const config = readMeshConfig({ defaultServiceExportTo: ['.'] });
  expect([own, none].map((one) => ['a', 'b'].map((namespace) => exportOf(one, config).isVisibleTo(namespace)))).toEqual([[false, true], [true, false]]);
});

test('services with the same host and namespace share the servers of a port number', () => {
  const host = 'x.a.svc.cluster.local';
  const found = registry(deployment('a/x'), deployment('a/y'), service('a/x', [{ name: 'tcp', port: 80 }, { name: 'dns', port: 80, protocol: 'UDP' }, { name: 'other', port: 81 }]),
    entry('a/e', host, { ports: [{ ...port('TCP', 80), targetPort: 90 }], workloadSelector: { labels: { app: 'y' } } }), entry('b/e', host, { workloadSelector: { labels: { app: 'z' } } }), deployment('b/z'));
  const [first] = found.byHost.get(host)!;
  expect(found.serversOn(first, 80).map((endpoint) => `${endpoint.workload!.name}:${endpoint.port}`).sort()).toEqual(['x:80', 'x:80', 'y:90']);
  expect(found.serversOn(first, 82)).toEqual([]);
});
