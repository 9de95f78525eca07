import { Evidence } from './evidence';
import { FieldFault, podField } from './fields';
import { change } from './remedies';
import { ObjectChange } from '../findings/finding';
import { shown } from '../findings/safe-text';
import { REVISION } from '../mesh/config/revisions';
import { DAEMON_SETS } from '../mesh/inventory/kinds';
import { MeshObject } from '../mesh/inventory/object';
import { Labels, NO_LABELS } from '../mesh/names/labels';
import { DATAPLANE, IGNORED, INJECT, matchingWebhook, Webhook } from '../mesh/workloads/injection';
import { INJECTION } from '../mesh/workloads/injection-facts';
import { PodSource } from '../mesh/workloads/pod-template';
import { Workload } from '../mesh/workloads/workload';

/** What workloads can do that can't have a sidecar. */
const GUARD = 'restrict their callers with a NetworkPolicy';

/**
 * Why a workload has no sidecar, if that may be a mistake; undefined if it can't have one (on the host network, in one of
 * Kubernetes' own namespaces), or is deliberately outside the mesh with its whole namespace.
 */
export function missingSidecar(evidence: Evidence, workload: Workload): FieldFault | undefined {
  const namespace = evidence.namespaceNamed(workload.namespace);
  if (workload.hostNetwork || IGNORED.has(workload.namespace) || !namespace) return undefined;
  const declines = declinedAt(workload);
  if (!declines) return ofNamespace(evidence, namespace, workload.labels);
  return matchingWebhook(namespace.labels, NO_LABELS) ? ofPod(workload, declines) : undefined;
}

/** Where a workload's pods opt out of injection: with their label or, without one, with their annotation; undefined if they don't. */
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
 * How to make a namespace request sidecars: like the others do, with a revision if no other uses `istio-injection: enabled`.
 * Undefined if it shouldn't: its pods are in ambient mode, or none of those without a proxy should have a sidecar.
 */
export function injectionRemedy(evidence: Evidence, namespace: MeshObject): string | undefined {
  const asked = injectionLabel(evidence, namespace);
  if (!asked) return undefined;
  const { label, value, isSecond } = asked;
  return `label namespace ${namespace.name} ${label}: ${value}${isSecond ? `, and remove its label ${INJECTION}` : ''}`;
}

/** The same as a change. */
export function injectionChange(evidence: Evidence, namespace: MeshObject): ObjectChange | undefined {
  const asked = injectionLabel(evidence, namespace);
  const fieldOf = (label: string) => ['metadata', 'labels', label];
  const removed = asked?.isSecond ? [{ op: 'remove' as const, path: fieldOf(INJECTION) }] : [];
  return asked && change(namespace, { op: 'set', path: fieldOf(asked.label), value: asked.value }, ...removed);
}

interface InjectionLabel {
  readonly label: string;
  readonly value: string;
  /** Whether the namespace's other label has to go. */
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

/** The webhook to which a workload on the host network is sent in vain. */
export function refusedWebhook({ mesh }: Evidence, workload: Workload): Webhook | undefined {
  const { hostNetwork, proxy, namespace, labels } = workload;
  const known = mesh.namespaces.labelsOf(namespace);
  if (!hostNetwork || proxy.encrypts !== false || !known || IGNORED.has(namespace) || declinedAt(workload)) return undefined;
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
    expected: label === 'disabled'
      ? 'no such label, which overrides the pods\' own'
      : '\'enabled\', or \'disabled\' if the namespace should stay outside the mesh',
    fix: label === 'disabled' ? `remove label ${INJECTION}` : injectionRemedy(evidence, object) ?? GUARD,
  };
}

/**
 * Whether a namespace looks like those that aren't meant to be in the mesh, as most infrastructure namespaces do: no label
 * requests sidecars, none looks like a typo for that, and none of its workloads has a sidecar.
 */
export function isLeftOut(evidence: Evidence, { name, labels }: MeshObject): boolean {
  return !(INJECTION in labels) && !(REVISION in labels) && evidence.workloadsIn(name).every(({ proxy }) => proxy.encrypts === false);
}

/** The namespaces that are known not to request sidecars, and in which no workload has one anyway. */
export function namespacesOutOfMesh(evidence: Evidence): ReadonlySet<string> {
  const names = evidence.objects('Namespace').filter(({ labels }) => !matchingWebhook(labels, NO_LABELS)).map(({ name }) => name);
  return new Set(names.filter((name) => {
    const workloads = evidence.workloadsIn(name);
    return workloads.length > 0 && workloads.every(({ proxy }) => proxy.encrypts === false);
  }));
}

/**
 * The unprotected workloads of a policy. If it also selects protected ones, or may do so outside the manifests, it is meant for
 * those, and one that serves nothing, such as a job with the same label, needs no protection.
 */
export function unguarded(
  evidence: Evidence, selected: readonly Workload[], isUnguarded: (workload: Workload) => boolean,
): readonly Workload[] {
  const bare = selected.filter(isUnguarded);
  const isAll = bare.length === selected.length && !selected.some(({ namespace }) => evidence.mesh.coverage.mayHoldMoreServers(namespace));
  return isAll ? bare : bare.filter((workload) => evidence.servedPorts.of(workload).length > 0);
}
