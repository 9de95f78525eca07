import { Address, addressKey, Addresses } from '../../../src/mesh/services/addresses';
import { deployment, injected, mesh, service, serviceEntry, workloadEntry } from '../../support/meshes/mesh';

const alias = (name: string, externalName: string) => service(`b/${name}`, ['http:80'], { type: 'ExternalName', externalName });
const entry = (spec: object) => serviceEntry('b/e', { hosts: ['x.example.com'], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], ...spec });
const host = (name: string) => `${name}.b.svc.cluster.local`;

function addressesIn(...objects: unknown[]) {
  const { registry } = mesh([injected('b'), objects]);
  const addresses = new Addresses(registry);
  const raw = (name: string, port = 80) => addresses.of(registry.byHost.get(name)![0], port);
  return { addresses, registry, raw, of: (name: string, port = 80): string[] => raw(name, port).map(told) };
}
const told = (address: Address) => `${address.at} ${addressKey(address)}`.trim();

describe('the addresses of a host', () => {
  const db = [deployment('b/db'), service('b/db', ['tcp:80', 'tcp-2:81'], { clusterIP: 'None' })];
  const slice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 's', namespace: 'b', labels: { 'kubernetes.io/service-name': 'db' } },
    endpoints: [{ addresses: ['192.0.2.1'] }],
    ports: [{ name: 'tcp', port: 80 }],
  };
  const bare = service('b/db', ['tcp:80'], { clusterIP: 'None', selector: undefined });
  const machine = workloadEntry('b/vm', { address: '192.0.2.9', labels: { app: 'vm' } });
  const selecting = { resolution: 'NONE', workloadSelector: { labels: { app: 'vm' } } };

  test.each([
    ['a Service\'s own', 'x', [service('b/x')], ['service service x.b.svc.cluster.local']],
    ['each pod of a headless Service once', 'db', db, ['workload Kubernetes/apps/Deployment/b/db']],
    ['no address for a headless Service without pods', 'db', [db[1]], []],
    ['the addresses of a slice for a headless Service without selector', 'db', [bare, slice], ['ip 192.0.2.1']],
    ['the addresses of a slice without the port, too', 'db', [bare, { ...slice, ports: [] }], ['ip 192.0.2.1']],
    ['the pods and the addresses of a slice for a headless Service with a selector', 'db', [db, slice], ['workload Kubernetes/apps/Deployment/b/db', 'ip 192.0.2.1']],
    ['no address that isn\'t ready', 'db', [bare, { ...slice, endpoints: [{ addresses: ['192.0.2.1'], conditions: { ready: false } }] }], []],
    ['the pods of a headless Service, and not the slice that Kubernetes writes for them', 'db', [db, {
      ...slice, metadata: { ...slice.metadata, labels: { ...slice.metadata.labels, 'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io' } },
    }], ['workload Kubernetes/apps/Deployment/b/db']],
    ['the target of an ExternalName', 'one', [alias('one', host('x')), service('b/x')], ['service service x.b.svc.cluster.local']],
    ['the target of an ExternalName of another ExternalName', 'one', [alias('one', host('two')), alias('two', host('db')), db], ['workload Kubernetes/apps/Deployment/b/db']],
    ['an external address for an ExternalName of an external host', 'one', [alias('one', 'x.example.com')], ['elsewhere']],
    ['an external address for circular ExternalNames', 'one', [alias('one', host('two')), alias('two', host('one'))], ['elsewhere']],
  ])('are %s', (_, name, objects, expected) => {
    expect(addressesIn(objects).of(host(name))).toEqual(expected);
  });

  test.each([
    ['its own', [entry({ resolution: 'STATIC', addresses: ['192.0.2.1', '192.0.2.9'] }), machine], 80, ['ip 192.0.2.1', 'ip 192.0.2.9']],
    ['elsewhere if it has none', [entry({ resolution: 'STATIC', endpoints: [{ address: '192.0.2.1' }] })], 80, ['elsewhere']],
    ['those of the servers that it selects, with resolution NONE', [entry(selecting), machine, deployment('b/vm')], 80, ['workload Kubernetes/apps/Deployment/b/vm', 'ip 192.0.2.9']],
    ['elsewhere on another port', [entry(selecting), machine], 81, ['elsewhere']],
    ['elsewhere if another ServiceEntry of the host has resolution DNS', [entry({ resolution: 'NONE' }), serviceEntry('b/f', entry({ resolution: 'DNS' }).spec)], 80, ['elsewhere']],
    ['elsewhere with a selector and resolution STATIC', [entry({ ...selecting, resolution: 'STATIC' }), machine], 80, ['elsewhere']],
  ])('are for a ServiceEntry %s', (_, objects, port, expected) => {
    expect(addressesIn(objects).of('x.example.com', port)).toEqual(expected);
  });

  test('lead to the WorkloadEntry that has one', () => {
    for (const addressed of [{ addresses: ['192.0.2.9', '192.0.2.1'] }, { ...selecting, addresses: ['192.0.2.9', '192.0.2.1'] }]) {
      const { addresses, raw } = addressesIn(machine, entry(addressed));
      expect(raw('x.example.com').flatMap((address) => addresses.reach(address, 80))).toMatchObject([
        { machine: { entry: { name: 'vm' } }, namespace: 'b', port: 80 }, { address: '192.0.2.1', port: 80, namespace: '', tlsMode: 'disabled' },
      ]);
    }
    const { addresses, raw } = addressesIn(machine, entry(selecting));
    expect(addresses.reach(raw('x.example.com')[0], 80)).toMatchObject([{ machine: { entry: { name: 'vm' } } }]);
  });
});

describe('an address reaches', () => {
  test('the pods of a Service on its target port, no machines, and nothing on a port that it doesn\'t have', () => {
    const ports = [{ name: 'http', port: 80, targetPort: 8080 }, { name: 'dns', port: 53, protocol: 'UDP' }];
    const { addresses, registry } = addressesIn(deployment('b/x'), workloadEntry('b/x', { address: '192.0.2.9', labels: { app: 'x' } }), service('b/x', ports));
    const address: Address = { at: 'service', service: registry.kubernetesService(host('x'))! };
    expect(addresses.reach(address, 80).map(({ workload, port }) => `${workload!.name}:${port}`)).toEqual(['x:8080']);
    expect([81, 53].map((port) => addresses.reach(address, port))).toEqual([[], []]);
  });

  test('an unknown server if it is elsewhere', () => {
    expect(addressesIn().addresses.reach({ at: 'elsewhere' }, 80)).toEqual([{ address: '', port: 80, namespace: '', labels: {}, tlsMode: 'disabled' }]);
  });
});

test('a DNS name resolves to the pods behind it, or to no workload of the manifests', () => {
  const { addresses } = addressesIn(deployment('b/x'), service('b/x'), deployment('b/db'), service('b/db', ['tcp:80'], { clusterIP: 'None' }), alias('one', host('db')));
  const found = (name: string) => {
    const servers = addresses.reachHost(name, 80);
    return typeof servers === 'string' ? servers : servers?.map(({ workload }) => workload!.name);
  };
  expect([host('x'), host('db'), host('one'), 'x.example.com'].map(found)).toEqual([['x'], ['db'], ['db'], undefined]);
  expect(['x.b', 'x.b.svc', `${host('x')}.`, 'x'].map(found)).toEqual([['x'], ['x'], ['x'], 'varies']);
  expect([host('unknown'), 'x.b.'].map(found)).toEqual([[], undefined]);
});

test('pods have DNS names in their headless Service: one per replica of a StatefulSet, else that of the pod template', () => {
  const set = { ...(deployment('b/db') as { spec: object }), kind: 'StatefulSet' };
  const numbered = { ...set, spec: { ...set.spec, serviceName: 'db', replicas: 2, ordinals: { start: 1 } } };
  const { addresses } = addressesIn(numbered, service('b/db', ['tcp:80'], { clusterIP: 'None' }), service('b/x', ['tcp:80'], { clusterIP: 'None', selector: { app: 'db' } }));
  const isKnown = (name: string) => addresses.reachHost(name, 80)?.length;
  expect(['db-1', 'db-2', 'db-0', 'db-3', 'db-01', 'db'].map((name) => isKnown(`${name}.db.b.svc.cluster.local`))).toEqual([1, 1, 0, 0, 0, 0]);
  expect(isKnown('db-1.x.b.svc.cluster.local')).toBe(0);
});

describe('the address of', () => {
  const pod = (name: string, status: object, spec: object = {}) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'b' }, spec, status });
  const own = (...addresses: string[]) => entry({ resolution: 'STATIC', addresses });
  test.each([
    ['a pod belongs to the pod', [pod('p', { podIP: '192.0.2.1', podIPs: [{ ip: '192.0.2.1' }, { ip: '2001:db8::1' }] }), own('192.0.2.1', '2001:db8::1')], ['workload Kubernetes//Pod/b/p']],
    ['a Service belongs to the Service', [service('b/x', ['http:80'], { clusterIP: '192.0.2.1', externalIPs: ['192.0.2.2'] }), own('192.0.2.1', '192.0.2.2')], ['service service x.b.svc.cluster.local', 'ip 192.0.2.2']],
    ['a node belongs to no workload', [pod('p', { hostIP: '192.0.2.1' }), own('192.0.2.1')], ['ip 192.0.2.1']],
    ['a Deployment\'s pod belongs to the Deployment', [
      deployment('b/x'), { ...pod('x-1', { podIP: '192.0.2.1' }), metadata: { name: 'x-1', namespace: 'b', ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'x-rs' }] } },
      { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: 'x-rs', namespace: 'b', ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'x' }] } }, own('192.0.2.1'),
    ], ['workload Kubernetes/apps/Deployment/b/x']],
  ])('%s', (_, objects, expected) => {
    const { addresses, raw, of } = addressesIn(objects);
    expect([...new Set(of('x.example.com'))]).toEqual(expected);
    expect(raw('x.example.com').flatMap((address) => addresses.reach(address, 80)).every(({ address }) => address === undefined || address === '192.0.2.1')).toBe(true);
  });
});

test('a range is inhabited if an address of the manifests is in it', () => {
  const inhabited = (range: string, ...objects: unknown[]) => {
    const { addresses, raw } = addressesIn(entry({ resolution: 'NONE', addresses: [range] }), ...objects);
    return raw('x.example.com').some((address) => addresses.isInhabited(address));
  };
  const machine = workloadEntry('b/vm', { address: '192.0.2.129', labels: { app: 'vm' } });
  expect(['192.0.2.0/24', '192.0.2.128/25', '192.0.2.0/25', '192.0.0.0/8', '240.0.0.0/4'].map((range) => inhabited(range, machine))).toEqual([true, true, false, true, false]);
  expect(['2001:db8::/32', '2001:db9::/32'].map((range) => inhabited(range, service('b/x', ['http:80'], { clusterIP: '2001:db8::5' })))).toEqual([true, false]);
});

test('anyService returns the first service of a host, if any', () => {
  const { addresses } = addressesIn(service('b/x'));
  expect([addresses.anyService(host('x'))!.name, addresses.anyService('nobody')]).toEqual(['x', undefined]);
});
