import { HTTPMatchRequest, StringMatch } from '../../../../imports/specs';
import { shown } from '../../../findings/safe-text';
import { isMapping } from '../../../manifests/mapping';
import { Objections } from '../../objection';

/** A route of HTTP, TLS or TCP; matches of the latter two share some fields of an HTTP match, and have their own. */
interface Route {
  readonly name?: string;
  readonly match?: readonly HTTPMatchRequest[];
}

/** Warns of routes and matches that are unreachable because of earlier ones, as far as istiod detects it. */
export function warnOfUnreachable(at: Objections, routes: readonly Route[]): void {
  const seen = new Map<string, number>();
  let catchAll = -1;
  const used: Used[] = [];
  routes.forEach(({ match: matches = [] }, index) => {
    if (catchAll >= 0) warnOfRoute(at.at(index), `${describeRoute(routes, catchAll)} matches everything`);
    else used.push(...warnOfRepeated(at.at(index), routes, index, seen));
    if (matches.length === 0) catchAll = index;
  });
  warnOfCoveredPrefixes(at, routes, used);
}

/** Warns of a route's matches that an earlier route has; returns the others. */
function warnOfRepeated(at: Objections, routes: readonly Route[], index: number, seen: Map<string, number>): Used[] {
  const fresh: Used[] = [];
  const { match: matches = [] } = routes[index];
  matches.forEach((match, place) => {
    const identity = matchIdentity(match);
    const earlier = seen.get(identity);
    if (earlier !== undefined) return warnOfMatch(at.at('match', place), describeRoute(routes, earlier));
    seen.set(identity, index);
    fresh.push({ route: index, place, match });
  });
  if (matches.length > 0 && fresh.length === 0) warnOfRoute(at, 'earlier routes have all its matches');
  return fresh;
}

function warnOfRoute(at: Objections, reason: string): void {
  at.warning({
    code: 'ADMIT440',
    actual: `never reached: ${reason}`,
    expected: 'a route that requests can reach',
    because: 'the first route that matches is taken',
    fix: 'move the route to the front, or remove it',
  });
}

/** Map fields of a match: an empty map counts as unset, an empty message doesn't. */
const MAPS = ['headers', 'withoutHeaders', 'queryParams', 'sourceLabels'];

/** A key that is equal for matches that match the same, whatever their names. */
function matchIdentity({ name, ...match }: HTTPMatchRequest): string {
  const fields: { readonly [field: string]: unknown } = match;
  const telling = Object.keys(fields).filter((field) => tells(field, fields[field])).sort();
  return JSON.stringify(telling.map((field) => [field, sorted(fields[field])]));
}

function tells(field: string, value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (MAPS.includes(field)) return Object.keys(value as object).length > 0;
  return value !== '' && value !== 0 && value !== false;
}

function sorted(value: unknown): unknown {
  if (!isMapping(value)) return value;
  return Object.keys(value).sort().map((key) => [key, sorted(value[key])]);
}

const TEXTS = ['headers', 'queryParams', 'withoutHeaders'] as const;

/** How many earlier matches are reported as covering one: more say nothing new. */
const MOST_TOLD = 5;

/** How many earlier matches with prefixes around its own a match is compared with. */
const MOST_COMPARED = 1000;

/** A match with its position: that of its route, and that within the route. */
interface Used {
  readonly route: number;
  readonly place: number;
  readonly match: HTTPMatchRequest;
}

/** Warns of HTTP matches that an earlier match covers, in the uri prefix and everything else. */
function warnOfCoveredPrefixes(at: Objections, routes: readonly Route[], used: readonly Used[]): void {
  const groups = new Map<string, Prefixes>();
  for (const one of used) {
    const { route, place, match } = one;
    const prefix = match.uri?.prefix;
    if (!prefix) continue;
    const key = groupOf(match);
    let earlier = groups.get(key);
    if (!earlier) groups.set(key, earlier = new Prefixes());
    const covering = earlier.covering(prefix, match).slice(0, MOST_TOLD);
    for (const other of covering) {
      warnOfMatch(at.at(route, 'match', place), `the prefix ${shown(other.prefix)} of ${describeRoute(routes, other.route)}`);
    }
    earlier.add(prefix, one);
  }
}

/** What two matches must have in common for one to cover the other; only matches of one group are compared. */
function groupOf({ port, ...match }: HTTPMatchRequest): string {
  return JSON.stringify([port ?? 0, ...TEXTS.map((field) => Object.keys(match[field] ?? {}).sort())]);
}

/** A match with a prefix, in the order of the matches. */
interface Prefixed extends Used {
  readonly prefix: string;
  readonly order: number;
}

/** Matches by prefix, found through the beginnings of a longer prefix. */
class Prefixes {
  private readonly byPrefix = new Map<string, Prefixed[]>();
  private readonly lengths = new Set<number>();
  private size = 0;

  add(prefix: string, used: Used): void {
    let same = this.byPrefix.get(prefix);
    if (!same) this.byPrefix.set(prefix, same = []);
    this.lengths.add(prefix.length);
    same.push({ ...used, prefix, order: this.size++ });
  }

  /** The matches that cover one with a longer prefix, which begins with theirs, in order. */
  covering(prefix: string, match: HTTPMatchRequest): readonly Prefixed[] {
    const found: Prefixed[] = [];
    let left = MOST_COMPARED;
    for (const length of this.lengths) {
      if (length >= prefix.length) continue;
      const same = this.byPrefix.get(prefix.slice(0, length)) ?? [];
      for (let index = 0; index < same.length && left > 0; index++, left--) if (covers(same[index].match, match)) found.push(same[index]);
    }
    return found.sort((one, other) => one.order - other.order);
  }
}

type StringMatches = { readonly [name: string]: StringMatch };

/** What istiod considers covering: it compares the beginnings of texts, and never an exact match with a prefix. */
function covers(earlier: HTTPMatchRequest, later: HTTPMatchRequest): boolean {
  return (textOf(earlier.method) || 'exact:GET').startsWith(textOf(later.method) || 'exact:GET')
    && textOf(earlier.authority).startsWith(textOf(later.authority))
    && TEXTS.every((field) => coversAll(earlier[field] ?? {}, later[field] ?? {}));
}

function coversAll(earlier: StringMatches, later: StringMatches): boolean {
  return Object.keys(earlier).every((name) => textOf(earlier[name]).startsWith(textOf(later[name])));
}

function textOf(match: StringMatch | undefined): string {
  if (match?.exact) return `exact:${match.exact}`;
  return match?.prefix ? `prefix:${match.prefix}` : '';
}

/** How a warning names a route: by its name or its index. */
function describeRoute(routes: readonly Route[], index: number): string {
  return routes[index].name ? `route ${shown(routes[index].name)}` : `route ${index}`;
}

/** Warns of a match that an earlier one covers. */
function warnOfMatch(at: Objections, earlier: string): void {
  at.warning({
    code: 'ADMIT440',
    actual: `covered by ${earlier}`,
    expected: 'a match that leaves something to later ones',
    because: 'the first route that matches is taken',
    fix: 'remove the match, or move the more specific one to the front',
  });
}
