import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { deployment, destinationRule, injected, mesh, meshConfig, mode, namespace, peerAuthentication, service, serviceEntry, sidecar, tls, toHost, virtualService } from '../../support/mesh';

/** Why the client's call to a host is as it is: `Kind namespace/name field: effect`. */
function because(objects: unknown[], host = 'server.b.svc.cluster.local'): string[] {
  const [found] = mesh(objects).connections({ client: ({ name }) => name === 'client', requested: (call) => call.host === host });
  return found.because.map(({ kind, namespace: space, name, field, effect }) => `${kind} ${space}/${name} ${field}: ${effect}`);
}

const world = (...more: unknown[]) => [injected('a', 'b'), deployment('a/client'), deployment('b/server'), service('b/server', ['http:80']), more];
const STRICT = peerAuthentication('b/p', mode('STRICT'));
const BY_STRICT = 'PeerAuthentication b/p spec.mtls.mode: STRICT for the namespace';
const HIDES = 'hides server.b.svc.cluster.local from the client';

test('a client without a sidecar is named with the reason', () => {
  expect(because([namespace('a'), injected('b'), deployment('a/client'), deployment('b/server'), service('b/server'), STRICT]))
    .toEqual(['Deployment a/client proxy: neither the namespace nor the pod asks for a sidecar', BY_STRICT]);
  const excluded = deployment('a/client', { annotations: { 'traffic.sidecar.istio.io/excludeOutboundPorts': '80' } });
  expect(because([injected('a', 'b'), excluded, deployment('b/server'), service('b/server'), STRICT])[0])
    .toBe('Deployment a/client proxy: traffic.sidecar.istio.io/excludeOutboundPorts is 80');
});

describe('what hides a service is named', () => {
  test('a Sidecar, and what forbids calls to the unknown', () => {
    const egress = [{ hosts: ['./*'] }];
    expect(because(world(STRICT, sidecar('a/s', { egress })))).toEqual([`Sidecar a/s spec.egress: ${HIDES}`, BY_STRICT]);
    const forbidden = 'lets nothing pass that the client\'s proxy doesn\'t know';
    expect(because(world(sidecar('a/s', { egress, outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } }))))
      .toEqual([`Sidecar a/s spec.egress: ${HIDES}`, `Sidecar a/s spec.outboundTrafficPolicy: ${forbidden}`]);
    expect(because(world(sidecar('a/s', { egress }), meshConfig({ outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } })))[1])
      .toBe(`ConfigMap istio-system/istio data.mesh.outboundTrafficPolicy: ${forbidden}`);
  });

  test('an exportTo, the mesh config\'s defaults, its selectors', () => {
    const hidden = service('b/server', ['http:80'], { annotations: { 'networking.istio.io/exportTo': '.' } });
    expect(because([injected('a', 'b'), deployment('a/client'), deployment('b/server'), hidden])).toEqual([`Service b/server exportTo: ${HIDES}`]);
    expect(because(world(meshConfig({ defaultServiceExportTo: ['.'] })))).toEqual([`ConfigMap istio-system/istio data.mesh.defaultServiceExportTo: ${HIDES}`]);
    expect(because(world(meshConfig({ discoverySelectors: [{ matchLabels: { 'kubernetes.io/metadata.name': 'a' } }] }))))
      .toEqual([`ConfigMap istio-system/istio data.mesh.discoverySelectors: ${HIDES}`]);
  });
});

test('a port that every sidecar listens on itself is named: no listener there tells HTTP by name', () => {
  const on = (port: string, ...more: unknown[]) => because([injected('a', 'b'), deployment('a/client'), deployment('b/server'), service('b/server', [port]), STRICT, more]);
  expect(on('http:15021')).toEqual(['Service b/server spec: port 15021 is the sidecar\'s own', 'Deployment b/server proxy: port 15021 is Istio\'s own', BY_STRICT]);
  expect(on('http:15001')).toEqual(['Service b/server spec: port 15001 is the sidecar\'s own', BY_STRICT]);
  expect(['http:15020', 'tcp:15021', 'http:15000'].map((port) => on(port)[0])).not.toContainEqual(expect.stringContaining('sidecar\'s own'));
});

describe('what breaks a call otherwise is named', () => {
  const route = (host: string, subset?: string) => virtualService('b/r', { hosts: ['server'], http: [toHost(host, { subset })] });

  test('a rule that lacks the subset, or only the route', () => {
    const sent = 'VirtualService b/r spec.hosts: sends the call to server.b.svc.cluster.local:80 subset v1';
    expect(because(world(route('server', 'v1')))).toEqual([sent]);
    expect(because(world(route('server', 'v1'), destinationRule('b/d', { host: 'server' })))).toEqual([sent, 'DestinationRule b/d spec.subsets: defines no subset v1']);
  });

  test('a destination that isn\'t there, or without the port', () => {
    expect(because(world(route('nothing')))).toEqual(['VirtualService b/r spec.hosts: sends the call to nothing.b.svc.cluster.local:80']);
    expect(because(world(route('other'), service('b/other', [90])))[1]).toBe('Service b/other spec: has no other.b.svc.cluster.local:80 that the client knows');
  });

  test('names that no server has', () => {
    const rule = destinationRule('b/d', { host: 'server', ...tls('ISTIO_MUTUAL', { subjectAltNames: ['spiffe://x'] }) });
    expect(because(world(rule))).toEqual([
      'DestinationRule b/d spec.trafficPolicy.tls.subjectAltNames: the server has another identity', 'DestinationRule b/d spec.trafficPolicy.tls.mode: the client sends ISTIO_MUTUAL',
    ]);
    const ofSubset = destinationRule('b/d', { host: 'server', subsets: [{ name: 'v1', ...tls('ISTIO_MUTUAL', { subjectAltNames: ['spiffe://x'] }) }] });
    expect(because(world(route('server', 'v1'), ofSubset))[1]).toBe('DestinationRule b/d spec.subsets[v1].trafficPolicy.tls.subjectAltNames: the server has another identity');
  });

  test('a name without servers, and a subset without any', () => {
    const entry = (fields: object) => serviceEntry('b/e', { hosts: ['x.example.com'], resolution: 'DNS', ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], ...fields });
    expect(because(world(entry({ workloadSelector: { labels: { app: 'x' } } })), 'x.example.com')).toEqual(['ServiceEntry b/e spec: has no servers']);
    const subset = [destinationRule('b/d', { host: 'x.example.com', subsets: [{ name: 'v1', labels: { v: '1' } }] }), virtualService('b/r', { hosts: ['x.example.com'], http: [toHost('x.example.com', { subset: 'v1' })] })];
    expect(because(world(entry({}), subset), 'x.example.com')[1]).toBe('DestinationRule b/d spec.subsets[v1].labels: select no server');
  });

  test('a Service that has the server\'s proxy expect HTTP', () => {
    expect(because(world(destinationRule('b/d', { host: 'server', ...tls('SIMPLE') }))))
      .toEqual(['DestinationRule b/d spec.trafficPolicy.tls.mode: the client sends SIMPLE', 'Service b/server spec.ports: has the server\'s proxy expect HTTP']);
  });
});

describe('why auto mTLS sends plaintext is named', () => {
  const sends = 'so auto mTLS sends plaintext';

  test('the mesh config, or a policy of the namespace or the mesh', () => {
    expect(because(world(meshConfig({ enableAutoMtls: false })))[0]).toBe('ConfigMap istio-system/istio data.mesh.enableAutoMtls: the client sends plaintext');
    expect(because(world(peerAuthentication('b/p', mode('DISABLE'))))[0]).toBe(`PeerAuthentication b/p spec.mtls.mode: DISABLE, ${sends}`);
    const meshWide = peerAuthentication('istio-system/m', mode('DISABLE'));
    expect(because(world(meshWide, peerAuthentication('b/p', mode('UNSET'))))[0]).toBe(`PeerAuthentication istio-system/m spec.mtls.mode: DISABLE, ${sends}`);
    expect(because(world(meshWide))[0]).toBe(`PeerAuthentication istio-system/m spec.mtls.mode: DISABLE, ${sends}`);
  });

  test('a service outside the mesh', () => {
    const entry = serviceEntry('b/e', { hosts: ['x.example.com'], resolution: 'DNS', location: 'MESH_EXTERNAL', ports: [{ number: 80, name: 'http', protocol: 'HTTP' }] });
    expect(because(world(entry), 'x.example.com')).toEqual([`ServiceEntry b/e spec.location: is outside the mesh, ${sends}`]);
  });
});

// Whatever the mesh: who reads that a connection is broken can read which object to look at.
const HERE = join(__dirname, '..');
const RULES = join(HERE, '..', 'analysis', 'rules');
const meshes: { id: string; objects: unknown[] }[] = [
  ...readFileSync(join(HERE, 'recorded', 'meshes.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line)),
  ...readdirSync(join(HERE, 'regressions')).filter((name) => name.endsWith('.json')).map((name) => JSON.parse(readFileSync(join(HERE, 'regressions', name), 'utf8'))),
  ...readdirSync(RULES, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml')).sort().map((id) => ({ id, objects: loadAll(readFileSync(join(RULES, id), 'utf8')) })),
];

test.each(meshes)('each broken connection of $id names an object that decides it', ({ objects }) => {
  expect([...mesh(objects).connections({ outcome: 'broken' })].filter((one) => one.because.length === 0)).toEqual([]);
});
