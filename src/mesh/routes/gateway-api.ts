import { CallKind, Route, ToldDestination } from './route';
import { integer, Mapping, mapping, mappings, text } from '../../manifests/mapping';
import { grouped } from '../collections';
import { isOf, KIND } from '../inventory/kinds';
import { MeshObject } from '../inventory/object';
import { HostContext, serviceHost } from '../names/hosts';
import { Service } from '../services/service';

/** The Gateway API kinds that route calls, and the protocols of those calls. */
type RouteKind = 'HTTPRoute' | 'GRPCRoute' | 'TCPRoute' | 'TLSRoute';

const CALLS: Readonly<Record<RouteKind, CallKind>> = { HTTPRoute: 'http', GRPCRoute: 'http', TCPRoute: 'tcp', TLSRoute: 'tls' };

export const GATEWAY_API_ROUTES = Object.keys(CALLS) as readonly RouteKind[];

/** The target of a Gateway API reference. */
interface Referred extends HostContext {
  readonly kind: 'Service' | 'ServiceEntry';
  readonly name: string;
}

/** The services of a mesh, by the objects that define them and by host. */
export interface KnownServices {
  readonly services: readonly Service[];
  readonly byHost: ReadonlyMap<string, readonly Service[]>;
}

/**
 * The routes of Gateway API objects for sidecars: one for each parent that is a Service or ServiceEntry. The model
 * knows which calls they may match, but not where they send them. Routes on gateways don't affect sidecars.
 */
export function gatewayApiRoutes(objects: readonly MeshObject[], known: KnownServices): readonly Route[] {
  const rivals = rivalsAmong(objects);
  return objects.filter(hasRules).flatMap((object) => mappings(object.spec.parentRefs).flatMap((parent) => {
    const referred = referredBy(parent, { ...object, namespace: text(parent.namespace) ?? object.namespace });
    const hosts = referred ? hostsOf(referred, known).filter((host) => isOfKind(referred, host, known)) : [];
    const isRival = rivals.has(object);
    const port = isRival ? undefined : integer(parent.port);
    return hosts.map((host) => routeFor(object, host, { port, isRival }, known));
  }));
}

/** A GRPCRoute without rules has no effect; the API server gives other routes a rule, or refuses them. */
function hasRules({ kind, spec }: MeshObject): boolean {
  return kind !== 'GRPCRoute' || mappings(spec.rules).length > 0;
}

/**
 * HTTPRoutes and GRPCRoutes of one name and namespace: istiod gives what it makes of both the same names, so that it is uncertain
 * which of the two has an effect, on any port of their parents. Where it is the other one, all clients take the next route for the host.
 * https://github.com/istio/istio/blob/master/pilot/pkg/config/kube/gateway/route_collections.go
 */
function rivalsAmong(objects: readonly MeshObject[]): ReadonlySet<MeshObject> {
  const ofHttp = objects.filter(({ kind }) => CALLS[kind as RouteKind] === 'http');
  const byName = grouped(ofHttp, ({ namespace, name }) => `${namespace}/${name}`);
  return new Set([...byName.values()].filter((same) => same.length > 1).flat());
}

/** A reference to a Service or ServiceEntry. It needs a group: the default is the Gateway API's own. */
export function referredBy({ group, kind, name }: Mapping, { namespace, clusterDomain }: HostContext): Referred | undefined {
  const isService = kind === 'Service' && (group === '' || group === 'core');
  if (!isService && !(kind === 'ServiceEntry' && group === 'networking.istio.io')) return undefined;
  return { kind: isService ? 'Service' : 'ServiceEntry', namespace, name: text(name) ?? '', clusterDomain };
}

/** The hosts of the referenced object; a missing ServiceEntry's hosts are unknown, to istiod too. */
export function hostsOf({ kind, name, namespace, clusterDomain }: Referred, { services }: KnownServices): readonly string[] {
  if (kind === 'Service') return [serviceHost(name, { namespace, clusterDomain })];
  return services.filter(({ object }) => isOf(object, KIND[kind]) && object.namespace === namespace && object.name === name)
    .map(({ host }) => host);
}

/**
 * Whether the reference's kind defines the host: a route for a Service doesn't affect a host that only ServiceEntries
 * define. istiod ignores a route whose Service is missing, but a Service that the manifests lack may be in the cluster.
 */
function isOfKind({ kind }: Referred, host: string, { byHost }: KnownServices): boolean {
  const known = byHost.get(host) ?? [];
  return kind === 'ServiceEntry' || known.length === 0 || known.some(({ registry }) => registry === 'Kubernetes');
}

/** An HTTP route applies to all clients if it is in the service's namespace, otherwise to clients in its own namespace. */
function routeFor(
  object: MeshObject, host: string, { port, isRival }: { readonly port?: number; readonly isRival: boolean }, { byHost }: KnownServices,
): Route {
  const { kind, namespace } = object;
  const calls = CALLS[kind as RouteKind];
  // At a service, a TLSRoute matches everything on the port: its hostnames don't count.
  const sni = calls === 'tls' ? '*' : undefined;
  const isForAll = calls !== 'http' || isRival || host === serviceHost(host.split('.')[0], object)
    || (byHost.get(host) ?? []).some((service) => service.namespace === namespace);
  return {
    object,
    hosts: [host.toLowerCase()],
    exactHosts: [host],
    hostTexts: [host],
    exportTo: [],
    sourceLabels: [],
    sourceNamespaces: [namespace],
    serverNames: sni === undefined ? [] : [sni],
    // Without the parent's Service, istiod ignores the route.
    destinations: byHost.has(host) ? backendsOf(object) : [],
    answer: (call) => {
      if (call.kind !== calls || (port !== undefined && port !== call.port) || !(isForAll || call.client.namespace === namespace)) {
        return undefined;
      }
      return { destinations: [], answered: false, undecided: 'gateway-api-route', sni };
    },
  };
}

/** The destinations of the route, including mirrors: proxies learn them. istiod refuses those without a port. */
function backendsOf(object: MeshObject): readonly ToldDestination[] {
  const references = mappings(object.spec.rules).flatMap(({ backendRefs, filters }) =>
    [...mappings(backendRefs), ...mappings(filters).map(({ requestMirror }) => mapping(mapping(requestMirror).backendRef))]);
  return references.flatMap((reference) => {
    const [host, port] = [backendHost(reference, object), integer(reference.port)];
    return host === undefined || port === undefined ? [] : [{ host, port, callers: [] }];
  });
}

/** A Hostname has no namespace, and a Service is named without one: istiod refuses other references. */
function backendHost({ group = '', kind = 'Service', name, namespace }: Mapping, own: HostContext): string | undefined {
  const named = text(name);
  if (group === 'networking.istio.io' && kind === 'Hostname') return namespace === undefined ? named : undefined;
  if (group !== '' || kind !== 'Service' || named === undefined || named.includes('.')) return undefined;
  return serviceHost(named, { ...own, namespace: text(namespace) ?? own.namespace });
}
