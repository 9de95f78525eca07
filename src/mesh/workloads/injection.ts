import { DATAPLANE, isCaptured, REDIRECTION } from './ambient';
import { INJECTION, statedLabels } from './injection-facts';
import { injectedLabels, InstalledRevisions, isInstalled } from './installed-revisions';
import { Container, podMetadataAt, PodSource, PodTemplate } from './pod-template';
import { FieldPath } from '../../findings/finding';
import { DEFAULT_REVISION } from '../config/control-plane-facts';
import { InjectorWebhooks, Injectors } from '../config/injectors';
import { EffectiveMeshConfig, meshConfigAt } from '../config/mesh-config';
import { ChangingVariable, PROXY_CONFIG } from '../config/proxy-config';
import { REVISION } from '../config/revisions';
import { FieldRef, wholeOf } from '../inventory/field-ref';
import { MeshObject, objectText } from '../inventory/object';
import { Labels } from '../names/labels';

/** The proxy in front of a workload's application; `custom`: a sidecar with its own bootstrap, istiod or variables. */
export type ProxyKind = 'none' | 'sidecar' | 'custom' | 'router' | 'waypoint' | 'ztunnel' | 'grpc' | 'unknown';

/** Which proxy a workload gets. */
export interface ProxyDecision {
  readonly kind: ProxyKind;
  /** The field that decided it; an object as a whole where no field of it does. */
  readonly by: FieldRef;
  /** The fact that decided it, in words. */
  readonly because: string;
  /** The istiod that configures it. */
  readonly revision: string;
  /** The name with which the namespace or the pod selects that istiod: a revision's, or a tag's. */
  readonly asked?: string;
  /** Which fact would resolve an unknown proxy. */
  readonly lacks?: ProxyFact;
  /** Whether it holds only because nothing shows that the mesh has an ambient part. */
  readonly isPresumed?: boolean;
}

/** The labels of a namespace, whether a revision is installed, what a custom template or injector injects, or what pods there are. */
interface ProxyFact {
  readonly fact: 'namespace' | 'revision' | 'template' | 'injector' | 'pod-template';
  readonly name: string;
}

/** The same, with what the manifests say about revisions. */
interface KnownRevisions extends InstalledRevisions {
  readonly injectors: Injectors;
  readonly injectorWebhooks: InjectorWebhooks;
  /** Whether a revision's injector takes only `true` and `false` for booleans. */
  readonly readsBooleans: (revision: string) => boolean;
  /** Whether the manifests show that the mesh has an ambient part. */
  readonly hasAmbient: boolean;
}

export const INJECT = 'sidecar.istio.io/inject';
const TEMPLATES = 'inject.istio.io/templates';

/** Namespaces that the injector skips, whatever their labels. */
export const IGNORED = new Set(['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage']);

/** Where injection is asked for and declined. */
interface InjectionPlaces {
  readonly pods: PodSource;
  /** The namespace, if it is among the manifests. */
  readonly namespace?: MeshObject;
}

/** Decides like the API server (which webhook is called) and the injector (what it does then). */
export function proxyOf(pod: PodTemplate, places: InjectionPlaces, labels: Labels | undefined, revisions: KnownRevisions): ProxyDecision {
  const { tags, injectors, injectorWebhooks } = revisions;
  const { pods, pods: { object: { namespace } } } = places;
  const known = labels ?? statedLabels(namespace, revisions, injectedLabels(revisions));
  const webhook = known && matchingWebhook(known, pod.labels);
  const own = pod.containers.find(({ name }) => name === 'istio-proxy');
  const asked = webhook ? webhook.revision : pod.labels[REVISION] ?? labels?.[REVISION];
  const revision = tags.revisionOf((own && pod.annotations[REVISION]) ?? asked ?? DEFAULT_REVISION);
  const name = webhook?.revision ?? DEFAULT_REVISION;
  const decided: Decided = (kind, because, by, lacks) => ({ kind, by, because, revision, asked: webhook && name, lacks });

  if (own) return ofContainer(own, pod, pods, decided);
  if (isCaptured(pod.annotations)) return captured(pod, pods, decided);
  if (pod.hostNetwork) return decided('none', 'hostNetwork is true', specAt(pods, 'hostNetwork'));
  if (IGNORED.has(namespace)) return decided('none', `the injector skips namespace ${namespace}`, { object: pods.object, field: OWN });
  const optedOut = optOutOf(pod.labels[INJECT] ?? pod.annotations[INJECT] ?? '', revisions.readsBooleans(revision));
  if (!known) {
    // Whatever the namespace's labels are, the injector leaves such pods alone.
    if (optedOut && pod.labels[DATAPLANE] === undefined && !revisions.hasAmbient) {
      return { ...declined(optedOut, pod, pods, decided), isPresumed: true };
    }
    return decided('unknown', `namespace ${namespace} isn't in the manifests`,
      wholeOf(pods.object), { fact: 'namespace', name: namespace });
  }
  const injector = (mayBeInjected(known, pod.labels) ? injectors.ownOf(revision) : undefined)
    ?? (labels && injectorWebhooks.unlikeCharts({ namespace, namespaceLabels: labels, labels: pod.labels },
      webhook && (asked ?? DEFAULT_REVISION)));
  if (injector) {
    return decided('unknown', `${objectText(injector)} differs from Istio's charts`,
      wholeOf(injector), { fact: 'injector', name: objectText(injector) });
  }
  if (!webhook) return withoutInjection(known, pod.labels, places, decided);
  const asking = labelAt(places, webhook.of, webhook.label);
  const isThere = isInstalled(name, revisions);
  if (isThere === 'unknown') {
    return decided('unknown', `revision ${name} isn't known to be installed`, asking, { fact: 'revision', name });
  }
  if (!isThere) return decided('none', `revision ${name} isn't installed`, asking);
  if (optedOut) return ambient(known, pod.labels, places, decided) ?? declined(optedOut, pod, pods, decided);
  return ofTemplates(pod, pods, { because: webhook.because, by: asking }, decided);
}

/** @param value the value by which the pod opts out */
function declined(value: string, { labels }: PodTemplate, pods: PodSource, decided: Decided): ProxyDecision {
  return decided('none', `${INJECT} is ${value}`, podMetadataAt(pods, labels[INJECT] === undefined ? 'annotations' : 'labels', INJECT));
}

function specAt({ object, field }: PodSource, name: string): FieldRef {
  return { object, field: [...field, 'spec', name] };
}

/** The namespace that an object names. */
const OWN: FieldPath = ['metadata', 'namespace'];

/** A namespace that isn't in the manifests has no label that is written anywhere: it is said to be injected. */
function labelAt({ pods, namespace }: InjectionPlaces, of: 'namespace' | 'pod', label: string): FieldRef {
  if (of === 'pod') return podMetadataAt(pods, 'labels', label);
  return namespace ? { object: namespace, field: ['metadata', 'labels', label] } : wholeOf(pods.object);
}

/** The value by which a pod opts out; undefined: it doesn't. Before 1.27, any text that is neither empty nor true in YAML does. */
function optOutOf(value: string, readsBooleans: boolean): string | undefined {
  const isOut = readsBooleans ? value === 'false' : !['', 'y', 'yes', 'true', 'on'].includes(value.toLowerCase());
  return isOut ? value : undefined;
}

/** For pods about which nothing is known. */
export function unknownProxy(object: MeshObject): ProxyDecision {
  const lacks = { fact: 'pod-template', name: objectText(object) } as const;
  return {
    kind: 'unknown', by: wholeOf(object), because: 'the manifests don\'t contain its pod template', revision: DEFAULT_REVISION, lacks,
  };
}

type Decided = (kind: ProxyKind, because: string, by: FieldRef, lacks?: ProxyFact) => ProxyDecision;

/** A webhook that the API server calls for a pod. */
export interface Webhook {
  readonly because: string;
  /** The label that asks for it, and whose it is. */
  readonly of: 'namespace' | 'pod';
  readonly label: string;
  readonly revision?: string;
}

/** The injector's webhook for a pod in a namespace with these labels; undefined: none, it gets no sidecar. */
export function matchingWebhook(namespace: Labels, pod: Labels): Webhook | undefined {
  if (pod[INJECT] === 'false') return undefined;
  if (INJECTION in namespace) {
    return namespace[INJECTION] === 'enabled' ? {
      because: `the namespace's label ${INJECTION} is enabled`, of: 'namespace', label: INJECTION,
    } : undefined;
  }
  if (REVISION in namespace) return ofRevision('namespace', namespace[REVISION]);
  if (REVISION in pod) return ofRevision('pod', pod[REVISION]);
  return pod[INJECT] === 'true' ? { because: `the pod's label ${INJECT} is true`, of: 'pod', label: INJECT } : undefined;
}

/** Whether neither the namespace nor the pod opts out, which every injector respects. */
function mayBeInjected(namespace: Labels, pod: Labels): boolean {
  return pod[INJECT] !== 'false' && (namespace[INJECTION] ?? 'enabled') === 'enabled';
}

/** No revision has an empty name, but the label exists, so that no other webhook matches. */
function ofRevision(of: 'namespace' | 'pod', revision: string): Webhook | undefined {
  return revision === '' ? undefined : { because: `the ${of}'s label ${REVISION} is ${revision}`, of, label: REVISION, revision };
}

function withoutInjection(namespace: Labels, pod: Labels, places: InjectionPlaces, decided: Decided): ProxyDecision {
  const ztunnel = ambient(namespace, pod, places, decided);
  if (ztunnel) return ztunnel;
  if (pod[INJECT] === 'false') return decided('none', `${INJECT} is false`, labelAt(places, 'pod', INJECT));
  if (INJECTION in namespace) {
    return decided('none', `the namespace's label ${INJECTION} is ${namespace[INJECTION]}`, labelAt(places, 'namespace', INJECTION));
  }
  return decided('none', 'neither the namespace nor the pod asks for a sidecar', wholeOf(places.pods.object));
}

/** Pods without an injected sidecar may be in the ambient mesh. */
function ambient(namespace: Labels, pod: Labels, places: InjectionPlaces, decided: Decided): ProxyDecision | undefined {
  if ((pod[DATAPLANE] ?? namespace[DATAPLANE]) !== 'ambient') return undefined;
  return decided('ztunnel', `label ${DATAPLANE} is ambient`,
    labelAt(places, pod[DATAPLANE] === undefined ? 'namespace' : 'pod', DATAPLANE));
}

function captured({ annotations }: PodTemplate, pods: PodSource, decided: Decided): ProxyDecision {
  return decided('ztunnel', `annotation ${REDIRECTION} is ${annotations[REDIRECTION]}`, podMetadataAt(pods, 'annotations', REDIRECTION));
}

/** The proxies that Istio's own templates inject. */
const KIND_OF_TEMPLATE: Readonly<Record<string, ProxyKind>> = {
  'gateway': 'router',
  'kube-gateway': 'router',
  'waypoint': 'waypoint',
  'grpc-agent': 'grpc',
  'grpc-simple': 'grpc',
  'sidecar': 'sidecar',
};

/** Custom templates say nothing about a proxy, unless they are used with one of Istio's. */
function ofTemplates(
  { annotations }: PodTemplate, pods: PodSource, asked: Pick<ProxyDecision, 'because' | 'by'>, decided: Decided,
): ProxyDecision {
  const templates = annotations[TEMPLATES];
  if (templates === undefined) return decided('sidecar', asked.because, asked.by);
  const names = templates.split(',').map((name) => name.trim());
  const known = Object.keys(KIND_OF_TEMPLATE).find((name) => names.includes(name));
  const kind = known === undefined ? 'unknown' : KIND_OF_TEMPLATE[known];
  if (kind === 'sidecar') return decided(kind, asked.because, asked.by);
  const lacks = kind === 'unknown' ? { fact: 'template', name: templates } as const : undefined;
  return decided(kind, `${TEMPLATES} is ${templates}`, podMetadataAt(pods, 'annotations', TEMPLATES), lacks);
}

/** The injector completes a container that doesn't say which proxy it runs (`image: auto`). */
function ofContainer({ words, init }: Container, pod: PodTemplate, pods: PodSource, decided: Decided): ProxyDecision {
  const asked = { because: 'the pod template contains container istio-proxy', by: specAt(pods, init ? 'initContainers' : 'containers') };
  const named = (['router', 'waypoint', 'sidecar'] as const).find((word) => words.includes(word));
  return named ? decided(named, asked.because, asked.by) : ofTemplates(pod, pods, asked, decided);
}

const DISCOVERY_ADDRESS = 'sidecar.istio.io/discoveryAddress';
const BOOTSTRAP = 'sidecar.istio.io/bootstrapOverride';

/**
 * A pod's proxy. It isn't a sidecar that the model knows if it starts with a custom bootstrap, if another istiod than its
 * revision's configures it, or if it has variables that change how istiod or the agent treat it.
 *
 * @param pods where the pods are described
 * @param config the mesh config as it applies to the pod
 * @param istiodNamespace istiod's namespace
 * @param variable one that a ProxyConfig sets
 */
export function asCustomized(
  proxy: ProxyDecision, pod: PodTemplate, pods: PodSource,
  config: EffectiveMeshConfig, istiodNamespace: string, variable: ChangingVariable | undefined,
): ProxyDecision {
  if (proxy.kind !== 'sidecar') return proxy;
  const custom = customizationOf(proxy, pod, pods, config, istiodNamespace, variable);
  return custom ? { ...proxy, kind: 'custom', ...custom } : proxy;
}

function customizationOf(
  { revision }: ProxyDecision, { annotations, containers }: PodTemplate, pods: PodSource,
  config: EffectiveMeshConfig, istiodNamespace: string, variable: ChangingVariable | undefined,
): Pick<ProxyDecision, 'because' | 'by'> | undefined {
  const { ownProxy } = config;
  const { [BOOTSTRAP]: bootstrap, [DISCOVERY_ADDRESS]: annotated } = annotations;
  if (bootstrap !== undefined) return { because: `${BOOTSTRAP} is ${bootstrap}`, by: podMetadataAt(pods, 'annotations', BOOTSTRAP) };
  if (ownProxy.customConfigFile !== undefined) {
    return { because: `customConfigFile is ${ownProxy.customConfigFile}`, by: ownSettingAt('customConfigFile', pods, config) };
  }
  const address = annotated ?? ownProxy.discoveryAddress;
  if (address !== undefined && !isOfRevision(address, revision, istiodNamespace)) {
    const by = annotated === undefined
      ? ownSettingAt('discoveryAddress', pods, config)
      : podMetadataAt(pods, 'annotations', DISCOVERY_ADDRESS);
    return { because: `discoveryAddress is ${address}`, by };
  }
  if (variable) return { because: `variable ${variable.name} is set`, by: variable.at };
  if (ownProxy.changingVariable !== undefined) {
    return { because: `variable ${ownProxy.changingVariable} is set`, by: ownSettingAt('changingVariable', pods, config) };
  }
  const container = containers.find(({ changingVariable }) => changingVariable !== undefined);
  return container
    && { because: `variable ${container.changingVariable} is set`, by: specAt(pods, container.init ? 'initContainers' : 'containers') };
}

/** Where a proxy's own setting is written: in the pod's annotation, or in the mesh config. */
function ownSettingAt(name: keyof EffectiveMeshConfig['ownProxy'], pods: PodSource, config: EffectiveMeshConfig): FieldRef {
  if (config.overridden?.has(name)) return podMetadataAt(pods, 'annotations', PROXY_CONFIG);
  const { changingVariable } = config.ownProxy;
  return meshConfigAt(config, 'defaultConfig', ...name === 'changingVariable' ? ['proxyMetadata', changingVariable!] : [name])
    ?? wholeOf(pods.object);
}

/** Whether an address is one that Istio's charts give to a revision's istiod. */
function isOfRevision(address: string, revision: string, istiodNamespace: string): boolean {
  const [name, namespace, svc = 'svc'] = address.split(':')[0].split('.');
  return namespace === istiodNamespace && svc === 'svc'
    && (['istiod', 'istiod-remote', `istiod-${revision}`].includes(name) || name.startsWith('istiod-revision-tag-'));
}
