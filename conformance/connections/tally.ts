// What a run finds about connections, counted while it runs.
import type { JudgedMesh } from '../manifest';
import type { MeshComparison } from './comparing';
import { addMesh, noShare, type UndecidedShare } from './undecided-share';
import { holdsUnmodelled } from './unmodelled';
import type { MeshVerdict } from './verdict';
import type { Counts } from './verdicts';

export interface Tally {
  readonly seeds: { readonly seed: number; readonly meshes: number }[];
  /** Meshes to which istiod gave another answer when it was asked again, and then the model's. */
  readonly unsteady: string[];
  meshes: number;
  connections: number;
  agreed: number;
  bothUndecided: number;
  differences: number;
  /** The model's connections. */
  ours: number;
  /** What the model calls undecided, by reason: judged or not, and what it alone does. */
  readonly called: Counts;
  readonly undecided: Counts;
  unjudged: number;
  readonly unjudgedBecause: Counts;
  readonly meshesWithoutVerdict: Counts;
  /** Places of which the names and the TLS of both proxies' configuration were compared, and those of which they weren't. */
  readonly configs: { compared: number; uncompared: number };
  /** Of the meshes whose objects are all modelled. */
  readonly plain: UndecidedShare;
}

export function noTally(): Tally {
  return {
    seeds: [], unsteady: [], meshes: 0, connections: 0, agreed: 0, bothUndecided: 0, differences: 0, ours: 0, called: {}, undecided: {}, unjudged: 0,
    unjudgedBecause: {}, meshesWithoutVerdict: {}, configs: { compared: 0, uncompared: 0 }, plain: noShare(),
  };
}

/** Adds a mesh on which the referee gave no verdict. */
export function noteSilence(tally: Tally, error: string): void {
  const late = /in time/.test(error);
  add(tally.meshesWithoutVerdict, late ? 'istiod hadn\'t seen all endpoints in time, twice' : error.split('\n')[0]);
}

/** Adds what one mesh shows. */
export function note(tally: Tally, mesh: JudgedMesh, verdict: MeshVerdict, found: MeshComparison): void {
  tally.meshes += 1;
  tally.connections += found.judged;
  tally.agreed += found.agreed;
  tally.bothUndecided += found.bothUndecided;
  tally.ours += found.ours;
  tally.differences += found.differences.length;
  tally.unjudged += found.unjudged;
  tally.configs.compared += found.configs.compared;
  tally.configs.uncompared += found.configs.uncompared;
  for (const [reason, number] of Object.entries(found.undecided)) add(tally.undecided, reason, number);
  for (const [reason, number] of Object.entries(found.called)) add(tally.called, reason, number);
  for (const { why } of verdict.unjudged) add(tally.unjudgedBecause, topicOf(why));
  if (!holdsUnmodelled(mesh)) addMesh(tally.plain, found);
}

export function add(counts: Counts, name: string, number = 1): void {
  counts[name] = (counts[name] ?? 0) + number;
}

const TOPICS: readonly [RegExp, string][] = [
  [/^the proxy is unknown/, 'the client\'s or server\'s namespace isn\'t in the manifests'],
  [/^the proxy is (\w+)/, 'a proxy that is no sidecar'],
  [/^traffic\.sidecar|interceptionMode|Istio's own$/, 'traffic that iptables leave out'],
  [/^a container runs as/, 'traffic that iptables leave out'],
  [/^dnsPolicy|^hostAliases/, 'names that the client\'s pod resolves itself'],
  [/^the client demands one of/, 'names that a rule demands of the server'],
  [/^a clash of protocols/, 'a clash of protocols on the client\'s listener'],
];

/** The referee's reason without the names in it. */
function topicOf(why: string): string {
  return TOPICS.find(([pattern]) => pattern.test(why))?.[1] ?? why;
}
