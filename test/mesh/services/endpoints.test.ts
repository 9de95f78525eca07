import { deployment, injected, mesh, service, serviceEntry, workloadEntry } from '../../support/meshes/mesh';

const http = (number: number, more: object = {}) => ({ number, name: `http-${number}`, protocol: 'HTTP', ...more });
const entry = (spec: object) => serviceEntry('b/e', { hosts: ['x.example.com'], resolution: 'STATIC', ports: [http(80)], ...spec });
const machine = (address: string, spec: object = {}) => workloadEntry('b/vm', { address, labels: { app: 'x' }, ...spec });
const selecting = { workloadSelector: { labels: { app: 'x' } } };

/** The servers of the first service, port by port. */
function servers(...objects: unknown[]): string[] {
  const { registry } = mesh([injected('b'), objects]);
  const [first] = registry.services;
  return first.ports.flatMap((port) => registry.endpointsOf(first, port).map((endpoint) => {
    const { workload, machine: found, address, tlsMode, namespace } = endpoint;
    return `${port.number}: ${workload?.kind ?? found?.entry?.kind ?? 'address'} ${namespace}/${workload?.name ?? found?.entry?.name ?? found?.address ?? address}:${endpoint.port} ${tlsMode}`;
  }));
}

describe('a Service\'s endpoints are', () => {
  test.each([
    ['the pods that it selects, on each port', [deployment('b/x'), service('b/x', ['a:80', 'b:81'])], ['80: Deployment b/x:80 istio', '81: Deployment b/x:81 istio']],
    ['no pods of other namespaces', [deployment('a/x'), service('b/x')], []],
    ['pods before machines', [machine('192.0.2.1'), deployment('b/x'), service('b/x')], ['80: Deployment b/x:80 istio', '80: WorkloadEntry b/vm:80 disabled']],
    ['no pods that lack the port by name', [deployment('b/x'), service('b/x', [{ port: 80, targetPort: 'web' }])], []],
    ['no machines whose address is a name', [machine('x.example.com'), service('b/x')], []],
    ['no machines of a headless Service', [machine('192.0.2.1'), service('b/x', [80], { clusterIP: 'None' })], []],
    ['none of an ExternalName', [deployment('b/x'), service('b/x', [80], { type: 'ExternalName', externalName: 'y' })], []],
  ])('%s', (_, objects, expected) => {
    expect(servers(objects)).toEqual(expected);
  });

  test.each([
    [{ port: 80, name: 'web' }, {}, 80], [{ port: 80, name: 'web', targetPort: 8080 }, {}, 8080], [{ port: 80, name: 'web', targetPort: 8080 }, { web: 9090 }, 9090],
    [{ port: 80, name: 'web', targetPort: 'app' }, { app: 9090 }, 9090], [{ port: 80, name: 'web', targetPort: 'app' }, { web: 9090 }, undefined],
    [{ port: 80, name: 'web', targetPort: 'app' }, { app: 0 }, undefined], [{ port: 80, name: 'web', targetPort: 0 }, {}, 80],
  ])('port %j of a Service is, on a machine with ports %j, %p', (port, ports, expected) => {
    expect(servers(machine('192.0.2.1', { ports }), service('b/x', [port]))).toEqual(expected === undefined ? [] : [`80: WorkloadEntry b/vm:${expected} disabled`]);
  });
});

describe('a ServiceEntry\'s endpoints are', () => {
  test.each([
    ['those that it lists', { endpoints: [{ address: '192.0.2.1' }, { address: '192.0.2.2', serviceAccount: 'y' }] }, [], ['80: address b/192.0.2.1:80 disabled', '80: address b/192.0.2.2:80 istio']],
    ['on ports by name, or else on its targetPort', { ports: [http(80, { targetPort: 8080 }), http(81)], endpoints: [{ address: '192.0.2.1', ports: { 'http-81': 9090 } }] }, [], ['80: address b/192.0.2.1:8080 disabled', '81: address b/192.0.2.1:9090 disabled']],
    ['none if it lists none', {}, [], []],
    ['its own host if it lists none and has resolution DNS', { resolution: 'DNS', ports: [http(80), http(81, { targetPort: 8081 })] }, [], ['80: address b/x.example.com:80 disabled', '81: address b/x.example.com:8081 disabled']],
    ['not its own host if it lists others', { resolution: 'DNS', endpoints: [{ address: 'y.example.com' }] }, [], ['80: address b/y.example.com:80 disabled']],
    ['the pods and machines that it selects, and not those that it lists', { ...selecting, endpoints: [{ address: '192.0.2.1' }] }, [deployment('b/x'), machine('192.0.2.9')], ['80: Deployment b/x:80 istio', '80: WorkloadEntry b/vm:80 disabled']],
    ['none if it selects none', { ...selecting, resolution: 'DNS' }, [], []],
    ['no machines with a host name unless by DNS', selecting, [machine('y.example.com')], []],
    ['machines with a host name by DNS', { ...selecting, resolution: 'DNS' }, [machine('y.example.com')], ['80: WorkloadEntry b/vm:80 disabled']],
    ['machines with resolution NONE', { ...selecting, resolution: 'NONE' }, [machine('192.0.2.9')], ['80: WorkloadEntry b/vm:80 disabled']],
  ])('%s', (_, spec, objects, expected) => {
    expect(servers(entry(spec), objects)).toEqual(expected);
  });
});

describe('a Service without selector has as endpoints of its EndpointSlices', () => {
  const bare = service('b/x', ['web:80'], { selector: undefined });
  const slice = (endpoints: unknown[], ports: object[] = [{ name: 'web', port: 8080 }], labels: object = { 'kubernetes.io/service-name': 'x' }, namespace = 'b') =>
    ({ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { name: 's', namespace, labels }, endpoints, ports });
  const podIn = (namespace: string) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace }, spec: {} });
  const [pod, elsewhere] = ['b', 'a'].map(podIn);
  const ip = { addresses: ['192.0.2.1'] };

  test.each([
    ['addresses', [slice([{ addresses: ['192.0.2.1', '192.0.2.2', 'x.example.com'] }])], ['80: address b/192.0.2.1:8080 disabled', '80: address b/192.0.2.2:8080 disabled']],
    ['pods in the manifests', [pod, slice([{ addresses: ['10.0.0.1'], targetRef: { kind: 'Pod', namespace: 'b', name: 'p' } }])], ['80: Pod b/p:8080 istio']],
    ['pods of other namespaces', [elsewhere, slice([{ addresses: ['10.0.0.1'], targetRef: { kind: 'Pod', namespace: 'a', name: 'p' } }])], ['80: Pod a/p:8080 disabled']],
    ['no unknown pods', [pod, slice([{ ...ip, targetRef: { kind: 'Pod', namespace: 'b', name: 'q' } }])], []],
    ['no pods without their namespace', [pod, slice([{ ...ip, targetRef: { kind: 'Pod', name: 'p' } }])], []],
    ['no Deployments with the pod\'s name', [deployment('b/p'), slice([{ ...ip, targetRef: { kind: 'Pod', namespace: 'b', name: 'p' } }])], []],
    ['none that aren\'t ready', [slice([{ ...ip, conditions: { ready: false } }])], []],
    ['an address that refers to a Node, whatever its name', [pod, slice([{ ...ip, targetRef: { kind: 'Node', name: 'p' } }])], ['80: address b/192.0.2.1:8080 disabled']],
    ['none on another port', [slice([ip], [{ name: 'other', port: 8080 }])], []],
    ['none without a port', [slice([ip], [{ name: 'web' }])], []],
    ['those on its port among others', [slice([ip], [{ name: 'other', port: 1 }, { name: 'web', port: '8080' }])], ['80: address b/192.0.2.1:8080 disabled']],
    ['none of another service', [slice([ip], undefined, { 'kubernetes.io/service-name': 'y' })], []],
    ['none of another namespace', [slice([ip], undefined, undefined, 'c')], []],
    ['none without the label for the service\'s name', [slice([ip], undefined, {})], []],
  ])('%s', (_, objects, expected) => {
    expect(servers(bare, objects)).toEqual(expected);
  });

  test.each([
    ['addresses', {}, [{ addresses: [{ ip: '192.0.2.1' }, { ip: '192.0.2.2' }, {}], ports: [{ name: 'web', port: 8080 }] }], ['80: address b/192.0.2.1:8080 disabled', '80: address b/192.0.2.2:8080 disabled']],
    ['none that aren\'t ready', {}, [{ notReadyAddresses: [{ ip: '192.0.2.1' }], ports: [{ name: 'web', port: 8080 }] }], []],
    ['pods', {}, [{ addresses: [{ ip: '10.0.0.1', targetRef: { kind: 'Pod', namespace: 'b', name: 'p' } }], ports: [{ name: 'web', port: 8080 }] }], ['80: Pod b/p:8080 istio']],
    ['those of several subsets', {}, [{ addresses: [{ ip: '192.0.2.1' }], ports: [{ name: 'web', port: 1 }] }, { addresses: [{ ip: '192.0.2.2' }], ports: [{ name: 'web', port: 2 }] }], ['80: address b/192.0.2.1:1 disabled', '80: address b/192.0.2.2:2 disabled']],
    ['none with the skip-mirror label', { 'endpointslice.kubernetes.io/skip-mirror': 'true' }, [{ addresses: [{ ip: '192.0.2.1' }], ports: [{ name: 'web', port: 1 }] }], []],
  ])('or of its Endpoints: %s', (_, labels, subsets, expected) => {
    expect(servers(bare, pod, { apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'x', namespace: 'b', labels }, subsets })).toEqual(expected);
  });

  test('a selector in a Service doesn\'t exclude EndpointSlices; a ServiceEntry has none', () => {
    expect(servers(service('b/x', ['web:80']), slice([ip]))).toEqual(['80: address b/192.0.2.1:8080 disabled']);
    expect(servers(serviceEntry('b/x', { hosts: ['x.example.com'], resolution: 'STATIC', ports: [{ number: 80, name: 'web', protocol: 'HTTP' }] }), slice([ip]))).toEqual([]);
  });
});

test('endpoints with a ServiceEntry of the same host and namespace on ports with the same name', () => {
  const other = serviceEntry('b/f', { hosts: ['x.example.com'], resolution: 'STATIC', ports: [{ number: 90, name: 'http-80', protocol: 'HTTP' }], endpoints: [{ address: '192.0.2.2' }] });
  expect(servers(entry({ endpoints: [{ address: '192.0.2.1' }] }), other)).toEqual(['80: address b/192.0.2.1:80 disabled', '80: address b/192.0.2.2:90 disabled']);
});
