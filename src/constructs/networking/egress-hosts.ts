import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { CalledService, hostsOfEntry, isServiceEntry, qualifiedHost, qualifiedServiceHost } from './destination-host';
import { MeshFacts } from '../../integration/mesh-facts';
import { OfSynth } from '../../integration/once-per-synth';
import { grouped } from '../../mesh/collections';
import { isWildcard, isWithin } from '../../mesh/names/hosts';
import { foreignObjects, textsIn } from '../app-check';

/** The facts of a mesh by which hosts are listed. */
const FACTS = ['rootNamespace', 'clusterDomain'] as const;

/** Notes that a Sidecar at a path uses these facts, and returns them. */
export function readHostFacts(scope: IConstruct, path: string): Readonly<Record<typeof FACTS[number], string>> {
  const [rootNamespace, clusterDomain] = FACTS.map((fact) => MeshFacts.of(scope).read(fact, { kind: 'Sidecar', path }));
  return { rootNamespace, clusterDomain };
}

/**
 * The hosts that a Sidecar lists, as `namespace/host`: those of the services, the given ones, and the whole root namespace, of which
 * other entries would be redundant.
 */
export function egressHosts(sidecar: ApiObject, services: readonly CalledService[], hosts: readonly string[] = []): string[] {
  const mesh = MeshFacts.of(sidecar);
  const [rootNamespace, clusterDomain] = FACTS.map((fact) => mesh.shared(fact));
  const called = [...services.flatMap((service) => entriesOf(service, clusterDomain)), ...hosts];
  const others = [...called, ...routesOf(called, mesh)].filter((entry) => !entry.startsWith(`${rootNamespace}/`));
  return [...new Set([...others, `${rootNamespace}/*`])];
}

/** A host of a VirtualService. */
interface Route {
  readonly namespace: string;
  /** Its full name. */
  readonly host: string;
  /** Its place among all. */
  readonly place: number;
}

/** The routes of a mesh, in its order. */
interface MeshRoutes {
  readonly all: readonly Route[];
  readonly byHost: ReadonlyMap<string, readonly Route[]>;
  readonly wildcards: readonly Route[];
}

const ROUTES = new OfSynth<MeshRoutes>((mesh) => {
  const domain = mesh.shared('clusterDomain');
  const found = foreignObjects(mesh, [], { group: 'networking.istio.io', kind: 'VirtualService' }).flatMap(({ namespace, spec }) => (
    namespace === undefined ? [] : textsIn(spec.hosts).map((host) => ({ namespace, host: qualifiedHost(host, namespace, domain) }))));
  const all = found.filter(({ host }) => host !== '*').map((route, place) => ({ ...route, place }));
  return { all, byHost: grouped(all, ({ host }) => host), wildcards: all.filter(({ host }) => isWildcard(host)) };
});

/**
 * An entry imports only from its namespace, but a route for the host may be in another one. A route for a wildcard is imported by the
 * called hosts that it covers: the wildcard itself would import Services that aren't called.
 */
function routesOf(called: readonly string[], mesh: MeshFacts): string[] {
  const hosts = new Set(called.map((entry) => entry.slice(entry.indexOf('/') + 1)).filter((host) => host !== '*'));
  return routesAround(hosts, ROUTES.of(mesh))
    .flatMap(({ namespace, host }) => narrowed(host, hosts).map((one) => `${namespace}/${one}`));
}

/** Those that may be for called hosts, in the order of the mesh. */
function routesAround(called: ReadonlySet<string>, { all, byHost, wildcards }: MeshRoutes): readonly Route[] {
  if ([...called].some(isWildcard)) return all;
  const found = new Set([...[...called].flatMap((host) => byHost.get(host) ?? []), ...wildcards]);
  return [...found].sort((one, other) => one.place - other.place);
}

/** The called hosts that a route is for, or its own where a called wildcard covers it. */
function narrowed(route: string, called: ReadonlySet<string>): string[] {
  if (called.has(route)) return [route];
  const all = [...called];
  return all.some((host) => isWithin(route, host)) ? [route] : isWildcard(route) ? all.filter((host) => isWithin(host, route)) : [];
}

function entriesOf({ object, name, namespace }: CalledService, clusterDomain: string): string[] {
  const hosts = object && isServiceEntry(object) ? hostsOfEntry(object) : [qualifiedServiceHost(name, namespace!, clusterDomain)];
  return hosts.map((host) => `${namespace}/${host}`);
}
