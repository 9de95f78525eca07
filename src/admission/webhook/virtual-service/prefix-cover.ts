import { describeRoute, warnOfMatch } from './unreachable-match';
import { shown } from '../../../findings/shown';
import { Objections } from '../objections';

const TEXTS = ['headers', 'queryParams', 'withoutHeaders'];

/** Warns of HTTP matches whose uri prefix and all else an earlier match covers; `used` are places of route and match. */
export function warnOfCoveredPrefixes(at: Objections, routes: readonly any[], used: readonly (readonly [number, number])[]): void {
  const matches = used.map(([route, place]) => ({ route, place, match: routes[route].match[place] }))
    .filter(({ match }) => match.uri?.prefix);
  matches.forEach((later, index) => {
    for (const earlier of matches.slice(0, index)) {
      if (earlier.match.uri.prefix === later.match.uri.prefix || !covers(earlier.match, later.match)) continue;
      const described = `the prefix ${shown(earlier.match.uri.prefix)} of ${describeRoute(routes, earlier.route)}`;
      warnOfMatch(at.at(later.route, 'match', later.place), described);
    }
  });
}

/** What istiod takes for covering: it compares texts by their beginning, an exact match with a prefix not at all. */
function covers(earlier: any, later: any): boolean {
  return later.uri.prefix.startsWith(earlier.uri.prefix)
    && (earlier.port ?? 0) === (later.port ?? 0)
    && (textOf(earlier.method) || 'exact:GET').startsWith(textOf(later.method) || 'exact:GET')
    && textOf(earlier.authority).startsWith(textOf(later.authority))
    && TEXTS.every((field) => coversAll(earlier[field] ?? {}, later[field] ?? {}));
}

function coversAll(earlier: any, later: any): boolean {
  const names = Object.keys(earlier);
  return names.length === Object.keys(later).length
    && names.every((name) => Object.hasOwn(later, name) && textOf(earlier[name]).startsWith(textOf(later[name])));
}

function textOf(match: any): string {
  if (match?.exact) return `exact:${match.exact}`;
  return match?.prefix ? `prefix:${match.prefix}` : '';
}
