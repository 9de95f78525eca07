import { connections, deployment, destinationRule, injected, meshConfig, mode, namespace, peerAuthentication, service, serviceEntry, tls, toHost, virtualService, words } from '../../support/meshes/mesh';

const HOST = 'server.b.svc.cluster.local';
const world = (...more: unknown[]) => [injected('a', 'b'), namespace('plain'), deployment('a/client'), deployment('b/server', { labels: { app: 'server', version: 'v1' } }), service('b/server', ['http:80']), more];
const policy = (trafficPolicy: object, more = {}) => destinationRule('b/d', { host: 'server', trafficPolicy, ...more });
const sent = (...more: unknown[]) => words(world(more), 'a/client', 'server.b');

describe('a DestinationRule\'s tls.mode', () => {
  test.each([
    [{ mode: 'DISABLE' }, 'PLAINTEXT'], [{ mode: 'SIMPLE' }, 'SIMPLE'], [{ mode: 'ISTIO_MUTUAL' }, 'ISTIO_MUTUAL'],
    [{ mode: 'MUTUAL', clientCertificate: '/c', privateKey: '/k' }, 'MUTUAL'],
    [{}, 'PLAINTEXT'],
    [{ mode: 'MUTUAL', clientCertificate: '/c' }, 'PLAINTEXT'], [{ mode: 'MUTUAL', privateKey: '/k' }, 'PLAINTEXT'],
    [{ mode: 'SIMPLE', credentialName: 'x' }, 'PLAINTEXT'], [{ mode: 'MUTUAL', credentialName: 'x' }, 'PLAINTEXT'],
    [{ mode: 'ISTIO_MUTUAL', credentialName: 'x' }, 'ISTIO_MUTUAL'],
    [{ mode: 'SIMPLE', credentialName: 'configmap://x' }, 'SIMPLE'], [{ mode: 'MUTUAL', credentialName: 'configmap://x' }, 'MUTUAL'],
  ])('with %j the sidecar sends %s', (settings, expected) => {
    expect(sent(policy({ tls: settings }))[0].split(' ')[0]).toBe(expected);
  });

  test('a sidecar uses credentialName if the rule\'s workloadSelector matches it', () => {
    const selected = destinationRule('a/d', { host: HOST, ...tls('SIMPLE', { credentialName: 'x' }), workloadSelector: { matchLabels: { app: 'client' } } });
    expect(sent(selected)[0].split(' ')[0]).toBe('SIMPLE');
  });

  test('portLevelSettings replace the whole policy: without tls they mean auto mTLS', () => {
    const entry = { port: { number: 80 }, loadBalancer: { simple: 'RANDOM' } };
    expect(sent(policy({ tls: { mode: 'ISTIO_MUTUAL' }, portLevelSettings: [entry] }))).toEqual(['ISTIO_MUTUAL PERMISSIVE mtls']);
  });

  test('TLS for the other ports unmarks the endpoint, and the client sends plaintext to a port without tls', () => {
    const entry = { port: { number: 80 }, loadBalancer: { simple: 'RANDOM' } };
    for (const settings of [{ mode: 'SIMPLE' }, { mode: 'DISABLE' }]) {
      expect(sent(policy({ tls: settings, portLevelSettings: [entry] }), peerAuthentication('b/p', mode('STRICT')))).toEqual(['PLAINTEXT STRICT broken']);
    }
  });

  test('ISTIO_MUTUAL to a server without a sidecar breaks', () => {
    const objects = [world(), deployment('plain/server'), service('plain/server'), destinationRule('a/d', { host: '*', ...tls('ISTIO_MUTUAL') })];
    expect(words(objects, 'a/client', 'server.plain')).toEqual(['ISTIO_MUTUAL NO_PROXY broken']);
  });

  test('subjectAltNames break the connection unless one matches the server\'s identity', () => {
    const names = (...subjectAltNames: string[]) => sent(policy({ tls: { mode: 'ISTIO_MUTUAL', subjectAltNames } }));
    expect(names('spiffe://cluster.local/ns/b/sa/other')).toEqual(['ISTIO_MUTUAL PERMISSIVE broken']);
    expect(names('spiffe://cluster.local/ns/b/sa/other', 'spiffe://cluster.local/ns/b/sa/default')).toEqual(['ISTIO_MUTUAL PERMISSIVE mtls']);
  });
});

describe('auto mTLS', () => {
  test('sends mutual TLS to servers with a sidecar, and plaintext to others', () => {
    expect(sent()).toEqual(['ISTIO_MUTUAL PERMISSIVE mtls']);
    expect(words([world(), deployment('plain/server'), service('plain/server')], 'a/client', 'server.plain')).toEqual(['PLAINTEXT NO_PROXY plaintext']);
  });

  test('can be turned off', () => {
    expect(sent(meshConfig({ enableAutoMtls: false }))).toEqual(['PLAINTEXT PERMISSIVE plaintext']);
    expect(sent(meshConfig({ enableAutoMtls: true }))).toEqual(['ISTIO_MUTUAL PERMISSIVE mtls']);
  });

  test('obeys a namespace that is DISABLE though the workload is STRICT', () => {
    const strict = peerAuthentication('b/w', { selector: { matchLabels: { app: 'server' } }, ...mode('STRICT') });
    expect(sent(peerAuthentication('b/n', mode('DISABLE')), strict)).toEqual(['PLAINTEXT STRICT broken']);
  });

  test('heeds a workload that is DISABLE', () => {
    const off = peerAuthentication('b/w', { selector: { matchLabels: { app: 'server' } }, ...mode('DISABLE') });
    expect(sent(peerAuthentication('b/n', mode('STRICT')), off)).toEqual(['PLAINTEXT DISABLE plaintext']);
  });

  test('heeds the label for the TLS mode', () => {
    const objects = [world(), deployment('b/other', { labels: { 'app': 'other', 'security.istio.io/tlsMode': 'disabled' } }), service('b/other')];
    expect(words(objects, 'a/client', 'other.b')).toEqual(['PLAINTEXT PERMISSIVE plaintext']);
  });

  test('doesn\'t apply to MESH_EXTERNAL services', () => {
    const outside = (location?: string) => words([world(), serviceEntry('a/e', {
      hosts: ['x.example.com'], location, resolution: 'STATIC', ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], endpoints: [{ address: '192.0.2.1', labels: { 'security.istio.io/tlsMode': 'istio' } }],
    })], 'a/client', 'x.example.com')[0].split(' ')[0];
    expect([outside('MESH_EXTERNAL'), outside(), outside('MESH_INTERNAL')]).toEqual(['PLAINTEXT', 'PLAINTEXT', 'ISTIO_MUTUAL']);
  });
});

describe('subsets', () => {
  const subset = (trafficPolicy?: object) => ({ subsets: [{ name: 'v1', labels: { version: 'v1' }, trafficPolicy }] });
  const routed = (rule: object, ...more: unknown[]) => sent(rule, virtualService('b/v', { hosts: ['server'], http: [toHost('server', { subset: 'v1' })] }), more);

  test.each([
    [{ tls: { mode: 'SIMPLE' } }, undefined, 'SIMPLE'],
    [{ tls: { mode: 'SIMPLE' } }, { loadBalancer: { simple: 'RANDOM' } }, 'SIMPLE'],
    [{ tls: { mode: 'SIMPLE' } }, { tls: { mode: 'DISABLE' } }, 'PLAINTEXT'],
    [{ tls: { mode: 'SIMPLE' } }, { tls: { mode: 'DISABLE' }, portLevelSettings: [{ port: { number: 80 }, tls: { mode: 'ISTIO_MUTUAL' } }] }, 'ISTIO_MUTUAL'],
    [{ tls: { mode: 'ISTIO_MUTUAL' } }, { portLevelSettings: [{ port: { number: 80 }, loadBalancer: { simple: 'RANDOM' } }] }, 'ISTIO_MUTUAL'],
    [{ tls: { mode: 'DISABLE' } }, { portLevelSettings: [{ port: { number: 80 }, loadBalancer: { simple: 'RANDOM' } }] }, 'PLAINTEXT'],
    [{ tls: { mode: 'SIMPLE' }, portLevelSettings: [{ port: { number: 80 }, tls: { mode: 'ISTIO_MUTUAL' } }] }, { loadBalancer: { simple: 'RANDOM' } }, 'ISTIO_MUTUAL'],
    [undefined, { tls: { mode: 'SIMPLE' } }, 'SIMPLE'],
    [undefined, undefined, 'ISTIO_MUTUAL'],
  ])('with rule %j and subset %j the sidecar sends %s', (wide, own, expected) => {
    expect(routed(destinationRule('b/d', { host: 'server', trafficPolicy: wide, ...subset(own) }))[0].split(' ')[0]).toBe(expected);
  });

  test('a subset reaches the pods that it selects', () => {
    const rule = destinationRule('b/d', { host: 'server', subsets: [{ name: 'v1', labels: { version: 'v2' } }] });
    expect(routed(rule)).toEqual(['UNKNOWN UNKNOWN undecided']);
    expect(routed(rule, deployment('b/second', { labels: { app: 'server', version: 'v2' } }))).toEqual(['ISTIO_MUTUAL PERMISSIVE mtls']);
  });

  test('a call to an undefined subset breaks', () => {
    expect(routed(destinationRule('b/d', { host: 'server' }))).toEqual(['PLAINTEXT UNKNOWN broken']);
  });

  test('merged rules have all subsets; of two with the same name the first applies', () => {
    const other = destinationRule('b/x', { host: 'server', subsets: [{ name: 'v2', labels: {} }, { name: 'v1', labels: { version: 'none' } }] });
    expect(routed([destinationRule('b/d', { host: 'server', ...subset() }), other])).toEqual(['ISTIO_MUTUAL PERMISSIVE mtls']);
  });
});

describe('for a service that keeps the called address', () => {
  const headless = (...more: unknown[]) => [injected('a', 'b'), deployment('a/client'), deployment('b/db'), service('b/db', ['tcp:80'], { clusterIP: 'None' }), more];

  test('a headless service gets mutual TLS if all its endpoints have a sidecar', () => {
    expect(words(headless(), 'a/client', 'db.b')).toEqual(['ISTIO_MUTUAL PERMISSIVE mtls']);
    const partly = deployment('b/db-2', { labels: { 'app': 'db', 'sidecar.istio.io/inject': 'false' } });
    expect(words(headless(partly), 'a/client', 'db.b')).toEqual(['PLAINTEXT PERMISSIVE plaintext', 'PLAINTEXT NO_PROXY plaintext']);
  });

  test('auto mTLS ignores a workload\'s mode DISABLE', () => {
    const off = peerAuthentication('b/w', { selector: { matchLabels: { app: 'db' } }, ...mode('DISABLE') });
    expect(words(headless(off), 'a/client', 'db.b')).toEqual(['ISTIO_MUTUAL DISABLE broken']);
    expect(words(headless(peerAuthentication('b/n', mode('DISABLE'))), 'a/client', 'db.b')).toEqual(['PLAINTEXT DISABLE plaintext']);
  });

  test('load balancing PASSTHROUGH has the same effect for any service', () => {
    const off = peerAuthentication('b/w', { selector: { matchLabels: { app: 'server' } }, ...mode('DISABLE') });
    expect(sent(off, policy({ loadBalancer: { simple: 'PASSTHROUGH' } }))).toEqual(['ISTIO_MUTUAL DISABLE broken']);
    expect(sent(off, policy({ loadBalancer: { simple: 'PASSTHROUGH' } }, { exportTo: ['c'] }))).toEqual(['PLAINTEXT DISABLE plaintext']);
    const plain = deployment('b/server-2', { labels: { 'app': 'server', 'sidecar.istio.io/inject': 'false' } });
    expect(sent(plain, policy({ loadBalancer: { simple: 'PASSTHROUGH' } }))).toEqual(['PLAINTEXT PERMISSIVE plaintext', 'PLAINTEXT NO_PROXY plaintext']);
  });
});

test('explains the client\'s TLS', () => {
  const reasons = (...more: unknown[]) => connections(world(more)).filter(({ client }) => client.name === 'client').flatMap(({ because }) => because.map(({ kind, name, field, effect }) => `${kind} ${name} ${field}: ${effect}`));
  expect(reasons(policy({ tls: { mode: 'DISABLE' } }))).toEqual(['DestinationRule d spec.trafficPolicy.tls.mode: the client sends PLAINTEXT']);
  expect(reasons(policy({ portLevelSettings: [{ port: { number: 80 }, tls: { mode: 'SIMPLE' } }] })))
    .toEqual(['DestinationRule d spec.trafficPolicy.portLevelSettings[80].tls.mode: the client sends SIMPLE', 'Service server spec.ports: makes the server\'s proxy expect HTTP']);
  expect(reasons(policy({ tls: { mode: 'SIMPLE', credentialName: 'x' } }))).toEqual(['DestinationRule d spec.trafficPolicy.tls.mode: has no effect: the client sends plaintext']);
  const subset = (trafficPolicy: object) => [destinationRule('b/d', { host: 'server', subsets: [{ name: 'v1', trafficPolicy }] }), virtualService('b/v', { hosts: ['server'], http: [toHost('server', { subset: 'v1' })] })];
  const routed = 'VirtualService v spec.hosts: sends the call to server.b.svc.cluster.local:80 subset v1';
  expect(reasons(subset({ tls: { mode: 'SIMPLE' } }))).toEqual([routed, 'DestinationRule d spec.subsets[v1].trafficPolicy.tls.mode: the client sends SIMPLE', 'Service server spec.ports: makes the server\'s proxy expect HTTP']);
  expect(reasons(subset({ portLevelSettings: [{ port: { number: 80 }, tls: { mode: 'SIMPLE' } }] })))
    .toEqual([routed, 'DestinationRule d spec.subsets[v1].trafficPolicy.portLevelSettings[80].tls.mode: the client sends SIMPLE', 'Service server spec.ports: makes the server\'s proxy expect HTTP']);
});
