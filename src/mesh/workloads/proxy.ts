import { Container, PodTemplate } from './pod-template';
import { DEFAULT_REVISION } from '../config/mesh-configs';
import { Labels } from '../names/selector';

/** What stands before a workload's application. */
export type ProxyKind = 'none' | 'sidecar' | 'router' | 'waypoint' | 'ztunnel' | 'grpc' | 'unknown';

export interface Proxy {
  readonly kind: ProxyKind;
  /** The fact that decided it, in words. */
  readonly because: string;
  /** The istiod that configures it. */
  readonly revision: string;
}

/** What is known about the cluster besides the manifests. */
export interface InjectionFacts {
  /** The revisions that are installed; undefined: every revision that a namespace or pod names. */
  readonly installedRevisions?: readonly string[];
  /** Namespaces that aren't in the manifests, and whose pods get a sidecar unless they say no. */
  readonly injectedNamespaces?: readonly string[];
}

export const INJECT = 'sidecar.istio.io/inject';
export const REVISION = 'istio.io/rev';
export const INJECTION = 'istio-injection';
const DATAPLANE = 'istio.io/dataplane-mode';
const TEMPLATES = 'inject.istio.io/templates';

/** Namespaces that the injector passes over, whatever their labels. */
export const IGNORED = new Set(['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage']);

/** Decides as the API server (which webhook is called) and the injector (what it does then) would. */
export function proxyOf(pod: PodTemplate, namespace: string, labels: Labels | undefined, facts: InjectionFacts): Proxy {
  const revision = pod.labels[REVISION] ?? labels?.[REVISION] ?? DEFAULT_REVISION;
  const decided = (kind: ProxyKind, because: string): Proxy => ({ kind, because, revision });

  const own = pod.containers.find(({ name }) => name === 'istio-proxy');
  if (own) return decided(kindOfContainer(own), 'the pod template holds container istio-proxy');
  if (pod.hostNetwork) return decided('none', 'hostNetwork is true');
  if (IGNORED.has(namespace)) return decided('none', `the injector passes over namespace ${namespace}`);

  const known = labels ?? (facts.injectedNamespaces?.includes(namespace) ? { [INJECTION]: 'enabled' } : undefined);
  if (!known) return decided('unknown', `namespace ${namespace} isn't in the manifests`);
  const webhook = matchingWebhook(known, pod.labels);
  if (!webhook) return withoutInjection(known, pod.labels, decided);
  if (webhook.revision !== undefined && facts.installedRevisions && !facts.installedRevisions.includes(webhook.revision)) {
    return decided('unknown', `revision ${webhook.revision} isn't known to be installed`);
  }
  if ((pod.labels[INJECT] ?? pod.annotations[INJECT]) === 'false') return decided('none', `${INJECT} is false`);
  return ofTemplates(pod.annotations[TEMPLATES], webhook.because, decided);
}

type Decided = (kind: ProxyKind, because: string) => Proxy;

/** A webhook that the API server calls for a pod. */
export interface Webhook {
  readonly because: string;
  readonly revision?: string;
}

/** Which webhook of the injector a pod of a namespace with these labels is sent to; undefined: none, it gets no sidecar. */
export function matchingWebhook(namespace: Labels, pod: Labels): Webhook | undefined {
  if (pod[INJECT] === 'false') return undefined;
  if (INJECTION in namespace) {
    return namespace[INJECTION] === 'enabled' ? { because: `the namespace's label ${INJECTION} is enabled` } : undefined;
  }
  if (REVISION in namespace) return { because: `the namespace's label ${REVISION} is ${namespace[REVISION]}`, revision: namespace[REVISION] };
  if (REVISION in pod) return { because: `the pod's label ${REVISION} is ${pod[REVISION]}`, revision: pod[REVISION] };
  return pod[INJECT] === 'true' ? { because: `the pod's label ${INJECT} is true` } : undefined;
}

function withoutInjection(namespace: Labels, pod: Labels, decided: Decided): Proxy {
  if ((pod[DATAPLANE] ?? namespace[DATAPLANE]) === 'ambient') return decided('ztunnel', `label ${DATAPLANE} is ambient`);
  if (pod[INJECT] === 'false') return decided('none', `${INJECT} is false`);
  if (INJECTION in namespace) return decided('none', `the namespace's label ${INJECTION} is ${namespace[INJECTION]}`);
  return decided('none', 'neither the namespace nor the pod asks for a sidecar');
}

function ofTemplates(templates: string | undefined, because: string, decided: Decided): Proxy {
  const names = (templates ?? '').split(',').map((name) => name.trim());
  if (names.includes('gateway')) return decided('router', `${TEMPLATES} is ${templates}`);
  if (names.includes('grpc-agent')) return decided('grpc', `${TEMPLATES} is ${templates}`);
  return decided('sidecar', because);
}

function kindOfContainer({ words }: Container): ProxyKind {
  if (words.includes('router')) return 'router';
  return words.includes('waypoint') ? 'waypoint' : 'sidecar';
}
