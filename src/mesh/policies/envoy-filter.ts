import { FieldPath } from '../../findings/finding';
import { integer, isMapping, labelsOf, Mapping, mapping, mappings, text } from '../../manifests/mapping';
import { addTo } from '../collections';
import { MeshObject, idKey } from '../inventory/object';
import { Labels, selects, SelectorIndex } from '../names/labels';

/** What a kind of patch may change in the proxies of clients and servers. */
interface PatchEffect {
  readonly applyTo: readonly string[];
  /** The operations; all by default. */
  readonly operations?: readonly string[];
  /** Whether it makes unknown what the client's proxy sends (`client`) or what the server's proxy accepts (`server`). */
  readonly client: boolean;
  readonly server: boolean;
  readonly because: string;
}

/** The first row with the patch's kind and operation counts; docs/analysis.md shows this table. A patch in no row may change anything. */
export const PATCH_EFFECTS: readonly PatchEffect[] = [
  { applyTo: ['LISTENER', 'BOOTSTRAP'], client: true, server: true, because: 'another listener may receive the calls' },
  {
    applyTo: ['LISTENER_FILTER'],
    client: true,
    server: true,
    because: 'what a listener filter detects selects the filter chain of a connection',
  },
  {
    applyTo: ['FILTER_CHAIN'],
    client: true,
    server: true,
    because: 'a filter chain terminates TLS and determines where the connection goes',
  },
  { applyTo: ['NETWORK_FILTER'], client: true, server: true, because: 'a network filter may send the connection elsewhere' },
  {
    applyTo: ['HTTP_FILTER'],
    operations: ['ADD', 'INSERT_BEFORE', 'INSERT_AFTER', 'INSERT_FIRST'],
    client: false,
    server: false,
    because: 'Lua, Wasm, rate limits and the like process requests; the connection stays the same, '
      + 'unless a route depends on what they change',
  },
  {
    applyTo: ['HTTP_FILTER'], client: true, server: true, because: 'without Istio\'s own filters, HTTP is routed and encrypted differently',
  },
  {
    applyTo: ['ROUTE_CONFIGURATION', 'VIRTUAL_HOST', 'HTTP_ROUTE'],
    client: true,
    server: true,
    because: 'a route may send the call elsewhere, or answer it',
  },
  {
    applyTo: ['CLUSTER'],
    operations: ['ADD'],
    client: false,
    server: false,
    because: 'only a route leads to a new cluster, and a patch of that route is taken into account',
  },
  {
    applyTo: ['CLUSTER'],
    client: true,
    server: false,
    because: 'a client\'s cluster sets the TLS that it sends; a server\'s leads to its own application',
  },
  { applyTo: ['EXTENSION_CONFIG'], client: false, server: false, because: 'the settings of a filter that is added elsewhere' },
];

const UNKNOWN: PatchEffect = { applyTo: [], client: true, server: true, because: 'it may change anything' };

export function effectOf(applyTo: string, operation: string): PatchEffect {
  return PATCH_EFFECTS.find((row) => row.applyTo.includes(applyTo) && (row.operations?.includes(operation) ?? true)) ?? UNKNOWN;
}

/** Limits a patch to some calls; an omitted field is no limit. */
interface PatchLimit {
  /** The port of the listener or route configuration: the port that clients call, or that servers serve. */
  readonly listenerPort?: number;
  /** The destination host, as in cluster names. */
  readonly host?: string;
  readonly port?: number;
  readonly subset?: string;
}

/** A patch that may change the outcome of calls, on one side. */
export interface Patch {
  readonly object: MeshObject;
  /** The patch's field in the object. */
  readonly field: FieldPath;
  readonly limit: PatchLimit;
}

/** An EnvoyFilter with the patches that may change the outcome of calls; or a plugin, as the filters that it adds. */
export interface EnvoyFilter {
  readonly object: MeshObject;
  readonly selector: Labels;
  /** The gateways that it targets. */
  readonly gateways?: readonly string[];
  readonly client: readonly Patch[];
  readonly server: readonly Patch[];
  /** Patches that add HTTP filters to clients' proxies which may make Envoy select another route. */
  readonly requests: readonly Patch[];
}

/** The lists of patches. */
type PatchList = 'client' | 'server' | 'requests';

/** The ports of a sidecar's virtual listeners: patches for these affect all calls. */
const VIRTUAL_PORTS = new Set([15001, 15006]);

export function readEnvoyFilter(object: MeshObject): EnvoyFilter {
  const { spec } = object;
  const patches = mappings(spec.configPatches).map((written, index) => ({
    written, patch: { object, field: ['spec', 'configPatches', index], limit: limitOf(written) },
  }));
  const of = (side: 'client' | 'server', context: string): readonly Patch[] =>
    patches.filter(({ written }) => concerns(written, side, context)).map(({ patch }) => patch);
  const gateways = mappings(spec.targetRefs).map(({ name }) => text(name) ?? '');
  return {
    object,
    selector: labelsOf(mapping(spec.workloadSelector).labels),
    gateways: gateways.length > 0 ? gateways : undefined,
    client: of('client', 'SIDECAR_OUTBOUND'),
    server: of('server', 'SIDECAR_INBOUND'),
    requests: patches.filter(({ written }) => changesRequests(written)).map(({ patch }) => patch),
  };
}

/** Envoy's HTTP filters that never make it select the route again. Any other may change headers or the path, and so the route. */
const KEEP_ROUTE: ReadonlySet<string> = new Set(['buffer', 'compressor', 'cors', 'csrf', 'fault', 'grpc_stats', 'local_ratelimit']);

/** Whether a patch's value is a filter that may make Envoy select the route again. */
function mayReroute(value: unknown): boolean {
  const config = mapping(mapping(value).typed_config);
  const [, name] = /\.filters\.http\.(\w+)\./.exec(text(config.type_url) ?? text(config['@type']) ?? '') ?? [];
  return name === undefined || !KEEP_ROUTE.has(name);
}

/** Whether a patch adds such an HTTP filter to clients' proxies. */
function changesRequests({ applyTo, match, patch }: Mapping): boolean {
  const { operation, value } = mapping(patch);
  return applyTo === 'HTTP_FILTER' && isIn(match, 'SIDECAR_OUTBOUND') && ADDING.has(text(operation) ?? '') && mayReroute(value);
}

const ADDING = new Set(['ADD', 'INSERT_BEFORE', 'INSERT_AFTER', 'INSERT_FIRST']);

function isIn(match: unknown, context: string): boolean {
  const wanted = text(mapping(match).context) ?? 'ANY';
  return wanted === 'ANY' || wanted === context;
}

function concerns({ applyTo, match, patch }: Mapping, side: 'client' | 'server', context: string): boolean {
  return isIn(match, context) && effectOf(text(applyTo) ?? '', text(mapping(patch).operation) ?? '')[side];
}

/** Patches of listener filters, and added listeners or filter chains, also apply to the virtual listeners, whatever port they name. */
function limitOf({ applyTo, match, patch }: Mapping): PatchLimit {
  const { cluster, listener, routeConfiguration } = mapping(match);
  const adds = mapping(patch).operation !== 'MERGE' && mapping(patch).operation !== 'REMOVE';
  const isEverywhere = applyTo === 'LISTENER_FILTER' || applyTo === 'BOOTSTRAP'
    || (adds && (applyTo === 'LISTENER' || applyTo === 'FILTER_CHAIN'));
  if (isEverywhere) return {};
  if (applyTo === 'CLUSTER') return isMapping(cluster) ? clusterLimit(cluster) : {};
  const port = integer(mapping(listener).portNumber) ?? integer(mapping(routeConfiguration).portNumber) ?? 0;
  return port === 0 || VIRTUAL_PORTS.has(port) ? {} : { listenerPort: port };
}

/** A cluster's name has all limits: `outbound|80|v1|web.shop.svc.cluster.local`; any other name is one of the proxy's own clusters. */
function clusterLimit({ name, service, portNumber, subset }: Mapping): PatchLimit {
  if (text(name) === undefined) return { host: text(service), port: integer(portNumber) || undefined, subset: text(subset) };
  const [, port, named, host] = text(name)!.split('|');
  return host === undefined ? { host: text(name) } : { host, port: Number(port), subset: named };
}

/** Whether a filter applies to pods: by its selector; with `targetRefs` only to pods of gateways. */
function reaches({ gateways, selector }: EnvoyFilter, labels: Labels): boolean {
  const gateway = labels['gateway.networking.k8s.io/gateway-name'];
  return gateways ? gateway !== undefined && gateways.includes(gateway) : selects(selector, labels);
}

/** A call at a proxy: the ports of the listener that may handle it, and its destination. */
export interface PatchedCall {
  readonly listenerPorts: readonly number[];
  readonly host?: string;
  readonly port?: number;
  readonly subset?: string;
}

/** The parts of a pod that EnvoyFilters select by. */
interface Selected {
  readonly namespace: string;
  readonly labels: Labels;
}

const NONE: readonly EnvoyFilter[] = Object.freeze([]);

/** The EnvoyFilters of a mesh that may change the outcome of calls. */
export class EnvoyFilters {
  private readonly byNamespace = new Map<string, SelectorIndex<EnvoyFilter>>();
  private readonly known = new Map<string, Reach>();

  /** Whether some of them may make clients' proxies select another route for a request. */
  mayReroute = false;

  constructor(filters: readonly EnvoyFilter[], private readonly rootNamespace: string) {
    for (const filter of filters.filter(({ client, server, requests }) => client.length + server.length + requests.length > 0)) {
      this.mayReroute ||= filter.requests.length > 0;
      let index = this.byNamespace.get(filter.object.namespace);
      if (!index) this.byNamespace.set(filter.object.namespace, index = new SelectorIndex());
      index.add(filter.selector, filter);
    }
  }

  /** Whether none of them may change the outcome of a call. */
  get isEmpty(): boolean {
    return this.byNamespace.size === 0;
  }

  /** A key of the EnvoyFilters that apply to a client's proxy. */
  clientKey(client: Selected): string {
    if (this.isEmpty) return '';
    return this.reaching(client).filter(({ client: own, requests }) => own.length + requests.length > 0).map(({ object }) => idKey(object))
      .join();
  }

  /** The patch of a client's or a server's proxy that may change the outcome of a call. */
  patching(side: PatchList, pods: Selected, call: PatchedCall): Patch | undefined {
    const filters = this.reaching(pods);
    if (filters.length === 0) return undefined;
    const key = `${side} ${filters.map(({ object }) => idKey(object)).join()}`;
    let reach = this.known.get(key);
    if (!reach) this.known.set(key, reach = new Reach(filters.flatMap((filter) => filter[side])));
    return reach.patching(call);
  }

  /** The first patch of a client's or a server's proxy that may change the outcome of any call. */
  anyOf(side: 'client' | 'server', pods: Selected): Patch | undefined {
    return this.reaching(pods).flatMap((filter) => filter[side])[0];
  }

  /** The EnvoyFilters in the pods' namespace and in the root namespace that apply to the pods. */
  private reaching({ namespace, labels }: Selected): readonly EnvoyFilter[] {
    if (this.isEmpty) return NONE;
    const namespaces = new Set([this.rootNamespace, namespace]);
    return [...namespaces].flatMap((one) => this.byNamespace.get(one)?.matching(labels) ?? NONE)
      .filter((filter) => reaches(filter, labels));
  }
}

/** Patches, indexed by their limits. */
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

/** The first field of a limit; the others are compared. */
function keyOf({ listenerPort, host, port, subset }: PatchLimit): string {
  if (listenerPort !== undefined) return `listener ${listenerPort}`;
  if (host !== undefined) return `host ${host}`;
  if (port !== undefined) return `port ${port}`;
  return subset === undefined ? '' : `subset ${subset}`;
}
