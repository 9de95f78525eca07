import { isShort } from './destination';
import { actionOf, ACTION_FIELDS } from './http-action';
import { divided, eachRead, Readers } from './properties';
import { AdoptedMesh, booleanOf, numberOf, Proposal, textList, textMap, stringOf } from './proposal';
import { qualifiedHost } from '../../constructs/networking/destination-host';
import { isMapping, Mapping, mapping, mappings } from '../../manifests/mapping';
import { KnownFields } from '../comparison';
import { CallExpression, Expression, FieldExpressions, options } from '../expression';

const DESTINATION: KnownFields = { host: true, subset: true, port: { number: true } };

/** Header names may be any. */
const MATCH: KnownFields = {
  uri: true,
  ignoreUriCase: true,
  method: true,
  authority: true,
  headers: true,
  withoutHeaders: true,
  queryParams: true,
  port: true,
  sourceLabels: true,
  sourceNamespace: true,
};

/** What of a VirtualService's spec is adopted. */
export const ROUTE_FIELDS: KnownFields = {
  hosts: true,
  gateways: true,
  exportTo: true,
  http: [{
    match: [MATCH],
    route: [{ destination: DESTINATION, weight: true }],
    mirrors: [{ destination: DESTINATION, percentage: { value: true } }],
    ...ACTION_FIELDS,
  }],
};

/** A Destination that a route may lead to. */
export interface KnownDestination {
  readonly namespace: string;
  /** In full. */
  readonly host: string;
  readonly isShort: boolean;
  readonly subsets: readonly string[];
  /** The name of its variable. */
  readonly variable: string;
}

/** The Destination that a DestinationRule is, if a route can lead to it. */
export function knownDestination(
  { metadata, spec }: Mapping, variable: string, { clusterDomain }: AdoptedMesh,
): KnownDestination | undefined {
  const { host, subsets, workloadSelector } = mapping(spec);
  const { namespace } = mapping(metadata);
  if (typeof host !== 'string' || typeof namespace !== 'string' || workloadSelector !== undefined) return undefined;
  const names = mappings(subsets).flatMap(({ name }) => stringOf(name) ?? []);
  return { namespace, host: qualifiedHost(host, namespace, clusterDomain), isShort: isShort(host), subsets: names, variable };
}

/** Where requests go, or copies of them. */
interface Target {
  /** In full. */
  readonly host: string;
  readonly subset?: string;
  readonly port?: number;
  readonly entry: Mapping;
}

/**
 * A VirtualService that sends the requests of a host to its subsets or the host itself, or redirects them.
 *
 * @returns a text: why it is none
 */
export function routeProposal(
  { metadata, spec }: Mapping, destinations: readonly KnownDestination[], { clusterDomain }: AdoptedMesh,
): Proposal | string {
  const { name, namespace: written } = mapping(metadata);
  const { gateways, exportTo } = mapping(spec);
  const namespace = String(written);
  const read = readRoutes(mapping(spec), (host) => qualifiedHost(host, namespace, clusterDomain));
  if (typeof read === 'string') return read;
  const { host, routes, rest, to } = read;
  const full = qualifiedHost(host, namespace, clusterDomain);
  if (to.some((target) => target.host !== full)) {
    return 'it routes to other hosts than its own, and adopt writes HttpRoute only for one host and its subsets';
  }
  const subsets = to.filter(({ subset }) => subset !== undefined);
  const destination = subsets.length === 0 ? undefined : destinationOf(full, subsets, namespace, destinations);
  if (subsets.length > 0 && !destination) {
    return `no Destination of its host has ${new Set(subsets.map(({ subset }) => subset)).size === 1 ? 'its subset' : 'its subsets'}`;
  }
  const mirrored = mirrorsBy(namespace, destination, destinations);
  const [rules, others] = [routes.map((route) => routeOf(route, destination, mirrored)), routeOf(rest, destination, mirrored)];
  if (typeof others === 'string') return others;
  const wrong = rules.find((rule): rule is string => typeof rule === 'string');
  if (wrong !== undefined) return wrong;
  const usual = destination !== undefined && destination.isShort && destination.namespace === namespace;
  return {
    construct: 'HttpRoute',
    props: {
      name: stringOf(name),
      host: destination ? undefined : host,
      namespace: destination === undefined || destination.namespace === namespace ? undefined : namespace,
      shortHost: isShort(host) === usual ? undefined : isShort(host),
      rules: rules.length === 0 ? undefined : rules as readonly FieldExpressions[],
      ...others,
      port: to[0]?.port,
      gateways: textList(gateways),
      exportTo: textList(exportTo),
    },
  };
}

/** The routes of a VirtualService for one host. */
interface HostRoutes {
  readonly host: string;
  /** Those with a match. */
  readonly routes: readonly LedRoute[];
  /** The one for all other requests. */
  readonly rest: LedRoute;
  /** The targets of all of them, without those of mirrors. */
  readonly to: readonly Target[];
}

/** @returns a text: why an HttpRoute can't have these routes */
function readRoutes({ hosts, http }: Mapping, inFull: (host: string) => string): HostRoutes | string {
  const [host, ...otherHosts] = textList(hosts) ?? [];
  const routes = mappings(http).map((route) => ({
    route, to: targetsOf(route.route, inFull), mirrors: targetsOf(route.mirrors, inFull),
  }));
  const rest = routes.pop();
  if (host === undefined || otherHosts.length > 0) return 'it doesn\'t have exactly one host, as HttpRoute does';
  if (rest === undefined || rest.route.match !== undefined) return 'it has no route for all other requests, but HttpRoute requires one';
  if (routes.some(({ route }) => route.match === undefined)) {
    return 'it has routes that no request reaches, but HttpRoute can\'t have any';
  }
  const all = [...routes, rest];
  const to = all.flatMap((route) => route.to);
  if (all.some((route) => route.to.length === 0 && route.route.redirect === undefined)) {
    return 'it has a route without a destination, which HttpRoute can\'t have';
  }
  if ([...all.filter((route) => !isToHost(route)).flatMap((route) => route.to), ...all.flatMap(({ mirrors }) => mirrors)]
    .some(({ subset }) => subset === undefined)) {
    return 'it also routes to several destinations without a subset, and adopt writes HttpRoute only for one host and its subsets';
  }
  return { host, routes, rest, to };
}

/** Whether a route leads to one host as a whole. */
function isToHost({ to: [target, ...others] }: LedRoute): boolean {
  return target !== undefined && others.length === 0 && target.subset === undefined && target.entry.weight === undefined;
}

function targetsOf(entries: unknown, inFull: (host: string) => string): readonly Target[] {
  return mappings(entries).map((entry) => {
    const { host, subset, port } = mapping(entry.destination);
    return { host: inFull(stringOf(host) ?? ''), subset: stringOf(subset), port: numberOf(mapping(port).number), entry };
  });
}

/** The Destination that has all subsets of a host, rather one of the route's own namespace. */
function destinationOf(
  host: string, targets: readonly Target[], namespace: string, known: readonly KnownDestination[],
): KnownDestination | undefined {
  const able = known.filter((one) => one.host === host && targets.every(({ subset }) => one.subsets.includes(subset!)));
  return able.find((one) => one.namespace === namespace) ?? able[0];
}

/** Copies of requests go to the route's own Destination, if it is for their host. */
function mirrorsBy(namespace: string, own: KnownDestination | undefined, destinations: readonly KnownDestination[]): Find {
  return (target) => destinationOf(target.host, [target], namespace, [...own?.host === target.host ? [own] : [], ...destinations]);
}

/** A route, and where it leads to. */
interface LedRoute {
  readonly route: Mapping;
  readonly to: readonly Target[];
  readonly mirrors: readonly Target[];
}

/** Finds the Destination of a target. */
type Find = (target: Target) => KnownDestination | undefined;

/** A route's properties, or why it has none. */
function routeOf({ route, to, mirrors }: LedRoute, destination: KnownDestination | undefined, mirrored: Find): FieldExpressions | string {
  const copies = mirrors.map((mirror) => ({ mirror, found: mirrored(mirror) }));
  if (copies.some(({ found }) => found === undefined)) return 'no Destination has the subset that requests are mirrored to';
  const { match } = route;
  const matches = match === undefined ? undefined : mappings(match).map(matchOf);
  const action = actionOf(route);
  if (matches?.includes(undefined) === true || action === undefined) {
    return 'its matches, faults or timeouts are written differently than HttpRoute would write them';
  }
  return {
    matches: matches as readonly FieldExpressions[] | undefined,
    to: destination && to.some(({ subset }) => subset !== undefined)
      ? to.map(({ subset, entry }) => backendOf(destination, subset, { weight: numberOf(entry.weight) }))
      : undefined,
    ...action,
    mirrors: route.mirrors === undefined ? undefined : copies.map(({ mirror, found }) => (
      backendOf(found!, mirror.subset, { percentage: numberOf(mapping(mirror.entry.percentage).value) }))),
  };
}

function backendOf({ variable }: KnownDestination, subset: string | undefined, share: FieldExpressions): CallExpression {
  return CallExpression.of('Backend.subset', CallExpression.of(`${variable}.subset`, subset), options(share));
}

const WAYS = ['exact', 'prefix', 'regex'];

/** A StringMatch; undefined: it is none. */
function compared(value: unknown): CallExpression | undefined {
  if (!isMapping(value)) return undefined;
  const [entry, ...others] = Object.entries(value);
  if (entry === undefined) return CallExpression.of('StringMatch.present');
  const [way, text] = entry;
  return others.length === 0 && WAYS.includes(way) && typeof text === 'string' ? CallExpression.of(`StringMatch.${way}`, text) : undefined;
}

const comparedEach = (value: unknown): Expression | undefined => eachRead(value, compared);

const MATCHES: Readers = {
  uri: compared,
  ignoreUriCase: booleanOf,
  method: compared,
  authority: compared,
  headers: comparedEach,
  withoutHeaders: comparedEach,
  queryParams: comparedEach,
  port: numberOf,
  sourceLabels: textMap,
  sourceNamespace: stringOf,
};

function matchOf(match: Mapping): FieldExpressions | undefined {
  const { properties, others } = divided(match, MATCHES);
  return others === undefined ? properties : undefined;
}
