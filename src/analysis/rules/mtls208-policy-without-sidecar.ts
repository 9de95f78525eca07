import { FieldPath } from '../../findings/finding';
import { shown } from '../../findings/safe-text';
import { ControlPlane } from '../../mesh/control-planes/control-plane';
import { PeerPolicy } from '../../mesh/policies/peer-authentication';
import { Workload } from '../../mesh/workloads/workload';
import { Evidence } from '../evidence';
import { Found } from '../mesh-finding';
import { injectionRemedy, namespacesOutOfMesh, refusedWebhook, unguarded } from '../missing-sidecar';
import { foundByRevision } from '../revisions';
import { Rule } from '../rule';
import { workloadsText } from '../texts';

export const policyWithoutSidecar: Rule = {
  code: 'MTLS208',
  name: 'policy-without-sidecar',
  severity: 'warning',
  title: 'A PeerAuthentication applies to workloads without a sidecar, where nothing enforces it',
  reads: ['Namespace', 'PeerAuthentication'],
  * find(evidence: Evidence) {
    for (const { policy, workloads } of evidence.policyTargets) {
      if (!asksForTls(policy)) continue;
      const bare = unguarded(evidence, workloads, isDeaf).filter((workload) => !refusedWebhook(evidence, workload)); // See MTLS402.
      if (bare.length > 0) {
        yield found(policy, bare, ['spec', 'selector', 'matchLabels'], 'labels of workloads with a sidecar',
          'inject sidecars into the workloads');
      }
    }
    const outside = namespacesOutOfMesh(evidence);
    if (outside.size > 0) yield* foundByRevision(evidence, (plane) => ofNamespaces(plane, evidence, outside));
  },
};

function* ofNamespaces(
  { config: { rootNamespace }, policies }: ControlPlane, evidence: Evidence, outside: ReadonlySet<string>,
): Generator<Found> {
  for (const { winner } of policies.wide) {
    const { namespace } = winner!.object;
    if (namespace === rootNamespace || !asksForTls(winner!) || !outside.has(namespace)) continue;
    if (evidence.mesh.coverage.mayHoldMoreServers(namespace)) continue;
    const remedy = injectionRemedy(evidence, evidence.namespaceNamed(namespace)!);
    yield found(winner!, evidence.workloadsIn(namespace), ['spec', 'mtls'], 'a namespace whose workloads have sidecars', remedy);
  }
}

function asksForTls({ mode, ports }: PeerPolicy): boolean {
  return [mode, ...ports.values()].some((asked) => asked === 'STRICT' || asked === 'PERMISSIVE');
}

/** Whether PeerAuthentications have no effect on a workload. */
function isDeaf({ proxy }: Workload): boolean {
  return proxy.enforces('PeerAuthentication') === false;
}

function found({ object, selector }: PeerPolicy, bare: readonly Workload[], field: FieldPath, expected: string, remedy?: string): Found {
  const [{ proxy }] = bare;
  const isGateway = proxy.forwards === true;
  const reason = isGateway ? 'a gateway follows the servers of its Gateway instead' : proxy.because;
  return {
    object,
    field,
    actual: shown(selector ?? object.spec.mtls),
    expected,
    because: `no sidecar enforces it for ${workloadsText(bare)}: ${reason}`,
    fix: isGateway ? 'set the gateway\'s TLS in its Gateway, and delete the policy' : `${remedy ? `${remedy}, or ` : ''}delete the policy`,
  };
}
