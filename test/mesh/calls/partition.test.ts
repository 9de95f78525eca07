import { Decider } from '../../../src/mesh/calls/decisions';
import { Doubts } from '../../../src/mesh/calls/doubts';
import { IstiodDoubts } from '../../../src/mesh/calls/istiod-doubts';
import { NamedNetworks } from '../../../src/mesh/calls/named-networks';
import { NetworkDoubts } from '../../../src/mesh/calls/network-doubts';
import { DataPlanes } from '../../../src/mesh/dataplane/data-planes';
import { OutboundListeners } from '../../../src/mesh/dataplane/sidecar/outbound-listeners';
import { OutboundRoutes } from '../../../src/mesh/dataplane/sidecar/outbound-routes';
import { Mesh } from '../../../src/mesh/mesh';
import { departureOf, Path, pathKey } from '../../../src/mesh/model/path';
import { PeerCalls } from '../../../src/mesh/model/peer-calls';
import { Addresses } from '../../../src/mesh/services/addresses';
import { deployment, destinationRule, envoyFilter, injected, mesh, meshConfig, namespace, service, serviceEntry, sidecar, tls, virtualService } from '../../support/meshes/mesh';
import { fewOf } from '../../support/random/cases';
import { Random } from '../../support/random/random';

// Clients share a decision only if each of them, decided alone, gets the same paths.
const SPACES = ['a', 'b', 'c', 'istio-system'];
const CLIENTS = [...SPACES, 'd', 'e'];
const HOSTS = ['x.a', 'x.b', 'y.b', 'x.c', 'name.c'].map((name) => `${name}.svc.cluster.local`).concat('x.example.com', 'w.example.com');
const WILDCARDS = ['*', '*.local', '*.b.svc.cluster.local', '*.example.com'];

/** A headless Service without selector, which lists an address that may lack its port. */
const listed = (name: string) => [service('b/listed', ['80'], { clusterIP: 'None', selector: undefined }), {
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: 's', namespace: 'b', labels: { 'kubernetes.io/service-name': 'listed' } },
  endpoints: [{ addresses: ['192.0.2.3'] }],
  ports: [{ name, port: 80 }],
}];

function anyMesh(random: Random): Mesh {
  const few = <T>(make: (number: number) => T): T[] => [0, 1, 2].slice(random.below(3)).map(make);
  const exported = () => random.of([undefined, undefined, ['.'], ['a'], ['b', 'c'], ['*']]);
  const place = (name: string) => `${random.of(SPACES)}/${name}`;
  const port = (number: number) => ({ number, name: `p-${number}`, protocol: random.of(['HTTP', 'HTTP', 'TCP', 'TLS', '', 'MySQL']) });
  const services = ['a/x', 'b/x', 'b/y', 'c/x'].map((path) => service(path, [random.of(['http:80', 'tcp:80', '80', { port: 80, targetPort: 'named' }]), ...random.some(['http-2:81', 'http-3:90'])], {
    ...random.of([{}, {}, { clusterIP: 'None' }]), annotations: { 'networking.istio.io/exportTo': random.of([exported()?.join(), '.', 'd']) }, selector: { app: 'x' },
  }));
  return mesh([
    injected(...CLIENTS), random.some([namespace('e', { 'istio.io/rev': 'canary' })]), CLIENTS.map((space) => [deployment(`${space}/x`), deployment(`${space}/client`)]), random.some(services),
    random.some([listed(random.of(['tcp', 'web', '']))]),
    random.some([service('c/name', ['http:80'], { type: 'ExternalName', externalName: random.of(HOSTS) })]),
    few((number) => serviceEntry(place(`e${number}`), {
      hosts: [random.of([...HOSTS.slice(-2), '*.example.com', '*.b.svc.cluster.local', 'x.b'])],
      ports: [port(80), port(81)].slice(random.below(2)),
      exportTo: exported(),
      resolution: random.of(['STATIC', 'DNS', 'NONE']),
      addresses: random.of([undefined, ['192.0.2.1'], ['192.0.2.2']]),
    })),
    few((number) => destinationRule(place(`d${number}`), { host: random.of([...HOSTS, ...WILDCARDS]), ...tls(random.of(['DISABLE', 'SIMPLE'])), exportTo: exported() })),
    few((number) => virtualService(place(`v${number}`), {
      hosts: random.some([...HOSTS, ...WILDCARDS]).slice(0, 2),
      exportTo: exported(),
      [random.of(['http', 'http', 'tcp'])]: [{ match: random.of([undefined, undefined, [{ sourceNamespace: 'a' }], [{ sourceLabels: { app: 'x' } }]]), route: [{ destination: { host: random.of(HOSTS) } }] }],
    })),
    random.some(CLIENTS).slice(random.below(2)).map((space) => sidecar(`${space}/s`, {
      egress: [{ bind: random.of([undefined, undefined, '192.0.2.7']), hosts: random.of([random.some(['./*', 'b/*', 'c/*', '*/x.example.com', 'a/x.a.svc.cluster.local']), ['./*', 'b/*'], ['c/*'], ['*/*', '~b/*']]) }], outboundTrafficPolicy: random.of([undefined, { mode: 'REGISTRY_ONLY' }]),
    })),
    random.some([meshConfig(random.of([
      { defaultServiceExportTo: ['.'] }, { defaultVirtualServiceExportTo: ['.'] }, { discoverySelectors: [{ matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['c'] }] }] },
      { discoverySelectors: [{ matchExpressions: [{ key: 'istio-injection', operator: 'Exists' }] }] },
    ]))]),
    random.some([meshConfig({ outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } }, 'istio-canary')]), deployment('z/client'),
  ], { injectedNamespaces: ['z'] });
}

/** A mesh in which a service accepts any host on a port, and clients import some of the other services on it. */
function crowdedPort(random: Random): Mesh {
  const names = ['d', 'e', 'f', 'g', 'h'];
  const exported = () => random.of([undefined, undefined, undefined, ['.'], ['d', 'a']]);
  const number = random.of([80, 81]);
  const port = () => ({ number, name: 'p', protocol: random.of(['TCP', 'TCP', 'TLS', '', 'HTTP']) });
  const hosts = ['a/x', 'b/x', 'b/y', 'c/y'].map((path) => `${path.split('/').reverse().join('.')}.svc.cluster.local`);
  const imports = ['a/*', 'b/*', 'c/*', 'c/y.c.svc.cluster.local', 'b/x.b.svc.cluster.local', '*/one.example.com', '*/x.b.svc.cluster.local', '~b/*'];
  return mesh([
    injected('a', 'b', 'c', ...names), ['a/x', 'b/x', 'c/y', ...names.map((space) => `${space}/client`)].map((path) => deployment(path)),
    ['a/x', 'b/x', 'b/y', 'c/y'].map((path) => service(path, [`${random.of(['tcp', 'tcp', 'https', 'web', 'http'])}:${number}`, ...random.some(['tcp-2:90'])], {
      annotations: { 'networking.istio.io/exportTo': random.of(['*', '*', '*', '.']) }, ...random.of([{}, {}, { clusterIP: 'None' }]),
    })),
    ['one', 'two'].slice(random.below(2)).map((name) => serviceEntry(`${random.of(['a', 'b', 'd'])}/${name}`, {
      hosts: [`${name}.example.com`], ports: [port()], exportTo: exported(), resolution: random.of(['STATIC', 'DNS', 'NONE']), workloadSelector: random.of([undefined, { labels: { app: 'x' } }]),
    })),
    [0, 1, 2].slice(random.below(3)).map((index) => virtualService(`${random.of(['a', 'b', 'c'])}/v${index}`, {
      hosts: random.some([random.of(hosts), 'one.example.com', '*.b.svc.cluster.local']).concat(random.of(hosts)),
      exportTo: exported(),
      [random.of(['http', 'http', 'tcp'])]: [{
        match: random.of([undefined, [{ sourceNamespace: 'a' }, { port: number }]]), route: [{ destination: { host: random.of(hosts), ...random.of([{}, { port: { number: random.of([number, 90]) } }]) } }],
      }],
    })),
    random.some([destinationRule(random.of(['a/d', 'd/d']), { host: random.of(hosts), ...tls('DISABLE'), exportTo: exported() })]),
    names.slice(random.below(2)).map((space) => sidecar(`${space}/s`, { egress: [{ hosts: random.of([['*/*'], ['a/*', 'b/*'], ['b/*'], [...random.some(imports), random.of(imports)]]) }] })),
  ]);
}

function deciderOf({ registry, planes, coverage, networks, objects, workloads }: Mesh): Decider {
  const addresses = new Addresses(registry);
  const dataPlanes = new DataPlanes(planes, new OutboundRoutes(new OutboundListeners(registry)), addresses, coverage, PeerCalls.of([]));
  const doubts = new NetworkDoubts(networks, new NamedNetworks(objects, workloads, networks));
  return new Decider(dataPlanes, addresses, new Doubts(planes, doubts, new IstiodDoubts(planes.default.istiod)));
}

function expectEachAlone(whole: Mesh, which: unknown): void {
  const decider = deciderOf(whole);
  for (const { call, senders, paths } of whole.decisions.all()) {
    for (const one of senders) {
      const who = `${which}: ${one.namespace}/${one.members[0].name} calls ${call.host}:${call.port}`;
      expect([who, ...decider.decide(one, call).map(told)]).toEqual([who, ...paths.map(told)]);
    }
  }
}

function told(path: Path): string {
  const { sent: { reason: tlsReason }, route, rule } = departureOf(path);
  return [pathKey(path), tlsReason, route?.object.name, ...rule?.from.map(({ name }) => name) ?? []].join(' ');
}

test.each([anyMesh, crowdedPort].flatMap((make) => Array.from({ length: 10 }, (_, group) => [make.name, group, make] as const)))('clients that share a decision are decided as each alone (%s %d)', (_, group, make) => {
  for (let seed = group * 20; seed < group * 20 + fewOf(20); seed++) {
    expectEachAlone(make(new Random(seed)), seed);
  }
});

const entry = (name: string, protocol: string, spec: object = {}) =>
  serviceEntry(`a/${name}`, { hosts: [`${name}.example.com`], ports: [{ number: 81, name: 'p', protocol }], resolution: 'DNS', ...spec });
const imports = (space: string, ...hosts: string[]) => sidecar(`${space}/s`, { egress: [{ hosts }] });

test.each<[string, unknown[], string]>([
  ['a route of the service that accepts any host', [
    entry('one', 'TCP'), service('b/x', ['tcp:81']), virtualService('c/v', { hosts: ['one.example.com'], tcp: [{ route: [{ destination: { host: 'x.a.svc.cluster.local' } }] }] }),
    imports('d', 'a/*', 'c/*'), imports('e', 'a/*'),
  ], 'x.b.svc.cluster.local'],
  ['another route to the same destination', [
    entry('one', 'HTTP'), entry('two', 'TCP'), service('c/y', ['http:81']), service('b/x', ['http:90']),
    virtualService('a/v', { hosts: ['one.example.com'], http: [{ match: [{ sourceNamespace: 'b' }, { port: 81 }], route: [{ destination: { host: 'y.c.svc.cluster.local' } }] }] }),
    virtualService('b/v', { hosts: ['x.b.svc.cluster.local'], http: [{ route: [{ destination: { host: 'y.c.svc.cluster.local' } }] }] }),
    imports('d', 'a/*', 'b/*'), imports('e', 'a/*'),
  ], 'one.example.com'],
  ['an HTTP service, which makes the port match HTTP by name', [
    entry('one', 'TCP'), service('b/x', ['http:81']), service('c/y', ['http:81']), imports('d', 'a/*', 'b/*'), imports('e', 'a/*'),
  ], 'y.c.svc.cluster.local'],
  ['another host of a route', [
    entry('one', 'TCP'), entry('two', 'HTTP'), service('b/x', ['81']), service('c/y', ['81']),
    virtualService('a/v', { hosts: ['x.b.svc.cluster.local', 'y.c.svc.cluster.local'], http: [{ route: [{ destination: { host: 'x.a.svc.cluster.local' } }] }] }),
    imports('d', 'a/*', 'b/*'), imports('e', 'a/*'),
  ], 'y.c.svc.cluster.local'],
  ['an address that imports by host omit', [
    entry('one', 'TCP'), entry('two', 'TCP', { addresses: ['192.0.2.1', '192.0.2.2'] }),
    imports('d', 'a/one.example.com', 'a/two.example.com'), imports('e', 'a/one.example.com', 'a/two.example.com', 'c/*'),
  ], 'two.example.com'],
])('clients of a port have separate decisions if only one of them sees %s', (_, objects, host) => {
  const whole = mesh([injected('a', 'b', 'c', 'd', 'e'), ['a/x', 'b/x', 'c/y', 'd/client', 'e/client'].map((path) => deployment(path)), service('a/x', ['tcp:81']), objects]);
  const decisions = [...whole.decisions.all()].filter(({ call }) => call.host === host && call.port === 81);
  const [ofD, ofE] = ['d', 'e'].map((space) => decisions.find(({ senders }) => [...senders].some(({ namespace: own }) => own === space))!.paths.map(told));
  expect(ofD).not.toEqual(ofE);
  expectEachAlone(whole, host);
});

test('pods behind a ServiceEntry\'s DNS endpoint have separate decisions, because they may call themselves', () => {
  const whole = mesh([
    injected('a', 'b', 'c'), ['a/client', 'b/x', 'c/client'].map((path) => deployment(path)), service('b/x', ['tcp:80']),
    serviceEntry('c/e', { hosts: ['one.example.com'], ports: [{ number: 80, name: 'tcp', protocol: 'TCP' }], resolution: 'DNS', endpoints: [{ address: 'x.b.svc.cluster.local' }] }),
    envoyFilter('istio-system/f', { configPatches: [{ applyTo: 'CLUSTER', match: { context: 'SIDECAR_OUTBOUND' }, patch: { operation: 'REMOVE' } }] }),
  ]);
  const itself = [...whole.connections()].filter(({ client, requested }) => client.name === 'x' && requested.host === 'one.example.com');
  expect(itself.map(({ server, undecidedBecause }) => [server?.name, undecidedBecause])).toEqual([[undefined, 'envoy-filter']]);
  expectEachAlone(whole, 'one.example.com');
});

test('clients in a namespace that istiod may not discover have a decision of their own, though it is known that they have sidecars', () => {
  const discovery = meshConfig({ discoverySelectors: [{ matchLabels: { team: 'x' } }] });
  const whole = mesh([
    discovery, ['a', 'b'].map((space) => namespace(space, { 'istio-injection': 'enabled', 'team': 'x' })), ['a/x', 'b/client', 'z/client'].map((path) => deployment(path)), service('a/x', ['http:80']),
  ], { injectedNamespaces: ['z'] });
  const called = [...whole.connections()].filter(({ client }) => client.name === 'client').map(({ client, outcome, undecidedBecause }) => [client.namespace, outcome, undecidedBecause]);
  expect(called).toEqual([['b', 'mtls', undefined], ['z', 'undecided', 'unknown-discovery']]);
});

test('and as many connections are counted as are listed', () => {
  for (let seed = 200; seed < 240; seed++) {
    const whole = anyMesh(new Random(seed));
    expect([seed, whole.summary().connections]).toEqual([seed, [...whole.connections()].length]);
  }
});

test.each([
  ['without a Sidecar', [], 'y.c', ['b refused-routes', 'd no-endpoints']],
  ['with Sidecars that don\'t import the called host', [sidecar('b/s', { egress: [{ hosts: ['c/*'] }] }), sidecar('d/s', { egress: [{ hosts: ['d/*'] }] })], 'x.a', ['b refused-routes', 'd undefined']],
])('clients whose proxies reject their routes have separate decisions on all ports, %s', (_, sidecars, host, expected) => {
  const whole = mesh([
    injected('a', 'b', 'c', 'd'), ['a/x', 'b/client', 'd/client'].map((path) => deployment(path)), service('a/x', ['http:90']), service('c/y', ['http:90']), sidecars,
    serviceEntry('c/w', { hosts: ['*.b.svc.cluster.local'], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }] }),
  ]);
  const called = [...whole.connections()].filter(({ client, requested }) => client.namespace !== 'a' && requested.host === `${host}.svc.cluster.local`);
  expect(called.map(({ client, undecidedBecause }) => `${client.namespace} ${undecidedBecause}`)).toEqual(expected);
});
