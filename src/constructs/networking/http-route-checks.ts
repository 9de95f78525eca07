import { ApiObject } from 'cdk8s';
import { ResolvedBackend } from './backend';
import { qualifiedHost } from './destination-host';
import { audienceOf } from './export-to';
import { SubsetOwner } from './subset';
import { refusalMessage } from '../../findings/refusal';
import { MeshFacts } from '../../integration/mesh-facts';
import { AppCheck, foreignObjects, textsIn } from '../app-check';
import { Refuse } from '../refuse';

const INT32 = 2 ** 31 - 1;

/** Rejects backends that a route can't use, wherever they stand. */
export function checkBackend({ host, owner }: ResolvedBackend, refuse: Refuse): void {
  if (owner?._clients) {
    throw refuse({
      code: 'API038',
      field: 'http.route',
      actual: `to a subset of ${owner.node.path}, which is for specific clients`,
      expected: 'a subset of a Destination for all clients',
      because: 'the route applies to all clients, and those without the subset get 503 errors',
      fix: "define the subset in a Destination without 'client' too",
    });
  }
  checkRoutedHost(host, refuse);
}

/** Rejects a route for every host, and requests to every host. */
export function checkRoutedHost(host: string, refuse: Refuse): void {
  if (host !== '*') return;
  throw refuse({
    code: 'API022',
    field: 'hosts',
    actual: "'*'",
    expected: 'one host, or a name whose first label is *',
    because: 'istiod rejects a route for every host',
    fix: 'create a Destination for one host',
  });
}

/** Rejects subsets of one host from several Destinations: a client sees those of one of them. */
export function checkOwners(owners: readonly SubsetOwner[], refuse: Refuse): void {
  for (const { host } of owners) {
    const rivals = owners.filter((owner) => owner.host === host);
    if (rivals.length === 1) continue;
    throw severalDestinations(rivals, 'a client sees the subsets of only one rule', 'define the subsets in one Destination', refuse);
  }
}

/** The error for subsets of several Destinations where there must be one. */
export function severalDestinations(owners: readonly SubsetOwner[], because: string, fix: string, refuse: Refuse): Error {
  return refuse({
    code: 'API038',
    field: 'http.route',
    actual: `to subsets of ${owners.map(({ host, node }) => `${host} (${node.path})`).join(' and ')}`,
    expected: 'subsets of one Destination',
    because,
    fix,
  });
}

/** Rejects weights that the API server or istiod rejects, and what is only for mirrors. */
export function checkWeights(to: readonly ResolvedBackend[], refuse: Refuse): void {
  const refused = (actual: string, because: string, fix: string) => refuse({
    code: 'API037',
    field: 'http.route.weight',
    actual,
    expected: `an integer from 0 to ${INT32} for each backend, more than 0 for at least one`,
    because,
    fix,
  });
  for (const { shown, weight, percentage } of to) {
    if (percentage !== undefined) throw misplaced('percentage', `for '${shown}' in 'to'`, "pass 'weight', or move it to 'mirrors'", refuse);
    if (weight === undefined && to.length > 1) {
      throw refused(`missing for '${shown}'`, 'Istio sends no requests to a backend without a weight', 'pass a weight for each backend');
    }
    if (weight === undefined || (Number.isInteger(weight) && weight >= 0 && weight <= INT32)) continue;
    throw refused(`${weight} for '${shown}'`, 'the API server and istiod reject other values', 'pass a number in this range');
  }
  if (to.length > 0 && to.every(({ weight }) => weight === 0)) {
    throw refused('0 for all', 'istiod rejects it for several backends, and Istio ignores the weight of a single one',
      'pass a weight for one');
  }
}

/** Rejects a weight of a mirror: each mirror gets its own share. */
export function checkMirrors(mirrors: readonly ResolvedBackend[], refuse: Refuse): void {
  for (const { shown, weight } of mirrors) {
    if (weight !== undefined) throw misplaced('weight', `for '${shown}' in 'mirrors'`, "pass 'percentage', or move it to 'to'", refuse);
  }
}

function misplaced(option: string, where: string, fix: string, refuse: Refuse): Error {
  return refuse({
    code: 'API037',
    field: `http.${option === 'weight' ? 'mirrors' : 'route'}.${option}`,
    actual: `given ${where}`,
    expected: "'weight' in 'to', 'percentage' in 'mirrors'",
    because: 'it would be ignored',
    fix,
  });
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
 * Reports conflicts between the VirtualServices of a mesh, from this library or not, at synth.
 *
 * For one host and gateway, a proxy uses the oldest VirtualService that is private to its namespace, otherwise the oldest
 * that is exported to it by name, otherwise the oldest public one. So only those of one kind conflict; public ones in all
 * namespaces.
 */
export const virtualServices = new AppCheck<Routes>((own, { facts }) => {
  const errors: string[] = [];
  const taken = new Map<string, Routes>();
  for (const routes of foreignRoutes(facts, own)) for (const key of keysOf(routes)) taken.set(key, routes);
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
    code: 'API039',
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

function foreignRoutes(mesh: MeshFacts, own: readonly Routes[]): Routes[] {
  return foreignObjects(mesh, own, { group: 'networking.istio.io', kind: 'VirtualService' }).map(({ apiObject, namespace, spec }) => ({
    apiObject,
    hosts: textsIn(spec.hosts).map((host) => qualifiedHost(host, namespace ?? '', mesh.shared('clusterDomain'))),
    namespace,
    gateways: textsIn(spec.gateways),
    exportTo: textsIn(spec.exportTo),
  }));
}
