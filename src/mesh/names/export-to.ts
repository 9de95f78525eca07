/** Who sees a Service, a rule or a route, according to `exportTo`. */
export class ExportTo {
  /**
   * @param list `exportTo` as written; empty or absent means `byDefault`
   * @param namespace the object's own namespace, which `.` stands for
   */
  static of(list: readonly string[], namespace: string, byDefault: readonly string[]): ExportTo {
    return new ExportTo(new Set(list.length > 0 ? list : byDefault), namespace);
  }

  /** Visible everywhere: one `*` is enough, whatever else is listed. */
  readonly isPublic: boolean;

  private constructor(private readonly entries: ReadonlySet<string>, private readonly namespace: string) {
    this.isPublic = entries.has('*');
  }

  /** The same, but limited to its own namespace. */
  get confined(): ExportTo {
    const isForOwn = ['*', '.', this.namespace].some((entry) => this.entries.has(entry));
    return isForOwn ? new ExportTo(new Set(['.']), this.namespace) : this.hidden;
  }

  /** For nobody. */
  get hidden(): ExportTo {
    return new ExportTo(new Set(['~']), this.namespace);
  }

  isVisibleTo(namespace: string): boolean {
    if (this.isPublic) return true;
    if (this.entries.has('~')) return false;
    return this.entries.has(namespace) || (this.entries.has('.') && namespace === this.namespace);
  }

  /** Whether it is exported only to its own or named namespaces, including this one. */
  isOwn(namespace: string): boolean {
    return !this.isPublic && namespace === this.namespace && this.isVisibleTo(namespace);
  }

  /** The named namespaces, the own one for `.`; none if it is public. */
  get namespaces(): readonly string[] {
    if (this.isPublic || this.entries.has('~')) return [];
    return [...new Set([...this.entries].map((entry) => (entry === '.' ? this.namespace : entry)))];
  }
}
