import { ApiObject } from 'cdk8s';
import { RefusalDetails, refusalMessage } from '../../findings/refusal';
import { MeshFacts } from '../../integration/mesh-facts';
import { MESH_FOR_EACH } from '../../integration/mesh-refusals';
import { mapping } from '../../manifests/mapping';
import { AppCheck, foreignObjects } from '../app-check';

/** The parts of a PeerAuthentication by which another can conflict with it. */
interface PeerPolicy {
  /** What its author intended; undefined for an object that no construct of this library created. */
  readonly level?: 'mesh' | 'namespace' | 'workload';
  readonly apiObject: ApiObject;
  readonly namespace?: string;
  /** Empty: the policy applies to its whole namespace. */
  readonly labels: Record<string, string>;
}

/** A PeerAuthentication that a construct of this library created; its labels are read at synth. */
export interface OwnPeerPolicy {
  readonly level: 'mesh' | 'namespace' | 'workload';
  readonly apiObject: ApiObject;
  readonly namespace: string;
  readonly labels: () => Record<string, string>;
}

/** Reports conflicts between the PeerAuthentications of a mesh, from this library or not, at synth. */
export const peerPolicies = new AppCheck<OwnPeerPolicy>((own, { facts }) => {
  const rootNamespace = facts.shared('rootNamespace');
  const errors: string[] = [];
  const rivals = new Map<string, PeerPolicy>();
  for (const policy of [...foreignPolicies(facts, own), ...readLabels(own, errors)]) {
    errors.push(...misplaced(policy, rootNamespace));
    const reach = reachOf(policy, rootNamespace);
    const rival = rivals.get(reach);
    if (!rival) rivals.set(reach, policy);
    else if (policy.level) errors.push(collision(policy, rival, facts));
  }
  return errors;
});

function readLabels(own: readonly OwnPeerPolicy[], errors: string[]): PeerPolicy[] {
  const policies: PeerPolicy[] = [];
  for (const { level, apiObject, namespace, labels } of own) {
    try {
      policies.push({ level, apiObject, namespace, labels: labels() });
    } catch (error) { // a pod template without labels
      errors.push((error as Error).message);
    }
  }
  return policies;
}

/** A key for the pods that a policy selects: Istio applies only one policy of each key. */
function reachOf({ level, namespace, labels }: PeerPolicy, rootNamespace: string): string {
  const keys = Object.keys(labels).sort();
  if (level === 'mesh' || (namespace === rootNamespace && keys.length === 0)) return 'mesh';
  return [namespace, ...keys.map((key) => `${key}=${labels[key]}`)].join('\n');
}

function misplaced(policy: PeerPolicy, rootNamespace: string): string[] {
  const { level, namespace } = policy;
  if (namespace !== rootNamespace) return [];
  const refused = { ...subjectOf(policy), field: 'metadata.namespace', actual: `the root namespace '${rootNamespace}'` };
  if (level === 'workload') {
    return [refusalMessage({
      ...refused,
      code: 'API005',
      expected: 'another namespace',
      because: 'Istio never applies a policy with a selector there, not even to workloads in that namespace',
      fix: 'move the workload to another namespace, or set the mode for the whole mesh with MeshMtls',
    })];
  }
  if (level === 'namespace') {
    return [refusalMessage({
      ...refused,
      code: 'API013',
      expected: 'another namespace',
      because: 'a policy without a selector there applies to the whole mesh',
      fix: 'use MeshMtls to set the mode of the whole mesh',
    })];
  }
  return [];
}

function collision(policy: PeerPolicy, rival: PeerPolicy, mesh: MeshFacts): string {
  const other = `PeerAuthentication '${nameOf(rival.apiObject)}' (${rival.apiObject.node.path})`;
  const refused = {
    ...subjectOf(policy), because: 'Istio applies only the oldest and silently ignores the others', fix: 'remove one of the two',
  };
  if (Object.keys(policy.labels).length > 0) {
    const pods = Object.entries(policy.labels).map(([key, value]) => `${key}=${value}`).join(', ');
    return refusalMessage({
      ...refused,
      code: 'API007',
      field: 'selector.matchLabels',
      actual: `${pods}, as in ${other}`,
      expected: 'one override for each set of labels',
      fix: 'merge the two',
    });
  }
  return policy.level === 'mesh' || policy.namespace === mesh.shared('rootNamespace')
    ? refusalMessage({
      ...refused,
      code: 'API001',
      field: 'metadata',
      actual: `a second mesh-wide policy, after ${other}`,
      expected: 'one mesh-wide policy in a mesh',
      fix: mesh.istioMeshes.length === 0 ? `${refused.fix}, or ${MESH_FOR_EACH}` : refused.fix,
    })
    : refusalMessage({
      ...refused,
      code: 'API002',
      field: 'metadata',
      actual: `a second namespace-wide policy, after ${other}`,
      expected: `one namespace-wide policy in namespace '${policy.namespace}'`,
    });
}

function foreignPolicies(mesh: MeshFacts, own: readonly OwnPeerPolicy[]): PeerPolicy[] {
  return foreignObjects(mesh, own, { group: 'security.istio.io', kind: 'PeerAuthentication' })
    .map(({ apiObject, namespace, spec: { selector } }) => (
      { apiObject, namespace, labels: (mapping(selector).matchLabels ?? {}) as Record<string, string> }));
}

function nameOf({ name, metadata }: ApiObject): string {
  return [metadata.namespace, name].filter(Boolean).join('/');
}

function subjectOf({ apiObject }: PeerPolicy): Pick<RefusalDetails, 'kind' | 'name' | 'path'> {
  return { kind: apiObject.kind, name: nameOf(apiObject), path: apiObject.node.path };
}
