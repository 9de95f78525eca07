import { shown } from '../../findings/safe-text';
import { ControlPlane } from '../../mesh/control-planes/control-plane';
import { selects } from '../../mesh/names/labels';
import { PeerPolicy, enforcedMode } from '../../mesh/policies/peer-authentication';
import { Evidence } from '../evidence';
import { Found } from '../mesh-finding';
import { orInherited } from '../precedence';
import { deletionOf } from '../remedies';
import { foundByRevision } from '../revisions';
import { Rule } from '../rule';

export const rootNamespaceSelector: Rule = {
  code: 'MTLS203',
  name: 'root-namespace-selector',
  severity: 'error',
  title: 'A PeerAuthentication with a selector in the root namespace never applies',
  reads: ['PeerAuthentication'],
  find: (evidence: Evidence) => foundByRevision(evidence, (plane) => findings(plane, evidence)),
};

function* findings(plane: ControlPlane, evidence: Evidence): Generator<Found> {
  const { policies, config: { rootNamespace } } = plane;
  for (const policy of policies.ignored) {
    const { object } = policy;
    yield {
      object,
      field: ['spec', 'selector'],
      actual: shown(object.spec.selector),
      expected: 'no selector, which makes the policy mesh-wide, or another namespace',
      because: `istiod ignores policies with selectors in the root namespace ${rootNamespace}: the policy applies to no workload, `
        + `neither in the mesh nor in ${rootNamespace}`,
      fix: 'move it to the namespace of the intended workloads',
      remedies: holdsAnyway(policy, plane, evidence) ? [deletionOf(object)] : [],
    };
  }
}

/** Whether all workloads that it may be meant for already have the modes that it sets. */
function holdsAnyway({ selector, mode, ports }: PeerPolicy, { policies }: ControlPlane, { mesh, servedPorts }: Evidence): boolean {
  const meant = mesh.workloads.filter(({ labels }) => selects(selector!, labels));
  return meant.length > 0 && meant.every((workload) => [ANY_OTHER, ...ports.keys(), ...servedPorts.of(workload)].every((port) => {
    const asked = orInherited(ports.get(port) ?? 'UNSET', mode);
    return asked === 'UNSET' || asked === enforcedMode(policies, workload, port).mode;
  }));
}

/** A port that no manifest names. */
const ANY_OTHER = 0;
