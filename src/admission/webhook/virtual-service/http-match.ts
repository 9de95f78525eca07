import { HTTPMatchRequest, L4MatchAttributes, StringMatch } from '../../../../imports/specs';
import { shown } from '../../../findings/safe-text';
import { Objections } from '../../objection';
import { isClaimHeader, judgeMatchedHeader } from '../values/headers';
import { isIstioDnsLabel, judgeGatewayNames } from '../values/hosts';
import { judgePort } from '../values/ports';
import { judgeRegex } from '../values/regex';
import { judgeLabels } from '../values/selectors';

/** Rejects what an HTTP route can't match. */
export function judgeHttpMatch(at: Objections, match: HTTPMatchRequest): void {
  judgeHeaders(at, match);
  judgeStringRegex(at.at('uri'), match.uri);
  for (const field of ['scheme', 'method', 'authority'] as const) judgeStringMatch(at.at(field), match[field]);
  for (const [name, value] of Object.entries(match.queryParams ?? {})) judgeStringMatch(at.at('queryParams', name), value);
  judgeSource(at.errorsOnly(), match);
  if (match.sourceNamespace && !isIstioDnsLabel(match.sourceNamespace)) objectToNamespace(at.at('sourceNamespace'), match.sourceNamespace);
}

/** Rejects invalid ports, labels or gateways in the match of any route; of gateways in TLS routes, istiod only warns. */
export function judgeSource(at: Objections, match: Pick<L4MatchAttributes, 'port' | 'sourceLabels' | 'gateways'>): void {
  if (match.port) judgePort(at.at('port'), match.port);
  judgeLabels(at.at('sourceLabels'), match.sourceLabels);
  judgeGatewayNames(at.at('gateways'), match.gateways);
}

/** Rejects a match on token claims in a VirtualService that no gateway uses: sidecars don't know claims. */
export function judgeClaims(at: Objections, match: HTTPMatchRequest): void {
  for (const field of ['headers', 'withoutHeaders'] as const) {
    for (const name of Object.keys(match[field] ?? {}).filter(isClaimHeader)) objectToClaim(at.at(field, name), name);
  }
}

function judgeHeaders(at: Objections, match: HTTPMatchRequest): void {
  for (const [name, value] of Object.entries(match.headers ?? {})) {
    judgeMatchedHeader(at.at('headers', name), name);
    judgeStringMatch(at.at('headers', name), value);
  }
  for (const [name, value] of Object.entries(match.withoutHeaders ?? {})) {
    judgeMatchedHeader(at.at('withoutHeaders', name), name);
    if (value.regex !== '*') judgeStringMatch(at.at('withoutHeaders', name), value);
  }
}

function objectToNamespace(at: Objections, namespace: string): void {
  at.error({
    code: 'ADMIT439',
    actual: shown(namespace),
    expected: 'the name of a namespace',
    because: 'no namespace has that name',
    fix: 'write the namespace of the clients',
  });
}

function objectToClaim(at: Objections, name: string): void {
  at.error({
    code: 'ADMIT441',
    actual: `the claim ${shown(name)} in a VirtualService for sidecars`,
    expected: 'gateways without \'mesh\'',
    because: 'only gateways route by the claims of a token',
    fix: 'add gateways, and move the routes for sidecars into a separate VirtualService',
  });
}

/** Rejects an invalid regex or an empty prefix; a missing match passes. */
function judgeStringMatch(at: Objections, match: StringMatch | undefined): void {
  judgeStringRegex(at, match);
  if (match?.prefix === '') objectToEmpty(at.at('prefix'), '');
}

/** The same, but an empty prefix is allowed and matches everything, as in `uri`. */
function judgeStringRegex(at: Objections, match: StringMatch | undefined): void {
  if (match?.regex !== undefined) judgeRegex(at.at('regex'), match.regex);
}

/** The same, but an exact match must not be empty either. */
export function judgeFilledStringMatch(at: Objections, match: StringMatch): void {
  const kind = (['exact', 'prefix', 'regex'] as const).find((field) => match[field] !== undefined);
  if (!kind) objectToEmpty(at, undefined);
  else if (match[kind] === '') objectToEmpty(at.at(kind), '');
  else judgeStringRegex(at, match);
}

function objectToEmpty(at: Objections, actual: string | undefined): void {
  at.error({
    code: 'ADMIT439',
    actual: shown(actual),
    expected: 'a text to match',
    because: 'Envoy refuses to match nothing',
    fix: 'write the string, or remove the match to match everything',
  });
}
