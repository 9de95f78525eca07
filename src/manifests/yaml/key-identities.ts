type Mapping = Record<string, unknown>;

/** Go treats 0.0 and -0.0 as one key; the later one determines its name. */
const ZERO = 'float 0';
const ZERO_NAMES: Readonly<Record<string, string>> = { '0': '-0', '-0': '0' };
/** In Go such a key differs from all others, and from itself. */
const NOT_A_NUMBER = 'float NaN';

/**
 * The identities of keys in Go, by type and value: `1_000`, `1e3` and `"1000"` are
 * three keys there, and it is random which of them becomes the one key in JSON.
 */
export class KeyIdentities {
  /** The identities of keys that aren't texts in YAML, by name. */
  private readonly ofMappings = new Map<object, Map<string, string>>();

  /** Undefined for a text. */
  public of(mapping: object, name: string): string | undefined {
    return this.ofMappings.get(mapping)?.get(name);
  }

  public set(mapping: object, name: string, identity: string): void {
    const known = this.ofMappings.get(mapping);
    if (known) known.set(name, identity);
    else this.ofMappings.set(mapping, new Map([[name, identity]]));
  }

  /** The name with which a mapping already has the key; undefined if it doesn't have it, or has another key of that name. */
  public nameOf(mapping: Mapping, name: string, identity: string | undefined): string | undefined {
    if (Object.hasOwn(mapping, name)) return identity !== NOT_A_NUMBER && this.of(mapping, name) === identity ? name : undefined;
    if (identity !== ZERO) return undefined;
    const other = ZERO_NAMES[name];
    return this.of(mapping, other) === ZERO ? other : undefined;
  }

  /** Removes a key, because another key gets its value under a new name. */
  public delete(mapping: Mapping, name: string): void {
    delete mapping[name];
    this.ofMappings.get(mapping)?.delete(name);
  }
}
