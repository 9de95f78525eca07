import { shown } from '../../findings/shown';
import { ControlPlane } from '../../mesh/control-plane';
import { objectText } from '../../mesh/objects/mesh-object';
import { isChance, widePairs } from '../contests';
import { Evidence } from '../evidence';
import { foundByRevision } from '../revisions';
import { Found, Rule } from '../rule';

export const secondNamespacePolicy: Rule = {
  code: 'MTLS201',
  name: 'second-namespace-policy',
  severity: 'warning',
  title: 'A second PeerAuthentication for a whole namespace or mesh is ignored',
  find: (evidence: Evidence) => foundByRevision(evidence, findings),
};

function* findings(plane: ControlPlane): Generator<Found> {
  for (const pair of widePairs(plane.policies.wide)) {
    if (isChance(pair, plane)) continue; // MTLS209 tells it.
    const { winner, loser: { object } } = pair;
    yield {
      object,
      field: ['spec', 'selector'],
      actual: shown(object.spec.selector),
      expected: `the only PeerAuthentication without a selector in namespace ${object.namespace}`,
      because: `istiod takes the oldest, and of equally old ones the first by name, and drops the others whole: here ${objectText(winner.object)} counts`,
      fix: `merge the two, and delete ${objectText(object)}`,
    };
  }
}
