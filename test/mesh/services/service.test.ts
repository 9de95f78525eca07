import { protocolOfPort } from '../../../src/mesh/services/service';
import {
  calls, connections, deployment, destinationRule, injected, meshConfig, namespace, peerAuthentication, service, serviceEntry, sidecar, tls, toHost,
  virtualService, words, workloadEntry,
} from '../../support/meshes/mesh';

const world = (...more: unknown[]) => [injected('a', 'b'), namespace('plain'), deployment('a/client'), more];
const server = deployment('b/server', { ports: [{ containerPort: 8080, name: 'http' }, { containerPort: 53, name: 'dns', protocol: 'UDP' }] });
const http = (number: number, more = {}) => ({ number, name: `http-${number}`, protocol: 'HTTP', ...more });
const entry = (spec: object, path = 'a/e') => serviceEntry(path, { hosts: ['x.example.com'], location: 'MESH_INTERNAL', resolution: 'STATIC', ports: [http(80)], ...spec });

describe('protocols of ports', () => {
  test.each([
    ['http', 'HTTP'], ['http-web', 'HTTP'], ['http_proxy', 'HTTP'], ['http2', 'HTTP'], ['grpc', 'HTTP'], ['grpc-web', 'HTTP'], ['grpc-web-x', 'HTTP'], ['HTTP', 'HTTP'], ['https', 'TLS'], ['tls-x', 'TLS'],
    ['tcp', 'TCP'], ['mongo', 'MONGO'], ['redis', 'TCP'], ['mysql', 'MYSQL'], ['udp', 'UDP'], ['web', 'AUTO'], ['', 'AUTO'], ['constructor', 'AUTO'],
  ])('port name %s is read as %s', (name, expected) => {
    expect(protocolOfPort({ number: 80, name, transport: 'TCP' })).toBe(expected);
  });

  test('appProtocol overrides the port name', () => {
    const of = (appProtocol: string) => protocolOfPort({ number: 80, name: 'tcp', transport: 'TCP', appProtocol });
    expect(['http', 'kubernetes.io/h2c', 'kubernetes.io/ws', 'kubernetes.io/wss', 'x', 'constructor'].map(of)).toEqual(['HTTP', 'HTTP', 'HTTP', 'TLS', 'AUTO', 'AUTO']);
  });

  test('server-first protocols aren\'t sniffed, and UDP is UDP whatever its name', () => {
    expect([25, 53, 3306, 27017, 80].map((number) => protocolOfPort({ number, name: '', transport: 'TCP' }))).toEqual(['TCP', 'TCP', 'TCP', 'TCP', 'AUTO']);
    expect(protocolOfPort({ number: 3306, name: 'http', transport: 'TCP' })).toBe('HTTP');
    expect(protocolOfPort({ number: 80, name: 'http', transport: 'UDP' })).toBe('UDP');
  });
});

describe('target ports', () => {
  test.each([[8080, 8080], ['http', 8080], ['8081', 8081], [undefined, 80], [0, 80]])('targetPort %p leads to %p', (targetPort, expected) => {
    expect(calls(world(server, service('b/server', [{ port: 80, targetPort }])), 'a/client', 'server.b')).toEqual([`server.b:80 → b/server:${expected} ISTIO_MUTUAL PERMISSIVE mtls`]);
  });

  test('a targetPort name leads nowhere if no container port of its transport has it', () => {
    for (const targetPort of ['other', 'dns']) {
      expect(calls(world(server, service('b/server', [{ port: 80, targetPort }])), 'a/client', 'server.b')).toEqual(['server.b:80 → nobody UNKNOWN UNKNOWN undecided']);
    }
  });
});

test('a service leads to all pods of its namespace that it selects', () => {
  const pods = [server, deployment('b/two', { labels: { app: 'server', x: 'y' } }), deployment('b/three', { labels: { app: 'x' } }), deployment('a/server')];
  expect(calls(world(pods, service('b/server')), 'a/client', 'server.b').map((line) => line.split(' ')[2])).toEqual(['b/server:80', 'b/two:80']);
});

test.each([[{ port: 0 }], [{ port: -1 }], [{ port: 65536 }], [{ port: 80, targetPort: -1 }], [{ port: 80, targetPort: 65536 }]])('no call goes to a port out of range: %j', (port) => {
  expect(connections(world(server, service('b/server', [port])))).toEqual([]);
});

test('no call goes to a UDP port', () => {
  expect(connections(world(server, service('b/server', [{ port: 53, protocol: 'UDP' }])))).toEqual([]);
});

test('without endpoints a call is undecided, and only the client\'s TLS may be known', () => {
  const sent = (...more: unknown[]) => calls(world(service('b/server'), more), 'a/client', 'server.b');
  expect(sent()).toEqual(['server.b:80 → nobody UNKNOWN UNKNOWN undecided']);
  expect(sent(destinationRule('b/d', { host: 'server', ...tls('SIMPLE') }))).toEqual(['server.b:80 → nobody SIMPLE UNKNOWN undecided']);
  expect(connections(world(service('b/server')))[0].undecidedBecause).toBe('no-endpoints');
});

describe('a headless Service', () => {
  const headless = (port: string, more: object = {}) => [deployment('b/db'), service('b/db', [{ name: port, port: 80, ...more }], { clusterIP: 'None' })];

  test('keeps the called port', () => {
    expect(calls(world(headless('tcp', { targetPort: 8080 })), 'a/client', 'db.b')).toEqual(['db.b:80 → b/db:80 ISTIO_MUTUAL PERMISSIVE mtls']);
    expect(calls(world(headless('http', { targetPort: 8080 })), 'a/client', 'db.b')).toEqual(['db.b:80 → b/db:80 ISTIO_MUTUAL PERMISSIVE mtls']);
  });

  test('without pods resolves to nothing', () => {
    expect(calls(world(service('b/db', ['tcp:80'], { clusterIP: 'None' })), 'a/client', 'db.b')).toEqual(['db.b:80 → nobody UNKNOWN UNKNOWN undecided']);
  });
});

describe('an ExternalName', () => {
  const alias = (externalName: string, port = 'http:80') => service('b/alias', [port], { type: 'ExternalName', externalName, selector: undefined });

  test('resolves to its target service', () => {
    const objects = world(server, service('b/server', ['http:80']), alias('server.b.svc.cluster.local'));
    expect(calls(objects, 'a/client', 'alias.b')).toEqual(['server.b:80 → b/server:80 ISTIO_MUTUAL PERMISSIVE mtls']);
  });

  test('resolves through other ExternalNames, but not in circles', () => {
    const second = service('b/second', ['http:80'], { type: 'ExternalName', externalName: 'alias.b.svc.cluster.local', selector: undefined });
    expect(calls(world(server, service('b/server', ['http:80']), alias('server.b.svc.cluster.local'), second), 'a/client', 'second.b')).toEqual(['server.b:80 → b/server:80 ISTIO_MUTUAL PERMISSIVE mtls']);
    expect(calls(world(alias('second.b.svc.cluster.local'), second), 'a/client', 'second.b')).toEqual(['second.b:80 → nobody PLAINTEXT NO_PROXY plaintext']);
  });

  test('of an external host is called in plaintext', () => {
    expect(calls(world(alias('x.example.com')), 'a/client', 'alias.b')).toEqual(['alias.b:80 → nobody PLAINTEXT NO_PROXY plaintext']);
  });

  test('gets the DestinationRules of a ServiceEntry\'s host that it resolves to', () => {
    const outside = serviceEntry('a/e', { hosts: ['x.example.com'], resolution: 'DNS', ports: [http(80)] });
    const rule = destinationRule('a/d', { host: 'x.example.com', ...tls('SIMPLE') });
    expect(calls(world(alias('x.example.com'), outside, rule), 'a/client', 'alias.b')).toEqual(['x.example.com:80 → nobody SIMPLE NO_PROXY tls']);
  });
});

describe('a ServiceEntry', () => {
  test('uses its endpoints, whose ports have names', () => {
    const endpoints = [{ address: '192.0.2.1', ports: { 'http-80': 8080 } }, { address: '192.0.2.2' }];
    expect(words(world(entry({ endpoints })), 'a/client', 'x.example.com')).toEqual(['PLAINTEXT NO_PROXY plaintext', 'PLAINTEXT NO_PROXY plaintext']);
  });

  test('selects pods and WorkloadEntries of its namespace', () => {
    const selector = { workloadSelector: { labels: { app: 'vm' } }, ports: [http(80, { targetPort: 8080 })] };
    const machine = workloadEntry('a/vm', { address: '192.0.2.1', labels: { app: 'vm' }, ports: { 'http-80': 9090 } });
    const objects = world(entry(selector), machine, deployment('a/vm'), deployment('b/vm'), workloadEntry('b/vm', { address: '192.0.2.2', labels: { app: 'vm' } }));
    expect(calls(objects, 'a/client', 'x.example.com')).toEqual(['x.example.com:80 → a/vm:8080 ISTIO_MUTUAL PERMISSIVE mtls', 'x.example.com:80 → a/vm:9090 PLAINTEXT NO_PROXY plaintext']);
  });

  test('has a machine whose address is a name only with resolution DNS', () => {
    const machine = workloadEntry('a/vm', { address: 'vm.example.com', labels: { app: 'vm' } });
    const selector = { workloadSelector: { labels: { app: 'vm' } } };
    expect(words(world(entry(selector), machine), 'a/client', 'x.example.com')).toEqual(['UNKNOWN UNKNOWN undecided']);
    expect(calls(world(entry({ ...selector, resolution: 'DNS' }), machine), 'a/client', 'x.example.com')).toEqual(['x.example.com:80 → a/vm:80 PLAINTEXT NO_PROXY plaintext']);
    expect(words(world(entry({ endpoints: [{ address: 'unix:///x' }] })), 'a/client', 'x.example.com')).toEqual(['UNKNOWN UNKNOWN undecided']);
  });

  test('resolved by DNS leads to its own host, or to services of the cluster', () => {
    expect(calls(world(entry({ resolution: 'DNS' })), 'a/client', 'x.example.com')).toEqual(['x.example.com:80 → nobody PLAINTEXT NO_PROXY plaintext']);
    const inside = entry({ resolution: 'DNS', endpoints: [{ address: 'server.b.svc.cluster.local' }] });
    expect(calls(world(server, service('b/server'), inside), 'a/client', 'x.example.com')).toEqual(['x.example.com:80 → b/server:80 PLAINTEXT PERMISSIVE plaintext']);
    const headless = entry({ resolution: 'DNS', endpoints: [{ address: 'db.b.svc.cluster.local' }] });
    expect(calls(world(deployment('b/db'), service('b/db', ['tcp:80'], { clusterIP: 'None' }), headless), 'a/client', 'x.example.com')).toEqual(['x.example.com:80 → b/db:80 PLAINTEXT PERMISSIVE plaintext']);
  });

  test('resolved by DNS, without endpoints for its selector, isn\'t a destination', () => {
    expect(calls(world(entry({ resolution: 'DNS', workloadSelector: { labels: { app: 'x' } } })), 'a/client', 'x.example.com')).toEqual(['x.example.com:80 → nobody PLAINTEXT UNKNOWN broken']);
  });

  test('without resolution keeps the original destination', () => {
    expect(calls(world(entry({ resolution: undefined })), 'a/client', 'x.example.com')).toEqual(['x.example.com:80 → nobody PLAINTEXT NO_PROXY plaintext']);
    expect(calls(world(entry({ resolution: 'NONE', addresses: ['192.0.2.9'] }), workloadEntry('a/vm', { address: '192.0.2.9' })), 'a/client', 'x.example.com')).toEqual(['x.example.com:80 → a/vm:80 PLAINTEXT NO_PROXY plaintext']);
  });

  test('without resolution leads calls to each pod that its workloadSelector matches', () => {
    const objects = world(deployment('a/vm'), entry({ resolution: 'NONE', workloadSelector: { labels: { app: 'vm' } }, ports: [{ number: 80, name: 'tcp', protocol: 'TCP', targetPort: 8080 }] }));
    expect(calls(objects, 'a/client', 'x.example.com')).toEqual(['x.example.com:80 → a/vm:8080 ISTIO_MUTUAL PERMISSIVE mtls']);
  });

  test('resolved per request is undecided', () => {
    const [one] = connections(world(entry({ hosts: ['*.example.com'], resolution: 'DYNAMIC_DNS' })));
    expect(one).toMatchObject({ outcome: 'undecided', undecidedBecause: 'dynamic-dns' });
  });

  test('isn\'t used by clients without a sidecar', () => {
    const objects = world(entry({ endpoints: [{ address: '192.0.2.1' }], addresses: ['192.0.2.9'] }), deployment('plain/client'));
    expect(calls(objects, 'plain/client', 'x.example.com')).toEqual(['x.example.com:80 → nobody PLAINTEXT NO_PROXY plaintext']);
  });

  test('of protocol TCP without an address takes calls to its port that match no other service', () => {
    const tcp = { ports: [{ number: 81, name: 'tcp', protocol: 'TCP' }], endpoints: [{ address: '192.0.2.1' }] };
    const hidden = [server, service('b/server', ['tcp:81'], { annotations: { 'networking.istio.io/exportTo': '.' } })];
    expect(calls(world(hidden, entry(tcp)), 'a/client', 'server.b:81')).toEqual(['x.example.com:81 → nobody PLAINTEXT NO_PROXY plaintext']);
    const plainHttp = [server, service('b/server', ['http:81'], { annotations: { 'networking.istio.io/exportTo': '.' } })];
    expect(calls(world(plainHttp, entry(tcp)), 'a/client', 'server.b:81')).toEqual(['x.example.com:81 → nobody PLAINTEXT NO_PROXY plaintext']);
    expect(calls(world(plainHttp, entry(tcp), deployment('b/x'), service('b/x', ['http:81'])), 'a/client', 'server.b:81')).toEqual(['server.b:81 → b/server:81 PLAINTEXT PERMISSIVE plaintext']);
  });

  test('of protocol TLS without an address is distinguished by server name', () => {
    const tlsEntry = (path: string, host: string) => entry({ hosts: [host], ports: [{ number: 443, name: 'tls', protocol: 'TLS' }], resolution: 'DNS' }, path);
    const objects = world(tlsEntry('a/e', 'x.example.com'), tlsEntry('a/f', 'y.example.com'), destinationRule('a/d', { host: 'y.example.com', ...tls('SIMPLE') }));
    expect(calls(objects, 'a/client', 'y.example.com:443')).toEqual(['y.example.com:443 → nobody SIMPLE NO_PROXY tls']);
    expect(calls(objects, 'a/client', 'x.example.com:443')).toEqual(['x.example.com:443 → nobody PLAINTEXT NO_PROXY tls']);
  });

  test('of protocol TCP with an address takes the calls to it', () => {
    const spec = { addresses: ['192.0.2.9'], ports: [{ number: 81, name: 'tcp', protocol: 'TCP' }], endpoints: [{ address: '192.0.2.1', serviceAccount: 'vm' }] };
    expect(words(world(entry(spec)), 'a/client', 'x.example.com:81')).toEqual(['ISTIO_MUTUAL UNKNOWN undecided']);
  });

  test('of the client\'s namespace applies before others of its host, and a Service of that host makes calls undecided', () => {
    const of = (path: string, tlsMode: string) => entry({ endpoints: [{ address: '192.0.2.1', labels: { 'security.istio.io/tlsMode': tlsMode } }] }, path);
    expect(words(world(of('b/e', 'istio'), of('a/e', 'disabled')), 'a/client', 'x.example.com')).toEqual(['PLAINTEXT NO_PROXY plaintext']);
    expect(words(world(of('b/e', 'istio'), of('c/e', 'disabled')), 'a/client', 'x.example.com')).toEqual(['ISTIO_MUTUAL UNKNOWN undecided']);
    const squatter = entry({ hosts: ['server.b.svc.cluster.local'], endpoints: [{ address: '192.0.2.1' }] }, 'c/e');
    expect(calls(world(squatter, server, service('b/server', ['http:80'])), 'a/client', 'server.b')).toEqual(['server.b:80 → nobody UNKNOWN UNKNOWN undecided']);
  });

  test('of a host that a Service shares makes calls undecided if their address or route may lead there', () => {
    const squatter = entry({ hosts: ['server.b.svc.cluster.local'], addresses: ['192.0.2.9'] }, 'b/f');
    const squatted = [squatter, server, service('b/server', ['http:80'])];
    const beside = world(...squatted, entry({ addresses: ['192.0.2.9'] }));
    expect(calls(beside, 'a/client', 'x.example.com')).toEqual(['x.example.com:80 → nobody UNKNOWN UNKNOWN undecided']);
    const routed = world(...squatted, service('b/other', ['http:80']), virtualService('b/v', { hosts: ['other'], http: [toHost('server')] }));
    expect(calls(routed, 'a/client', 'other.b')).toEqual(['server.b:80 → nobody UNKNOWN UNKNOWN undecided']);
    const [connection] = connections(routed).filter(({ requested }) => requested.host === 'other.b.svc.cluster.local');
    expect(connection.undecidedBecause).toBe('ambiguous-service');
  });

  test('with a wildcard host takes calls to names that no other service has', () => {
    const wildcard = entry({ hosts: ['*.example.com'], endpoints: [{ address: '192.0.2.1', labels: { 'security.istio.io/tlsMode': 'istio' } }] });
    const hidden = entry({ resolution: 'DNS', exportTo: ['.'] }, 'b/e');
    expect(calls(world(wildcard, hidden), 'a/client', 'x.example.com')).toEqual(['*.example.com:80 → nobody ISTIO_MUTUAL UNKNOWN undecided']);
    expect(calls(world(wildcard, entry({ resolution: 'DNS' }, 'b/e')), 'a/client', 'x.example.com')).toEqual(['x.example.com:80 → nobody PLAINTEXT NO_PROXY plaintext']);
  });

  test('with the host of another one in its namespace makes calls undecided', () => {
    const [one] = connections(world(entry({ endpoints: [{ address: '192.0.2.1' }] }), entry({ endpoints: [{ address: '192.0.2.2' }] }, 'a/f')));
    expect(one).toMatchObject({ outcome: 'undecided', undecidedBecause: 'ambiguous-service' });
  });
});

describe('WorkloadEntries of Services', () => {
  const machine = (ports: object) => workloadEntry('b/vm', { address: '192.0.2.1', labels: { app: 'server' }, ports });
  const reached = (port: object, ports: object, fields = {}) => calls(world(service('b/server', [port], fields), machine(ports)), 'a/client', 'server.b').map((line) => line.split(' ')[2]);

  test.each([
    [{ port: 80, name: 'http', targetPort: 8080 }, {}, 'b/vm:8080'], [{ port: 80, name: 'http', targetPort: 8080 }, { http: 9090 }, 'b/vm:9090'],
    [{ port: 80, name: 'http', targetPort: 'web' }, { web: 9090 }, 'b/vm:9090'], [{ port: 80, name: 'http', targetPort: 'web' }, {}, 'nobody'],
    [{ port: 80, name: 'http' }, {}, 'b/vm:80'],
  ])('port %j with a WorkloadEntry\'s ports %j leads to %s', (port, ports, expected) => {
    expect(reached(port, ports)).toEqual([expected]);
  });

  test('aren\'t those of a headless Service', () => {
    expect(reached({ port: 80, name: 'http' }, {}, { clusterIP: 'None' })).toEqual(['nobody']);
  });

  test('are unknown to kube-proxy', () => {
    const objects = world(service('b/server'), machine({}), deployment('plain/client'));
    expect(calls(objects, 'plain/client', 'server.b')).toEqual(['server.b:80 → nobody PLAINTEXT UNKNOWN undecided']);
  });

  test('have the labels of their metadata before those of their spec', () => {
    const labelled = { ...machine({}), metadata: { name: 'vm', namespace: 'b', labels: { app: 'other' } } };
    expect(calls(world(service('b/server'), labelled), 'a/client', 'server.b')).toEqual(['server.b:80 → nobody UNKNOWN UNKNOWN undecided']);
  });
});

describe('EndpointSlices', () => {
  const slice = (endpoints: object[], ports: object[] = [{ port: 8080 }], name = 'server') => ({
    apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { name: 's', namespace: 'b', labels: { 'kubernetes.io/service-name': name } }, endpoints, ports,
  });
  const bare = service('b/server', [80], { selector: undefined });
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'b' }, spec: {} };

  test('give a Service without selector its servers', () => {
    expect(calls(world(bare, slice([{ addresses: ['192.0.2.1', 'x.example.com'] }])), 'a/client', 'server.b')).toEqual(['server.b:80 → nobody PLAINTEXT NO_PROXY plaintext']);
    expect(calls(world(bare, pod, slice([{ addresses: ['10.0.0.1'], targetRef: { kind: 'Pod', namespace: 'b', name: 'p' } }])), 'a/client', 'server.b')).toEqual(['server.b:80 → b/p:8080 ISTIO_MUTUAL PERMISSIVE mtls']);
  });

  test('of another service or port don\'t', () => {
    const none = ['server.b:80 → nobody UNKNOWN UNKNOWN undecided'];
    expect(calls(world(bare, slice([{ addresses: ['192.0.2.1'] }], [{ port: 8080, name: 'other' }])), 'a/client', 'server.b')).toEqual(none);
    expect(calls(world(bare, slice([{ addresses: ['192.0.2.1'] }], undefined, 'other')), 'a/client', 'server.b')).toEqual(none);
  });
  test('count beside a selector', () => {
    const listed = ['server.b:80 → nobody PLAINTEXT NO_PROXY plaintext'];
    expect(calls(world(service('b/server'), slice([{ addresses: ['192.0.2.1'] }])), 'a/client', 'server.b')).toEqual(listed);
  });
});

test('a Service with exportTo ~ is undecided if a route or clients in its namespace reach it', () => {
  const hidden = service('b/server', ['http:80'], { annotations: { 'networking.istio.io/exportTo': '~' } });
  const own = sidecar('a/s', { egress: [{ hosts: ['*/*'] }] });
  expect(calls(world(server, hidden, own), 'a/client', 'server.b')).toEqual(['server.b:80 → b/server:80 PLAINTEXT PERMISSIVE plaintext']);
});

test('only discovered policies apply to a WorkloadEntry in a namespace that discoverySelectors exclude', () => {
  const unread = [
    namespace('c', {}), serviceEntry('c/e', { hosts: ['x.example.com'], resolution: 'NONE', ports: [http(80)], workloadSelector: { labels: { app: 'vm' } } }),
    workloadEntry('c/vm', { address: '192.0.2.1', labels: { app: 'vm' }, serviceAccount: 'vm' }), peerAuthentication('c/default', { mtls: { mode: 'STRICT' } }),
    meshConfig({ discoverySelectors: [{ matchLabels: { 'istio-injection': 'enabled' } }] }),
  ];
  expect(calls(world(unread), 'a/client', 'x.example.com')).toEqual(['x.example.com:80 → c/vm:80 PLAINTEXT PERMISSIVE plaintext']);
});
