import { addTo } from '../grouped';

export type Labels = Readonly<Record<string, string>>;

export const NO_LABELS: Labels = Object.freeze({});

/** Whether every label of the selector is there; an empty selector selects everything. */
export function selects(selector: Labels, labels: Labels): boolean {
  for (const key in selector) if (labels[key] !== selector[key]) return false;
  return true;
}

/** Whether two mappings hold the same labels. */
export function sameLabels(left: Labels, right: Labels): boolean {
  return selects(left, right) && selects(right, left);
}

export function isEmpty(selector: Labels): boolean {
  for (const _ in selector) return false;
  return true;
}

const NONE: readonly never[] = Object.freeze([]);

/** Finds the selectors that select given labels without trying each: a mesh has thousands of both. */
export class SelectorIndex<T> {
  private readonly everything: Entry<T>[] = [];
  private readonly byPair = new Map<string, Map<string, Entry<T>[]>>();
  private size = 0;

  /** Adds a selector with what it stands for; `matching` answers in the order of adding. */
  add(selector: Labels, value: T): void {
    const entry = { order: this.size++, selector, value };
    const [pair] = Object.entries(selector);
    if (pair === undefined) {
      this.everything.push(entry);
      return;
    }
    const [key, label] = pair;
    let byValue = this.byPair.get(key);
    if (!byValue) this.byPair.set(key, byValue = new Map());
    addTo(byValue, label, entry);
  }

  matching(labels: Labels): readonly T[] {
    if (this.size === 0) return NONE;
    const found = [...this.everything];
    for (const key in labels) {
      for (const entry of this.byPair.get(key)?.get(labels[key]) ?? NONE) {
        if (selects(entry.selector, labels)) found.push(entry);
      }
    }
    if (found.length > 1) found.sort((left, right) => left.order - right.order);
    return found.map(({ value }) => value);
  }
}

interface Entry<T> {
  readonly order: number;
  readonly selector: Labels;
  readonly value: T;
}
