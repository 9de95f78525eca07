import { calls, deployment, destinationRule, injected, mesh, meshConfig, namespace, service, serviceEntry, toHost, virtualService, workloadEntry } from '../../support/meshes/mesh';

const machine = workloadEntry('b/vm', { address: '192.0.2.9', labels: { app: 'vm' }, serviceAccount: 'vm' });
const entry = (spec: object) => serviceEntry('b/e', {
  hosts: ['x.example.com'], location: 'MESH_INTERNAL', ports: [{ number: 80, name: 'tcp', protocol: 'TCP', targetPort: 8080 }], workloadSelector: { labels: { app: 'vm' } }, ...spec,
});
const keepsAddress = destinationRule('b/d', { host: 'x.example.com', trafficPolicy: { loadBalancer: { simple: 'PASSTHROUGH' } } });
const ports = (requested: string, ...objects: unknown[]) => calls([injected('a', 'b'), deployment('a/client'), objects], 'a/client', requested).map((line) => line.split(' ')[2]);

describe('if the called address is kept, the port is', () => {
  test.each([
    ['the Service\'s port for a headless Service', 'x.b', [deployment('b/x'), service('b/x', [{ name: 'tcp', port: 80, targetPort: 8080 }], { clusterIP: 'None' })], 'b/x:80'],
    ['the targetPort for a ServiceEntry without resolution', 'x.example.com', [machine, entry({ resolution: 'NONE' })], 'b/vm:8080'],
    ['the called port with PASSTHROUGH in a DestinationRule', 'x.example.com', [machine, entry({ resolution: 'STATIC', addresses: ['192.0.2.9'] }), keepsAddress], 'b/vm:80'],
  ])('%s', (_, requested, objects, expected) => {
    expect(ports(requested, objects)).toEqual([expected]);
  });
});

test('if the called address isn\'t kept, the port is the targetPort', () => {
  expect(ports('x.b', deployment('b/x'), service('b/x', [{ name: 'tcp', port: 80, targetPort: 8080 }]))).toEqual(['b/x:8080']);
  expect(ports('x.example.com', machine, entry({ resolution: 'STATIC' }))).toEqual(['b/vm:8080']);
});

describe('a ServiceEntry\'s endpoint that is a name', () => {
  const listing = (resolution: string, address: string) => serviceEntry('b/e', { hosts: ['x.example.com'], resolution, ports: [{ number: 80, name: 'tcp', protocol: 'TCP' }], endpoints: [{ address }] });
  const to = (...objects: unknown[]) => calls([injected('a', 'b'), deployment('a/client'), deployment('b/y'), service('b/y'), objects], 'a/client', 'x.example.com');
  test.each([
    ['is resolved to a Service\'s pods with resolution DNS', listing('DNS', 'y.b.svc.cluster.local'), ['x.example.com:80 → b/y:80 PLAINTEXT PERMISSIVE plaintext']],
    ['is resolved to an external host with resolution DNS', listing('DNS', 'y.example.com'), ['x.example.com:80 → nobody PLAINTEXT NO_PROXY plaintext']],
    ['is ignored with resolution STATIC', listing('STATIC', 'y.b.svc.cluster.local'), ['x.example.com:80 → nobody PLAINTEXT UNKNOWN undecided']],
    ['may be an address with resolution DNS', listing('DNS', '192.0.2.1'), ['x.example.com:80 → nobody PLAINTEXT NO_PROXY plaintext']],
  ])('%s', (_, objects, expected) => {
    expect(to(objects)).toEqual(expected);
  });
});

test('a call to a Service with exportTo ~ is undecided, since istiod may not know its servers; a ServiceEntry lists its own', () => {
  const route = (host: string) => virtualService('a/v', { hosts: ['front'], tcp: [toHost(host)] });
  const to = (host: string, destination: unknown) => calls([injected('a'), deployment('a/client'), deployment('a/y'), service('a/front', ['tcp:80']), route(host), destination], 'a/client', 'front.a');
  expect(to('y', service('a/y', ['tcp:80'], { annotations: { 'networking.istio.io/exportTo': '~' } }))).toEqual(['y.a:80 → nobody UNKNOWN UNKNOWN undecided']);
  const own = { hosts: ['x.example.com'], resolution: 'STATIC', ports: [{ number: 80, name: 'tcp', protocol: 'TCP' }], workloadSelector: { labels: { app: 'y' } }, exportTo: ['~'] };
  expect(to('x.example.com', serviceEntry('a/e', own))).toEqual(['x.example.com:80 → a/y:80 PLAINTEXT PERMISSIVE plaintext']);
});

describe('subjectAltNames of a rule', () => {
  const demanding = (host: string, ...subjectAltNames: string[]) => destinationRule('b/d', { host, trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL', subjectAltNames } } });
  const spiffe = (account: string, domain = 'cluster.local') => `spiffe://${domain}/ns/b/sa/${account}`;
  const outcome = (requested: string, ...objects: unknown[]) => calls([injected('a', 'b'), deployment('a/client'), objects], 'a/client', requested).map((line) => line.split(' ').at(-1));
  const pod = [deployment('b/x', { spec: { serviceAccountName: 'x' } }), service('b/x')];
  const onMachine = [machine, entry({ resolution: 'STATIC' })];

  test.each<[string, string, unknown[], string]>([
    ['match if one of them is the pod\'s', 'x.b', [pod, demanding('x', spiffe('y'), spiffe('x'))], 'mtls'],
    ['don\'t match another service account', 'x.b', [pod, demanding('x', spiffe('y'))], 'broken'],
    ['don\'t apply to a server without a sidecar, to which the rule sends other TLS', 'x.b', [namespace('b'), pod, destinationRule('b/d', { host: 'x', trafficPolicy: { tls: { mode: 'SIMPLE', subjectAltNames: ['x.example.com'] } } })], 'tls'],
    ['don\'t apply to a machine of unknown service account', 'x.example.com', [
      workloadEntry('b/vm', { address: '192.0.2.9', labels: { 'app': 'vm', 'security.istio.io/tlsMode': 'istio' } }), entry({ resolution: 'STATIC' }), demanding('x.example.com', spiffe('x')),
    ], 'mtls'],
    ['match any server if there are none', 'x.b', [pod, demanding('x')], 'mtls'],
    ['match a machine\'s service account', 'x.example.com', [onMachine, demanding('x.example.com', spiffe('vm'))], 'mtls'],
    ['don\'t match a machine of another service account', 'x.example.com', [onMachine, demanding('x.example.com', spiffe('x'))], 'broken'],
    ['match a machine in the mesh\'s trust domain', 'x.example.com', [onMachine, demanding('x.example.com', spiffe('vm', 'prod')), meshConfig({ trustDomain: 'prod' })], 'mtls'],
  ])('%s', (_, requested, objects, expected) => {
    expect(outcome(requested, objects)).toEqual([expected]);
  });
});

test('a pod that an EndpointSlice of another namespace lists is a server only if istiod discovers the pod\'s namespace', () => {
  const slice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'x-1', namespace: 'b', labels: { 'kubernetes.io/service-name': 'x' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.130.0.8'], targetRef: { kind: 'Pod', namespace: 'c', name: 'far' } }],
    ports: [{ name: 'tcp', port: 80 }],
  };
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'far', namespace: 'c' }, spec: {}, status: { podIP: '10.130.0.8' } };
  const selecting = meshConfig({ discoverySelectors: [{ matchLabels: { 'istio-injection': 'enabled' } }] });
  const listed = service('b/x', [{ name: 'tcp', port: 80 }], { selector: undefined });
  const existing = [injected('a', 'b', 'istio-system'), deployment('a/client'), listed, slice, pod, selecting];
  const reasons = (...objects: unknown[]) => [...mesh([existing, objects]).connections()]
    .map(({ outcome, undecidedBecause }) => undecidedBecause ?? outcome);
  expect(reasons()).toEqual(['unknown-discovery']);
  expect(reasons(injected('c'))).toEqual(['mtls']);
});
