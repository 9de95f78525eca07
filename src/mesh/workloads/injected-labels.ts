import { ProxyKind } from './injection';
import { Labels } from '../names/labels';

/** The label that tells istiod whether an endpoint uses the mesh's TLS. */
export const TLS_MODE = 'security.istio.io/tlsMode';

const CANONICAL_NAME = 'service.istio.io/canonical-name';
const CANONICAL_REVISION = 'service.istio.io/canonical-revision';

const ADDED: ReadonlySet<string> = new Set([TLS_MODE, CANONICAL_NAME, CANONICAL_REVISION]);

/** Whether injection adds the label to pods that don't have it. */
export function isAddedByInjection(label: string): boolean {
  return ADDED.has(label);
}

/** Whether it is a proxy that the injector adds with labels. */
export function isInjected(proxy: ProxyKind): boolean {
  return proxy === 'sidecar' || proxy === 'custom' || proxy === 'router';
}

/** Where their values come from, the first that exists. */
const NAMES = [CANONICAL_NAME, 'app.kubernetes.io/name', 'app'];
const REVISIONS = [CANONICAL_REVISION, 'app.kubernetes.io/version', 'version'];

/**
 * The labels of pods after injection; labels set by the user remain.
 *
 * @param name the workload's
 */
export function labelsAfterInjection(labels: Labels, name: string, proxy: ProxyKind): Labels {
  if (!isInjected(proxy)) return labels;
  const injected: Record<string, string> = { ...labels };
  injected[CANONICAL_NAME] = firstOf(labels, NAMES) ?? labelValue(name);
  injected[CANONICAL_REVISION] = firstOf(labels, REVISIONS) ?? 'latest';
  if (proxy !== 'router') injected[TLS_MODE] = labels[TLS_MODE] || 'istio';
  return injected;
}

function firstOf(labels: Labels, keys: readonly string[]): string | undefined {
  for (const key of keys) if (labels[key]) return labels[key];
  return undefined;
}

/** A name truncated to a valid label value. */
function labelValue(name: string): string {
  return name.slice(0, 63).replace(/^[-_.]+|[-_.]+$/g, '');
}
