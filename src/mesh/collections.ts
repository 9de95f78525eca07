/** Adds a value to those of its key. */
export function addTo<K, V>(groups: Map<K, V[]>, key: K, value: V): void {
  const group = groups.get(key);
  if (group) group.push(value);
  else groups.set(key, [value]);
}

/** Values by key, in their order: at least one for each key. */
export function grouped<K, V>(values: Iterable<V>, keyOf: (value: V) => K): ReadonlyMap<K, readonly [V, ...V[]]> {
  const groups = new Map<K, [V, ...V[]]>();
  for (const value of values) addTo(groups, keyOf(value), value);
  return groups;
}

/** A reader that reads each object once, however many ask: objects never change. */
export function oncePerObject<K extends object, V>(read: (object: K) => V): (object: K) => V {
  const known = new WeakMap<K, V>();
  return (object) => {
    let value = known.get(object);
    if (value === undefined) known.set(object, value = read(object));
    return value;
  };
}

/** Shorter lists are searched directly: that is faster than indexing them. */
const SHORT = 8;

/** Finds the first entry of a list with a key: in a long list with an index, which is built once for each list. */
export class FirstBy<T extends object, K> {
  private readonly indexes = new WeakMap<readonly T[], ReadonlyMap<K, T>>();

  /** @param keyOf undefined: the entry can't be found */
  constructor(private readonly keyOf: (entry: T) => K | undefined) {}

  /** @param list one that no longer changes */
  in(list: readonly T[], key: K): T | undefined {
    if (list.length < SHORT) {
      for (const entry of list) if (this.keyOf(entry) === key) return entry;
      return undefined;
    }
    let index = this.indexes.get(list);
    if (!index) this.indexes.set(list, index = this.indexOf(list));
    return index.get(key);
  }

  private indexOf(list: readonly T[]): ReadonlyMap<K, T> {
    const index = new Map<K, T>();
    for (const entry of list) {
      const key = this.keyOf(entry);
      if (key !== undefined && !index.has(key)) index.set(key, entry);
    }
    return index;
  }
}
