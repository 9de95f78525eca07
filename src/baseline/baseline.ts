import { FindingKey, Keyable, keyText } from './key';
import { grouped } from '../mesh/inventory/collections';

/** Findings that were there when the baseline was written. */
export interface BaselineEntry extends FindingKey {
  /** How many findings have this key. */
  readonly count: number;
  /** How many connections they concern at most; undefined: any number. */
  readonly connections?: number;
  /** Why they stay, in the words of whoever edited the file. */
  readonly reason?: string;
}

/** By the reason for which connections are undecided, how many. */
export type UndecidedCounts = Readonly<Partial<Record<string, number>>>;

/** What is known of a mesh and makes no run fail. See docs/configuration.md. */
export interface Baseline {
  readonly entries: readonly BaselineEntry[];
  /** Undefined: none are held. */
  readonly undecided?: UndecidedCounts;
}

/** How much more there is than an entry holds. */
export interface Growth {
  readonly entry: BaselineEntry;
  readonly count: number;
  readonly connections: number;
}

/** Findings held against a baseline. */
export interface Comparison<F> {
  /** New ones, and those of entries that hold fewer, in their order. */
  readonly open: readonly F[];
  /** Those that the baseline holds, each with its entry. */
  readonly held: ReadonlyMap<F, BaselineEntry>;
  /** Of the open ones: why an entry of the same key doesn't hold them. */
  readonly grown: ReadonlyMap<F, Growth>;
  /** Entries that no finding matches any more. */
  readonly stale: readonly BaselineEntry[];
}

/** An entry holds all findings of its key or none: of several that only differ in number, nobody knows which one is new. */
export function compared<F extends Keyable>(findings: readonly F[], { entries }: Baseline, keyOf: (finding: F) => FindingKey): Comparison<F> {
  const unmatched = new Map(entries.map((entry) => [keyText(entry), entry]));
  const held = new Map<F, BaselineEntry>();
  const grown = new Map<F, Growth>();
  for (const [key, group] of grouped(findings, (finding) => keyText(keyOf(finding)))) {
    const entry = unmatched.get(key);
    if (!entry) continue;
    unmatched.delete(key);
    const growth: Growth = { entry, count: group.length, connections: connectionsOf(group) };
    const isHeld = growth.count <= entry.count && growth.connections <= (entry.connections ?? Infinity);
    for (const finding of group) {
      if (isHeld) held.set(finding, entry);
      else grown.set(finding, growth);
    }
  }
  return { open: findings.filter((finding) => !held.has(finding)), held, grown, stale: [...unmatched.values()] };
}

/** How many connections are undecided that a baseline doesn't hold; a reason makes up for no other. */
export function undecidedBeyond(undecided: UndecidedCounts, held: UndecidedCounts = {}): number {
  return Object.entries(undecided).reduce((sum, [reason, count = 0]) => sum + Math.max(0, count - (own(held, reason) ?? 0)), 0);
}

/** A baseline that holds all of these findings; of entries that stay, the reason stays. */
export function baselineOf<F extends Keyable>(
  findings: readonly F[], keyOf: (finding: F) => FindingKey, previous: Baseline, undecided?: UndecidedCounts,
): Baseline {
  const known = new Map(previous.entries.map((entry) => [keyText(entry), entry]));
  const groups = grouped(findings, (finding) => keyText(keyOf(finding)));
  const entries = [...groups].map(([key, group]) => entryOf(keyOf(group[0]), group, known.get(key)));
  return { entries, undecided };
}

/** Who has taken the number of connections out of an entry wants any number held. */
function entryOf(key: FindingKey, group: readonly Keyable[], known: BaselineEntry | undefined): BaselineEntry {
  const isBounded = group.some(({ connections }) => connections !== undefined) && !(known && known.connections === undefined);
  return { ...key, count: group.length, connections: isBounded ? connectionsOf(group) : undefined, reason: known?.reason };
}

function connectionsOf(group: readonly Keyable[]): number {
  return group.reduce((sum, { connections = 0 }) => sum + connections, 0);
}

function own(counts: UndecidedCounts, reason: string): number | undefined {
  return Object.hasOwn(counts, reason) ? counts[reason] : undefined;
}
