import { Evidence } from './evidence';
import { FieldFault, podField } from './fields';
import { shown } from '../findings/safe-text';
import { REVISION } from '../mesh/config/revisions';
import { MeshObject } from '../mesh/inventory/object';
import { Labels, NO_LABELS } from '../mesh/names/labels';
import { DATAPLANE, IGNORED, INJECT, INJECTION, matchingWebhook, Webhook } from '../mesh/workloads/injection';
import { PodSource } from '../mesh/workloads/pod-template';
import { Workload } from '../mesh/workloads/workload';

/** What is left to workloads that a sidecar isn't for. */
const GUARD = 'restrict their callers with a NetworkPolicy';

/**
 * Why a workload without a sidecar has none, where that may be a mistake; undefined if it never could have one (on the host's
 * network, in a namespace of Kubernetes' own), or is left out of the mesh on purpose with its whole namespace.
 */
export function missingSidecar(evidence: Evidence, workload: Workload): FieldFault | undefined {
  const namespace = evidence.namespaceNamed(workload.namespace);
  if (workload.hostNetwork || IGNORED.has(workload.namespace) || !namespace) return undefined;
  const declines = declinedAt(workload);
  if (!declines) return ofNamespace(evidence, namespace, workload.labels);
  return matchingWebhook(namespace.labels, NO_LABELS) ? ofPod(workload, declines) : undefined;
}

/** Where a workload's pods decline a sidecar: by their label, or for want of one by their annotation; undefined if they don't. */
export function declinedAt(workload: Workload): PodSource | undefined {
  const key = INJECT in workload.labels ? 'labels' : 'annotations';
  return workload[key][INJECT] === 'false' ? podField(workload, 'metadata', key, INJECT) : undefined;
}

/** Labels of Istio's own workloads, as its charts set them. */
const OWN_LABELS: Readonly<Record<string, RegExp>> = {
  'app': /^(istiod|ztunnel|istio-cni-node)$/,
  'k8s-app': /^istio-cni-node$/,
  'app.kubernetes.io/part-of': /^istio$/,
  'istio': /^pilot$|gateway/,
  'gateway.networking.k8s.io/gateway-name': /./,
};

/** Whether a sidecar isn't for a workload: one of Istio's own, a gateway, or an agent on each node. */
export function doesWithout({ kind, labels }: Workload): boolean {
  return kind === 'DaemonSet' || Object.entries(OWN_LABELS).some(([key, value]) => value.test(labels[key] ?? ''));
}

/**
 * How a namespace is made to ask for sidecars: as the others do, by a revision where none goes without. Undefined where it
 * shouldn't: its pods are in ambient mode, or those without a proxy are none that a sidecar is for.
 */
export function injectionRemedy(evidence: Evidence, { name, labels }: MeshObject): string | undefined {
  const workloads = evidence.workloadsIn(name);
  const bare = workloads.filter(({ proxy }) => proxy.kind === 'none');
  if (labels[DATAPLANE] === 'ambient' || workloads.some(({ proxy }) => proxy.kind === 'ztunnel')) return undefined;
  if (bare.length > 0 && bare.every(doesWithout)) return undefined;
  const namespaces = evidence.objects('Namespace').map((object) => object.labels);
  const revision = namespaces.find((others) => REVISION in others && !(INJECTION in others))?.[REVISION];
  if (revision === undefined || namespaces.some((others) => others[INJECTION] === 'enabled')) return `label namespace ${name} ${INJECTION}: enabled`;
  return `label namespace ${name} ${REVISION}: ${revision}${INJECTION in labels ? `, and remove its label ${INJECTION}` : ''}`;
}

/** The webhook that a workload on the host's network is sent to in vain. */
export function refusedWebhook({ mesh }: Evidence, workload: Workload): Webhook | undefined {
  const { hostNetwork, proxy, namespace, labels } = workload;
  const known = mesh.namespaces.labelsOf(namespace);
  if (!hostNetwork || proxy.kind !== 'none' || !known || IGNORED.has(namespace) || declinedAt(workload)) return undefined;
  return matchingWebhook(known, labels);
}

function ofPod(workload: Workload, declines: PodSource): FieldFault {
  return {
    ...declines,
    severity: 'info', // Somebody wrote down that it is meant.
    actual: shown('false'),
    expected: 'a sidecar where a policy requires mutual TLS',
    fix: doesWithout(workload) ? GUARD : `remove ${INJECT}`,
  };
}

function ofNamespace(evidence: Evidence, object: MeshObject, pod: Labels): FieldFault | undefined {
  const label = object.labels[INJECTION];
  if (label === 'disabled' && pod[INJECT] !== 'true') return undefined;
  return {
    object,
    severity: isLeftOut(evidence, object) ? 'info' : 'warning',
    field: ['metadata', 'labels', INJECTION],
    actual: shown(label),
    expected: label === 'disabled' ? 'no such label, which overrides the pods\' own' : '\'enabled\', or \'disabled\' if the namespace should stay outside the mesh',
    fix: label === 'disabled' ? `remove label ${INJECTION}` : injectionRemedy(evidence, object) ?? GUARD,
  };
}

/**
 * Whether a namespace looks as those do that aren't meant to be in the mesh, as most namespaces of infrastructure: no label
 * asks for sidecars, none is mistyped either, and none of its workloads has one.
 */
export function isLeftOut(evidence: Evidence, { name, labels }: MeshObject): boolean {
  return !(INJECTION in labels) && !(REVISION in labels) && evidence.workloadsIn(name).every(({ proxy }) => proxy.kind === 'none');
}

/** The namespaces that are known not to ask for sidecars, and in which no workload has one all the same. */
export function namespacesOutOfMesh(evidence: Evidence): ReadonlySet<string> {
  const names = evidence.objects('Namespace').filter(({ labels }) => !matchingWebhook(labels, NO_LABELS)).map(({ name }) => name);
  return new Set(names.filter((name) => evidence.workloadsIn(name).length > 0 && evidence.workloadsIn(name).every(({ proxy }) => proxy.kind === 'none')));
}

/**
 * Those of a policy's workloads that nothing guards. If it selects guarded ones too, or may do so outside the manifests,
 * these are meant, and one that serves nothing, such as a job under the same label, needs no guard.
 */
export function unguarded(evidence: Evidence, selected: readonly Workload[], isUnguarded: (workload: Workload) => boolean): readonly Workload[] {
  const bare = selected.filter(isUnguarded);
  const isAll = bare.length === selected.length && !selected.some(({ namespace }) => evidence.mesh.coverage.mayHoldMoreServers(namespace));
  return isAll ? bare : bare.filter((workload) => evidence.servedPorts.of(workload).length > 0);
}
