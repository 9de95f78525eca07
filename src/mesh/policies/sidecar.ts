import { indexedMappings, integer, isMapping, labelsOf, Mapping, mapping, text, texts } from '../../manifests/mapping';
import { addTo, grouped, oncePerObject } from '../collections';
import { OutboundMode, outboundMode } from '../config/mesh-config';
import { FieldRef } from '../inventory/field-ref';
import { MeshObject } from '../inventory/object';
import { HostIndex, isWildcard, isWithin, overlap } from '../names/hosts';
import { Labels, NO_LABELS, SelectorIndex } from '../names/labels';

/** The hosts that a Sidecar imports: `namespace/host` entries, with `.`, `*` and `~`. */
export class HostImports {
  static readonly everything = HostImports.of(['*/*'], '');

  /**
   * @param namespace what `.` stands for
   * @param excludes whether entries that begin with `~` exclude hosts; otherwise they have no effect
   */
  static of(entries: readonly string[], namespace: string, excludes = true): HostImports {
    const [imported, excluded] = [new Map<string, string[]>(), new Map<string, string[]>()];
    for (const entry of entries) {
      const [from, host, ...rest] = entry.split('/');
      if (host === undefined || rest.length > 0 || (!excludes && from.startsWith('~'))) continue;
      const plain = from.replace(/^~/, '') || '*';
      const key = plain === '.' ? namespace : plain;
      addTo(from.startsWith('~') ? excluded : imported, key, host);
    }
    return new HostImports(imported, excluded);
  }

  /** Whether all imports name a host in a namespace, without wildcards. */
  readonly areNames: boolean;
  /** Whether everything is imported, as without a Sidecar. */
  readonly areAll: boolean;
  private readonly byNamespace = new Map<string, NamespaceImports>();

  private constructor(private readonly imported: EntriesByNamespace, private readonly excluded: EntriesByNamespace) {
    this.areAll = excluded.size === 0 && (imported.get('*')?.includes('*') ?? false);
    this.areNames = [...imported].every(([namespace, hosts]) => namespace !== '*' && !hosts.some(isWildcard));
  }

  /** The named namespaces; undefined if any may be imported. */
  get namespaces(): readonly string[] | undefined {
    return this.imported.has('*') ? undefined : [...this.imported.keys()];
  }

  /** A key that is equal for imports that treat services and routes of some namespaces alike. */
  keyFor(namespaces: ReadonlySet<string>): string {
    const concerned = (entries: EntriesByNamespace): unknown => (
      [...entries].filter(([from]) => from === '*' || namespaces.has(from)).sort(byText));
    return JSON.stringify([this.areNames, concerned(this.imported), concerned(this.excluded)]);
  }

  service({ namespace, host }: { readonly namespace: string; readonly host: string }): boolean {
    if (this.areAll) return true;
    const { importedHosts, excludedHosts } = this.of(namespace);
    return importedHosts.mostSpecific(host) !== undefined && excludedHosts.mostSpecific(host) === undefined;
  }

  /**
   * Whether another name of an imported service is imported. If an entry for the service's namespace imports the service, the
   * name must match such an entry; otherwise it must match an entry for any namespace. Exclusions don't count.
   */
  name(name: string, { namespace, host }: { readonly namespace: string; readonly host: string }): boolean {
    const own = this.imported.get(namespace) ?? [];
    const entries = own.some((entry) => isWithin(host, entry)) ? own : this.imported.get('*') ?? [];
    return entries.some((entry) => isWithin(name, entry));
  }

  /** A route is imported if any of its hosts overlaps an entry, in either direction. */
  route({ namespace, hosts }: { readonly namespace: string; readonly hosts: readonly string[] }): boolean {
    if (this.areAll) return true;
    const { imported, excludedHosts } = this.of(namespace);
    return hosts.some((host) => imported.some((entry) => overlap(host, entry)) && excludedHosts.mostSpecific(host) === undefined);
  }

  private of(namespace: string): NamespaceImports {
    let known = this.byNamespace.get(namespace);
    if (!known) {
      const imported = entriesFor(this.imported, namespace);
      known = { imported, importedHosts: indexOf(imported), excludedHosts: indexOf(entriesFor(this.excluded, namespace)) };
      this.byNamespace.set(namespace, known);
    }
    return known;
  }
}

function byText([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : 1;
}

type EntriesByNamespace = ReadonlyMap<string, readonly string[]>;

interface NamespaceImports {
  readonly imported: readonly string[];
  readonly importedHosts: HostIndex<string>;
  readonly excludedHosts: HostIndex<string>;
}

function indexOf(entries: readonly string[]): HostIndex<string> {
  const index = new HostIndex<string>();
  for (const entry of entries) index.set(entry, entry);
  return index;
}

function entriesFor(entries: EntriesByNamespace, namespace: string): readonly string[] {
  return [...entries.get(namespace) ?? [], ...entries.get('*') ?? []];
}

/** A Sidecar: what the selected proxies import and listen on. */
export interface SidecarResource {
  readonly object: MeshObject;
  /** The pods that it selects; undefined for all of its namespace, or of the mesh if it is in the root namespace. */
  readonly selector?: Labels;
  readonly egress: readonly EgressListener[];
  readonly ingress: readonly IngressListener[];
  /** Overrides the mesh config's setting. */
  readonly outbound?: OutboundMode;
  readonly egressProxy: boolean;
}

export interface IngressListener {
  readonly at: FieldRef;
  readonly number: number;
  readonly protocol: string;
  /** Whether it has a bind address or a capture mode. */
  readonly special: boolean;
  /** Whether it has its own TLS settings, which istiod ignores by default. */
  readonly tls: boolean;
}

export interface EgressListener {
  readonly at: FieldRef;
  readonly hosts: readonly string[];
  /** The listener's port; undefined for the listener that covers all other ports. */
  readonly port?: { readonly number: number; readonly protocol: string };
  /** Whether it has a bind address or capture mode NONE. */
  readonly boundElsewhere: boolean;
}

export const readSidecar = oncePerObject((object: MeshObject): SidecarResource => {
  const { spec } = object;
  return {
    object,
    selector: isMapping(spec.workloadSelector) ? labelsOf(mapping(spec.workloadSelector).labels) : undefined,
    egress: indexedMappings(spec.egress).map(([index, listener]) => readEgress(listener, { object, field: ['spec', 'egress', index] })),
    ingress: indexedMappings(spec.ingress).map(([index, listener]) => readIngress(listener, { object, field: ['spec', 'ingress', index] })),
    outbound: outboundMode(spec.outboundTrafficPolicy),
    egressProxy: isMapping(mapping(spec.outboundTrafficPolicy).egressProxy),
  };
});

/** The field of a Sidecar's workloadSelector. */
export function sidecarSelectorAt({ object }: SidecarResource): FieldRef {
  return { object, field: ['spec', 'workloadSelector', 'labels'] };
}

function readIngress(listener: Mapping, at: FieldRef): IngressListener {
  const { number, protocol } = mapping(listener.port);
  return {
    at, number: integer(number) ?? NaN, protocol: text(protocol) ?? '', special: isBoundElsewhere(listener), tls: isMapping(listener.tls),
  };
}

function readEgress(listener: Mapping, at: FieldRef): EgressListener {
  const { number, protocol } = mapping(listener.port);
  return {
    at,
    hosts: texts(listener.hosts),
    port: isMapping(listener.port) ? { number: integer(number) ?? 0, protocol: text(protocol) ?? '' } : undefined,
    boundElsewhere: text(listener.bind) !== undefined || listener.captureMode === 'NONE',
  };
}

function isBoundElsewhere({ bind, captureMode = 'DEFAULT' }: Mapping): boolean {
  return text(bind) !== undefined || captureMode !== 'DEFAULT';
}

/** The imports of a Sidecar for proxies in a namespace; without egress listeners, it imports everything. */
export function importsOf(resource: SidecarResource | undefined, namespace: string, excludes: boolean): HostImports {
  return resource?.egress.length
    ? HostImports.of(resource.egress.flatMap(({ hosts }) => hosts), namespace, excludes)
    : HostImports.everything;
}

/** The Sidecars of a mesh. */
export class SidecarResources {
  private readonly byNamespace = new Map<string, SelectorIndex<SidecarResource>>();
  private readonly selectors: ReadonlyMap<string, readonly Labels[]>;
  private readonly forMesh: SidecarResource | undefined;

  /** @param resources in istiod's order of preference */
  constructor(resources: readonly SidecarResource[], rootNamespace: string) {
    const selective = resources.filter(isSelective);
    const wide = resources.filter((resource) => !isSelective(resource));
    for (const resource of [...selective, ...wide]) {
      const { object, selector = NO_LABELS } = resource;
      indexFor(this.byNamespace, object.namespace).add(selector, resource);
    }
    const groups = grouped(selective, ({ object }) => object.namespace);
    this.selectors = new Map([...groups].map(([namespace, own]) => [namespace, own.map(({ selector }) => selector)]));
    this.forMesh = wide.find(({ object }) => object.namespace === rootNamespace);
  }

  /** The Sidecar of a proxy: one that selects it, or else its namespace's, or else the root namespace's. */
  of({ namespace, labels }: { readonly namespace: string; readonly labels: Labels }): SidecarResource | undefined {
    return this.byNamespace.get(namespace)?.first(labels) ?? this.forMesh;
  }

  /** The selectors of a namespace's Sidecars that apply only to some of its workloads. */
  selectorsOf(namespace: string): readonly Labels[] {
    return this.selectors.get(namespace) ?? [];
  }
}

function isSelective(resource: SidecarResource): resource is SidecarResource & { readonly selector: Labels } {
  return resource.selector !== undefined;
}

function indexFor(indexes: Map<string, SelectorIndex<SidecarResource>>, namespace: string): SelectorIndex<SidecarResource> {
  let index = indexes.get(namespace);
  if (!index) indexes.set(namespace, index = new SelectorIndex());
  return index;
}

/** Whether clients use the listener as an HTTP proxy, for services on any port. */
export function isForProxying({ port }: Pick<EgressListener, 'port'>): boolean {
  return port?.protocol.toUpperCase() === 'HTTP_PROXY';
}

/** The only port of services that a listener imports; undefined if it imports all ports. */
export function portOnly(listener: Pick<EgressListener, 'port'>): number | undefined {
  return listener.port && listener.port.number !== 0 && !isForProxying(listener) ? listener.port.number : undefined;
}
