import { FindingKey, Keyable, keyText } from './key';
import { grouped } from '../mesh/collections';

/** Findings that existed when the baseline was written. */
export interface BaselineEntry extends FindingKey {
  /** How many findings have this key. */
  readonly count: number;
  /** The maximum number of connections that they are about; undefined: any number. */
  readonly connections?: number;
  /** The declared calls among them that were broken; others aren't held, unless any number of connections is. Missing: there were none. */
  readonly calls?: readonly string[];
  /** Why they are accepted, as written in the file. */
  readonly reason?: string;
}

/** The number of undecided connections by reason. */
export type UndecidedCounts = Readonly<Partial<Record<string, number>>>;

/** Known findings and undecided connections, which don't fail a run. See docs/configuration.md. */
export interface Baseline {
  readonly entries: readonly BaselineEntry[];
  /** Undefined: the baseline holds none. */
  readonly undecided?: UndecidedCounts;
}

/** An entry that holds fewer findings or connections than there are now. */
export interface Growth {
  readonly entry: BaselineEntry;
  readonly count: number;
  readonly connections: number;
  /** Broken declared calls that the entry doesn't have. */
  readonly calls: readonly string[];
}

/** The broken declared calls that a finding may be about. */
export type BrokenCallsOf<F> = (finding: F) => readonly string[];

/** Findings compared with a baseline. */
export interface Comparison<F> {
  /** New findings, and those of entries that hold fewer, in their original order. */
  readonly open: readonly F[];
  /** Findings that the baseline holds, each with its entry. */
  readonly held: ReadonlyMap<F, BaselineEntry>;
  /** Open findings that have an entry, and why it doesn't hold them. */
  readonly grown: ReadonlyMap<F, Growth>;
  /** Entries that no longer match a finding. */
  readonly stale: readonly BaselineEntry[];
}

/** An entry holds all findings of its key or none: if there are more than before, it is unknown which one is new. */
export function compared<F extends Keyable>(
  findings: readonly F[], { entries }: Baseline, keyOf: (finding: F) => FindingKey, callsOf: BrokenCallsOf<F>,
): Comparison<F> {
  const unmatched = new Map(entries.map((entry) => [keyText(entry), entry]));
  const held = new Map<F, BaselineEntry>();
  const grown = new Map<F, Growth>();
  for (const [key, group] of grouped(findings, (finding) => keyText(keyOf(finding)))) {
    const entry = unmatched.get(key);
    if (!entry) continue;
    unmatched.delete(key);
    const isBounded = entry.connections !== undefined;
    const calls = isBounded ? callsIn(group, callsOf).filter((call) => !entry.calls?.includes(call)) : [];
    const growth: Growth = { entry, count: group.length, connections: connectionsOf(group), calls };
    const isHeld = growth.count <= entry.count && growth.connections <= (entry.connections ?? Infinity) && calls.length === 0;
    for (const finding of group) {
      if (isHeld) held.set(finding, entry);
      else grown.set(finding, growth);
    }
  }
  return { open: findings.filter((finding) => !held.has(finding)), held, grown, stale: [...unmatched.values()] };
}

/** How many undecided connections exceed the baseline; a lower number for one reason doesn't offset a higher one for another. */
export function undecidedBeyond(undecided: UndecidedCounts, held: UndecidedCounts = {}): number {
  return Object.entries(undecided).reduce((sum, [reason, count = 0]) => sum + Math.max(0, count - (own(held, reason) ?? 0)), 0);
}

/** A baseline that holds all of these findings, with the reasons of existing entries. */
export function baselineOf<F extends Keyable>(
  findings: readonly F[],
  { keyOf, callsOf }: { readonly keyOf: (finding: F) => FindingKey; readonly callsOf: BrokenCallsOf<F> },
  previous: Baseline, undecided?: UndecidedCounts,
): Baseline {
  const known = new Map(previous.entries.map((entry) => [keyText(entry), entry]));
  const groups = grouped(findings, (finding) => keyText(keyOf(finding)));
  const entries = [...groups].map(([key, group]) => entryOf(keyOf(group[0]), group, callsOf, known.get(key)));
  return { entries, undecided };
}

/** If the user removed the number of connections from an entry, the new one holds any number, too. */
function entryOf<F extends Keyable>(
  key: FindingKey, group: readonly F[], callsOf: BrokenCallsOf<F>, known: BaselineEntry | undefined,
): BaselineEntry {
  const isBounded = group.some(({ connections }) => connections !== undefined) && !(known && known.connections === undefined);
  const calls = isBounded ? callsIn(group, callsOf) : [];
  const connections = isBounded ? connectionsOf(group) : undefined;
  return { ...key, count: group.length, connections, ...calls.length > 0 && { calls }, reason: known?.reason };
}

/** Those of findings about connections, each once. */
function callsIn<F extends Keyable>(group: readonly F[], callsOf: BrokenCallsOf<F>): readonly string[] {
  return [...new Set(group.filter(({ connections }) => connections !== undefined).flatMap(callsOf))];
}

function connectionsOf(group: readonly Keyable[]): number {
  return group.reduce((sum, { connections = 0 }) => sum + connections, 0);
}

function own(counts: UndecidedCounts, reason: string): number | undefined {
  return Object.hasOwn(counts, reason) ? counts[reason] : undefined;
}
