import { Address, addressKey, Addresses } from '../../../src/mesh/services/addresses';
import { deployment, injected, mesh, service, serviceEntry, workloadEntry } from '../../support/mesh';

const alias = (name: string, externalName: string) => service(`b/${name}`, ['http:80'], { type: 'ExternalName', externalName });
const entry = (spec: object) => serviceEntry('b/e', { hosts: ['x.example.com'], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], ...spec });
const host = (name: string) => `${name}.b.svc.cluster.local`;

function addressesIn(...objects: unknown[]) {
  const { registry } = mesh([injected('b'), objects]);
  const addresses = new Addresses(registry);
  const raw = (name: string, port = 80) => addresses.of(registry.byHost.get(name)![0], port);
  return { addresses, raw, of: (name: string, port = 80): string[] => raw(name, port).map(told) };
}
const told = (address: Address) => `${address.at} ${addressKey(address)}`.trim();

describe('a name leads to', () => {
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
    ['a Service', 'x', [service('b/x')], ['service service x.b.svc.cluster.local']],
    ['a headless Service: its pods, each once', 'db', db, ['workload Kubernetes/apps/Deployment/b/db']],
    ['a headless Service without pods: nothing', 'db', [db[1]], []],
    ['a headless Service without selector: what is listed for it', 'db', [bare, slice], ['ip 192.0.2.1']],
    ['a headless Service without selector: also what lacks its port', 'db', [bare, { ...slice, ports: [] }], ['ip 192.0.2.1']],
    ['a headless Service with a selector: nothing else', 'db', [db, slice], ['workload Kubernetes/apps/Deployment/b/db']],
    ['an ExternalName: what it stands for', 'one', [alias('one', host('x')), service('b/x')], ['service service x.b.svc.cluster.local']],
    ['an ExternalName through another', 'one', [alias('one', host('two')), alias('two', host('db')), db], ['workload Kubernetes/apps/Deployment/b/db']],
    ['an ExternalName of a name outside', 'one', [alias('one', 'x.example.com')], ['elsewhere']],
    ['ExternalNames in a circle', 'one', [alias('one', host('two')), alias('two', host('one'))], ['elsewhere']],
  ])('%s', (_, name, objects, expected) => {
    expect(addressesIn(objects).of(host(name))).toEqual(expected);
  });

  test.each([
    ['its own addresses', [entry({ resolution: 'STATIC', addresses: ['192.0.2.1', '192.0.2.9'] }), machine], 80, ['ip 192.0.2.1', 'ip 192.0.2.9']],
    ['elsewhere, without any', [entry({ resolution: 'STATIC', endpoints: [{ address: '192.0.2.1' }] })], 80, ['elsewhere']],
    ['without resolution, what it selects', [entry(selecting), machine, deployment('b/vm')], 80, ['workload Kubernetes/apps/Deployment/b/vm', 'ip 192.0.2.9']],
    ['but not on another port', [entry(selecting), machine], 81, ['elsewhere']],
    ['elsewhere, if all that it has is another\'s, which says DNS', [entry({ resolution: 'NONE' }), serviceEntry('b/f', entry({ resolution: 'DNS' }).spec)], 80, ['elsewhere']],
    ['nor with another resolution', [entry({ ...selecting, resolution: 'STATIC' }), machine], 80, ['elsewhere']],
  ])('a ServiceEntry: %s', (_, objects, port, expected) => {
    expect(addressesIn(objects).of('x.example.com', port)).toEqual(expected);
  });

  test('an address is the machine\'s that has it', () => {
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

describe('a packet reaches', () => {
  test('the pods of a Service on its target port, no machines, and nobody on a port that it doesn\'t have', () => {
    const ports = [{ name: 'http', port: 80, targetPort: 8080 }, { name: 'dns', port: 53, protocol: 'UDP' }];
    const { addresses } = addressesIn(deployment('b/x'), workloadEntry('b/x', { address: '192.0.2.9', labels: { app: 'x' } }), service('b/x', ports));
    const address: Address = { at: 'service', service: addresses.inCluster(host('x'))! };
    expect(addresses.reach(address, 80).map(({ workload, port }) => `${workload!.name}:${port}`)).toEqual(['x:8080']);
    expect([81, 53].map((port) => addresses.reach(address, port))).toEqual([[], []]);
  });

  test('a server that nobody knows, elsewhere', () => {
    expect(addressesIn().addresses.reach({ at: 'elsewhere' }, 80)).toEqual([{ address: '', port: 80, namespace: '', labels: {}, tlsMode: 'disabled' }]);
  });
});

test('a proxy that looks up a name finds the pods behind it, or nothing that the manifests hold', () => {
  const { addresses } = addressesIn(deployment('b/x'), service('b/x'), deployment('b/db'), service('b/db', ['tcp:80'], { clusterIP: 'None' }), alias('one', host('db')));
  const found = (name: string) => addresses.reachHost(name, 80)?.map(({ workload }) => workload!.name);
  expect([found(host('x')), found(host('db')), found(host('one')), found('x.example.com')]).toEqual([['x'], ['db'], ['db'], undefined]);
});

test('a host is known by the first of its services, or by none', () => {
  const { addresses } = addressesIn(service('b/x'));
  expect([addresses.anyService(host('x'))!.name, addresses.anyService('nobody')]).toEqual(['x', undefined]);
});
