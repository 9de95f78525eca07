import { isWildcard } from './hosts';

const NONE: readonly never[] = Object.freeze([]);

/** Values by host, looked up as istiod does: the exact host, else the longest wildcard that covers it. */
export class HostIndex<T> {
  private readonly byHost = new Map<string, T>();
  /** The lengths that wildcards have, the longest first: a mesh has many hosts, but few such lengths. */
  private wildcardLengths: readonly number[] = [];

  get(host: string): T | undefined {
    return this.byHost.get(host);
  }

  set(host: string, value: T): void {
    this.byHost.set(host, value);
    if (isWildcard(host) && !this.wildcardLengths.includes(host.length)) {
      this.wildcardLengths = [...this.wildcardLengths, host.length].sort((left, right) => right - left);
    }
  }

  /** The most specific entry that covers `host`. */
  mostSpecific(host: string): T | undefined {
    return this.byHost.get(host) ?? this.wildcardsAround(host)[0];
  }

  /** All entries that cover `host`, the most specific first. */
  covering(host: string): readonly T[] {
    const exact = this.byHost.get(host);
    const wildcards = this.wildcardsAround(host);
    return exact === undefined || isWildcard(host) ? wildcards : [exact, ...wildcards];
  }

  entries(): Iterable<[string, T]> {
    return this.byHost.entries();
  }

  values(): Iterable<T> {
    return this.byHost.values();
  }

  private wildcardsAround(host: string): readonly T[] {
    if (this.wildcardLengths.length === 0) return NONE;
    const found: T[] = [];
    for (const length of this.wildcardLengths) {
      if (length > host.length + 1) continue;
      const value = this.byHost.get(`*${host.slice(host.length + 1 - length)}`);
      if (value !== undefined) found.push(value);
    }
    return found;
  }
}
