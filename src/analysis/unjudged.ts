import { numeral } from '../findings/numeral';
import { Counting, DecidedPath } from '../mesh/calls/decisions';
import { MeshChange } from '../mesh/change/mesh-change';
import { grouped } from '../mesh/collections';
import { ControlPlane } from '../mesh/control-planes/control-plane';
import { KIND } from '../mesh/inventory/kinds';
import { compareTexts, MeshObject } from '../mesh/inventory/object';
import { Mesh } from '../mesh/mesh';
import { concerns, Path, serverOf, transportOf } from '../mesh/model/path';
import { selects } from '../mesh/names/labels';
import { NetworkPolicies } from '../mesh/policies/network-policy';
import { SelectingPolicies } from '../mesh/policies/selecting-policies';
import { GATEWAY_API_ROUTES } from '../mesh/routes/gateway-api';
import { routesForGateways } from '../mesh/routes/gateway-routes';
import { hasFaults } from '../mesh/routes/virtual-service';
import { Workload } from '../mesh/workloads/workload';
import { judgedMeshOf } from '../mesh/worlds/worlds';

/** How many objects of a kind aren't checked. */
interface UnjudgedKind {
  readonly kind: string;
  readonly count: number;
}

/** Objects that decide about requests, packets and gateways, and aren't checked: a call over mutual TLS may still be refused. */
export interface Unjudged {
  /** Policies, and VirtualServices with faults, that affect connections with outcome mtls; by kind. */
  readonly objects: readonly UnjudgedKind[];
  /** The number of such connections that they affect, in the case of missing Namespaces and revisions in which it is largest. */
  readonly connections: number;
  /** Gateways and their routes: calls through gateways aren't among the connections. */
  readonly gateways: readonly UnjudgedKind[];
  /** The number of Services' ports for UDP and SCTP whose pods have sidecars: these don't capture such calls. Omitted if there are none. */
  readonly ports?: number;
}

/**
 * The objects of a mesh that aren't checked.
 *
 * @param cases what is judged, in each case of what the manifests lack
 */
export function unjudgedIn(...cases: readonly (Mesh | MeshChange)[]): Unjudged {
  const found = cases.map((judged) => unjudgedInMesh(judgedMeshOf(judged), judged.counting));
  const ports = Math.max(...found.map((one) => one.ports));
  return {
    objects: byKind(found.flatMap(({ objects }) => objects)),
    connections: Math.max(...found.map(({ connections }) => connections)),
    gateways: byKind(found.flatMap(({ gateways }) => gateways)),
    ...ports > 0 && { ports },
  };
}

/** @param counting selects the connections that count */
function unjudgedInMesh(mesh: Mesh, counting: Counting) {
  const found = new Set<MeshObject>();
  let connections = 0;
  if (OF_CONNECTIONS.some((kind) => mesh.objects.of(KIND[kind]).length > 0)) {
    const policies = new Policies(mesh);
    for (const decision of mesh.decisions.all()) {
      for (const path of decision.paths) {
        if (transportOf(path).outcome === 'mtls') connections += concerned({ decision, path }, policies, counting, found);
      }
    }
  }
  return { objects: [...found], connections, gateways: ofGateways(mesh), ports: portsBesideSidecars(mesh) };
}

/** The number of ports that sidecars of a Service's pods don't capture, since they aren't for TCP. */
function portsBesideSidecars({ registry, workloads }: Mesh): number {
  return registry.services.reduce((count, service) => {
    const { length } = service.registry === 'Kubernetes' ? service.ports.filter((port) => port.transport !== 'TCP') : NONE;
    const isServed = ({ namespace, labels, proxy }: Workload): boolean => (
      proxy.encrypts === true && namespace === service.namespace && selects(service.selector!, labels));
    return length > 0 && service.selector && workloads.some(isServed) ? count + length : count;
  }, 0);
}

const OF_CONNECTIONS = ['AuthorizationPolicy', 'RequestAuthentication', 'NetworkPolicy', 'VirtualService'] as const;

/** The number of connections on a path that such objects affect; adds these to `found`. */
function concerned({ decision, path }: DecidedPath, policies: Policies, counting: Counting, found: Set<MeshObject>): number {
  const atServer = policies.atServer(path);
  const faulty = faultOf(path);
  const count = atServer.length === 0 && !faulty ? 0 : counting.count(decision, path);
  if (count > 0) {
    for (const object of atServer) found.add(object);
    if (faulty) found.add(faulty);
  }
  return policies.network.hasEgress ? Math.max(count, leaving({ decision, path }, policies, counting, found)) : count;
}

/** The number of connections on a path that egress policies of clients affect. */
function leaving({ decision, path }: DecidedPath, policies: Policies, counting: Counting, found: Set<MeshObject>): number {
  let count = 0;
  for (const { members: workloads } of counting.sendersOf(decision, path)) {
    for (const client of workloads) {
      const own = concerns(path, client) ? policies.network.outOf(client) : NONE;
      if (own.length > 0) count++;
      for (const object of own) found.add(object);
    }
  }
  return count;
}

const NONE: readonly MeshObject[] = Object.freeze([]);

/** The policies about requests and packets. */
class Policies {
  readonly network: NetworkPolicies;
  private readonly ofPlane = new Map<ControlPlane, SelectingPolicies>();
  private readonly known = new Map<object, readonly MeshObject[]>();

  constructor(private readonly mesh: Mesh) {
    this.network = new NetworkPolicies(mesh.objects.of(KIND.NetworkPolicy));
  }

  /** The policies for calls that arrive at the end of a path. */
  atServer(path: Path): readonly MeshObject[] {
    const { endpoint } = serverOf(path);
    if (!endpoint) return NONE;
    const key = endpoint.workload ?? endpoint;
    let found = this.known.get(key);
    if (!found) {
      this.known.set(key, found = [...this.ofRequests(endpoint.workload?.proxy.revision).of(endpoint), ...this.network.into(endpoint)]);
    }
    return found;
  }

  /** @param revision undefined for the default revision */
  private ofRequests(revision: string | undefined): SelectingPolicies {
    const { planes, objects } = this.mesh;
    const plane = revision === undefined ? planes.default : planes.of(revision);
    let policies = this.ofPlane.get(plane);
    if (!policies) {
      const ofAuthorization = plane.authorization.all.filter(({ dryRun }) => !dryRun).map(({ object }) => object);
      const ofTokens = objects.of(KIND.RequestAuthentication).filter((object) => plane.reads(object));
      this.ofPlane.set(plane, policies = new SelectingPolicies([...ofAuthorization, ...ofTokens], plane.config.rootNamespace));
    }
    return policies;
  }
}

/** The VirtualService with which the client's proxy fails or delays requests. */
function faultOf({ hops: [{ route, sent: { kind } }] }: Path): MeshObject | undefined {
  return route && kind === 'http' && hasFaults(route.object) ? route.object : undefined;
}

/** Gateways, and routes that are for gateways. */
function ofGateways({ objects }: Mesh): readonly MeshObject[] {
  const routes = (['VirtualService', ...GATEWAY_API_ROUTES] as const).flatMap((kind) => objects.of(KIND[kind]));
  return [...objects.of(KIND.Gateway), ...routes.filter(routesForGateways)];
}

/** The numbers of objects, in whatever number of cases each of them is. */
function byKind(objects: readonly MeshObject[]): readonly UnjudgedKind[] {
  const each = new Map(objects.map((object) => [object.source, object])).values();
  return [...grouped(each, ({ kind }) => kind)].map(([kind, { length: count }]) => ({ kind, count }))
    .sort((one, other) => compareTexts(one.kind, other.kind));
}

/**
 * `Not checked: 3 AuthorizationPolicies and 1 RequestAuthentication, which concern 40 connections
 * called mtls; 2 Gateways; 3 VirtualServices on gateways`. Undefined if everything is checked.
 */
export function unjudgedText({ objects, connections, gateways, ports = 0 }: Unjudged): string | undefined {
  const [own, routes] = [gateways.filter(({ kind }) => kind === 'Gateway'), gateways.filter(({ kind }) => kind !== 'Gateway')]
    .map((kinds) => listed(kinds.map(({ kind, count }) => numbered(kind, count))));
  const parts = [
    ...objects.length === 0 ? [] : [`${listed(objects.map(requestsText))}, which ${isOne(objects) ? 'concerns' : 'concern'} `
      + `${numeral(connections)} connection${connections === 1 ? '' : 's'} called mtls`],
    ...own === '' ? [] : [own],
    ...routes === '' ? [] : [`${routes} on gateways`],
    ...ports === 0 ? [] : [`${numeral(ports)} Service port${ports === 1 ? '' : 's'} for UDP or SCTP, which sidecars don't capture`],
  ];
  return parts.length === 0 ? undefined : `Not checked: ${parts.join('; ')}`;
}

function requestsText({ kind, count }: UnjudgedKind): string {
  return kind === 'VirtualService' ? `the faults of ${numbered(kind, count)}` : numbered(kind, count);
}

function isOne([first, ...others]: readonly UnjudgedKind[]): boolean {
  return others.length === 0 && first.count === 1 && first.kind !== 'VirtualService';
}

/** `1 AuthorizationPolicy`, `2 AuthorizationPolicies`. */
function numbered(kind: string, count: number): string {
  return `${numeral(count)} ${count === 1 ? kind : `${kind}s`.replace(/cys$/, 'cies')}`;
}

function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join() : `${parts.slice(0, -1).join(', ')} and ${parts[parts.length - 1]}`;
}
