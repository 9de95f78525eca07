// Which calls a change may affect: a plan that overlooks some calls stages safe in which they break.
import { AffectedCallsIndex } from '../../../src/mesh/plan/affected-calls';
import { EVERYWHERE, Footprints } from '../../../src/mesh/plan/footprints';
import { planOf } from '../../../src/mesh/plan/plan';
import { ServedHosts } from '../../../src/mesh/plan/served-hosts';
import { deployment, destinationRule, injected, mesh, meshConfig, mode, namespace, peerAuthentication, service, serviceEntry, sidecar, tls, toHost, virtualService } from '../../support/meshes/mesh';
import { fallenIn } from '../../support/meshes/stages-tried';
import { casesOf } from '../../support/random/cases';
import { RandomChange } from '../../support/random/random-changes';
import { twoSidedChanges } from '../../support/random/two-sided-changes';

const { seed, count } = casesOf('plans-in-process');

const written = (id: string, fixed: any[], before: any[], after: any[]): RandomChange =>
  JSON.parse(JSON.stringify({ id, before: [...fixed, ...before].flat(2), after: [...fixed, ...after].flat(2) }));
const POD = { ports: [{ containerPort: 80 }] };
const SHOP = [...injected('a', 'b'), deployment('a/client'), deployment('b/server', POD)];
const ingress = (protocol: string) => sidecar('b/own', { ingress: [{ port: { number: 80, protocol, name: 'in' }, defaultEndpoint: '127.0.0.1:80' }] });
const older = (name: string) => service('b/older', [{ port: 81, targetPort: 80, name }], { selector: { app: 'server' }, creationTimestamp: '2020-01-01T00:00:00Z' });
const younger = (name: string) => service('b/server', [`${name}:80`], { creationTimestamp: '2021-01-01T00:00:00Z' });
const hidden = service('b/server', ['tcp:80'], { annotations: { 'networking.istio.io/exportTo': '.' } });
const any = serviceEntry('a/any', { hosts: ['any.example'], location: 'MESH_INTERNAL', resolution: 'NONE', ports: [{ number: 80, name: 'tcp', protocol: 'TCP' }] });
const TEAM_X = meshConfig({ discoverySelectors: [{ matchLabels: { team: 'x' } }], outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } });
const ofTeam = (name: string, team: string) => namespace(name, { 'istio-injection': 'enabled', team });
const listed = serviceEntry('a/listed', {
  hosts: ['listed.example'],
  location: 'MESH_INTERNAL',
  resolution: 'DNS',
  addresses: ['10.0.0.7'],
  ports: [{ number: 80, name: 'tcp', protocol: 'TCP' }],
  endpoints: [{ address: 'server.b.svc.cluster.local' }],
});
const atAddress = (clusterIP: string) => service('b/server', ['tcp:80'], { clusterIP, creationTimestamp: '2020-01-01T00:00:00Z' });
const sharing = serviceEntry('b/any', {
  hosts: ['any.example'],
  location: 'MESH_INTERNAL',
  resolution: 'STATIC',
  addresses: ['10.0.0.1'],
  ports: [{ number: 80, name: 'tcp', protocol: 'TCP' }],
  workloadSelector: { labels: { app: 'other' } },
}, { creationTimestamp: '2021-01-01T00:00:00Z' });
const selecting = sidecar('b/selecting', { workloadSelector: { labels: { app: 'server' } }, egress: [{ hosts: ['*/*'] }] });
const elsewhere = sidecar('b/elsewhere', { ingress: [{ port: { number: 80, protocol: 'TCP', name: 'in' }, bind: '127.0.0.2', defaultEndpoint: '127.0.0.1:80' }] });
const seenBy = (name: string, isPublic: boolean) => service(`c/${name}`, ['http:80'], isPublic ? {} : { annotations: { 'networking.istio.io/exportTo': '.' } });

const listedPod = {
  apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'b', labels: { app: 'p' } }, spec: { containers: [{ name: 'app', image: 'app:1', ...POD }] },
};
const sliceElsewhere = {
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: 's', namespace: 'a', labels: { 'kubernetes.io/service-name': 'listed' } },
  endpoints: [{ addresses: ['10.0.0.1'], targetRef: { kind: 'Pod', namespace: 'b', name: 'p' } }],
  ports: [{ name: 'tcp', port: 80 }],
};

/** Changes that are safe in two stages, but not at once. */
const TWO_STAGES = [
  written('a server\'s Sidecar after its clients\' Service', SHOP, [younger('tcp'), ingress('TCP')], [younger('http'), ingress('HTTP')]),
  written('a client\'s Sidecar before its policy hides nothing', SHOP, [
    younger('http'), sidecar('a/own', { egress: [{ hosts: ['./*'] }] }), destinationRule('a/own', { host: 'server.b.svc.cluster.local', ...tls('ISTIO_MUTUAL') }),
  ], [
    younger('http'), sidecar('a/own', { egress: [{ hosts: ['./*', 'b/*'] }] }), destinationRule('a/own', { host: 'server.b.svc.cluster.local', ...tls('ISTIO_MUTUAL') }),
    peerAuthentication('b/default', mode('STRICT')),
  ]),
  written('the Service of the same pods that names their protocol', SHOP, [older('web'), younger('tcp')], [younger('http')]),
  written('a rule for a host that takes what others get on its port', SHOP, [
    hidden, any, peerAuthentication('b/default', mode('STRICT')), destinationRule('a/any', { host: 'any.example', ...tls('ISTIO_MUTUAL') }),
  ], [
    hidden, any, peerAuthentication('b/default', mode('PERMISSIVE')), destinationRule('a/any', { host: 'any.example', ...tls('DISABLE') }),
  ]),
  written('a namespace with a Sidecar for its clients that comes to be read', [TEAM_X, deployment('a/client'), ofTeam('b', 'x'), deployment('b/server', POD), younger('http')], [
    ofTeam('a', 'y'), sidecar('a/own', { egress: [{ hosts: ['./*'] }] }),
  ], [
    ofTeam('a', 'x'), sidecar('a/own', { egress: [{ hosts: ['./*', 'b/*'] }] }),
  ]),
  written('a policy for servers that a ServiceEntry names', [...SHOP, younger('tcp'), listed], [
    destinationRule('a/listed', { host: 'listed.example', ...tls('DISABLE') }), peerAuthentication('b/default', mode('PERMISSIVE')),
  ], [
    destinationRule('a/listed', { host: 'listed.example', ...tls('ISTIO_MUTUAL') }), peerAuthentication('b/default', mode('STRICT')),
  ]),
  written('a namespace with a Service that is no longer read', [
    meshConfig({ discoverySelectors: [{ matchLabels: { team: 'x' } }] }), namespace('istio-system', { team: 'x' }), ofTeam('a', 'x'), deployment('a/client'),
    deployment('b/server', POD), younger('http'),
  ], [
    ofTeam('b', 'x'), peerAuthentication('istio-system/default', mode('STRICT')),
  ], [
    ofTeam('b', 'y'), peerAuthentication('istio-system/default', mode('PERMISSIVE')),
  ]),
  written('a namespace that is no longer read, and another\'s Service lists its pod', [
    meshConfig({ discoverySelectors: [{ matchLabels: { team: 'x' } }] }), namespace('istio-system', { team: 'x' }), ofTeam('a', 'x'), deployment('a/client'),
    deployment('a/listed', POD), service('a/listed', ['tcp:80'], { clusterIP: 'None' }), sliceElsewhere, listedPod,
  ], [
    namespace('b', { team: 'x' }), peerAuthentication('a/default', mode('PERMISSIVE')),
  ], [
    namespace('b', { team: 'y' }), peerAuthentication('a/default', mode('STRICT')),
  ]),
  written('a Service that gives up an address to a ServiceEntry', [
    ...SHOP, deployment('b/other', POD), sharing, peerAuthentication('b/default', mode('STRICT')),
  ], [
    atAddress('10.0.0.1'), destinationRule('b/any', { host: 'any.example', ...tls('DISABLE') }),
  ], [
    atAddress('10.0.0.2'), destinationRule('b/any', { host: 'any.example', ...tls('ISTIO_MUTUAL') }),
  ]),
  written('the last HTTP listener of a port, by which clients follow a route to a host that they don\'t import', [
    ...SHOP, ...injected('c'), deployment('c/other', POD), deployment('c/more', POD), younger('http'), peerAuthentication('b/default', mode('STRICT')),
    virtualService('a/route', { hosts: ['server.b.svc.cluster.local'], http: [toHost('server.b.svc.cluster.local')] }),
    sidecar('a/own', { egress: [{ hosts: ['./*', 'c/*'] }] }),
  ], [seenBy('other', true), seenBy('more', false)], [seenBy('other', false), seenBy('more', true)]),
].map((change) => ({ change, plan: planned(change) }));

/** Changes whose plans overlooked the rules for calls that a Sidecar's listener takes for another host. */
const KEPT = [twoSidedChanges(21, 436)[435]];

const DRAWN = [...KEPT, ...twoSidedChanges(seed, count(100))].map((change) => ({ change, plan: planned(change) }));

function planned({ before, after }: RandomChange) {
  return planOf(mesh(before), after);
}

test.each(TWO_STAGES.map(({ change: { id }, plan }) => [id, plan] as const))('%s: not safe at once, but in two stages', (_, { atOnce, stages }) => {
  expect([atOnce.verdict, stages?.map(({ verdict }) => verdict)]).toEqual(['unsafe', ['safe', 'safe']]);
});

test('in an intermediate state, a Service may select pods that it selects neither before nor after the change', () => {
  const pods = (version: string) => deployment('b/pods', { labels: { app: 'server', version } });
  const of = (version: string) => service('b/server', [80], { selector: { app: 'server', version } });
  const { before, after, units } = planned(written('versions', injected('b'), [pods('v1'), of('v2')], [pods('v2'), of('v1')]));
  const areas = new AffectedCallsIndex([before, after], units);
  expect(units.map(({ object: { kind } }, unit) => [kind, areas.touching(unit).length])).toEqual([['Deployment', 1], ['Service', 1]]);
});

const ON_N1 = { 'topology.istio.io/network': 'n1' };

test.each<[string, object, object]>([
  ['a Service', service('c/other', [80]), { ...service('c/other', [80]), metadata: { name: 'other', namespace: 'c', labels: ON_N1 } }],
  ['the label of pods', deployment('c/other'), deployment('c/other', { labels: ON_N1 })],
])('what comes to name a network may affect any call: %s', (_, one, other) => {
  const { before, after, units } = planned(written('named', [...SHOP, ...injected('c'), younger('tcp')], [one], [other]));
  expect(new Footprints([before, after], units, new ServedHosts([before, after], units)).of(units[0])).toEqual({ hosts: EVERYWHERE });
});

test.each([
  ['a Service', younger('tcp'), hidden],
  ['a route', ...['server', 'other'].map((host) => virtualService('a/route', { hosts: ['x.example'], http: [toHost(`${host}.b.svc.cluster.local`)] }))],
])('through %s clients may get to know the policies for a pod that a slice of another namespace lists', (_, one, other) => {
  const listing = service('a/listed', ['tcp:80'], { selector: undefined });
  const rule = (sent: string) => destinationRule('a/listed', { host: 'listed.a.svc.cluster.local', ...tls(sent) });
  const shared = (...fixed: object[]) => {
    const { before, after, units } = planned(written('known', [...SHOP, ...fixed], [one, rule('DISABLE')], [other, rule('ISTIO_MUTUAL')]));
    const areas = new AffectedCallsIndex([before, after], units);
    const [ofRule, ofOther] = ['DestinationRule', one.kind].map((kind) => areas.touching(units.findIndex(({ object }) => object.kind === kind)));
    return ofRule.filter((area) => ofOther.includes(area)).length;
  };
  expect([shared(listing), shared(listing, listedPod, sliceElsewhere)]).toEqual([0, 1]);
});

test('ports of servers without callers are unknown while one of two Sidecars remains', () => {
  const fixed = [...SHOP, peerAuthentication('b/default', mode('STRICT'))];
  const { atOnce, stages } = planned(written('two Sidecars', fixed, [selecting, elsewhere], []));
  expect([atOnce.verdict, atOnce.witness?.kind, stages?.map(({ verdict }) => verdict)]).toEqual(['unproven', 'port', ['safe', 'safe']]);
});

test('no call falls below its minimum protection in any stage, whichever proxies have received which changes', () => {
  for (const { change: { id }, plan } of [...TWO_STAGES, ...DRAWN]) {
    expect(fallenIn(id, plan)).toEqual([]);
  }
});

test('pods that had a network from the namespace that goes may affect any call while they run', () => {
  const fixed = [deployment('b/client'), deployment('b/server', POD), service('b/server', ['tcp:80']), deployment('c/server', POD), peerAuthentication('b/default', mode('STRICT'))];
  const [off, on] = [namespace('b'), injected('b')[0]];
  const { before, after } = written('network', fixed, [off, namespace('istio-system', ON_N1), peerAuthentication('c/default', mode('DISABLE'))], [on]);
  const plan = planOf(mesh(before, { uninjectedNamespaces: ['c'] }), after);
  const other = plan.units.find(({ object, change }) => !change && object.namespace === 'c')!;
  expect([plan.atOnce.verdict, plan.stages]).toEqual(['unsafe', undefined]);
  const states = [plan.before, plan.after];
  expect(new Footprints(states, plan.units, new ServedHosts(states, plan.units)).of(other).hosts).toBe(EVERYWHERE);
});
