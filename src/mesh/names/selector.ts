export type Labels = Readonly<Record<string, string>>;

/** Whether every label of the selector is there; an empty selector selects everything. */
export function selects(selector: Labels, labels: Labels): boolean {
  for (const key in selector) if (labels[key] !== selector[key]) return false;
  return true;
}

export function isEmpty(selector: Labels): boolean {
  for (const _ in selector) return false;
  return true;
}

/** Finds the selectors that select given labels without trying each: a mesh has thousands of both. */
export class SelectorIndex<T> {
  private readonly everything: Entry<T>[] = [];
  private readonly byPair = new Map<string, Entry<T>[]>();
  private size = 0;

  /** Adds a selector with what it stands for; `matching` answers in the order of adding. */
  add(selector: Labels, value: T): void {
    const entry = { order: this.size++, selector, value };
    const [pair] = Object.entries(selector);
    if (pair === undefined) {
      this.everything.push(entry);
      return;
    }
    const bucket = this.byPair.get(pairKey(pair));
    if (bucket) bucket.push(entry);
    else this.byPair.set(pairKey(pair), [entry]);
  }

  matching(labels: Labels): readonly T[] {
    const found = [...this.everything];
    for (const key in labels) {
      for (const entry of this.byPair.get(pairKey([key, labels[key]])) ?? []) {
        if (selects(entry.selector, labels)) found.push(entry);
      }
    }
    return found.sort((left, right) => left.order - right.order).map(({ value }) => value);
  }
}

interface Entry<T> {
  readonly order: number;
  readonly selector: Labels;
  readonly value: T;
}

function pairKey([key, value]: readonly [string, string]): string {
  return `${key}=${value}`;
}
