import { Evidence } from './evidence';
import { FieldFault, podField } from './fields';
import { change } from './remedies';
import { ObjectChange } from '../findings/finding';
import { shown } from '../findings/safe-text';
import { REVISION } from '../mesh/config/revisions';
import { DAEMON_SETS } from '../mesh/inventory/kinds';
import { MeshObject } from '../mesh/inventory/object';
import { Labels, NO_LABELS } from '../mesh/names/labels';
import { DATAPLANE } from '../mesh/workloads/ambient';
import { IGNORED, INJECT, matchingWebhook, Webhook } from '../mesh/workloads/injection';
import { INJECTION } from '../mesh/workloads/injection-facts';
import { PodSource } from '../mesh/workloads/pod-template';
import { Workload } from '../mesh/workloads/workload';

/** The advice for workloads that can't have a sidecar. */
const GUARD = 'restrict their callers with a NetworkPolicy';

/**
 * Why a workload has no sidecar, if that may be a mistake. Undefined if it can't have one (on the host
 * network, in Kubernetes' own namespaces), or if its whole namespace is deliberately outside the mesh.
 */
export function missingSidecar(evidence: Evidence, workload: Workload): FieldFault | undefined {
  const namespace = evidence.namespaceNamed(workload.namespace);
  if (workload.hostNetwork || IGNORED.has(workload.namespace) || !namespace) return undefined;
  const declines = declinedAt(workload);
  if (!declines) return ofNamespace(evidence, namespace, workload.labels);
  return matchingWebhook(namespace.labels, NO_LABELS) ? ofPod(workload, declines) : undefined;
}

/** The field with which a workload's pods opt out of injection: their label, or else their annotation; undefined if they don't. */
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

/** Whether a workload shouldn't have a sidecar: one of Istio's own, a gateway, or an agent on each node. */
export function doesWithout(workload: Workload): boolean {
  const { labels } = workload;
  return DAEMON_SETS.has(workload) || Object.entries(OWN_LABELS).some(([key, value]) => value.test(labels[key] ?? ''));
}

/**
 * How to label a namespace for injection: like the mesh's other namespaces, with a revision if no other uses `istio-injection: enabled`.
 * Undefined if it shouldn't have the label: its pods are in ambient mode, or none of its workloads without a proxy should have a sidecar.
 */
export function injectionRemedy(evidence: Evidence, namespace: MeshObject): string | undefined {
  const asked = injectionLabel(evidence, namespace);
  if (!asked) return undefined;
  const { label, value, isSecond } = asked;
  return `label namespace ${namespace.name} ${label}: ${value}${isSecond ? `, and remove its label ${INJECTION}` : ''}`;
}

/** The same as a change of the Namespace. */
export function injectionChange(evidence: Evidence, namespace: MeshObject): ObjectChange | undefined {
  const asked = injectionLabel(evidence, namespace);
  const fieldOf = (label: string) => ['metadata', 'labels', label];
  const removed = asked?.isSecond ? [{ op: 'remove' as const, path: fieldOf(INJECTION) }] : [];
  return asked && change(namespace, { op: 'set', path: fieldOf(asked.label), value: asked.value }, ...removed);
}

interface InjectionLabel {
  readonly label: string;
  readonly value: string;
  /** Whether the namespace has both labels, so that the other one must be removed. */
  readonly isSecond: boolean;
}

function injectionLabel(evidence: Evidence, { name, labels }: MeshObject): InjectionLabel | undefined {
  const workloads = evidence.workloadsIn(name);
  const bare = workloads.filter(({ proxy }) => proxy.encrypts === false);
  if (labels[DATAPLANE] === 'ambient' || workloads.some(({ proxy }) => proxy.isAmbient)) return undefined;
  if (bare.length > 0 && bare.every(doesWithout)) return undefined;
  const namespaces = evidence.objects('Namespace').map((object) => object.labels);
  const revision = namespaces.find((others) => REVISION in others && !(INJECTION in others))?.[REVISION];
  if (revision === undefined || namespaces.some((others) => others[INJECTION] === 'enabled')) {
    return { label: INJECTION, value: 'enabled', isSecond: false };
  }
  return { label: REVISION, value: revision, isSecond: INJECTION in labels };
}

/** The webhook that selects a workload on the host network, whose sidecar template the injector then skips. */
export function refusedWebhook({ mesh }: Evidence, workload: Workload): Webhook | undefined {
  const { hostNetwork, proxy, namespace, labels } = workload;
  const known = mesh.namespaces.labelsOf(namespace);
  if (!hostNetwork || proxy.encrypts !== false || !known || IGNORED.has(namespace) || declinedAt(workload)) return undefined;
  return matchingWebhook(known, labels);
}

function ofPod(workload: Workload, declines: PodSource): FieldFault {
  return {
    ...declines,
    severity: 'info', // Opting out is explicit.
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
    expected: label === 'disabled'
      ? 'no such label, which overrides the pods\' own'
      : '\'enabled\', or \'disabled\' if the namespace should stay outside the mesh',
    fix: label === 'disabled' ? `remove label ${INJECTION}` : injectionRemedy(evidence, object) ?? GUARD,
  };
}

/**
 * Whether a namespace seems deliberately outside the mesh, as most infrastructure namespaces are: no
 * label requests sidecars or looks like a misspelled one, and none of its workloads has a sidecar.
 */
export function isLeftOut(evidence: Evidence, { name, labels }: MeshObject): boolean {
  return !(INJECTION in labels) && !(REVISION in labels) && evidence.workloadsIn(name).every(({ proxy }) => proxy.encrypts === false);
}

/** The namespaces that don't request sidecars, and in which no workload has one. */
export function namespacesOutOfMesh(evidence: Evidence): ReadonlySet<string> {
  const names = evidence.objects('Namespace').filter(({ labels }) => !matchingWebhook(labels, NO_LABELS)).map(({ name }) => name);
  return new Set(names.filter((name) => {
    const workloads = evidence.workloadsIn(name);
    return workloads.length > 0 && workloads.every(({ proxy }) => proxy.encrypts === false);
  }));
}

/**
 * The workloads of a policy that it can't protect. If it also selects workloads with a proxy, or may do so in other
 * manifests, it is meant for those; then workloads that serve nothing, such as a job with the same label, don't count.
 */
export function unguarded(
  evidence: Evidence, selected: readonly Workload[], isUnguarded: (workload: Workload) => boolean,
): readonly Workload[] {
  const bare = selected.filter(isUnguarded);
  const isAll = bare.length === selected.length && !selected.some(({ namespace }) => evidence.mesh.coverage.mayHoldMoreServers(namespace));
  return isAll ? bare : bare.filter((workload) => evidence.servedPorts.of(workload).length > 0);
}
