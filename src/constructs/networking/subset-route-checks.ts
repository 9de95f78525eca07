import { ApiObject } from 'cdk8s';
import { IConstruct, Node } from 'constructs';
import { qualifiedHost } from './destination-host';
import { audienceOf } from './export-to';
import { refusalMessage } from '../../findings/refusal';
import { MeshFacts } from '../../integration/mesh-facts';
import { AppCheck, foreignObjects, textsIn } from '../app-check';
import { checkMadeBy, Refuse } from '../refuse';
import { WorkloadSelection } from '../workload-selection';

const INT32 = 2 ** 31 - 1;

interface RoutedDestination {
  readonly node: Node;
  readonly host: string;
  readonly _clients?: WorkloadSelection;
}

interface RoutedSubset<D> {
  readonly subset: { readonly name: string; readonly destination: D };
  readonly weight?: number;
}

/** The one Destination of all subsets of some routes; throws if there are several, or if a route can't use it. */
export function routedDestination<D extends RoutedDestination>(routes: readonly (readonly RoutedSubset<D>[])[], refuse: Refuse): D {
  const to = routes.flat();
  for (const { subset } of to) checkMadeBy('Destination.subset', { field: 'to.subset', value: subset, member: 'destination' }, refuse);
  const destinations = [...new Set(to.map(({ subset }) => subset.destination))];
  if (destinations.length > 1) {
    throw refuse({
      code: 'MTLS038',
      field: 'http.route',
      actual: `to subsets of ${destinations.map(({ host, node }) => `${host} (${node.path})`).join(' and ')}`,
      expected: 'subsets of one Destination',
      because: 'a client sees the subsets of only one rule',
      fix: 'define the subsets in one Destination',
    });
  }
  if (destinations[0]?._clients) {
    throw refuse({
      code: 'MTLS038',
      field: 'http.route',
      actual: `to a subset of ${destinations[0].node.path}, which is for specific clients`,
      expected: 'a subset of a Destination for all clients',
      because: 'the route applies to all clients, and those without the subset get 503 errors',
      fix: "define the subset in a Destination without 'client' too",
    });
  }
  if (routes.every(({ length }) => length > 0)) {
    checkHost(destinations[0], refuse);
    return destinations[0];
  }
  throw refuse({
    code: 'MTLS037',
    field: 'http.route',
    actual: 'empty',
    expected: 'at least one subset',
    because: 'istiod rejects a route without a destination',
    fix: "add a subset to 'to'",
  });
}

/** Mirrors may be of another host than the route, but not a subset that only specific clients have. */
export function checkMirrors<D extends RoutedDestination>(mirrors: readonly RoutedSubset<D>[], refuse: Refuse): void {
  for (const mirror of mirrors) routedDestination([[mirror]], refuse);
}

function checkHost({ host }: RoutedDestination, refuse: Refuse): void {
  if (host !== '*') return;
  throw refuse({
    code: 'MTLS022',
    field: 'hosts',
    actual: "'*'",
    expected: 'one host, or a name whose first label is *',
    because: 'istiod rejects a route for every host',
    fix: 'create a Destination for one host',
  });
}

/** Rejects weights that the API server or istiod rejects. */
export function checkWeights(to: readonly RoutedSubset<RoutedDestination>[], refuse: Refuse): void {
  const refused = (actual: string, because: string, fix: string) => refuse({
    code: 'MTLS037',
    field: 'http.route.weight',
    actual,
    expected: `an integer from 0 to ${INT32} for each subset, more than 0 for at least one`,
    because,
    fix,
  });
  for (const { subset, weight } of to) {
    if (weight === undefined && to.length > 1) {
      throw refused(`missing for '${subset.name}'`, 'Istio sends no requests to a subset without a weight',
        'pass a weight for each subset');
    }
    if (weight === undefined || (Number.isInteger(weight) && weight >= 0 && weight <= INT32)) continue;
    throw refused(`${weight} for '${subset.name}'`, 'the API server and istiod reject other values', 'pass a number in this range');
  }
  if (to.every(({ weight }) => weight === 0)) {
    throw refused('0 for all', 'istiod rejects it for several subsets, and Istio ignores the weight of a single one',
      'pass a weight for one');
  }
}

/** The parts of a VirtualService by which another can conflict with it. */
interface Routes {
  readonly apiObject: ApiObject;
  readonly hosts: readonly string[];
  readonly namespace?: string;
  readonly gateways?: readonly string[];
  readonly exportTo?: readonly string[];
}

/**
 * Reports conflicts between the VirtualServices of an app, from this library or not, at synth.
 *
 * For one host and gateway, a proxy uses the oldest VirtualService that is private to its namespace, otherwise the oldest
 * that is exported to it by name, otherwise the oldest public one. So only those of one kind conflict; public ones in all
 * namespaces.
 */
export const virtualServices = new AppCheck<Routes>((own, root) => {
  const errors: string[] = [];
  const taken = new Map<string, Routes>();
  for (const routes of foreignRoutes(root, own)) for (const key of keysOf(routes)) taken.set(key, routes);
  for (const routes of own) {
    const keys = keysOf(routes);
    const rival = keys.map((key) => taken.get(key)).find(Boolean);
    if (rival) errors.push(collision(routes, rival));
    for (const key of keys) if (!taken.has(key)) taken.set(key, routes);
  }
  return errors;
});

function keysOf({ hosts, namespace = '', gateways = [], exportTo }: Routes): string[] {
  const audience = audienceOf(exportTo, namespace);
  const readers =
    audience ? [...audience].map((reader) => (reader === namespace ? `private to ${reader}` : `exported to ${reader}`)) : ['public'];
  const proxies =
    gateways.length === 0 ? ['mesh'] : gateways.map((name) => (name === 'mesh' || name.includes('/') ? name : `${namespace}/${name}`));
  return hosts.flatMap((host) => proxies.flatMap((proxy) => readers.map((reader) => JSON.stringify([host, proxy, reader]))));
}

function collision({ apiObject, namespace, hosts }: Routes, rival: Routes): string {
  return refusalMessage({
    code: 'MTLS039',
    kind: apiObject.kind,
    name: `${namespace}/${apiObject.name}`,
    path: apiObject.node.path,
    field: 'hosts',
    actual: `'${hosts.join("', '")}', as in VirtualService '${[rival.namespace, rival.apiObject.name].filter(Boolean).join('/')}' `
      + `(${rival.apiObject.node.path}), for the same clients`,
    expected: 'one VirtualService for each host and set of clients',
    because: 'Istio applies the routes of the oldest and silently ignores the others',
    fix: 'merge the two',
  });
}

function foreignRoutes(root: IConstruct, own: readonly Routes[]): Routes[] {
  return foreignObjects(root, own, { group: 'networking.istio.io', kind: 'VirtualService' }).map(({ apiObject, namespace, spec }) => ({
    apiObject,
    hosts: textsIn(spec.hosts).map((host) => qualifiedHost(host, namespace ?? '', MeshFacts.of(root).shared('clusterDomain'))),
    namespace,
    gateways: textsIn(spec.gateways),
    exportTo: textsIn(spec.exportTo),
  }));
}
