import { readYaml } from '../../../src/manifests/yaml/read-yaml';
import { diffOf, MeshComparison } from '../../../src/mesh/compare/diff';
import { ComparedObject, objectOf } from '../../../src/mesh/compare/object-changes';
import { objectText } from '../../../src/mesh/inventory/object';
import { Mesh } from '../../../src/mesh/mesh';
import {
  deployment, destinationRule, envoyFilter, gatewayApi, injected, meshConfig, mode, namespace, peerAuthentication, service, serviceEntry, sidecar,
  tls, toHost, virtualService, workloadEntry,
} from '../../support/meshes/mesh';

/** Namespace `known` has sidecars, `ambient` is in ambient mode, and `elsewhere` isn't among the manifests. */
const spaces = [...injected('known'), namespace('ambient', { 'istio.io/dataplane-mode': 'ambient' })];
const CLUSTER = [spaces, ['known', 'ambient', 'elsewhere'].map((space) => [
  deployment(`${space}/client`), deployment(`${space}/server`, { ports: [{ containerPort: 80 }] }), service(`${space}/server`, ['http:80']),
])];

const host = (space: string) => `server.${space}.svc.cluster.local`;
const text = (change: ComparedObject) => objectText(objectOf(change));

function diff(before: unknown[], after: unknown[], cluster: unknown[] = CLUSTER): MeshComparison {
  return diffOf(Mesh.of([cluster, before].flat(4), { parseYaml: readYaml }), structuredClone([cluster, after].flat(4)));
}

/** The objects of unknown effect, and the missing facts. */
function unknown({ unknownEffects }: MeshComparison): string[] {
  return unknownEffects.map(({ object, connections, servers, facts }) =>
    `${text(object)}: ${connections || `${servers} servers`}, ${facts.map(({ need, subject }) => `${need} ${subject}`).join(', ')}`);
}

describe('an object that may affect an undecided connection isn\'t listed as without effect', () => {
  const GATEWAY_ROUTE = gatewayApi('HTTPRoute', 'known/route', { parentRefs: [{ group: '', kind: 'Service', name: 'server' }], rules: [{ backendRefs: [{ name: 'server', port: 80 }] }] });

  test.each<[string, unknown]>([
    ['STRICT on a namespace in ambient mode', peerAuthentication('ambient/default', mode('STRICT'))],
    ['STRICT in a namespace that the manifests lack', peerAuthentication('elsewhere/default', mode('STRICT'))],
    ['STRICT on a workload of a missing namespace', peerAuthentication('elsewhere/server', { selector: { matchLabels: { app: 'server' } }, ...mode('STRICT') })],
    ['STRICT in the root namespace', peerAuthentication('istio-system/default', mode('STRICT'))],
    ['a DestinationRule in a missing namespace', destinationRule('elsewhere/off', { host: host('known'), exportTo: ['.'], ...tls('DISABLE') })],
    ['a DestinationRule for a server in a missing namespace', destinationRule('known/off', { host: host('elsewhere'), ...tls('DISABLE') })],
    ['a DestinationRule for many hosts', destinationRule('istio-system/off', { host: '*.local', ...tls('DISABLE') })],
    ['a VirtualService for a host in a missing namespace', virtualService('known/route', { hosts: [host('elsewhere')], http: [toHost(host('elsewhere'))] })],
    ['a VirtualService with TCP routes in a missing namespace', virtualService('elsewhere/route', { hosts: [host('elsewhere')], tcp: [toHost(host('elsewhere'))] })],
    ['a Sidecar in a missing namespace', sidecar('elsewhere/default', { egress: [{ hosts: ['./*'] }] })],
    ['a ServiceEntry for a host in a missing namespace', serviceEntry('known/entry', { hosts: [host('elsewhere')], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], resolution: 'DNS', location: 'MESH_INTERNAL' })],
    ['a WorkloadEntry of a Service in a missing namespace', workloadEntry('elsewhere/vm', { address: '192.0.2.1', labels: { app: 'server' } })],
    ['a BackendTLSPolicy for a Service in a missing namespace', gatewayApi('BackendTLSPolicy', 'elsewhere/tls', { targetRefs: [{ group: '', kind: 'Service', name: 'server' }], validation: { hostname: 'x' } })],
    ['an EnvoyFilter in a missing namespace', envoyFilter('elsewhere/filter', { configPatches: [] })],
  ])('%s', (_, added) => {
    const found = diff([], [added]);
    expect(found.unknownEffects.map(({ object }) => text(object))).toEqual([text({ after: found.objects[0].after })]);
    expect([found.withoutEffect, found.unjudged]).toEqual([[], []]);
  });

  describe('though it is in another namespace than the pod whose address it has', () => {
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'server', namespace: 'known', labels: { app: 'pod' } }, spec: {}, status: { podIP: '10.130.0.1' } };
    const cluster = [namespace('known', { 'istio-injection': 'enabled', 'read': 'true' }), deployment('known/client'), pod,
      meshConfig({ discoverySelectors: [{ matchLabels: { read: 'true' } }] }),
      service('known/http', ['http:80'], { selector: { app: 'pod' } }), service('known/tcp', ['tcp:80'], { selector: { app: 'pod' } })];
    const entry = (app: string, space = 'elsewhere') => workloadEntry(`${space}/m`, { address: '10.130.0.1', labels: { app } });

    test.each<[string, unknown[], unknown[], string]>([
      ['a WorkloadEntry', [entry('x')], [entry('y')], 'WorkloadEntry elsewhere/m'],
      ['the Namespace of one', [entry('x'), entry('x', 'further')], [entry('x'), entry('x', 'further'), namespace('elsewhere')], 'Namespace elsewhere'],
    ])('%s', (_, before, after, expected) => {
      const { unknownEffects, withoutEffect } = diff(before, after, cluster);
      expect([unknownEffects.map(({ object }) => text(object)), withoutEffect]).toEqual([[expected], []]);
    });
  });

  test('a route of the Gateway API that is changed', () => {
    const changed = { ...GATEWAY_ROUTE, spec: { ...GATEWAY_ROUTE.spec, rules: [{ backendRefs: [{ name: 'other', port: 80 }] }] } };
    expect(unknown(diff([GATEWAY_ROUTE], [changed]))).toEqual(['HTTPRoute known/route: 6, model HTTPRoute known/route, model client-proxy-not-modelled, namespace elsewhere']);
  });

  test('is listed with the missing facts', () => {
    expect(unknown(diff([], [peerAuthentication('elsewhere/default', mode('STRICT'))]))).toEqual(['PeerAuthentication elsewhere/default: 5, namespace elsewhere, model client-proxy-not-modelled']);
    expect(unknown(diff([], [peerAuthentication('ambient/default', mode('STRICT'))]))).toEqual(['PeerAuthentication ambient/default: 5, model server-proxy-not-modelled, namespace elsewhere, model client-proxy-not-modelled']);
  });

  test('a removed policy and a removed label of a namespace', () => {
    expect(unknown(diff([peerAuthentication('ambient/default', mode('STRICT'))], []))).toHaveLength(1);
    const labelled = [...injected('known'), namespace('ambient', { 'istio.io/dataplane-mode': 'ambient', 'istio.io/use-waypoint': 'waypoint' })];
    const { unknownEffects } = diffOf(Mesh.of(CLUSTER.flat(4), { parseYaml: readYaml }), structuredClone([labelled, CLUSTER.slice(1)].flat(4)));
    expect(unknownEffects.map(({ object }) => text(object))).toEqual(['Namespace ambient']);
  });

  test('a policy for a workload that nothing calls', () => {
    const lone = [spaces, deployment('elsewhere/lone')];
    expect(unknown(diff([], [peerAuthentication('elsewhere/default', mode('STRICT'))], lone))).toEqual(['PeerAuthentication elsewhere/default: 1 servers, namespace elsewhere']);
  });

  test('an object with an effect on some connections is also listed for those that stay undecided', () => {
    const { groups, unknownEffects } = diff([], [destinationRule('known/off', { host: host('known'), ...tls('DISABLE') })]);
    expect(groups.map(({ from, to, count }) => [from, to, count])).toEqual([['mtls', 'plaintext', 1]]);
    expect(unknownEffects.map(({ object, connections }) => [text(object), connections])).toEqual([['DestinationRule known/off', 4]]);
  });
});

describe('an object that can\'t affect an undecided connection has no effect', () => {
  test.each<[string, unknown]>([
    ['a PeerAuthentication for no workload', peerAuthentication('known/other', { selector: { matchLabels: { app: 'none' } }, ...mode('STRICT') })],
    ['a DestinationRule for another host', destinationRule('known/none', { host: 'none.known.svc.cluster.local', ...tls('DISABLE') })],
    ['a private DestinationRule of a decided namespace', destinationRule('known/own', { host: host('known'), exportTo: ['.'], ...tls('ISTIO_MUTUAL') })],
    ['a private VirtualService of a decided namespace', virtualService('known/own', { hosts: [host('known')], exportTo: ['.'], http: [toHost(host('known'))] })],
    ['a DestinationRule for an external host', destinationRule('known/none', { host: 'example.com', ...tls('SIMPLE') })],
  ])('%s', (_, added) => {
    // A rule that a namespace without clients exports to itself affects no connection.
    const found = diff([], [added], [spaces, CLUSTER[1].slice(2), [deployment('known/client'), deployment('known/server', { ports: [{ containerPort: 80 }] }), service('known/server', ['http:80'])]].flat(4));
    expect(unknown(found)).toEqual([]);
    expect(found.withoutEffect!.map(text)).toEqual([text(found.objects[0])]);
  });

  test('an image, a descriptive label, and a label of a workload', () => {
    const pods = (image: string) => ({ ...deployment('elsewhere/client'), spec: { template: { metadata: { labels: { app: 'client' } }, spec: { containers: [{ name: 'app', image, ports: [] }] } } } });
    expect(unknown(diff([pods('a:1')], [pods('a:2')]))).toEqual([]);
    const rule = (version: string) => destinationRule('elsewhere/off', { host: host('known'), ...tls('DISABLE') }, { labels: { 'app.kubernetes.io/version': version } });
    const found = diff([rule('1')], [rule('2')]);
    expect([unknown(found), found.withoutEffect!.map(text)]).toEqual([[], ['DestinationRule elsewhere/off']]);
  });
});

test('other clients that come and go don\'t stand for those that an object may affect', () => {
  const cluster = [injected('known', 'other', 'served'), deployment('known/client'), service('served/server', ['http:80'])];
  const [going, coming] = ['one', 'two'].map((name) => deployment(`other/${name}`));
  const added = destinationRule('known/off', { host: host('served'), exportTo: ['.'], ...tls('ISTIO_MUTUAL') });
  const ofRule = diff([going], [coming, added], cluster).unknownEffects.filter(({ object }) => object.after!.kind === 'DestinationRule');
  expect(ofRule).toMatchObject([{ connections: 1, before: 0, after: 0, unpaired: 0 }]);
});

test('of objects that can replace each other, both have an effect', () => {
  const [http, other] = [80, 81];
  const cluster = [injected('a'), deployment('a/client'), deployment('a/server', { ports: [{ containerPort: http }, { containerPort: other }] }), service('a/server', ['http:80', 'http:81'])];
  const forPort = (name: string) => destinationRule(`a/${name}`, { host: 'server', trafficPolicy: { portLevelSettings: [{ port: { number: http }, tls: { mode: 'DISABLE' } }] } });
  const { groups, withoutEffect, otherEffects } = diff([destinationRule('a/wide', { host: 'server', ...tls('DISABLE') })], [forPort('one'), forPort('two')], cluster);
  expect(groups.map(({ from, to, causes }) => [from, to, causes.map(text)])).toEqual([['plaintext', 'mtls', ['DestinationRule a/wide']]]);
  expect([withoutEffect!.map(text), otherEffects.map(text)]).toEqual([[], ['DestinationRule a/one', 'DestinationRule a/two']]);
});

describe('every changed object is listed or counted', () => {
  const object = (apiVersion: string, kind: string, spec: unknown) => ({ apiVersion, kind, metadata: { name: 'one', namespace: 'known' }, spec });

  test.each<[string, string, string, unknown, unknown]>([
    ['a removed RequestAuthentication', 'security.istio.io/v1', 'RequestAuthentication', { jwtRules: [] }, undefined],
    ['a Gateway that no longer requests client certificates', 'networking.istio.io/v1', 'Gateway', { servers: [{ tls: { mode: 'MUTUAL' } }] }, { servers: [{ tls: { mode: 'SIMPLE' } }] }],
    ['an AuthorizationPolicy', 'security.istio.io/v1', 'AuthorizationPolicy', { rules: [{}] }, { rules: [] }],
    ['a WasmPlugin', 'extensions.istio.io/v1alpha1', 'WasmPlugin', { url: 'a' }, { url: 'b' }],
    ['Telemetry', 'telemetry.istio.io/v1', 'Telemetry', undefined, { tracing: [] }],
    ['an EnvoyFilter that doesn\'t affect connections', 'networking.istio.io/v1alpha3', 'EnvoyFilter', undefined, { configPatches: [] }],
  ])('as having no effect on connections: %s', (_, apiVersion, kind, former, latter) => {
    const found = diff(former ? [object(apiVersion, kind, former)] : [], latter ? [object(apiVersion, kind, latter)] : [], [injected('known'), CLUSTER[1][0]]);
    expect([...found.unjudged, ...found.unread].map(text)).toEqual([`${kind} known/one`]);
    expect(found.withoutEffect).toEqual([]);
  });

  test('unchanged objects aren\'t listed', () => {
    const same = object('networking.istio.io/v1', 'Gateway', { servers: [] });
    expect(diff([same], [structuredClone(same)]).unread).toEqual([]);
  });

  test('Secrets are never compared', () => {
    expect(diff([], [object('v1', 'Secret', {}), object('bitnami.com/v1alpha1', 'SealedSecret', {})]).unread).toEqual([]);
  });
});

describe('calls that a change removes or reroutes', () => {
  const CALLS = [injected('a', 'b', 'c'), ['a', 'b', 'c'].map((space) => [deployment(`${space}/client`), deployment(`${space}/server`, { ports: [{ containerPort: 80 }] }), service(`${space}/server`, ['http:80'])])];
  const groups = (before: unknown[], after: unknown[], cluster = CALLS) => diff(before, after, cluster).groups
    .filter(({ kind }) => kind !== 'removed' && kind !== 'added').map(({ kind, from, to, count, taker }) => `${count} ${kind} ${from} → ${to}${taker ? ` by ${objectText(taker)}` : ''}`);
  const route = (path: string, more = {}) => virtualService(path, { hosts: [host('a')], http: [toHost(host('b'))], ...more });

  test('a route of the service\'s own namespace leads them elsewhere', () => {
    expect(groups([], [route('a/route')])).toEqual(['5 rerouted mtls → undefined', '5 gained undefined → mtls']);
  });

  test('a route of another namespace takes the calls of all namespaces', () => {
    // Its own clients it may lead where it wants.
    expect(groups([], [route('c/route')])).toEqual([
      '3 lost mtls → undefined by VirtualService c/route', '2 rerouted mtls → undefined',
      '4 gained undefined → mtls', '1 gained undefined → mtls by VirtualService c/route',
    ]);
  });

  test('a route of another namespace may take only some of the calls', () => {
    const split = virtualService('c/route', { hosts: [host('a')], http: [{ route: [{ destination: { host: host('a') }, weight: 50 }, { destination: { host: host('b') }, weight: 50 }] }] });
    expect(groups([], [split])).toEqual(['3 gained undefined → mtls by VirtualService c/route', '2 gained undefined → mtls']);
  });

  test('a route that is private to another namespace takes only calls of that namespace', () => {
    expect(groups([], [route('c/route', { exportTo: ['.'] })])).toEqual(['2 rerouted mtls → undefined', '2 gained undefined → mtls']);
  });

  test('a route that already took the calls takes none newly by leading them elsewhere', () => {
    const other = virtualService('c/route', { hosts: [host('a')], http: [toHost(host('c'))] });
    expect(groups([route('c/route')], [other])).toEqual(['5 rerouted mtls → undefined', '5 gained undefined → mtls']);
  });

  test('a Service that is removed without its pods is lost', () => {
    const without = [CALLS[0], ...CALLS[1].flat().filter((one: any) => one.kind !== 'Service' || one.metadata.namespace !== 'a')];
    const found = diffOf(Mesh.of(CALLS.flat(4), { parseYaml: readYaml }), structuredClone(without.flat(4)));
    expect(found.groups.map(({ kind, from, to, count }) => `${count} ${kind} ${from} → ${to}`)).toEqual(['5 lost mtls → undefined']);
  });

  // Deleting an application isn't an accident, unless a remaining client declares that it calls it: change-kind.test.ts.
  test('a Service that is removed with its pods, and that no client declares to call, is removed, not lost', () => {
    const without = [CALLS[0], ...CALLS[1].flat().filter((one: any) => one.metadata.name !== 'server' || one.metadata.namespace !== 'a')];
    const found = diffOf(Mesh.of(CALLS.flat(4), { parseYaml: readYaml }), structuredClone(without.flat(4)));
    expect(found.groups.map(({ kind }) => kind)).not.toContain('lost');
  });
});
