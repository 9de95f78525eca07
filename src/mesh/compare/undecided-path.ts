import { mapping, mappings, text } from '../../manifests/mapping';
import { Decision } from '../calls/decisions';
import { Mesh } from '../mesh';
import { Call } from '../model/call';
import { Path, transportOf } from '../model/path';
import { UndecidedReason } from '../model/transport';
import { isWildcard, serviceHost } from '../names/hosts';
import { Endpoint } from '../services/endpoint';
import { connectable, Service } from '../services/service';

/** Reasons with which a call may go to a server that its path doesn't name. */
const LEADS_ANYWHERE: ReadonlySet<UndecidedReason> = new Set<UndecidedReason>([
  'refused-routes', 'dns-capture', 'destination-subnets', 'delegate', 'own-listener', 'egress-proxy', 'own-dns',
]);

/** Reasons with which the client's proxy may route the call, although its path has no proxy. */
const MAY_BE_ROUTED: ReadonlySet<UndecidedReason> = new Set<UndecidedReason>(['client-proxy-unknown', 'client-proxy-not-modelled',
  'gateway-api-route', 'unknown-discovery']);

/** An undecided path, with everything that may take part in it. */
export interface UndecidedPath {
  readonly decision: Decision;
  readonly path: Path;
  readonly because: UndecidedReason;
  /** Whether any server may receive the call, since it is unknown where it goes. */
  readonly leadsAnywhere: boolean;
  /** Whether the client has a proxy, or may have one. */
  readonly isProxied: boolean;
  /** Whether a gateway forwards it, or may. */
  readonly mayPassGateway: boolean;
  /** The called host, hosts at the same addresses, and possible destinations of routes. */
  readonly hosts: ReadonlySet<string>;
  readonly services: readonly Service[];
  readonly servers: readonly Endpoint[];
}

/** The undecided paths of a mesh. */
export function undecidedPaths(mesh: Mesh): readonly UndecidedPath[] {
  const parts = new CallParts(mesh);
  const found: UndecidedPath[] = [];
  for (const decision of mesh.decisions.all()) {
    for (const path of decision.paths) {
      const { undecidedBecause } = transportOf(path);
      if (undecidedBecause !== undefined) found.push(parts.undecided(decision, path, undecidedBecause));
    }
  }
  return found;
}

interface Parts {
  readonly hosts: ReadonlySet<string>;
  readonly services: readonly Service[];
  readonly servers: readonly Endpoint[];
}

/** Finds what may take part in calls; cached for each call. */
class CallParts {
  private readonly called = new Map<Call, Parts>();
  private readonly routed = new Map<Call, Parts>();
  private readonly endpoints = new Map<Service, readonly Endpoint[]>();

  constructor(private readonly mesh: Mesh) {}

  undecided(decision: Decision, path: Path, because: UndecidedReason): UndecidedPath {
    const { hosts, services, servers } = this.partsOf(decision.call, MAY_BE_ROUTED.has(because) || LEADS_ANYWHERE.has(because));
    const ofHops = path.hops.flatMap(({ target }) => [target.host, ...target.service ? [target.service.host] : []]);
    const isListed = ofHops.every((host) => hosts.has(host));
    const [{ sender: { members: [{ proxy }] } }] = path.hops;
    return {
      decision,
      path,
      because,
      leadsAnywhere: LEADS_ANYWHERE.has(because),
      isProxied: proxy.encrypts !== false || path.hops.length > 1,
      mayPassGateway: path.hops.some(({ sender: { members: [one] } }) => one.proxy.forwards !== false),
      hosts: isListed ? hosts : new Set([...hosts, ...ofHops]),
      services: [...services, ...path.hops.flatMap(({ target: { service } }) => service ?? [])],
      servers: [...servers, ...path.hops.flatMap(({ received: { endpoint } }) => endpoint ?? [])],
    };
  }

  private partsOf(call: Call, isRouted: boolean): Parts {
    const known = isRouted ? this.routed : this.called;
    let parts = known.get(call);
    if (!parts) known.set(call, parts = isRouted ? this.routedParts(call) : this.calledParts(call));
    return parts;
  }

  private calledParts({ host, services, neighbours }: Call): Parts {
    const { registry } = this.mesh;
    const all = [...new Set([...services, ...neighbours])];
    const behind = all.flatMap(({ host: one, externalName }) =>
      (externalName === undefined ? [] : [externalName, registry.aliases.targetOf(one) ?? one]));
    const named = [...all.map((service) => service.host), ...behind];
    return { hosts: new Set([host, ...named]), services: all, servers: [] };
  }

  /** Includes the destinations of all routes for these hosts, whichever clients see them. */
  private routedParts(call: Call): Parts {
    const { registry, planes } = this.mesh;
    const { hosts: called, services } = this.partsOf(call, false);
    const routes = [...planes.inUse(this.mesh.revisions).keys()].flatMap((plane) => (
      [...called].flatMap((host) => plane.routes.touching(host))));
    const destinations = routes.flatMap(({ route }) => route.destinations.map(({ host }) => host));
    const hosts = new Set([...called, ...destinations]);
    const all = new Set([...services, ...[...new Set(destinations)].flatMap((host) => registry.byHost.get(host) ?? [])]);
    return { hosts, services: [...all], servers: [...all].flatMap((service) => this.serversOf(service)) };
  }

  private serversOf(service: Service): readonly Endpoint[] {
    let found = this.endpoints.get(service);
    if (!found) {
      const { registry } = this.mesh;
      this.endpoints.set(service, found = [...new Set(connectable(service).flatMap((port) => registry.endpointsOf(service, port)))]);
    }
    return found;
  }
}

/** The hosts that a manifest names as destinations, in a route or as a backend of the Gateway API. */
export function destinationsIn(spec: unknown, context: { readonly namespace: string; readonly clusterDomain: string }): readonly string[] {
  if (Array.isArray(spec)) return spec.flatMap((one) => destinationsIn(one, context));
  const { host, backendRefs, backendRef, ...others } = mapping(spec);
  const named = text(host) === undefined ? [] : [hostIn(text(host)!, context)];
  const backends = [...mappings(backendRefs), ...backendRef === undefined ? [] : [mapping(backendRef)]].flatMap(({ name, namespace }) =>
    (text(name) === undefined ? [] : [serviceHost(text(name)!, { ...context, namespace: text(namespace) ?? context.namespace })]));
  const nested = Object.values(others).filter((value) => typeof value === 'object').flatMap((value) => destinationsIn(value, context));
  return [...named, ...backends, ...nested];
}

function hostIn(host: string, context: { readonly namespace: string; readonly clusterDomain: string }): string {
  return host.includes('.') || isWildcard(host) ? host : serviceHost(host, context);
}
