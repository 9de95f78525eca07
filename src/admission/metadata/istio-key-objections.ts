import { IGNORED_ANNOTATION_VALUES, IGNORED_LABEL_VALUES, REFUSED_BY_INJECTOR, ValueRule } from './annotation-values';
import { FieldPath } from '../../findings/finding';
import { nearest } from '../../findings/nearest';
import { groupOf, WorkloadKind, WorkloadKinds } from '../../manifests/kinds';
import { mapping } from '../../manifests/mapping';
import { Objection, Objections, ObjectionText } from '../objection';
import { isIstioKey, ISTIO_ANNOTATIONS, ISTIO_LABELS, IstioKey } from './istio-keys';
import { isLabelValue } from './kubernetes-names';
import { entries, objectToLabelValue } from './labels-and-annotations';
import { notText } from './object-meta';
import { shown } from '../../findings/safe-text';

type KeyType = 'annotation' | 'label';

const OF_TYPE = { annotation: ISTIO_ANNOTATIONS, label: ISTIO_LABELS };
const TYPES: readonly KeyType[] = ['label', 'annotation'];
const PLURALS = { label: 'labels', annotation: 'annotations' } as const;
const OTHER: Record<KeyType, KeyType> = { annotation: 'label', label: 'annotation' };

/**
 * Reports faults in Istio's annotations and labels on an object of any kind, its pod template included: keys that
 * nothing reads, or nothing reads on such an object, and invalid values.
 */
export function judgeIstioKeys(objections: Objections, value: unknown): void {
  const object = mapping(value);
  const at = isSecret(object) ? objections.through(withoutValue) : objections;
  const places = keyPlaces(object);
  places.forEach((place, index) => {
    for (const type of TYPES) judgeType(at, type, place, places[index + 1]);
  });
}

/** A Secret, even one with a misspelled kind. */
function isSecret({ kind, data, stringData }: KubernetesObject): boolean {
  return kind === 'Secret' || stringData !== undefined || (data !== undefined && kind !== 'ConfigMap');
}

/** The codes whose findings quote a metadata value. */
const QUOTING = new Set(['ADMIT500', 'ADMIT506', 'ADMIT508', 'ADMIT540', 'ADMIT541']);

/** A value in a Secret may be a password that was pasted into the wrong map. */
export function withoutValue(objection: Objection): Objection {
  if (!QUOTING.has(objection.code)) return objection;
  return { ...objection, actual: 'a value that is not shown, since the object is a Secret', fix: `write ${objection.expected}` };
}

/** Most objects have no such key, so nothing is created until one is found. */
function judgeType(at: Objections, type: KeyType, place: KeyPlace, template: KeyPlace | undefined): void {
  const plural = PLURALS[type];
  const map = place.metadata[plural];
  if (typeof map !== 'object' || map === null) return;
  const keys = Object.keys(map).filter(isIstioKey);
  if (keys.length === 0) return;
  const values = new Map(entries(map));
  const repeated = new Map(entries(template?.metadata[plural]));
  for (const key of keys) {
    const value = values.get(key);
    if (value === undefined) continue;
    const field = at.at(...place.field, plural, key);
    if (typeof value !== 'string') field.error(notText(value));
    else judgeKey(field, type, place, key, value, repeated.has(key));
  }
}

function judgeKey(at: Objections, type: KeyType, place: KeyPlace, key: string, value: string, isRepeated: boolean): void {
  if (type === 'label' && !isLabelValue(value)) return objectToLabelValue(at, key, value);
  const known = OF_TYPE[type].get(key);
  if (!known) return OF_TYPE[OTHER[type]].has(key) ? warnOfWrongMap(at, type, key) : warnOfUnknownKey(at, type, key);
  if (isMisplaced(known, place)) {
    if (!isRepeated && !(type === 'label' && BYSTANDERS.has(place.kinds[0]))) warnOfMisplaced(at, known, place);
    return;
  }
  tellOfDeprecation(at, type, known, place);
  judgeValue(at, type, place, key, value);
}

function warnOfUnknownKey(at: Objections, type: KeyType, key: string): void {
  const meant = key.length <= 320 ? nearest(key, [...OF_TYPE[type].keys()]) ?? nearest(key, [...OF_TYPE[OTHER[type]].keys()]) : undefined;
  const asOther = meant !== undefined && !OF_TYPE[type].has(meant);
  at.warning({
    code: 'ADMIT530',
    actual: `an unknown ${type}`,
    expected: `${type === 'label' ? 'a label' : 'an annotation'} that Istio knows`,
    because: 'Istio reads no such key, so it changes nothing',
    fix: meant ? `did you mean ${asOther ? `the ${OTHER[type]} ` : ''}'${meant}'?` : 'remove it',
  });
}

function warnOfWrongMap(at: Objections, type: KeyType, key: string): void {
  const other = OTHER[type];
  at.warning({
    code: 'ADMIT531',
    actual: type === 'label' ? 'a label' : 'an annotation',
    expected: other === 'label' ? 'a label' : 'an annotation',
    because: `Istio reads '${key}' among the ${other}s only`,
    fix: `move it to ${other}s`,
  });
}

function isMisplaced({ resources }: IstioKey, { kinds }: KeyPlace): boolean {
  return kinds.length > 0 && !resources.includes('Any') && !resources.some((resource) => kinds.includes(resource));
}

/** Kinds that get a label because their chart writes it on all of its objects, as Istio's own charts do: no effect is expected there. */
const BYSTANDERS = new Set(['Service', 'ServiceAccount', 'ConfigMap', 'Secret', 'PersistentVolumeClaim', 'HorizontalPodAutoscaler',
  'PodDisruptionBudget', 'NetworkPolicy', 'Ingress', 'MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration']);

/** The kinds with a pod template. */
const MAKERS_OF_PODS = new Set(WorkloadKinds.BUILT_IN.all.filter(({ podTemplate }) => podTemplate.length > 0).map(({ kind }) => kind));

function warnOfMisplaced(at: Objections, { resources }: IstioKey, { kinds }: KeyPlace): void {
  const toTemplate = resources.includes('Pod') && MAKERS_OF_PODS.has(kinds[0]);
  at.warning({
    code: 'ADMIT532',
    actual: `on ${kinds[0]}`,
    expected: `on ${resources.join(', ')}`,
    because: `Istio doesn't read it on ${kinds[0]}, so it changes nothing`,
    fix: toTemplate ? 'move it to the pod template\'s metadata' : `set it on ${resources.join(' or ')}`,
  });
}

/** Istio sets hidden labels itself, so they need no warning; the old annotation next to the new label serves old versions. */
function tellOfDeprecation(at: Objections, type: KeyType, { name, deprecated, hidden }: IstioKey, { metadata }: KeyPlace): void {
  if (!deprecated || (type === 'label' && hidden)) return;
  const successor = SUCCESSORS[name];
  if (name === 'sidecar.istio.io/inject' && mapping(metadata.labels)[name] !== undefined) return;
  at.info({
    code: 'ADMIT533',
    actual: 'a deprecated annotation',
    expected: successor ?? 'no such annotation',
    because: 'a later version of Istio may ignore it',
    fix: successor ? `use ${successor}` : 'remove it',
  });
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

function judgeValue(at: Objections, type: KeyType, place: KeyPlace, key: string, value: string): void {
  const refused = type === 'annotation' ? REFUSED_BY_INJECTOR.get(key) : undefined;
  if (refused && !refused.accepts(value)) {
    const text = valueText('ADMIT540', { because: 'otherwise the sidecar injector rejects the pod', ...refused }, value);
    return isNeverInjected(place) ? at.warning(text) : at.error(text);
  }
  const ignored = (type === 'annotation' ? IGNORED_ANNOTATION_VALUES : IGNORED_LABEL_VALUES).get(key);
  if (ignored && value !== '' && !ignored.accepts(value)) at.warning(valueText('ADMIT541', ignored, value));
}

function valueText(code: string, { expected, because }: ValueRule, value: string): ObjectionText {
  return { code, actual: shown(value), expected, because, fix: `write ${expected}` };
}

/** The label takes precedence over the annotation, and a pod on the host network is never injected. */
function isNeverInjected({ metadata, podSpec }: KeyPlace): boolean {
  const name = 'sidecar.istio.io/inject';
  if (podSpec === undefined || mapping(podSpec).hostNetwork === true) return true;
  return (mapping(metadata.labels)[name] ?? mapping(metadata.annotations)[name]) === 'false';
}

type KubernetesObject = { readonly [field: string]: unknown };

/** Labels and annotations in an object, and the kinds for which they are read. */
interface KeyPlace {
  readonly field: FieldPath;
  /** The kinds that these keys reach, first the one that they are written for; empty if unknown. */
  readonly kinds: readonly string[];
  readonly metadata: { readonly [field: string]: unknown };
  /** The pod that these keys belong to, if any. */
  readonly podSpec?: unknown;
}

/** Groups whose kinds Istio's documentation calls by their bare names; kinds of other groups pass keys on as they please. */
const KNOWN_GROUPS = new Set(['', 'apps', 'batch', 'autoscaling', 'policy', 'networking.k8s.io', 'admissionregistration.k8s.io',
  'gateway.networking.k8s.io', 'networking.istio.io', 'security.istio.io', 'telemetry.istio.io', 'extensions.istio.io']);

/** Where in an object Istio or Kubernetes reads labels and annotations. */
function keyPlaces(object: KubernetesObject): KeyPlace[] {
  const { kind, apiVersion, spec } = object;
  const metadata = mapping(object.metadata);
  const group = typeof apiVersion === 'string' ? groupOf(apiVersion) : '';
  if (typeof kind !== 'string' || kind === 'List') return [];
  const runs = WorkloadKinds.BUILT_IN.of(object);
  // Istio copies a Gateway's keys to everything that it creates for it.
  const isMade = mapping(metadata.labels)['gateway.istio.io/managed'] !== undefined;
  const template = runs?.podTemplate ?? [];
  const podSpec = runs && template.length === 0 ? spec : undefined;
  const own: KeyPlace = { field: ['metadata'], kinds: isMade ? [] : kindsOf(group, kind, runs), metadata, podSpec };
  if (template.length > 0) {
    const pod = template.reduce<KubernetesObject>((value, step) => mapping(value[step]), object);
    return [own, { field: [...template, 'metadata'], kinds: isMade ? [] : ['Pod'], metadata: mapping(pod.metadata), podSpec: pod.spec }];
  }
  if (group === 'networking.istio.io' && kind === 'WorkloadGroup') {
    return [own, { field: ['spec', 'metadata'], kinds: ['WorkloadEntry', 'Pod'], metadata: mapping(mapping(spec).metadata) }];
  }
  if (group === 'gateway.networking.k8s.io' && kind === 'Gateway') {
    return [own, { field: ['spec', 'infrastructure'], kinds: [], metadata: mapping(mapping(spec).infrastructure) }];
  }
  return [own];
}

function kindsOf(group: string, kind: string, runs: WorkloadKind | undefined): string[] {
  if (!KNOWN_GROUPS.has(group) && !runs) return [];
  if (group === 'networking.istio.io' && kind === 'Gateway') return ['Istio\'s Gateway'];
  // A WorkloadEntry stands for a pod, and a Gateway's keys are copied to the pods created for it.
  return kind === 'WorkloadEntry' || kind === 'Gateway' ? [kind, 'Pod'] : [kind];
}
