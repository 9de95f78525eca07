import { shown } from '../../findings/safe-text';
import { AuthorizationPolicy } from '../../mesh/authorization/policy';
import { EffectiveMeshConfig } from '../../mesh/config/mesh-config';
import { ControlPlane } from '../../mesh/control-planes/control-plane';
import { objectText } from '../../mesh/inventory/object';
import { isEmpty, selects } from '../../mesh/names/labels';
import { Workload } from '../../mesh/workloads/workload';
import { Evidence } from '../evidence';
import { Found } from '../mesh-finding';
import { unguarded } from '../missing-sidecar';
import { foundByRevision } from '../revisions';
import { Rule } from '../rule';
import { workloadsText } from '../texts';

export const authorizationWithoutProxy: Rule = {
  code: 'MTLS509',
  name: 'authorization-without-proxy',
  severity: 'error',
  title: 'An AuthorizationPolicy selects workloads without a proxy to enforce it',
  reads: ['AuthorizationPolicy'],
  find: (evidence: Evidence) => foundByRevision(evidence, (plane) => findings(plane, evidence)),
};

function* findings({ authorization, config }: ControlPlane, evidence: Evidence): Generator<Found> {
  for (const policy of authorization.all) {
    const bare = unguarded(evidence, selectedBy(policy, config, evidence), ({ proxy }) => proxy.enforces('AuthorizationPolicy') === false);
    if (bare.length === 0) continue;
    const [first] = bare;
    yield {
      object: policy.object,
      field: ['spec', 'selector'],
      actual: shown(policy.object.spec.selector),
      expected: 'workloads with a sidecar',
      because: `nothing enforces it for ${workloadsText(bare)}, which accepts every call: ${first.proxy.because}`,
      fix: `inject a sidecar into ${objectText(first)}`,
    };
  }
}

/** The workloads that it selects by labels: a policy for a whole namespace may be meant for others. */
function selectedBy(
  { object, selector, dryRun }: AuthorizationPolicy, { rootNamespace }: EffectiveMeshConfig, evidence: Evidence,
): readonly Workload[] {
  if (!selector || isEmpty(selector) || dryRun) return [];
  if (object.namespace !== rootNamespace) return evidence.workloadsWith(object.namespace, selector);
  return evidence.mesh.workloads.filter(({ labels }) => selects(selector, labels));
}
