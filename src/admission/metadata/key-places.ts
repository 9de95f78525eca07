import { FieldPath } from '../../findings/field-path';
import { groupOf, WorkloadKind, WorkloadKinds } from '../../manifests/kinds';

/** Labels and annotations within an object, and for what kind of object they are read. */
export interface KeyPlace {
  readonly field: FieldPath;
  /** Kinds that these keys reach, the first one the kind that they are written for; empty where that isn't known. */
  readonly kinds: readonly string[];
  readonly metadata: any;
  /** The pod that these keys are of, when they are a pod's. */
  readonly podSpec?: any;
}

/** Groups whose kinds Istio's documentation means by their bare names; other groups' kinds pass keys on as they please. */
const KNOWN_GROUPS = new Set(['', 'apps', 'batch', 'autoscaling', 'policy', 'networking.k8s.io', 'admissionregistration.k8s.io',
  'gateway.networking.k8s.io', 'networking.istio.io', 'security.istio.io', 'telemetry.istio.io', 'extensions.istio.io']);

/** Where in an object Istio or Kubernetes reads labels and annotations. */
export function keyPlaces(object: any): KeyPlace[] {
  if (typeof object !== 'object' || object === null) return [];
  const { kind } = object;
  const group = typeof object.apiVersion === 'string' ? groupOf(object.apiVersion) : '';
  if (typeof kind !== 'string' || kind === 'List') return [];
  const runs = WorkloadKinds.BUILT_IN.of(object);
  // Istio puts a Gateway's keys on everything that it makes for it.
  const isMade = object.metadata?.labels?.['gateway.istio.io/managed'] !== undefined;
  const template = runs?.podTemplate ?? [];
  const podSpec = runs && template.length === 0 ? object.spec : undefined;
  const own: KeyPlace = { field: ['metadata'], kinds: isMade ? [] : kindsOf(group, kind, runs), metadata: object.metadata, podSpec };
  if (template.length > 0) {
    const pod = template.reduce((value: any, step) => value?.[step], object);
    return [own, { field: [...template, 'metadata'], kinds: isMade ? [] : ['Pod'], metadata: pod?.metadata, podSpec: pod?.spec }];
  }
  if (group === 'networking.istio.io' && kind === 'WorkloadGroup') return [own, { field: ['spec', 'metadata'], kinds: ['WorkloadEntry', 'Pod'], metadata: object.spec?.metadata }];
  if (group === 'gateway.networking.k8s.io' && kind === 'Gateway') return [own, { field: ['spec', 'infrastructure'], kinds: [], metadata: object.spec?.infrastructure }];
  return [own];
}

function kindsOf(group: string, kind: string, runs: WorkloadKind | undefined): string[] {
  if (!KNOWN_GROUPS.has(group) && !runs) return [];
  if (group === 'networking.istio.io' && kind === 'Gateway') return ['Istio\'s Gateway'];
  // A WorkloadEntry stands for a pod, and a Gateway's keys go on to the pods that are made for it.
  return kind === 'WorkloadEntry' || kind === 'Gateway' ? [kind, 'Pod'] : [kind];
}
