type Mapping = Record<string, unknown>;

/** Go tells 0.0 and -0.0 apart by their names only: the one that stands later gives the key its name. */
const ZERO = 'float 0';
const ZERO_NAMES: Readonly<Record<string, string>> = { '0': '-0', '-0': '0' };
/** To Go no such key is like another, nor like itself. */
const NOT_A_NUMBER = 'float NaN';

/**
 * Keys of mappings as Go tells them apart, by type and value: `1_000`, `1e3` and `"1000"` are three keys, and chance
 * decides which of them stands for the one that JSON can have.
 */
export class KeyIdentities {
  /** Those of keys that aren't texts in YAML, by their names. */
  private readonly ofMappings = new Map<object, Map<string, string>>();

  /** Undefined of a text. */
  public of(mapping: object, name: string): string | undefined {
    return this.ofMappings.get(mapping)?.get(name);
  }

  public set(mapping: object, name: string, identity: string): void {
    const known = this.ofMappings.get(mapping);
    if (known) known.set(name, identity);
    else this.ofMappings.set(mapping, new Map([[name, identity]]));
  }

  /** The name under which a mapping has the same key already; undefined if it hasn't, or has another of its name. */
  public nameOf(mapping: Mapping, name: string, identity: string | undefined): string | undefined {
    if (Object.hasOwn(mapping, name)) return identity !== NOT_A_NUMBER && this.of(mapping, name) === identity ? name : undefined;
    if (identity !== ZERO) return undefined;
    const other = ZERO_NAMES[name];
    return this.of(mapping, other) === ZERO ? other : undefined;
  }

  /** Takes a key away whose name another one gets. */
  public delete(mapping: Mapping, name: string): void {
    delete mapping[name];
    this.ofMappings.get(mapping)?.delete(name);
  }
}
