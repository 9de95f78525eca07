import { EnvoyFilter, Patch, PatchLimit, reaches } from './envoy-filter';
import { addTo } from '../grouped';
import { Labels, SelectorIndex } from '../names/selector';
import { idKey } from '../objects/object-id';

/** A call where it meets a proxy: the ports of the listener that may take it, and where it goes on. */
export interface PatchedCall {
  readonly listenerPorts: readonly number[];
  readonly host?: string;
  readonly port?: number;
  readonly subset?: string;
}

/** Pods, by what EnvoyFilters select them by. */
interface Selected {
  readonly namespace: string;
  readonly labels: Labels;
}

const NONE: readonly EnvoyFilter[] = Object.freeze([]);

/** The EnvoyFilters of a mesh that may change what comes of calls. */
export class EnvoyFilters {
  private readonly byNamespace = new Map<string, SelectorIndex<EnvoyFilter>>();
  private readonly known = new Map<string, Reach>();

  constructor(filters: readonly EnvoyFilter[], private readonly rootNamespace: string) {
    for (const filter of filters.filter(({ client, server }) => client.length + server.length > 0)) {
      let index = this.byNamespace.get(filter.object.namespace);
      if (!index) this.byNamespace.set(filter.object.namespace, index = new SelectorIndex());
      index.add(filter.selector, filter);
    }
  }

  /** Whether none of them may change what comes of a call. */
  get isEmpty(): boolean {
    return this.byNamespace.size === 0;
  }

  /** What tells clients apart by the EnvoyFilters that reach their proxies: equal texts, equal patches. */
  clientKey(client: Selected): string {
    if (this.isEmpty) return '';
    return this.reaching(client).filter((filter) => filter.client.length > 0).map(({ object }) => idKey(object)).join();
  }

  /** The patch of a client's or a server's proxy that may change what comes of a call. */
  patching(side: 'client' | 'server', pods: Selected, call: PatchedCall): Patch | undefined {
    const filters = this.reaching(pods);
    if (filters.length === 0) return undefined;
    const key = `${side} ${filters.map(({ object }) => idKey(object)).join()}`;
    let reach = this.known.get(key);
    if (!reach) this.known.set(key, reach = new Reach(filters.flatMap((filter) => filter[side])));
    return reach.patching(call);
  }

  /** The first patch of a client's or a server's proxy that may change what comes of any call. */
  anyOf(side: 'client' | 'server', pods: Selected): Patch | undefined {
    return this.reaching(pods).flatMap((filter) => filter[side])[0];
  }

  /** Those of the pods' own namespace, and of the root namespace. */
  private reaching({ namespace, labels }: Selected): readonly EnvoyFilter[] {
    if (this.isEmpty) return NONE;
    const namespaces = new Set([this.rootNamespace, namespace]);
    return [...namespaces].flatMap((one) => this.byNamespace.get(one)?.matching(labels) ?? NONE).filter((filter) => reaches(filter, labels));
  }
}

/** Patches by what limits them. */
class Reach {
  private readonly byKey = new Map<string, Patch[]>();

  constructor(patches: readonly Patch[]) {
    for (const patch of patches) addTo(this.byKey, keyOf(patch.limit), patch);
  }

  patching({ listenerPorts, host, port, subset }: PatchedCall): Patch | undefined {
    const limits = [{}, { host }, { port }, { subset }, ...listenerPorts.map((listenerPort) => ({ listenerPort }))];
    for (const limit of limits) {
      const found = this.byKey.get(keyOf(limit))?.find(({ limit: own }) =>
        (own.host ?? host) === host && (own.port ?? port) === port && (own.subset ?? subset) === subset);
      if (found) return found;
    }
    return undefined;
  }
}

/** By the first of a limit's fields; the others are compared. */
function keyOf({ listenerPort, host, port, subset }: PatchLimit): string {
  if (listenerPort !== undefined) return `listener ${listenerPort}`;
  if (host !== undefined) return `host ${host}`;
  if (port !== undefined) return `port ${port}`;
  return subset === undefined ? '' : `subset ${subset}`;
}
