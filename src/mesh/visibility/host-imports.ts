import { addTo } from '../grouped';
import { HostIndex } from '../names/host-index';
import { isWildcard, isWithin, overlap } from '../names/hosts';

/** The hosts that a Sidecar imports: `namespace/host` entries, with `.`, `*` and `~`. */
export class HostImports {
  static readonly everything = HostImports.of(['*/*'], '');

  /** @param namespace what `.` stands for */
  static of(entries: readonly string[], namespace: string): HostImports {
    const [imported, excluded] = [new Map<string, string[]>(), new Map<string, string[]>()];
    for (const entry of entries) {
      const [from, host, ...rest] = entry.split('/');
      if (host === undefined || rest.length > 0) continue;
      const plain = from.replace(/^~/, '') || '*';
      const key = plain === '.' ? namespace : plain;
      addTo(from.startsWith('~') ? excluded : imported, key, host);
    }
    return new HostImports(imported, excluded);
  }

  /** Whether all imports name a host of a namespace, none a wildcard. */
  readonly areNames: boolean;
  /** Whether they leave nothing out, as without any Sidecar. */
  readonly areAll: boolean;
  private readonly byNamespace = new Map<string, NamespaceImports>();

  private constructor(private readonly imported: EntriesByNamespace, private readonly excluded: EntriesByNamespace) {
    this.areAll = excluded.size === 0 && (imported.get('*')?.includes('*') ?? false);
    this.areNames = [...imported].every(([namespace, hosts]) => namespace !== '*' && !hosts.some(isWildcard));
  }

  /** The namespaces that are named; undefined if any may be imported. */
  get namespaces(): readonly string[] | undefined {
    return this.imported.has('*') ? undefined : [...this.imported.keys()];
  }

  /** A text that is equal for imports that make no difference between services and routes of some namespaces. */
  keyFor(namespaces: ReadonlySet<string>): string {
    const concerned = (entries: EntriesByNamespace): unknown => [...entries].filter(([from]) => from === '*' || namespaces.has(from)).sort(byText);
    return JSON.stringify([this.areNames, concerned(this.imported), concerned(this.excluded)]);
  }

  service({ namespace, host }: { readonly namespace: string; readonly host: string }): boolean {
    if (this.areAll) return true;
    const { importedHosts, excludedHosts } = this.of(namespace);
    return importedHosts.mostSpecific(host) !== undefined && excludedHosts.mostSpecific(host) === undefined;
  }

  /**
   * Another name of an imported service: the entries for the service's namespace must hold it if the service is
   * imported by one of them, else those for any namespace. What is excluded doesn't count.
   */
  name(name: string, { namespace, host }: { readonly namespace: string; readonly host: string }): boolean {
    const own = this.imported.get(namespace) ?? [];
    const entries = own.some((entry) => isWithin(host, entry)) ? own : this.imported.get('*') ?? [];
    return entries.some((entry) => isWithin(name, entry));
  }

  /** A route is imported if any of its hosts overlaps an entry, either way round. */
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
