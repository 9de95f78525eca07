import { Labels } from '../names/labels';

export const INJECTION = 'istio-injection';

/** What is known about the cluster besides the manifests. */
export interface InjectionFacts {
  /** The installed revisions; undefined: every revision that a namespace or pod names. */
  readonly installedRevisions?: readonly string[];
  /** Namespaces that aren't in the manifests, and whose pods get a sidecar unless they opt out; `*`: all of them. */
  readonly injectedNamespaces?: readonly string[];
  /** Namespaces that aren't in the manifests, and whose pods get a sidecar only if they ask for one; `*`: all of them. */
  readonly uninjectedNamespaces?: readonly string[];
  /** What is assumed of namespaces and revisions of which nothing else is known. */
  readonly assumed?: AssumedFacts;
}

/** Whether namespaces that aren't in the manifests have injection, and whether revisions are installed. */
export interface AssumedFacts {
  readonly namespaces: ReadonlyMap<string, boolean>;
  readonly revisions: ReadonlyMap<string, boolean>;
}

/** In place of the name of a namespace: all that aren't in the manifests. */
export const ALL_NAMESPACES = '*';

/** A namespace, or `*`, that is stated to have injection and not to have it; undefined: there is none. */
export function statedBothWays({ injectedNamespaces = [], uninjectedNamespaces = [] }: InjectionFacts): string | undefined {
  return injectedNamespaces.find((name) => uninjectedNamespaces.includes(name));
}

/**
 * The labels of a namespace that isn't in the manifests, as far as injection reads them; undefined: nothing is known of it.
 *
 * @param injected those with which it has injection
 */
export function statedLabels(
  namespace: string, { injectedNamespaces = [], uninjectedNamespaces = [], assumed }: InjectionFacts, injected: Labels,
): Labels | undefined {
  const isIn = (names: readonly string[]): boolean => names.includes(namespace) || names.includes(ALL_NAMESPACES);
  // A name says more than `*`, of whichever of the two.
  const isInjected = injectedNamespaces.includes(namespace) || (!uninjectedNamespaces.includes(namespace) && isIn(injectedNamespaces));
  const isDecided = isInjected || isIn(uninjectedNamespaces) ? isInjected : assumed?.namespaces.get(namespace);
  return isDecided === undefined ? undefined : isDecided ? injected : UNLABELLED;
}

const UNLABELLED: Labels = {};
