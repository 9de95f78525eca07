import { deployment, injected, mesh, mode, peerAuthentication, service, serviceEntry, toHost, virtualService } from './mesh';
import { mappings, text } from '../../../src/manifests/mapping';
import { InboundRequest, DataPlane } from '../../../src/mesh/dataplane/data-plane';
import { DataPlaneParts, dataPlaneTable } from '../../../src/mesh/dataplane/data-planes';
import { Mesh } from '../../../src/mesh/mesh';
import { SidecarSender } from '../../../src/mesh/model/sender';
import { Workload } from '../../../src/mesh/workloads/workload';

/**
 * A prototype of an egress gateway, enough to send on what VirtualServices say for it. No proxy of the model forwards yet: by it all that
 * counts, lists, explains, judges and compares connections is held to work on paths of several hops.
 */
function egressGateway(routes: readonly unknown[], arrivals: InboundRequest[], calls: boolean) {
  return (parts: DataPlaneParts) => {
    const table = dataPlaneTable(parts);
    const gateway: DataPlane = {
      senderKey: (workload) => table.router.senderKey(workload),
      originate: (sender, call, address) => (calls ? table.router.originate(sender, call, address) : []),
      accept: (workload, port) => {
        const declared = parts.receivers.declared(workload, port);
        return { mode: declared.enforced.mode, ...declared };
      },
      forward: (arrival) => {
        arrivals.push(arrival);
        return routes.flatMap((source) => {
          const { spec } = source as { spec: { hosts: string[]; http: Record<string, unknown>[] } };
          if (!spec.hosts.includes(arrival.authority)) return [];
          const own = `${arrival.proxy.namespace}/gateway`;
          const rule = spec.http.find(({ match }) => mappings(match).some(({ gateways }) => (gateways as unknown[] | undefined)?.includes(own)))!;
          return mappings(rule.route).flatMap(({ destination }) => {
            const { host, port } = destination as { host: string; port?: { number: number } };
            return parts.clusters.deliver(senderOf(arrival.proxy, parts), {
              destination: { host: text(host)!, port: port?.number }, kind: arrival.kind, applicationKind: arrival.kind, address: { at: 'elsewhere' }, port: arrival.port,
            });
          });
        });
      },
    };
    return { ...table, router: gateway };
  };
}

/** A gateway as a sender. */
function senderOf(one: Workload, { planes }: DataPlaneParts): SidecarSender {
  const plane = planes.of(one.proxy.revision);
  return { kind: 'sidecar', namespace: one.namespace, labels: one.labels, members: [one], network: one.location.callsFrom, proxySettings: '', plane, scope: plane.scopeOf(one) };
}

export const HOST = 'shop.example.com';
export const GATEWAY = 'gateway.egress.svc.cluster.local';
const SECOND = 'gateway.second.svc.cluster.local';
export const BACKEND = 'backend.shop.svc.cluster.local';
export const OTHER = 'other.shop.svc.cluster.local';

const BARE = { labels: { 'app': 'backend', 'sidecar.istio.io/inject': 'false' } };

const toHosts = (hosts: readonly string[]) => ({ route: hosts.map((host) => ({ destination: { host }, weight: 100 / hosts.length })) });

/** How the gateway is. */
interface GatewayOptions {
  /** Where it sends calls. */
  readonly onward?: string;
  /** Whether it sends them to a second gateway, which sends them there. */
  readonly isFirst?: boolean;
  /** Whether it sends some calls to a second server instead. */
  readonly isSplit?: boolean;
  /** Whether the route from it is in a VirtualService of its own. */
  readonly isApart?: boolean;
  /** Whether the server behind it has no sidecar. */
  readonly isBare?: boolean;
  /** The requests that arrive at it, in the order of decisions. */
  readonly arrivals?: InboundRequest[];
  /** Whether it makes calls of its own, which no data plane of the model decides. */
  readonly calls?: boolean;
}

/** Clients call a host, which their sidecars send to the gateway, and the gateway to a backend: the manifests, and what they need to be a mesh. */
export function gatewayManifests(more: unknown[] = [], options: GatewayOptions = {}) {
  const { onward = BACKEND, isFirst = false, isSplit = false, isApart = false, isBare = false, arrivals = [], calls = true } = options;
  const route = virtualService('egress/shop', {
    hosts: [HOST],
    gateways: [...isApart ? [] : ['mesh'], 'egress/gateway', 'second/gateway'],
    http: [
      ...isApart ? [] : [{ match: [{ gateways: ['mesh'] }], ...toHost(GATEWAY) }], { match: [{ gateways: ['egress/gateway'] }], ...toHosts(isFirst ? [SECOND] : isSplit ? [onward, OTHER] : [onward]) },
      { match: [{ gateways: ['second/gateway'] }], ...toHost(onward) },
    ],
  });
  const labels = { 'app': 'gateway', 'security.istio.io/tlsMode': 'istio' };
  const annotations = { 'inject.istio.io/templates': 'gateway' };
  const gateways = ['egress', ...isFirst ? ['second'] : []].flatMap((space) =>
    [injected(space), deployment(`${space}/gateway`, { annotations, labels }), service(`${space}/gateway`, ['http:80'])]);
  const objects = [
    injected('web', 'shop'), ['one', 'two', 'three'].map((name) => deployment(`web/${name}`)), deployment('shop/backend', isBare ? BARE : {}), service('shop/backend', ['http:80']),
    isSplit ? [deployment('shop/other'), service('shop/other', ['http:80'])] : [],
    gateways,
    serviceEntry('web/shop', { hosts: [HOST], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], resolution: 'DNS' }), route,
    isApart ? virtualService('web/shop', { hosts: [HOST], http: [toHost(GATEWAY)] }) : [],
    peerAuthentication('istio-system/default', mode('STRICT')), more,
  ];
  return { objects, options: { dataPlanes: egressGateway([route], arrivals, calls) } };
}

/** The mesh of these. */
export function gatewayWorld(...given: Parameters<typeof gatewayManifests>): Mesh {
  const { objects, options } = gatewayManifests(...given);
  return mesh(objects, options);
}
