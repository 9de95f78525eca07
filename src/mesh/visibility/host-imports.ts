import { isWithin, overlap } from '../names/hosts';

/** The hosts that a Sidecar imports: `namespace/host` entries, with `.`, `*` and `~`. */
export class HostImports {
  static readonly everything = HostImports.of(['*/*'], '');

  /** @param namespace what `.` stands for */
  static of(entries: readonly string[], namespace: string): HostImports {
    const [imported, excluded] = [new Map<string, string[]>(), new Map<string, string[]>()];
    for (const entry of entries) {
      const [from, host, ...rest] = entry.split('/');
      if (host === undefined || rest.length > 0) continue;
      const target = from.startsWith('~') ? excluded : imported;
      const plain = from.replace(/^~/, '') || '*';
      const key = plain === '.' ? namespace : plain;
      target.set(key, [...target.get(key) ?? [], host]);
    }
    return new HostImports(imported, excluded);
  }

  private constructor(private readonly imported: ReadonlyMap<string, readonly string[]>, private readonly excluded: ReadonlyMap<string, readonly string[]>) {}

  service({ namespace, host }: { readonly namespace: string; readonly host: string }): boolean {
    return !this.excludes(namespace, host) && this.entries(namespace).some((entry) => isWithin(host, entry));
  }

  /** A route is imported if any of its hosts overlaps an entry, either way round. */
  route({ namespace, hosts }: { readonly namespace: string; readonly hosts: readonly string[] }): boolean {
    const entries = this.entries(namespace);
    return hosts.some((host) => !this.excludes(namespace, host) && entries.some((entry) => overlap(host, entry)));
  }

  private entries(namespace: string): readonly string[] {
    return [...this.imported.get(namespace) ?? [], ...this.imported.get('*') ?? []];
  }

  private excludes(namespace: string, host: string): boolean {
    const entries = [...this.excluded.get(namespace) ?? [], ...this.excluded.get('*') ?? []];
    return entries.some((entry) => isWithin(host, entry));
  }
}
