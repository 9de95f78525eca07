import { ComparisonBothWays } from './both-ways';
import { Gate, Gated } from './gates';
import { ObjectDifference, ReportedObjects } from './object-changes';
import { addedBy, awaitedTexts, isTellable } from '../analysis/would-decide';
import { numeral } from '../findings/numeral';
import { redactedValue } from '../findings/redacted-value';
import { printable, redacted } from '../findings/safe-text';
import { MissingFact } from '../mesh/calls/missing-facts';
import { TracedConnection, tracedConnectionOf } from '../mesh/calls/traced-connection';
import { grouped } from '../mesh/collections';
import { UnknownEffect, UnknownEffects } from '../mesh/compare/unknown-effects';
import type { Mesh } from '../mesh/mesh';
import { callText } from '../mesh/queries/connection-text';

/** A changed object that may concern undecided connections. */
export interface ReportedUnknownEffect extends Gated {
  readonly object: ObjectDifference;
  /** The first of its gates. Missing if it has none. */
  readonly gate?: Gate;
  /** How many connections that it may concern are undecided before and after. */
  readonly connections: number;
  /** How many are undecided before, and decided or absent after. */
  readonly undecidedBefore: number;
  /** How many are undecided after, and were decided or absent before. */
  readonly undecidedAfter: number;
  /** How many workloads that it selects accept something unknown, before or after. */
  readonly servers: number;
  /** Of how many of these it is unknown before, and known after. */
  readonly serversBefore: number;
  /** Of how many of these it is unknown after, and was known before. */
  readonly serversAfter: number;
  /** What the connections wait for, by their number. */
  readonly facts: readonly MissingFact[];
  /** What options can state, tried on the model. Missing if that decides nothing. */
  readonly decidedBy?: DecidingFacts;
  /** Whether an option would decide some of the connections: then it meets the default conditions, too. */
  readonly isAvoidable: boolean;
  /** One of the connections. Missing if only servers are concerned. */
  readonly witness?: UndecidedWitness;
}

/** An undecided connection, as in `connections -o json --format 2`. */
interface UndecidedWitness {
  /** The namespace and name of the Service, or any other host as it is; with the port. */
  readonly calls: string;
  readonly connection: TracedConnection;
}

/** Facts that options can state, and how many connections they decide. */
export interface DecidingFacts {
  /** Namespaces for `--injected-namespace`. */
  readonly injectedNamespaces: readonly string[];
  /** Revisions for `--installed-revision`. */
  readonly installedRevisions: readonly string[];
  /** How many connections they decide. */
  readonly decides: number;
}

export function reportedUnknownEffects(found: ComparisonBothWays, objects: ReportedObjects): readonly ReportedUnknownEffect[] {
  const byStates = grouped(found.unknownEffects, ({ states = found }) => states);
  return [...byStates].flatMap(([{ before, after }, effects]) => reportedIn(before, after, effects, objects));
}

function reportedIn(
  before: Mesh, after: Mesh, effects: readonly UnknownEffect[], objects: ReportedObjects,
): readonly ReportedUnknownEffect[] {
  const deciding = decidingFacts(before, after, effects);
  return effects.map((effect) => {
    const { object, connections, before: undecidedBefore, after: undecidedAfter, facts, example } = effect;
    const { servers, serversBefore, serversAfter } = effect;
    const decidedBy = deciding(effect);
    const gates: readonly Gate[] = connections + servers > 0 ? ['unknown-effect'] : [];
    const witness = example && redactedValue({
      calls: callText(example.decision.call),
      connection: tracedConnectionOf({ client: example.client, one: example.one, call: example.decision.call }, example.path),
    });
    return {
      object: objects.of(object),
      gate: gates[0],
      gates,
      connections,
      undecidedBefore,
      undecidedAfter,
      servers,
      serversBefore,
      serversAfter,
      facts: facts.map((fact) => ({ ...fact, subject: redacted(fact.subject) })),
      decidedBy,
      isAvoidable: decidedBy !== undefined,
      witness,
    };
  });
}

/** Tries all facts that options can state together: what an effect waits for may be more than one. */
function decidingFacts(before: Mesh, after: Mesh, effects: readonly UnknownEffect[]): (effect: UnknownEffect) => DecidingFacts | undefined {
  const tellable = effects.flatMap(({ facts }) => facts.filter(isTellable));
  if (tellable.length === 0) return () => undefined;
  const [former, latter] = [before, after].map((mesh) => {
    const { injectedNamespaces = [], installedRevisions } = mesh.options;
    const added = addedBy(mesh, tellable);
    const revisions = added.installedRevisions.length === 0
      ? installedRevisions
      : [...installedRevisions ?? [], ...added.installedRevisions];
    return mesh.given({ injectedNamespaces: [...injectedNamespaces, ...added.injectedNamespaces], installedRevisions: revisions });
  });
  const given = new UnknownEffects(former, latter);
  return ({ object, facts, connections, before: undecidedBefore, after: undecidedAfter, servers }) => {
    const own = facts.filter(isTellable);
    if (own.length === 0) return undefined;
    const left = given.of(object);
    const all = connections + Math.max(undecidedBefore, undecidedAfter);
    const decides = Math.max(0, all - (left ? left.connections + Math.max(left.before, left.after) : 0));
    return decides > 0 || servers > (left?.servers ?? 0) ? { ...addedBy(after, own), decides } : undefined;
  };
}

/** `30 connections are undecided before and after, and this change touches what decides them`. */
export function unknownEffectText(effect: ReportedUnknownEffect): string {
  const { connections, undecidedBefore, undecidedAfter } = effect;
  const counted = (count: number): string => (count === 1 ? '1 connection is' : `${numeral(count)} connections are`);
  const parts = [
    ...connections > 0 ? [`${counted(connections)} undecided before and after`] : [],
    ...undecidedBefore > 0 && connections === 0 && undecidedAfter === 0 ? [`${counted(undecidedBefore)} undecided before`] : [],
    ...undecidedAfter > 0 ? [`${counted(undecidedAfter)} undecided after`] : [],
    ...connections === 0 ? acceptedTexts(effect) : [],
  ];
  return `${parts.join(', ')}, and this change touches what decides `
    + `${connections + undecidedBefore + undecidedAfter === 1 ? 'it' : 'them'}`;
}

/** `what 2 workloads accept isn't known after`, for those of each state. */
function acceptedTexts({ servers, serversBefore, serversAfter }: ReportedUnknownEffect): readonly string[] {
  const inBoth = servers - serversBefore - serversAfter;
  const counts = [[inBoth, 'before and after'], [serversBefore, 'before'], [serversAfter, 'after']] as const;
  return counts.filter(([count]) => count > 0).map(([count, when]) => (
    `what ${count === 1 ? '1 workload accepts' : `${numeral(count)} workloads accept`} isn't known ${when}`));
}

/** `30 wait for Namespace shop, which isn't in the manifests; injectedNamespaces: [shop] decides 30`. */
export function awaitedText(
  { facts, decidedBy }: Pick<ReportedUnknownEffect, 'facts' | 'decidedBy'>, stating: (facts: DecidingFacts) => string,
): string {
  return printable([...awaitedTexts(facts), ...decidedBy ? [stating(decidedBy)] : []].join('; '));
}
