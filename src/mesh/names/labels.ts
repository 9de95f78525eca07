import { addTo } from '../collections';

/** The label that every namespace has. */
export const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

export type Labels = Readonly<Record<string, string>>;

export const NO_LABELS: Labels = Object.freeze({});

/** Whether all labels of the selector are present; an empty selector selects everything. */
export function selects(selector: Labels, labels: Labels): boolean {
  for (const key in selector) if (labels[key] !== selector[key]) return false;
  return true;
}

/** Whether two mappings contain the same labels. */
export function sameLabels(left: Labels, right: Labels): boolean {
  return selects(left, right) && selects(right, left);
}

export function isEmpty(selector: Labels): boolean {
  for (const _ in selector) return false;
  return true;
}

const NONE: readonly never[] = Object.freeze([]);

/**
 * Finds the selectors that select given labels without trying each: a mesh has thousands of both. Each is indexed by its rarest
 * label, since thousands may share one such as `app.kubernetes.io/part-of`.
 */
export class SelectorIndex<T> {
  private readonly entries: Entry<T>[] = [];
  private indexed?: Indexed<T>;

  /** Adds a selector with its value; `matching` returns values in the order of adding. */
  add(selector: Labels, value: T): void {
    this.entries.push({ order: this.entries.length, selector, value });
    this.indexed = undefined;
  }

  matching(labels: Labels): readonly T[] {
    if (this.entries.length === 0) return NONE;
    const { everything, generic } = this.index;
    const closer = this.closer(labels);
    if (closer.length === 0) return generic;
    if (closer.length === 1 && everything.length === 0) return [closer[0].value];
    return [...everything, ...closer].sort((left, right) => left.order - right.order).map(({ value }) => value);
  }

  /** The first of `matching`, without looking at the others that select everything. */
  first(labels: Labels): T | undefined {
    if (this.entries.length === 0) return undefined;
    const [generic] = this.index.everything;
    return this.closer(labels).reduce((first, entry) => (first && first.order < entry.order ? first : entry),
      generic as Entry<T> | undefined)?.value;
  }

  private get index(): Indexed<T> {
    return this.indexed ??= indexOf(this.entries);
  }

  /** Those that select the labels and not everything. */
  private closer(labels: Labels): readonly Entry<T>[] {
    const { byPair } = this.index;
    const closer: Entry<T>[] = [];
    for (const key in labels) {
      for (const entry of byPair.get(key)?.get(labels[key]) ?? NONE) {
        if (selects(entry.selector, labels)) closer.push(entry);
      }
    }
    return closer;
  }
}

/** Selectors by one label each, and those without any. */
interface Indexed<T> {
  readonly everything: readonly Entry<T>[];
  /** Their values: one shared list if nothing else matches. */
  readonly generic: readonly T[];
  readonly byPair: ReadonlyMap<string, ReadonlyMap<string, readonly Entry<T>[]>>;
}

function indexOf<T>(entries: readonly Entry<T>[]): Indexed<T> {
  const everything: Entry<T>[] = [];
  const byPair = new Map<string, Map<string, Entry<T>[]>>();
  let countOf: ReturnType<typeof pairCounts> | undefined;
  for (const entry of entries) {
    const pairs = Object.entries(entry.selector);
    if (pairs.length === 0) {
      everything.push(entry);
      continue;
    }
    if (pairs.length > 1) countOf ??= pairCounts(entries);
    const [key, label] = pairs.reduce((rarest, pair) => (countOf!(pair) < countOf!(rarest) ? pair : rarest));
    let byValue = byPair.get(key);
    if (!byValue) byPair.set(key, byValue = new Map());
    addTo(byValue, label, entry);
  }
  return { everything, generic: everything.map(({ value }) => value), byPair };
}

/** How many selectors have a label. */
function pairCounts(entries: readonly Entry<unknown>[]): (pair: readonly [string, string]) => number {
  const counts = new Map<string, Map<string, number>>();
  for (const { selector } of entries) {
    for (const [key, label] of Object.entries(selector)) {
      let byLabel = counts.get(key);
      if (!byLabel) counts.set(key, byLabel = new Map());
      byLabel.set(label, (byLabel.get(label) ?? 0) + 1);
    }
  }
  return ([key, label]) => counts.get(key)!.get(label)!;
}

interface Entry<T> {
  readonly order: number;
  readonly selector: Labels;
  readonly value: T;
}

/** Whether some pods of a workload may get a label, and others not: Kubernetes, clouds and istiod set it. */
export const isOfSinglePods = among([
  'pod-template-hash', 'pod-template-generation', 'controller-revision-hash', 'controller-uid', 'job-name',
  'statefulset.kubernetes.io/', 'apps.kubernetes.io/', 'batch.kubernetes.io/', 'kubernetes.io/hostname', 'topology.',
]);

/** Whether the injector may give a label to all pods of a workload. */
const isInjected = among(['service.istio.io/', 'security.istio.io/', 'networking.istio.io/', 'istio.io/']);

/** Whether manifests can't say which pods have a label, because pod templates don't contain it. */
export function isGiven(label: string): boolean {
  return isOfSinglePods(label) || isInjected(label);
}

/** Whether a selector uses any label that is set at run time. */
export function goesByGiven(selector: Readonly<Record<string, string>> = {}): boolean {
  return Object.keys(selector).some(isGiven);
}

/** A `/` or `.` ends a prefix. */
function among(labels: readonly string[]): (label: string) => boolean {
  const names = new Set(labels);
  const prefixes = labels.filter((label) => /[/.]$/.test(label));
  return (label) => names.has(label) || prefixes.some((prefix) => label.startsWith(prefix));
}
