import { Container, PodTemplate } from './pod-template';
import { DEFAULT_REVISION } from '../config/control-plane-facts';
import { InjectorWebhooks, Injectors } from '../config/injectors';
import { MeshConfig } from '../config/mesh-config';
import { MeshConfigs, REVISION, RevisionTags } from '../config/revisions';
import { ObjectName, objectText } from '../inventory/object';
import { Labels } from '../names/labels';

/** The proxy in front of a workload's application; `custom`: a sidecar with its own bootstrap, istiod or variables. */
export type ProxyKind = 'none' | 'sidecar' | 'custom' | 'router' | 'waypoint' | 'ztunnel' | 'grpc' | 'unknown';

export interface Proxy {
  readonly kind: ProxyKind;
  /** The fact that decided it, in words. */
  readonly because: string;
  /** The istiod that configures it. */
  readonly revision: string;
  /** The name with which the namespace or the pod selects that istiod: a revision's, or a tag's. */
  readonly asked?: string;
  /** Which fact would resolve an unknown proxy. */
  readonly lacks?: ProxyFact;
}

/** The labels of a namespace, whether a revision is installed, what a custom template or injector injects, or what pods there are. */
interface ProxyFact {
  readonly fact: 'namespace' | 'revision' | 'template' | 'injector' | 'pod-template';
  readonly name: string;
}

/** What is known about the cluster besides the manifests. */
export interface InjectionFacts {
  /** The installed revisions; undefined: every revision that a namespace or pod names. */
  readonly installedRevisions?: readonly string[];
  /** Namespaces that aren't in the manifests, and whose pods get a sidecar unless they opt out. */
  readonly injectedNamespaces?: readonly string[];
}

/** The same, with what the manifests say about revisions. */
interface KnownRevisions extends InjectionFacts {
  readonly tags: RevisionTags;
  readonly configs: MeshConfigs;
  readonly injectors: Injectors;
  readonly injectorWebhooks: InjectorWebhooks;
  /** Whether a revision's injector takes only `true` and `false` for booleans. */
  readonly readsBooleans: (revision: string) => boolean;
}

export const INJECT = 'sidecar.istio.io/inject';
export const INJECTION = 'istio-injection';
export const DATAPLANE = 'istio.io/dataplane-mode';
const TEMPLATES = 'inject.istio.io/templates';

/** Namespaces that the injector skips, whatever their labels. */
export const IGNORED = new Set(['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage']);

/** Decides like the API server (which webhook is called) and the injector (what it does then). */
export function proxyOf(pod: PodTemplate, namespace: string, labels: Labels | undefined, revisions: KnownRevisions): Proxy {
  const { tags, injectors, injectorWebhooks, injectedNamespaces } = revisions;
  const known = labels ?? (injectedNamespaces?.includes(namespace) ? { [INJECTION]: 'enabled' } : undefined);
  const webhook = known && matchingWebhook(known, pod.labels);
  const own = pod.containers.find(({ name }) => name === 'istio-proxy');
  const asked = webhook ? webhook.revision : pod.labels[REVISION] ?? labels?.[REVISION];
  const revision = tags.revisionOf((own && pod.annotations[REVISION]) ?? asked ?? DEFAULT_REVISION);
  const decided = (kind: ProxyKind, because: string, lacks?: ProxyFact): Proxy => ({ kind, because, revision, asked: webhook?.revision, lacks });

  if (own) return ofContainer(own, pod.annotations[TEMPLATES], decided);
  if (pod.hostNetwork) return decided('none', 'hostNetwork is true');
  if (IGNORED.has(namespace)) return decided('none', `the injector skips namespace ${namespace}`);
  if (!known) return decided('unknown', `namespace ${namespace} isn't in the manifests`, { fact: 'namespace', name: namespace });
  const injector = (mayBeInjected(known, pod.labels) ? injectors.ownOf(revision) : undefined)
    ?? (labels && injectorWebhooks.unlikeCharts({ namespace, namespaceLabels: labels, labels: pod.labels }, webhook && (asked ?? DEFAULT_REVISION)));
  if (injector) return decided('unknown', `${objectText(injector)} differs from Istio's charts`, { fact: 'injector', name: objectText(injector) });
  if (!webhook) return withoutInjection(known, pod.labels, decided);
  if (!isInstalled(webhook, revision, revisions)) {
    return decided('unknown', `revision ${webhook.revision} isn't known to be installed`, { fact: 'revision', name: webhook.revision! });
  }
  const optedOut = optOutOf(pod.labels[INJECT] ?? pod.annotations[INJECT] ?? '', revisions.readsBooleans(revision));
  if (optedOut) return ambient(known, pod.labels, decided) ?? decided('none', `${INJECT} is ${optedOut}`);
  return ofTemplates(pod.annotations[TEMPLATES], webhook.because, decided);
}

/** The value by which a pod opts out; undefined: it doesn't. Before 1.27, any text that is neither empty nor true in YAML does. */
function optOutOf(value: string, readsBooleans: boolean): string | undefined {
  const isOut = readsBooleans ? value === 'false' : !['', 'y', 'yes', 'true', 'on'].includes(value.toLowerCase());
  return isOut ? value : undefined;
}

/**
 * A namespace or pod names a revision, or a tag; without a name, it goes to the default one. By default, a name is considered a
 * revision, unless other revisions have ConfigMaps and it has none: it may be a tag of theirs.
 */
function isInstalled({ revision: named }: Webhook, revision: string, { installedRevisions, configs }: KnownRevisions): boolean {
  if (named === undefined) return true;
  return installedRevisions ? installedRevisions.includes(named) || installedRevisions.includes(revision) : configs.knows(revision) !== false;
}

/** For pods about which nothing is known. */
export function unknownProxy(object: ObjectName): Proxy {
  return { kind: 'unknown', because: 'the manifests don\'t contain its pod template', revision: DEFAULT_REVISION, lacks: { fact: 'pod-template', name: objectText(object) } };
}

type Decided = (kind: ProxyKind, because: string, lacks?: ProxyFact) => Proxy;

/** A webhook that the API server calls for a pod. */
export interface Webhook {
  readonly because: string;
  readonly revision?: string;
}

/** The injector's webhook for a pod in a namespace with these labels; undefined: none, it gets no sidecar. */
export function matchingWebhook(namespace: Labels, pod: Labels): Webhook | undefined {
  if (pod[INJECT] === 'false') return undefined;
  if (INJECTION in namespace) {
    return namespace[INJECTION] === 'enabled' ? { because: `the namespace's label ${INJECTION} is enabled` } : undefined;
  }
  if (REVISION in namespace) return ofRevision('the namespace', namespace[REVISION]);
  if (REVISION in pod) return ofRevision('the pod', pod[REVISION]);
  return pod[INJECT] === 'true' ? { because: `the pod's label ${INJECT} is true` } : undefined;
}

/** Whether neither the namespace nor the pod opts out, which every injector respects. */
function mayBeInjected(namespace: Labels, pod: Labels): boolean {
  return pod[INJECT] !== 'false' && (namespace[INJECTION] ?? 'enabled') === 'enabled';
}

/** No revision has an empty name, but the label exists, so that no other webhook matches. */
function ofRevision(whose: string, revision: string): Webhook | undefined {
  return revision === '' ? undefined : { because: `${whose}'s label ${REVISION} is ${revision}`, revision };
}

function withoutInjection(namespace: Labels, pod: Labels, decided: Decided): Proxy {
  const ztunnel = ambient(namespace, pod, decided);
  if (ztunnel) return ztunnel;
  if (pod[INJECT] === 'false') return decided('none', `${INJECT} is false`);
  if (INJECTION in namespace) return decided('none', `the namespace's label ${INJECTION} is ${namespace[INJECTION]}`);
  return decided('none', 'neither the namespace nor the pod asks for a sidecar');
}

/** Pods without an injected sidecar may be in the ambient mesh. */
function ambient(namespace: Labels, pod: Labels, decided: Decided): Proxy | undefined {
  return (pod[DATAPLANE] ?? namespace[DATAPLANE]) === 'ambient' ? decided('ztunnel', `label ${DATAPLANE} is ambient`) : undefined;
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
function ofTemplates(templates: string | undefined, because: string, decided: Decided): Proxy {
  if (templates === undefined) return decided('sidecar', because);
  const names = templates.split(',').map((name) => name.trim());
  const known = Object.keys(KIND_OF_TEMPLATE).find((name) => names.includes(name));
  const kind = known === undefined ? 'unknown' : KIND_OF_TEMPLATE[known];
  const lacks = kind === 'unknown' ? { fact: 'template', name: templates } as const : undefined;
  return decided(kind, kind === 'sidecar' ? because : `${TEMPLATES} is ${templates}`, lacks);
}

/** The injector completes a container that doesn't say which proxy it runs (`image: auto`). */
function ofContainer({ words }: Container, templates: string | undefined, decided: Decided): Proxy {
  const because = 'the pod template contains container istio-proxy';
  const named = (['router', 'waypoint', 'sidecar'] as const).find((word) => words.includes(word));
  return named ? decided(named, because) : ofTemplates(templates, because, decided);
}

const DISCOVERY_ADDRESS = 'sidecar.istio.io/discoveryAddress';
const BOOTSTRAP = 'sidecar.istio.io/bootstrapOverride';

/**
 * A pod's proxy. It isn't a sidecar that the model knows if it starts with a custom bootstrap, if another istiod than its
 * revision's configures it, or if it has variables that change how istiod or the agent treat it.
 *
 * @param config the mesh config as it applies to the pod
 * @param istiodNamespace istiod's namespace
 * @param variable one that a ProxyConfig sets
 */
export function asCustomized(proxy: Proxy, pod: PodTemplate, { ownProxy }: MeshConfig, istiodNamespace: string, variable: string | undefined): Proxy {
  if (proxy.kind !== 'sidecar') return proxy;
  const { annotations, containers } = pod;
  const address = annotations[DISCOVERY_ADDRESS] ?? ownProxy.discoveryAddress;
  const set = variable ?? ownProxy.changingVariable ?? containers.find(({ changingVariable }) => changingVariable !== undefined)?.changingVariable;
  const because = (annotations[BOOTSTRAP] === undefined ? undefined : `${BOOTSTRAP} is ${annotations[BOOTSTRAP]}`)
    ?? (ownProxy.customConfigFile === undefined ? undefined : `customConfigFile is ${ownProxy.customConfigFile}`)
    ?? (address === undefined || isOfRevision(address, proxy.revision, istiodNamespace) ? undefined : `discoveryAddress is ${address}`)
    ?? (set === undefined ? undefined : `variable ${set} is set`);
  return because === undefined ? proxy : { ...proxy, kind: 'custom', because };
}

/** Whether an address is one that Istio's charts give to a revision's istiod. */
function isOfRevision(address: string, revision: string, istiodNamespace: string): boolean {
  const [name, namespace, svc = 'svc'] = address.split(':')[0].split('.');
  return namespace === istiodNamespace && svc === 'svc' && (['istiod', 'istiod-remote', `istiod-${revision}`].includes(name) || name.startsWith('istiod-revision-tag-'));
}
