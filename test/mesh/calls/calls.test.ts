import { calls as callsFrom, connections, deployment, injected, mesh, meshConfig, service, serviceEntry, toHost, virtualService } from '../../support/meshes/mesh';
import { casesOf } from '../../support/random/cases';
import { randomMeshes } from '../../support/random/random-meshes';

const HOST = 'x.b.svc.cluster.local';
const port = (protocol: string, number: number) => ({ number, name: `p-${number}`, protocol });
const entry = (path: string, ports: object[], host = HOST) => serviceEntry(path, { hosts: [host], resolution: 'STATIC', ports });
const calls = (...objects: unknown[]) => mesh(objects).decisions.calls;

test('lists a call for each host and port, sorted by both, and none for UDP', () => {
  const found = calls(service('b/x', ['http:90', 'tcp:80', { name: 'dns', port: 53, protocol: 'UDP' }]), service('a/x'), entry('a/e', [port('TLS', 443), port('UDP', 1)], 'a.example.com'));
  expect(found.map((call) => `${call.host}:${call.port} ${call.kinds.join('+')}`)).toEqual([
    'a.example.com:443 tls', 'x.a.svc.cluster.local:80 http+tcp', `${HOST}:80 tcp`, `${HOST}:90 http`,
  ]);
});

test('services of one host share its calls, each on the ports that it has', () => {
  const found = calls(service('b/x', ['http:80', { name: 'dns', port: 81, protocol: 'UDP' }]), entry('a/e', [port('TCP', 80), port('TCP', 81)]));
  expect(found.map((call) => [call.port, call.services.map(({ name }) => name), call.kinds])).toEqual([[80, ['x', 'e'], ['http', 'tcp']], [81, ['e'], ['tcp']]]);
});

test.each([
  ['one service', [service('b/x')], false],
  ['ServiceEntries of two namespaces', [entry('a/e', [port('TCP', 80)]), entry('b/e', [port('TCP', 80)])], false],
  ['two ServiceEntries of one namespace', [entry('a/e', [port('TCP', 80)]), entry('a/f', [port('TCP', 80)])], true],
  ['a Service and a ServiceEntry', [service('b/x'), entry('a/e', [port('TCP', 80)])], true],
])('whether it is ambiguous which service takes a call: %s', (_, objects, expected) => {
  expect(calls(objects).map(({ ambiguous }) => ambiguous)).toEqual([expected]);
});

test.each([
  ['the same address', { addresses: ['192.0.2.1'] }, true],
  ['the port without an address', {}, true],
  ['another address', { addresses: ['192.0.2.2'] }, false],
])('calls are as ambiguous as a host of several ServiceEntries that listens at %s', (_, spec, expected) => {
  const at = (path: string, host: string, more: object) => serviceEntry(path, { hosts: [host], resolution: 'STATIC', ports: [port('TCP', 80)], ...more });
  const found = calls(at('a/e', 'twice.example.com', spec), at('a/f', 'twice.example.com', spec), at('a/g', 'once.example.com', { addresses: ['192.0.2.1'] }));
  expect(found.map(({ host, ambiguous }) => [host, ambiguous])).toEqual([['once.example.com', expected], ['twice.example.com', true]]);
});

test('if istiod may not read the namespace of any service of a host, its calls are undecided', () => {
  const config = meshConfig({ discoverySelectors: [{ matchLabels: { 'istio-injection': 'enabled' } }] });
  const found = connections([injected('a', 'b'), config, deployment('a/client'), entry('b/e', [port('HTTP', 80)], 'x.example.com'), entry('unknown/e', [port('HTTP', 80)], 'x.example.com')]);
  expect(found.map(({ undecidedBecause }) => undecidedBecause)).toEqual(['unknown-discovery']);
});

test('a call to an ambiguous service is undecided and names no server', () => {
  const at = (path: string, host: string) => serviceEntry(path, { hosts: [host], resolution: 'STATIC', addresses: ['192.0.2.1'], ports: [port('TCP', 80)], workloadSelector: { labels: { app: 'x' } } });
  const found = connections([injected('a', 'b'), deployment('a/client'), deployment('b/x'), at('b/e', 'twice.example.com'), at('b/f', 'twice.example.com'), at('b/g', 'once.example.com')])
    .filter(({ client, requested }) => client.name === 'client' && requested.host.startsWith('once'));
  expect(found).toMatchObject([{ server: null, clientTls: 'UNKNOWN', serverMode: 'UNKNOWN', outcome: 'undecided', undecidedBecause: 'ambiguous-service' }]);
});

describe('the connections of a client to one host and port', () => {
  const servers = ['b/x', 'b/y', 'c/x'].map((path) => [deployment(path), service(path, ['http:80', 'http-2:81'])]);
  const routed = (...destinations: object[]) => virtualService('b/v', { hosts: ['main'], http: [{ route: destinations.map((destination) => ({ destination, weight: 1 })) }] });
  const world = (...more: unknown[]) => [injected('a', 'b', 'c'), deployment('a/client'), service('b/main', ['http:80']), servers, more];

  test('are sorted by the server\'s namespace, name and port, those without a server first', () => {
    const route = routed({ host: 'x.c.svc.cluster.local' }, { host: 'y' }, { host: 'x', port: { number: 81 } }, { host: 'x', port: { number: 80 } }, { host: 'nobody' }, { host: 'main' });
    expect(callsFrom(world(route), 'a/client', 'main.b').map((line) => line.split(' ')[2])).toEqual(['nobody', 'nobody', 'b/x:80', 'b/x:81', 'b/y:80', 'c/x:80']);
  });

  test('are sorted by kind, host, port and subset next', () => {
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x', namespace: 'b', labels: { app: 'x' } }, spec: {} };
    const route = routed({ host: 'x', subset: 'v2' }, { host: 'x', subset: 'v1' }, { host: 'x' }, { host: 'also-x' }, { host: 'nobody', port: { number: 2 } }, { host: 'nobody', port: { number: 1 } }, { host: 'anybody' });
    const rule = { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { name: 'd', namespace: 'b' }, spec: { host: 'x', subsets: [{ name: 'v1' }, { name: 'v2' }] } };
    const found = connections(world(route, rule, pod, service('b/also-x', ['http:80'], { selector: { app: 'x' } }))).filter(({ client, requested }) => client.name === 'client' && requested.host.startsWith('main'));
    expect(found.map(({ server, service: to }) => `${server ? server.kind : 'nobody'} ${to.host.split('.')[0]}:${to.port} ${to.subset ?? ''}`.trim())).toEqual([
      'nobody anybody:80', 'nobody nobody:1', 'nobody nobody:2',
      'Deployment also-x:80', 'Deployment x:80', 'Deployment x:80 v1', 'Deployment x:80 v2',
      'Pod also-x:80', 'Pod x:80', 'Pod x:80 v1', 'Pod x:80 v2',
    ]);
  });

  test('describe a missing destination with the fields that the manifests give', () => {
    const [nobody] = connections(world(routed({ host: 'nobody' }))).filter(({ client, requested }) => client.name === 'client' && requested.host.startsWith('main'));
    expect(nobody).toMatchObject({ service: { namespace: '', name: '', host: 'nobody.b.svc.cluster.local', port: 80 }, server: null, serverMode: 'UNKNOWN', outcome: 'broken' });
    expect(Object.keys(nobody)).not.toContain('undecidedBecause');
    expect(Object.keys(nobody.service)).not.toContain('subset');
  });
});

test('rules that route to the same destination make one connection', () => {
  const route = virtualService('b/v', { hosts: ['x'], http: [{ match: [{ uri: { prefix: '/a' } }], ...toHost('x') }, toHost('x')] });
  expect(callsFrom([injected('a', 'b'), deployment('a/client'), deployment('b/x'), service('b/x', ['http:80']), route], 'a/client', 'x.b')).toHaveLength(1);
});

test('each call has a unique key, which a change of the mesh preserves', () => {
  const { seed, count } = casesOf('decisions');
  for (const { objects } of randomMeshes(seed, count(20))) {
    const whole = mesh(objects);
    const [keys, later] = [whole, whole.with({ apply: service('new/one') })].map(({ decisions }) => new Map(decisions.calls.map(({ key, host, port: number }) => [key, `${host} ${number}`])));
    expect(keys.size).toBe(whole.decisions.calls.length);
    for (const [key, called] of keys) if (later.has(key)) expect(later.get(key)).toBe(called);
  }
});
