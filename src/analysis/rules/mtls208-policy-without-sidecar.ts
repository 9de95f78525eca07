import { FieldPath } from '../../findings/field-path';
import { shown } from '../../findings/shown';
import { PeerPolicy } from '../../mesh/server/peer-policy';
import { Workload } from '../../mesh/workloads/workload';
import { Evidence } from '../evidence';
import { namespacesOutOfMesh, refusedWebhook } from '../missing-sidecar';
import { Found, Rule } from '../rule';
import { workloadsText } from '../workloads-text';

export const policyWithoutSidecar: Rule = {
  code: 'MTLS208',
  name: 'policy-without-sidecar',
  severity: 'warning',
  title: 'A PeerAuthentication is for workloads without a sidecar, where nothing enforces it',
  * find(evidence: Evidence) {
    for (const { policy, workloads } of evidence.selections) {
      if (!asksForTls(policy)) continue;
      const bare = workloads.filter((workload) => isDeaf(workload) && !refusedWebhook(evidence, workload)); // MTLS402 tells those.
      if (bare.length > 0) yield found(policy, bare, ['spec', 'selector', 'matchLabels'], 'labels of workloads with a sidecar', 'or delete the policy');
    }
    const outside = namespacesOutOfMesh(evidence);
    for (const { winner } of evidence.plane.policies.wide) {
      const { namespace } = winner!.object;
      if (namespace === evidence.plane.config.rootNamespace || !asksForTls(winner!) || !outside.has(namespace)) continue;
      yield found(winner!, evidence.workloadsIn(namespace), ['spec', 'mtls'], 'a namespace whose workloads have sidecars',
        `by label istio-injection: enabled on namespace ${namespace}, or delete the policy`);
    }
  },
};

function asksForTls({ mode, ports }: PeerPolicy): boolean {
  return [mode, ...ports.values()].some((asked) => asked === 'STRICT' || asked === 'PERMISSIVE');
}

/** Whether PeerAuthentications mean nothing to a workload. */
function isDeaf({ proxy }: Workload): boolean {
  return proxy.kind === 'none' || proxy.kind === 'router';
}

function found({ object, selector }: PeerPolicy, bare: readonly Workload[], field: FieldPath, expected: string, otherwise: string): Found {
  const [{ proxy }] = bare;
  const reason = proxy.kind === 'router' ? 'a gateway goes by the servers of its Gateway instead' : `there is no sidecar, since ${proxy.because}`;
  return {
    object,
    field,
    actual: shown(selector ?? object.spec.mtls),
    expected,
    because: `nothing enforces it for ${workloadsText(bare)}: ${reason}`,
    fix: proxy.kind === 'router' ? 'set the gateway\'s TLS in its Gateway, and delete the policy' : `give the workloads a sidecar, ${otherwise}`,
  };
}
