import { connections, deployment, destinationRule, injected, mesh, meshConfig, mode, namespace, peerAuthentication, service, serviceEntry, tls, toHost, virtualService, workloadEntry } from '../../support/meshes/mesh';

const as = (serviceAccountName: string, more: object = {}) => ({ ...more, spec: { serviceAccountName } });
const world = [injected('a'), deployment('a/client', as('client')), deployment('a/called', as('called')), service('a/called', ['http:80'])];
const headless = service('a/target', ['http:80'], { clusterIP: 'None' });
const route = virtualService('a/r', { hosts: ['called'], http: [toHost('target')] });

const NOT_READY = [
  { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'late', namespace: 'a' }, spec: { serviceAccountName: 'called' } },
  {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'own', namespace: 'a', labels: { 'kubernetes.io/service-name': 'target' } },
    endpoints: [{ addresses: ['10.0.0.9'], conditions: { ready: false }, targetRef: { kind: 'Pod', namespace: 'a', name: 'late' } }],
    ports: [{ name: 'http', port: 80 }],
  },
];

/** The outcome of the client's call, and why if it breaks. */
function result(...more: unknown[]): string[] {
  return connections([world, more]).filter(({ client, requested }) => client.name === 'client' && requested.host === 'called.a.svc.cluster.local')
    .map(({ clientTls, outcome, because }) => `${clientTls} ${outcome}${because.some(({ effect }) => effect.startsWith('has other servers')) ? ': other servers' : ''}`);
}

test.each([
  ['is broken by servers of another service account with that address', [deployment('a/target', as('target')), headless, route], 'ISTIO_MUTUAL broken: other servers'],
  ['works if they have the same service account', [deployment('a/target', as('called')), headless, route], 'ISTIO_MUTUAL mtls'],
  ['works if one of the destination\'s servers has the same service account', [deployment('a/target', as('target')), deployment('a/more', as('called', { labels: { app: 'target' } })), headless, route], 'ISTIO_MUTUAL mtls'],
  ['works if a server that isn\'t ready has the same service account', [deployment('a/target', as('target')), headless, route, NOT_READY], 'ISTIO_MUTUAL mtls'],
  ['works without mutual TLS', [deployment('a/target', as('target')), headless, route, destinationRule('a/d', { host: 'target', ...tls('DISABLE') })], 'PLAINTEXT plaintext'],
  ['is broken by the server\'s mode first', [deployment('a/target', as('target')), headless, route, peerAuthentication('a/p', { selector: { matchLabels: { app: 'called' } }, ...mode('DISABLE') })], 'ISTIO_MUTUAL broken'],
  ['works if istiod lists the servers', [deployment('a/target', as('target')), service('a/target', ['http:80']), route], 'ISTIO_MUTUAL mtls'],
])('a call that keeps its address %s', (_, objects, expected) => {
  expect(result(objects)).toEqual([expected]);
});

test('a rule\'s subjectAltNames override the server\'s names', () => {
  const rule = (name: string) => destinationRule('a/d', { host: 'target', ...tls('ISTIO_MUTUAL', { subjectAltNames: [name] }) });
  const by = (name: string) => result(deployment('a/target', as('target')), headless, route, rule(name));
  expect([by('spiffe://cluster.local/ns/a/sa/called'), by('spiffe://cluster.local/ns/a/sa/target')]).toEqual([['ISTIO_MUTUAL mtls'], ['ISTIO_MUTUAL broken']]);
});

describe('different trust domains', () => {
  const two = (config: object) => [
    injected('a'), namespace('b', { 'istio.io/rev': 'canary' }), meshConfig({ trustDomain: 'one', ...config }), meshConfig({ trustDomain: 'two' }, 'istio-canary'),
    deployment('a/client'), deployment('b/called', as('x')), service('b/called', ['http:80']),
  ];
  const from = (config: object) => connections(two(config)).filter(({ client }) => client.name === 'client').map(({ outcome }) => outcome);

  test('break calls, unless one is the other\'s alias', () => {
    expect([from({}), from({ trustDomain: 'two' }), from({ trustDomainAliases: ['two'] }), from({ trustDomainAliases: ['three'] })]).toEqual([['broken'], ['mtls'], ['mtls'], ['broken']]);
  });
});

test('a service\'s names are those of its servers on all ports and the ServiceEntry\'s subjectAltNames', () => {
  const entry = serviceEntry('a/e', {
    hosts: ['x.example.com'],
    location: 'MESH_INTERNAL',
    resolution: 'STATIC',
    subjectAltNames: ['x.example.com', 'spiffe://old/ns/x/sa/y'],
    ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
    workloadSelector: { labels: { app: 'vm' } },
  });
  const vm = (name: string, serviceAccount?: string) => workloadEntry(`a/${name}`, { address: '192.0.2.1', labels: { 'app': 'vm', 'security.istio.io/tlsMode': 'istio' }, serviceAccount });
  const { registry, planes } = mesh([world, entry, vm('m1', 'vm'), vm('m2'), meshConfig({ trustDomainAliases: ['other'] })]);
  expect([...planes.default.namesOf(registry.services.find(({ host }) => host === 'x.example.com')!)]).toEqual([
    'x.example.com', 'spiffe://old/ns/x/sa/y', 'spiffe://cluster.local/ns/a/sa/vm', 'x.example.com', 'spiffe://other/ns/x/sa/y', 'spiffe://other/ns/a/sa/vm',
  ].filter((name, index, all) => all.indexOf(name) === index));
  const outcomes = connections([world, entry, vm('m2'), vm('m1', 'vm')]).filter(({ client, requested }) => client.name === 'client' && requested.host === 'x.example.com').map(({ server, outcome }) => [server!.name, outcome]);
  // The name of a machine without a service account is unknown.
  expect(outcomes).toEqual([['m1', 'mtls'], ['m2', 'mtls']]);
});

test('a service that only routes know demands the names of the servers of all its ports', () => {
  const target = service('a/target', [{ name: 'http', port: 80 }, { name: 'other', port: 81, targetPort: 'special' }], { clusterIP: 'None', annotations: { 'networking.istio.io/exportTo': '.' } });
  const special = deployment('a/special', { ...as('called'), labels: { app: 'target' }, ports: [{ containerPort: 81, name: 'special' }] });
  const scoped = { apiVersion: 'networking.istio.io/v1', kind: 'Sidecar', metadata: { name: 's', namespace: 'a' }, spec: { workloadSelector: { labels: { app: 'client' } }, egress: [{ hosts: ['./called.a.svc.cluster.local'] }] } };
  expect(result(deployment('a/target', as('target')), special, target, scoped, virtualService('a/r', { hosts: ['called'], http: [toHost('target', { port: { number: 80 } })] }))).toEqual(['ISTIO_MUTUAL mtls']);
});
