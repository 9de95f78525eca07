import { shown } from '../../findings/safe-text';
import { ControlPlane } from '../../mesh/control-planes/control-plane';
import { objectText } from '../../mesh/inventory/object';
import { Evidence } from '../evidence';
import { Found } from '../mesh-finding';
import { differing, inheritedMode, isChance, modeAt, orInherited, Pair, selectedPairs, widePairs } from '../precedence';
import { foundByRevision } from '../revisions';
import { Rule } from '../rule';
import { workloadsText } from '../texts';

export const creationOrder: Rule = {
  code: 'MTLS209',
  name: 'creation-order',
  severity: 'warning',
  title: 'The effective mode depends on which PeerAuthentication was created first',
  reads: ['PeerAuthentication'],
  * find(evidence: Evidence) {
    yield* foundByRevision(evidence, ofWholes);
    for (const pair of selectedPairs(evidence)) {
      if (pair.byChance) yield found(pair, evidence.planeOf(pair.workloads[0]), `both select ${workloadsText(pair.workloads)}`);
    }
  },
};

function* ofWholes(plane: ControlPlane): Generator<Found> {
  for (const pair of widePairs(plane.policies.wide)) {
    const { namespace } = pair.loser.object;
    const place = namespace === plane.config.rootNamespace ? 'the whole mesh' : `the whole of namespace ${namespace}`;
    if (isChance(pair, plane)) yield found(pair, plane, `both apply to ${place}`);
  }
}

function found(pair: Pair, plane: ControlPlane, what: string): Found {
  const { winner, loser: { object } } = pair;
  const { mode } = inheritedMode(winner, plane);
  const where = differing(winner, pair.loser, mode)!;
  const field = where === 'mtls' ? ['spec', 'mtls'] : ['spec', 'portLevelMtls'];
  const [first, second] = [winner, pair.loser].map((policy) => {
    const base = orInherited(policy.mode, mode);
    return where === 'mtls' ? base : `${modeAt(policy, where, base)} on port ${where}`;
  });
  return {
    object,
    field,
    actual: shown(object.spec[field[1]]),
    expected: `the same as in ${objectText(winner.object)}, or a single policy`,
    because: `${what}, istiod applies only the older one, and the manifests don't show which is older: `
      + `the mode is ${first} if ${objectText(winner.object)} was created first, otherwise ${second}`,
    fix: 'merge the two',
  };
}
