import { connections, deployment, destinationRule, injected, mesh, mode, namespace, peerAuthentication, service, sidecar, tls, toHost, virtualService } from '../../support/meshes/mesh';
import { fewOf } from '../../support/random/cases';
import { Random } from '../../support/random/random';

const world = (...more: unknown[]) => [injected('a', 'b'), deployment('a/client'), deployment('b/server'), service('b/server'), more];

test('a connection has a client, a requested host, a server, an outcome and reasons', () => {
  const policy = peerAuthentication('b/p', { selector: { matchLabels: { app: 'server' } }, portLevelMtls: { 80: { mode: 'STRICT' } } });
  expect(connections(world(policy))).toEqual([{
    client: { kind: 'Deployment', namespace: 'a', name: 'client' },
    requested: { host: 'server.b.svc.cluster.local', port: 80 },
    service: { namespace: 'b', name: 'server', host: 'server.b.svc.cluster.local', port: 80 },
    server: { kind: 'Deployment', namespace: 'b', name: 'server', port: 80 },
    clientTls: 'ISTIO_MUTUAL',
    serverMode: 'STRICT',
    outcome: 'mtls',
    because: [{ kind: 'PeerAuthentication', namespace: 'b', name: 'p', field: 'spec.portLevelMtls.80.mode', effect: 'STRICT for the port' }],
  }]);
});

test('says why MUTUAL with the user\'s own certificates is undecided', () => {
  const rule = destinationRule('b/d', { host: 'server', ...tls('MUTUAL', { clientCertificate: '/c', privateKey: '/k' }) });
  expect(connections(world(rule, peerAuthentication('b/p', mode('STRICT'))))[0]).toMatchObject({ clientTls: 'MUTUAL', serverMode: 'STRICT', outcome: 'undecided', undecidedBecause: 'own-certificates' });
});

test('explains why the server has no sidecar', () => {
  const objects = [injected('a'), namespace('b'), deployment('a/client'), deployment('b/server'), service('b/server')];
  expect(connections(objects)[0].because).toEqual([
    { kind: 'Deployment', namespace: 'b', name: 'server', field: 'proxy', effect: 'doesn\'t use mutual TLS there, so auto mTLS sends plaintext' },
    { kind: 'Deployment', namespace: 'b', name: 'server', field: 'proxy', effect: 'neither the namespace nor the pod asks for a sidecar' },
  ]);
});

test('clients in unknown namespaces, and servers there, are undecided', () => {
  const objects = [injected('a'), deployment('a/client'), deployment('b/server'), service('b/server'), deployment('c/client')];
  expect(connections(objects).map(({ client, undecidedBecause }) => [client.namespace, undecidedBecause])).toEqual([['a', 'server-proxy-unknown'], ['c', 'client-proxy-unknown']]);
});

test('a call is undecided for all clients if nothing serves the port, unless it is blocked', () => {
  const calling = (...more: unknown[]) => connections([injected('a'), namespace('b'), service('b/none'), more]).map(({ clientTls, outcome, undecidedBecause }) => `${clientTls} ${outcome} ${undecidedBecause}`);
  expect(calling(deployment('a/client'))).toEqual(['UNKNOWN undecided no-endpoints']);
  expect(calling(deployment('b/client'))).toEqual(['PLAINTEXT undecided no-endpoints']);
  const hidden = sidecar('a/s', { egress: [{ hosts: ['./*'] }], outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } });
  expect(calling(deployment('a/client'), hidden)).toEqual(['PLAINTEXT broken undefined']);
  expect(calling(deployment('a/client'), service('b/none', [80], { clusterIP: 'None' }))).toEqual(['UNKNOWN undecided no-endpoints']);
});

test('clients that the model doesn\'t know yet are undecided', () => {
  const gateway = deployment('a/gw', { annotations: { 'inject.istio.io/templates': 'gateway' } });
  expect(connections(world(gateway)).find(({ client }) => client.name === 'gw')).toMatchObject({ clientTls: 'UNKNOWN', serverMode: 'PERMISSIVE', outcome: 'undecided', undecidedBecause: 'client-proxy-not-modelled' });
});

describe('the connections are', () => {
  test('without any from a workload to itself', () => {
    expect(connections(world()).map(({ client }) => client.name)).toEqual(['client']);
    const outcomes = { mtls: 1, tls: 0, plaintext: 0, broken: 0, undecided: 0 };
    expect(mesh(world()).summary()).toEqual({ connections: 1, lostCopies: 0, outcomes, undecided: {} });
  });

  test('sorted by client, host, port and server', () => {
    const second = deployment('b/another', { labels: { app: 'server' } });
    const found = connections(world(second, service('b/server', ['b:90', 'a:80']), service('a/client')));
    expect(found.map(({ client, requested, server }) => `${client.name} ${requested.host.split('.')[0]}:${requested.port} ${server!.name}`)).toEqual([
      'client server:80 another', 'client server:80 server', 'client server:90 another', 'client server:90 server',
      'another client:80 client', 'another server:80 server', 'another server:90 server',
      'server client:80 client', 'server server:80 another', 'server server:90 another',
    ]);
  });

  test('filtered by client, host, server and outcome', () => {
    const plain = deployment('a/plain', { labels: { 'sidecar.istio.io/inject': 'false' } });
    const whole = mesh(world(plain, service('a/client')));
    const names = (filter: Parameters<typeof whole.connections>[0]) => [...whole.connections(filter)].map(({ client, server }) => `${client.name}>${server!.name}`);
    expect(names({ client: ({ name }) => name === 'plain' })).toEqual(['plain>client', 'plain>server']);
    expect(names({ requested: ({ host, port }) => host.startsWith('client') && port === 80 })).toEqual(['plain>client', 'server>client']);
    expect(names({ server: ({ name }) => name === 'server' })).toEqual(['client>server', 'plain>server']);
    expect(names({ outcome: 'plaintext' })).toEqual(['plain>client', 'plain>server']);
  });

  test('yields connections lazily, one at a time', () => {
    const stream = mesh(world()).connections();
    expect(stream.next().value.client.name).toBe('client');
    expect(stream.next().done).toBe(true);
  });

  test('a server outside the manifests is null, and no server filter finds it', () => {
    const slice = { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { name: 's', namespace: 'b', labels: { 'kubernetes.io/service-name': 'x' } }, endpoints: [{ addresses: ['192.0.2.1'] }], ports: [{ port: 1 }] };
    const whole = mesh([injected('a', 'b'), deployment('a/client'), service('b/x', [80], { selector: undefined }), slice]);
    expect([...whole.connections()][0].server).toBeNull();
    expect([...whole.connections({ server: () => true })]).toEqual([]);
  });
});

test('counts a call to a headless pod once for each client, except the pod and the server', () => {
  const objects = [injected('a'), ['db', 'web', 'x'].map((name) => deployment(`a/${name}`)), service('a/db', ['tcp:80'], { clusterIP: 'None' }), virtualService('a/v', { hosts: ['db'], tcp: [toHost('x')] }), service('a/x', ['tcp:81'])];
  const toDb = connections(objects).filter(({ requested }) => requested.port === 80).map(({ client, server, service: { port } }) => `${client.name} > ${server!.name}:${port}`);
  expect(toDb).toEqual(['web > x:81']);
  expect(mesh(objects).summary().connections).toBe(connections(objects).length);
});

test('counts undecided connections by reason', () => {
  const objects = [injected('a'), deployment('a/client'), deployment('b/server'), service('b/server'), service('a/none')];
  expect(mesh(objects).summary()).toEqual({
    connections: 3,
    lostCopies: 0,
    outcomes: { mtls: 0, tls: 0, plaintext: 0, broken: 0, undecided: 3 },
    undecided: { 'server-proxy-unknown': 1, 'client-proxy-unknown': 1, 'no-endpoints': 1 },
  });
});

describe('the connections of any mesh', () => {
  const spaces = ['a', 'b', 'c'];
  const places = spaces.flatMap((space) => ['x', 'y'].map((name) => `${space}/${name}`));
  const seeds = Array.from({ length: fewOf(150) }, (_, seed) => seed);

  function anything(random: Random): unknown[] {
    const rules = [0, 1, 2, 3].map((number) => destinationRule(`${random.of(spaces)}/d${number}`, {
      host: random.of(['x', 'y', '*', '*.b.svc.cluster.local']),
      ...tls(random.of(['DISABLE', 'ISTIO_MUTUAL', 'SIMPLE'])),
      exportTo: random.of([undefined, ['.'], ['a']]),
    }));
    return [
      injected(...random.some(spaces)), namespace('d'), deployment('d/plain'), random.some(places).map((place) => deployment(place)),
      random.some(places).map((place) => service(place, [random.of(['http:80', 'tcp:80', '80'])], random.of([{}, { clusterIP: 'None' }]))),
      random.some(rules), random.some(spaces).map((space) => sidecar(`${space}/s`, { egress: [{ hosts: ['./*', 'b/*'] }] })),
    ].flat(2);
  }

  test('are the same in any order of the manifests', () => {
    for (const seed of seeds) {
      const random = new Random(seed);
      const objects = anything(random);
      expect(connections(random.shuffled(objects))).toEqual(connections(objects));
    }
  });

  test('are counted by outcome as they are listed', () => {
    for (const seed of seeds) {
      const whole = mesh(anything(new Random(seed)));
      const { connections: count, outcomes, lostCopies } = whole.summary();
      const listed = [...whole.connections()];
      expect(listed).toHaveLength(count);
      const shown = { ...outcomes, broken: outcomes.broken + lostCopies };
      for (const [outcome, number] of Object.entries(shown)) expect(listed.filter((one) => one.outcome === outcome)).toHaveLength(number);
    }
  });
});

test.each([
  ['mongo', 'tcp'], ['mysql', 'tcp'], ['redis', 'tcp'], ['tcp', 'tcp'], ['http', 'http'], ['grpc', 'http'], ['tls', 'tls'],
])('calls to a port of protocol %s are %s', (protocol, kind) => {
  const objects = [injected('a'), deployment('a/client'), deployment('a/server'), service('a/server', [`${protocol}-x:80`])];
  const [{ paths }] = mesh(objects).decisions.all();
  expect(new Set(paths.flatMap(({ hops }) => hops.map((hop) => hop.sent.kind)))).toEqual(new Set([kind]));
});
