import { IGNORED_ANNOTATION_VALUES, IGNORED_LABEL_VALUES, REFUSED_BY_INJECTOR, ValueRule } from './annotation-values';
import { FieldPath } from '../../findings/finding';
import { nearest } from '../../findings/nearest';
import { groupOf, WorkloadKind, WorkloadKinds } from '../../manifests/kinds';
import { Objection } from '../objection';
import { isIstioKey, ISTIO_ANNOTATIONS, ISTIO_LABELS, IstioKey } from './istio-keys';
import { isLabelValue } from './kubernetes-names';
import { badLabelValue, entries } from './labels-and-annotations';
import { notAString } from './object-meta';
import { shown } from '../../findings/safe-text';

type KeyType = 'annotation' | 'label';

const OF_TYPE = { annotation: ISTIO_ANNOTATIONS, label: ISTIO_LABELS };
const TYPES: readonly KeyType[] = ['label', 'annotation'];
const PLURALS = { label: 'labels', annotation: 'annotations' } as const;
const OTHER: Record<KeyType, KeyType> = { annotation: 'label', label: 'annotation' };

/**
 * What is wrong with Istio's annotations and labels on an object of any kind, its pod template included: keys
 * that nobody reads (there), and values that are not what they must be.
 */
export function istioKeyObjections(object: any): Objection[] {
  const objections: Objection[] = [];
  const places = keyPlaces(object);
  places.forEach((place, index) => {
    for (const type of TYPES) ofType(type, place, places[index + 1], objections);
  });
  return isSecret(object) ? objections.map(withoutValue) : objections;
}

/** A Secret, also one whose kind is misspelt. */
function isSecret(object: any): boolean {
  return object?.kind === 'Secret' || object?.stringData !== undefined || (object?.data !== undefined && object.kind !== 'ConfigMap');
}

/** The codes that quote a value of the metadata. */
const QUOTING = new Set(['ADMIT500', 'ADMIT506', 'ADMIT508', 'ADMIT540', 'ADMIT541']);

/** What is a Secret's may be a password that was pasted into the wrong map. */
export function withoutValue(objection: Objection): Objection {
  if (!QUOTING.has(objection.code)) return objection;
  return { ...objection, actual: 'a value that is not shown, since the object is a Secret', fix: `write ${objection.expected}` };
}

/** Most objects have no such key, so nothing is made before one is found. */
function ofType(type: KeyType, place: KeyPlace, template: KeyPlace | undefined, objections: Objection[]): void {
  const plural = PLURALS[type];
  const map = place.metadata?.[plural];
  if (typeof map !== 'object' || map === null) return;
  const keys = Object.keys(map).filter(isIstioKey);
  if (keys.length === 0) return;
  const values = new Map(entries(map));
  const repeated = new Map(entries(template?.metadata?.[plural]));
  for (const key of keys) {
    const field = [...place.field, plural, key];
    const value = values.get(key);
    if (value === undefined) continue;
    if (typeof value !== 'string') objections.push(notAString(value, field));
    else objections.push(...keyObjections(type, place, field, key, value, repeated.has(key)));
  }
}

function keyObjections(type: KeyType, place: KeyPlace, field: FieldPath, key: string, value: string, isRepeated: boolean): Objection[] {
  if (type === 'label' && !isLabelValue(value)) return [badLabelValue(value, field)];
  const known = OF_TYPE[type].get(key);
  if (!known) return [OF_TYPE[OTHER[type]].has(key) ? wrongMap(type, field, key) : unknownKey(type, field, key)];
  if (isMisplaced(known, place)) return isRepeated || (type === 'label' && BYSTANDERS.has(place.kinds[0])) ? [] : [misplaced(known, field, place)];
  return [...deprecation(type, known, place, field), ...valueObjections(type, place, field, key, value)];
}

function unknownKey(type: KeyType, field: FieldPath, key: string): Objection {
  const meant = key.length <= 320 ? nearest(key, [...OF_TYPE[type].keys()]) ?? nearest(key, [...OF_TYPE[OTHER[type]].keys()]) : undefined;
  const asOther = meant !== undefined && !OF_TYPE[type].has(meant);
  return {
    code: 'ADMIT530',
    severity: 'warning',
    field,
    actual: `an unknown ${type}`,
    expected: `${type === 'label' ? 'a label' : 'an annotation'} that Istio knows`,
    because: 'Istio reads no such key, so it changes nothing',
    fix: meant ? `did you mean ${asOther ? `the ${OTHER[type]} ` : ''}'${meant}'?` : 'remove it',
  };
}

function wrongMap(type: KeyType, field: FieldPath, key: string): Objection {
  const other = OTHER[type];
  return {
    code: 'ADMIT531',
    severity: 'warning',
    field,
    actual: type === 'label' ? 'a label' : 'an annotation',
    expected: other === 'label' ? 'a label' : 'an annotation',
    because: `Istio reads '${key}' among the ${other}s only`,
    fix: `move it to ${other}s`,
  };
}

function isMisplaced({ resources }: IstioKey, { kinds }: KeyPlace): boolean {
  return kinds.length > 0 && !resources.includes('Any') && !resources.some((resource) => kinds.includes(resource));
}

/** Kinds that get a label since their chart writes it on all of its objects, as Istio's own do: nobody expects anything of it there. */
const BYSTANDERS = new Set(['Service', 'ServiceAccount', 'ConfigMap', 'Secret', 'PersistentVolumeClaim', 'HorizontalPodAutoscaler',
  'PodDisruptionBudget', 'NetworkPolicy', 'Ingress', 'MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration']);

/** The kinds that have a template for pods. */
const MAKERS_OF_PODS = new Set(WorkloadKinds.BUILT_IN.all.filter(({ podTemplate }) => podTemplate.length > 0).map(({ kind }) => kind));

function misplaced({ resources }: IstioKey, field: FieldPath, { kinds }: KeyPlace): Objection {
  const toTemplate = resources.includes('Pod') && MAKERS_OF_PODS.has(kinds[0]);
  return {
    code: 'ADMIT532',
    severity: 'warning',
    field,
    actual: `on ${kinds[0]}`,
    expected: `on ${resources.join(', ')}`,
    because: `Istio doesn't read it on ${kinds[0]}, so it changes nothing`,
    fix: toTemplate ? 'move it to the pod template\'s metadata' : `set it on ${resources.join(' or ')}`,
  };
}

/** Istio sets hidden labels itself, so nobody needs to be told; the old annotation beside the new label is for old versions. */
function deprecation(type: KeyType, { name, deprecated, hidden }: IstioKey, place: KeyPlace, field: FieldPath): Objection[] {
  if (!deprecated || (type === 'label' && hidden)) return [];
  const successor = SUCCESSORS[name];
  if (name === 'sidecar.istio.io/inject' && place.metadata?.labels?.[name] !== undefined) return [];
  return [{
    code: 'ADMIT533',
    severity: 'info',
    field,
    actual: 'a deprecated annotation',
    expected: successor ?? 'no such annotation',
    because: 'a later version of Istio may ignore it',
    fix: successor ? `use ${successor}` : 'remove it',
  }];
}

const SUCCESSORS: { readonly [name: string]: string | undefined } = {
  'sidecar.istio.io/inject': 'the label \'sidecar.istio.io/inject\'',
  'traffic.sidecar.istio.io/kubevirtInterfaces': 'the annotation \'istio.io/reroute-virtual-interfaces\'',
  'sidecar.istio.io/discoveryAddress': 'discoveryAddress in the annotation \'proxy.istio.io/config\'',
  'sidecar.istio.io/statsInclusionPrefixes': 'proxyStatsMatcher in the annotation \'proxy.istio.io/config\'',
  'sidecar.istio.io/statsInclusionSuffixes': 'proxyStatsMatcher in the annotation \'proxy.istio.io/config\'',
  'sidecar.istio.io/statsInclusionRegexps': 'proxyStatsMatcher in the annotation \'proxy.istio.io/config\'',
  'sidecar.istio.io/extraStatTags': 'extraStatTags in the annotation \'proxy.istio.io/config\'',
};

function valueObjections(type: KeyType, place: KeyPlace, field: FieldPath, key: string, value: string): Objection[] {
  const refused = type === 'annotation' ? REFUSED_BY_INJECTOR.get(key) : undefined;
  if (refused && !refused.accepts(value)) {
    const because = 'the sidecar injector refuses the pod otherwise';
    return [badValue('ADMIT540', isNeverInjected(place) ? 'warning' : 'error', { because, ...refused }, field, value)];
  }
  const ignored = (type === 'annotation' ? IGNORED_ANNOTATION_VALUES : IGNORED_LABEL_VALUES).get(key);
  if (!ignored || value === '' || ignored.accepts(value)) return [];
  return [badValue('ADMIT541', 'warning', ignored, field, value)];
}

function badValue(code: string, severity: Objection['severity'], { expected, because }: ValueRule, field: FieldPath, value: string): Objection {
  return { code, severity, field, actual: shown(value), expected, because, fix: `write ${expected}` };
}

/** The label wins over the annotation, and a pod on its host's network is never injected. */
function isNeverInjected({ metadata, podSpec }: KeyPlace): boolean {
  const name = 'sidecar.istio.io/inject';
  return podSpec?.hostNetwork === true || podSpec === undefined || (metadata?.labels?.[name] ?? metadata?.annotations?.[name]) === 'false';
}

/** Labels and annotations within an object, and for what kind of object they are read. */
interface KeyPlace {
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
function keyPlaces(object: any): KeyPlace[] {
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
