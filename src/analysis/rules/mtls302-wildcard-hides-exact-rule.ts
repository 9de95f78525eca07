import { shown } from '../../findings/safe-text';
import { DecidedHop } from '../../mesh/calls/decisions';
import { MeshObject, objectText } from '../../mesh/inventory/object';
import { isWildcard } from '../../mesh/names/hosts';
import { FoundCalls } from '../calls';
import { Evidence } from '../evidence';
import { isSent, lostSettings, lostText, rulesFor } from '../precedence';
import { Rule } from '../rule';

export const wildcardHidesExactRule: Rule = {
  code: 'MTLS302',
  name: 'wildcard-hides-exact-rule',
  severity: 'warning',
  title: 'A DestinationRule for a wildcard hides the rule for the exact host',
  reads: ['DestinationRule'],
  * find(evidence: Evidence) {
    const hiding = evidence.hops.filter((way) => hiddenBy(way) !== undefined);
    for (const [object, calls] of FoundCalls.grouped(evidence.mesh, hiding, ({ hop }) => hop.rule!.object)) {
      if (evidence.mesh.coverage.isPartial(object.namespace)) continue;
      const { object: hidden, lost } = hiddenBy(calls.first)!;
      yield {
        object,
        field: ['spec', 'host'],
        actual: shown(object.spec.host),
        expected: 'hosts without a rule of their own elsewhere',
        because: 'istiod uses the first namespace with any matching rule, the client\'s before the service\'s, '
          + `even if its host is less specific: ${calls} `
          + `follow this rule, and the settings of ${objectText(hidden)} are lost: ${lost}`,
        fix: `add the settings of ${objectText(hidden)} to a rule for its host in namespace ${object.namespace}`,
        connections: calls.connections,
      };
    }
  },
};

/** The rule for the exact host that a wildcard's rule hides, if its TLS differs. */
function hiddenBy(way: DecidedHop): { object: MeshObject; lost: string } | undefined {
  const { rule } = way.hop;
  if (!rule || !isWildcard(rule.host) || !isSent(way)) return undefined;
  const exact = rulesFor(way)?.hidden.find(({ host }) => !isWildcard(host));
  const lost = exact && lostText(lostSettings(exact, rule));
  return exact && lost !== undefined ? { object: exact.object, lost } : undefined;
}
