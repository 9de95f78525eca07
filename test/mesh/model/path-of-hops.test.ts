import { analyze } from '../../../src/analysis/analysis';
import { Evidence } from '../../../src/analysis/evidence';
import { mappings, text } from '../../../src/manifests/mapping';
import { isNoWorse } from '../../../src/mesh/change/no-worse';
import { Arrival, DataPlane } from '../../../src/mesh/dataplane/data-plane';
import { DataPlaneParts, dataPlaneTable } from '../../../src/mesh/dataplane/data-planes';
import { Mesh } from '../../../src/mesh/mesh';
import { concerns, pathKey, straight, transportOf } from '../../../src/mesh/model/path';
import { SidecarSender } from '../../../src/mesh/model/sender';
import { Workload } from '../../../src/mesh/workloads/workload';
import { deployment, destinationRule, injected, mesh, mode, peerAuthentication, service, serviceEntry, tls, toHost, virtualService } from '../../support/mesh';

/**
 * A prototype of an egress gateway, enough to send on what VirtualServices say for it. No proxy of the model forwards yet: by it all that
 * counts, lists, explains, judges and compares connections is held to work on paths of several hops.
 */
function egressGateway(routes: readonly unknown[], arrivals: Arrival[]) {
  return (parts: DataPlaneParts) => {
    const table = dataPlaneTable(parts);
    const gateway: DataPlane = {
      senderKey: (workload) => table.router.senderKey(workload),
      originate: (sender, call, address) => table.router.originate(sender, call, address),
      accept: (workload, port) => ({ mode: 'STRICT', ...parts.inbound.declared(workload, port) }),
      forward: (arrival) => {
        arrivals.push(arrival);
        return routes.flatMap((source) => {
          const { spec } = source as { spec: { hosts: string[]; http: Record<string, unknown>[] } };
          if (!spec.hosts.includes(arrival.authority)) return [];
          const rule = spec.http.find(({ match }) => mappings(match).some(({ gateways }) => (gateways as unknown[] | undefined)?.includes('egress/gateway')))!;
          return mappings(rule.route).flatMap(({ destination }) => {
            const { host, port } = destination as { host: string; port?: { number: number } };
            return parts.clusters.deliver(senderOf(arrival.proxy, parts), {
              destination: { host: text(host)!, port: port?.number }, kind: arrival.kind, spoken: arrival.kind, address: { at: 'elsewhere' }, port: arrival.port,
            });
          });
        });
      },
    };
    return { ...table, router: gateway };
  };
}

/** A gateway as the one that sends. */
function senderOf(one: Workload, { planes }: DataPlaneParts): SidecarSender {
  const plane = planes.of(one.proxy.revision);
  return { kind: 'sidecar', namespace: one.namespace, labels: one.labels, one, workloads: [one], network: one.location.callsFrom, traits: '', plane, scope: plane.scopeOf(one) };
}

const HOST = 'shop.example.com';
const GATEWAY = 'gateway.egress.svc.cluster.local';
const BACKEND = 'backend.shop.svc.cluster.local';

/** Clients call a host, which their sidecars send to the gateway, and the gateway to a backend. */
function world(more: unknown[] = [], { onward = BACKEND, arrivals = [] }: { onward?: string; arrivals?: Arrival[] } = {}): Mesh {
  const route = virtualService('egress/shop', {
    hosts: [HOST],
    gateways: ['mesh', 'egress/gateway'],
    http: [{ match: [{ gateways: ['mesh'] }], ...toHost(GATEWAY) }, { match: [{ gateways: ['egress/gateway'] }], ...toHost(onward) }],
  });
  return mesh([
    injected('web', 'shop', 'egress'), ['one', 'two', 'three'].map((name) => deployment(`web/${name}`)), deployment('shop/backend'), service('shop/backend', ['http:80']),
    deployment('egress/gateway', { annotations: { 'inject.istio.io/templates': 'gateway' }, labels: { 'app': 'gateway', 'security.istio.io/tlsMode': 'istio' } }), service('egress/gateway', ['http:80']),
    serviceEntry('web/shop', { hosts: [HOST], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], resolution: 'DNS' }), route,
    peerAuthentication('istio-system/default', mode('STRICT')), more,
  ], { dataPlanes: egressGateway([route], arrivals) });
}

const throughGateway = (whole: Mesh) =>
  [...whole.decisions.all()].flatMap((decision) => decision.paths.map((path) => ({ decision, path }))).filter(({ path }) => path.hops.length > 1);
const callsOf = (whole: Mesh, client: string) =>
  [...whole.connections({ client: ({ name }) => name === client, requested: ({ host }) => host === HOST })];
const DISABLED = destinationRule('egress/backend', { host: BACKEND, ...tls('DISABLE') });

test('a path through a gateway has a hop of each sender, and the transport of its worst', () => {
  const [{ path }] = throughGateway(world());
  expect(path.hops.map(({ sender, received: { endpoint }, outcome }) => [sender.one.name, endpoint!.workload!.name, outcome])).toEqual([['backend', 'gateway', 'mtls'], ['gateway', 'backend', 'mtls']]);
  const [{ path: broken }] = throughGateway(world([DISABLED]));
  expect(broken.hops.map(({ outcome }) => outcome)).toEqual(['mtls', 'broken']);
  expect(transportOf(broken)).toBe(broken.hops[1]);
  expect(pathKey(broken)).not.toBe(pathKey(path));
});

test('what a gateway does is decided once, whoever calls', () => {
  const arrivals: Arrival[] = [];
  const whole = world([deployment('web/bare', { labels: { 'sidecar.istio.io/inject': 'false' } }), destinationRule('web/own', { host: 'x.example.com' })], { arrivals });
  expect(throughGateway(whole).length).toBeGreaterThan(1);
  expect(arrivals.filter(({ authority }) => authority === HOST)).toHaveLength(1);
});

test('a connection names the server at the end, what its client sends, and the objects of all hops', () => {
  const [connection] = callsOf(world([DISABLED]), 'one');
  expect(connection).toMatchObject({ service: { host: GATEWAY }, server: { name: 'backend' }, clientTls: 'ISTIO_MUTUAL', serverMode: 'STRICT', outcome: 'broken' });
  expect(connection.because.map(({ kind, name, effect }) => `${kind} ${name} ${effect}`)).toEqual([
    `VirtualService shop sends the call to ${GATEWAY}:80`, 'PeerAuthentication default STRICT for the mesh',
    'DestinationRule backend the client sends PLAINTEXT', 'PeerAuthentication default STRICT for the mesh',
  ]);
});

test('paths count once for each client, and a workload may call itself through a gateway', () => {
  const whole = world();
  expect(throughGateway(whole).reduce((sum, { decision, path }) => sum + whole.decisions.count(decision, path), 0)).toBe(4);
  expect(callsOf(whole, 'backend')).toMatchObject([{ server: { name: 'backend' }, outcome: 'mtls' }]);
  const [{ path }] = throughGateway(whole);
  const backend = path.hops[1].received.endpoint!.workload!;
  expect([concerns(path, backend), concerns(straight(path.hops[1]), backend)]).toEqual([true, false]);
  const { connections } = whole.summary();
  expect(connections).toBe([...whole.connections()].length);
});

test('a rule that breaks a later hop is found, with all that it breaks', () => {
  const broken = world([DISABLED]);
  const senders = new Evidence(broken).brokenBy('plaintext-rule').map(({ hop }) => hop.sender.one.name);
  expect(new Set(senders)).toEqual(new Set(['gateway']));
  const [found, ...more] = analyze(broken).findings.filter(({ severity }) => severity === 'error');
  expect([found.code, found.object.name, found.connections, more]).toEqual(['MTLS101', 'backend', 4, []]);
  expect(found.because).toMatch(new RegExp(`^calls from Deployment shop/backend and 3 other workloads to ${HOST}:80`));
});

test('a change that breaks a later hop makes the mesh worse', () => {
  const whole = world();
  expect([DISABLED, destinationRule('egress/backend', { host: BACKEND })].map((apply) => isNoWorse(whole.with({ apply }), whole))).toEqual([false, true]);
});

test('nobody knows what comes of a call that gateways send in circles', () => {
  const [{ path }] = throughGateway(world([], { onward: GATEWAY }));
  expect(path.hops.map(({ outcome }) => outcome)).toEqual(['mtls', 'undecided']);
  expect(callsOf(world([], { onward: GATEWAY }), 'one')).toMatchObject([{ outcome: 'undecided' }]);
});

test('a path ends at a hop that is broken', () => {
  const plain = destinationRule('web/gateway', { host: GATEWAY, ...tls('DISABLE') });
  const arrivals: Arrival[] = [];
  const whole = world([plain, destinationRule('shop/gateway', { host: GATEWAY, ...tls('DISABLE') })], { arrivals });
  expect([throughGateway(whole), arrivals]).toEqual([[], []]);
  expect(callsOf(whole, 'one')).toMatchObject([{ server: { name: 'gateway' }, outcome: 'broken' }]);
});
