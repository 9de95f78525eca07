import { shown } from '../../findings/safe-text';
import { ControlPlane } from '../../mesh/control-planes/control-plane';
import { MeshObject, objectText } from '../../mesh/inventory/object';
import { Evidence } from '../evidence';
import { Found } from '../mesh-finding';
import { isChance, saysTheSame, widePairs } from '../precedence';
import { deletionOf } from '../remedies';
import { foundByRevision } from '../revisions';
import { Rule } from '../rule';

export const secondNamespacePolicy: Rule = {
  code: 'MTLS201',
  name: 'second-namespace-policy',
  severity: 'warning',
  title: 'A second namespace-wide or mesh-wide PeerAuthentication is ignored',
  reads: ['PeerAuthentication'],
  * find(evidence: Evidence) {
    const counting = new Set([...evidence.planes.keys()].flatMap(({ policies }) => policies.wide.map(({ winner }) => winner!.object)));
    yield* foundByRevision(evidence, (plane) => findings(plane, counting));
  },
};

/** @param counting policies that count for some revision */
function* findings(plane: ControlPlane, counting: ReadonlySet<MeshObject>): Generator<Found> {
  for (const pair of widePairs(plane.policies.wide)) {
    if (isChance(pair, plane)) continue; // MTLS209 reports it.
    const { winner, loser: { object } } = pair;
    yield {
      object,
      field: ['spec', 'selector'],
      actual: shown(object.spec.selector),
      expected: `the only PeerAuthentication without a selector in namespace ${object.namespace}`,
      because: `istiod applies only the oldest, or the first by name if equally old: here ${objectText(winner.object)}`,
      fix: `merge the two and delete ${objectText(object)}`,
      remedies: saysTheSame(pair, plane) && !counting.has(object) ? [deletionOf(object)] : [],
    };
  }
}
