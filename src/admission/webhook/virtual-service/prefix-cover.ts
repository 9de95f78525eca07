import { describeRoute, warnOfMatch } from './unreachable-match';
import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';

const TEXTS = ['headers', 'queryParams', 'withoutHeaders'];

/** How many earlier matches are told that cover one: more say nothing new. */
const MOST_TOLD = 5;

/** How many earlier matches with prefixes around its own a match is compared with. */
const MOST_COMPARED = 1000;

/** A match with a prefix, and its place. */
interface Used {
  readonly route: number;
  readonly place: number;
  readonly match: any;
}

/** Warns of HTTP matches whose uri prefix and all else an earlier match covers; `used` are places of route and match. */
export function warnOfCoveredPrefixes(at: Objections, routes: readonly any[], used: readonly (readonly [number, number])[]): void {
  const groups = new Map<string, Prefixes>();
  for (const [route, place] of used) {
    const match = routes[route].match[place];
    if (!match.uri?.prefix) continue;
    const key = groupOf(match);
    let earlier = groups.get(key);
    if (!earlier) groups.set(key, earlier = new Prefixes());
    const covering = earlier.around(match.uri.prefix).filter((one) => covers(one.match, match)).slice(0, MOST_TOLD);
    for (const one of covering) warnOfMatch(at.at(route, 'match', place), `the prefix ${shown(one.match.uri.prefix)} of ${describeRoute(routes, one.route)}`);
    earlier.add({ route, place, match });
  }
}

/** What two matches must have in common for one to cover the other: so only those of one group are compared. */
function groupOf({ port, ...match }: any): string {
  return JSON.stringify([port ?? 0, ...TEXTS.map((field) => Object.keys(match[field] ?? {}).sort())]);
}

/** Matches by their prefixes, which are found by the beginnings of another prefix. */
class Prefixes {
  private readonly byPrefix = new Map<string, (Used & { readonly order: number })[]>();
  private readonly lengths = new Set<number>();
  private size = 0;

  add(used: Used): void {
    const { prefix } = used.match.uri;
    let same = this.byPrefix.get(prefix);
    if (!same) this.byPrefix.set(prefix, same = []);
    this.lengths.add(prefix.length);
    same.push({ ...used, order: this.size++ });
  }

  /** Those whose prefix a longer one begins with, the first first. */
  around(prefix: string): readonly Used[] {
    const found: (Used & { readonly order: number })[] = [];
    for (const length of this.lengths) {
      if (length >= prefix.length) continue;
      const same = this.byPrefix.get(prefix.slice(0, length)) ?? [];
      found.push(...same.slice(0, MOST_COMPARED - found.length));
    }
    return found.sort((left, right) => left.order - right.order);
  }
}

/** What istiod takes for covering: it compares texts by their beginning, an exact match with a prefix not at all. */
function covers(earlier: any, later: any): boolean {
  return (textOf(earlier.method) || 'exact:GET').startsWith(textOf(later.method) || 'exact:GET')
    && textOf(earlier.authority).startsWith(textOf(later.authority))
    && TEXTS.every((field) => coversAll(earlier[field] ?? {}, later[field] ?? {}));
}

function coversAll(earlier: any, later: any): boolean {
  return Object.keys(earlier).every((name) => textOf(earlier[name]).startsWith(textOf(later[name])));
}

function textOf(match: any): string {
  if (match?.exact) return `exact:${match.exact}`;
  return match?.prefix ? `prefix:${match.prefix}` : '';
}
