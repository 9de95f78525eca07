import type { ComparisonBothWays } from './both-ways';
import { Gated, gatesOf } from './gates';
import { ObjectDifference, ReportedObjects } from './object-changes';
import { LeftOut, leftOutIn, leftOutText } from '../analysis/left-out';
import { numeral } from '../findings/numeral';
import { redactedValue } from '../findings/redacted-value';
import { tracedConnectionOf } from '../mesh/calls/traced-connection';
import type { ChangeKind } from '../mesh/compare/change-kind';
import type { LeftOutGroup } from '../mesh/compare/diff';
import { nameOf, ObjectName, objectText } from '../mesh/inventory/object';
import type { Outcome } from '../mesh/model/transport';
import { callText } from '../mesh/queries/connection-text';
import { hasServer, tracedText } from '../mesh/queries/traced-text';

/** The connections after the change that aren't compared, because workloads declare other calls both before and after. */
export interface ReportedLeftOutChanges extends LeftOut {
  /** How they change; the worst first. None of it fails a run. */
  readonly changes: readonly LeftOutChange[];
  /** How many of them meet a condition of `--fail-on` other than `rerouted`. */
  readonly worse: number;
  /** Changed objects that affect only such connections, or may. */
  readonly objects: readonly ObjectDifference[];
}

/** Connections that no workload declares, and that change in the same way. */
interface LeftOutChange extends Gated {
  /** As in `groups`. */
  readonly kind: ChangeKind;
  /** Missing if the connection didn't exist. */
  readonly from?: Outcome;
  /** Missing if the connection no longer exists. */
  readonly to?: Outcome;
  /** How many; where facts about injection are missing, in the case in which they are most. */
  readonly connections: number;
  /** One of them: `shop/web → shop/ratings:9080, server shop/ratings:9080`. */
  readonly example: string;
}

/** A workload that declares fewer calls than before. */
export interface ReportedNarrowing {
  readonly workload: ObjectName;
  /** Whether it declared calls before. Otherwise it declared none, or by mistake, and could make any call. */
  readonly declaredBefore: boolean;
  /** How many calls, each to a host and port, it made before, or may have made, and no longer declares. They count all the same. */
  readonly calls: number;
  /** The first of them: `orders.shop.svc.cluster.local:80`. */
  readonly example: string;
}

/** Undefined if every possible call is compared. */
export function reportedLeftOut(
  { leftOut }: Pick<ComparisonBothWays, 'leftOut'>, objects: ReportedObjects,
): ReportedLeftOutChanges | undefined {
  const counted = leftOut && (leftOutIn(leftOut.declared.after) ?? leftOutIn(leftOut.declared.before));
  if (!counted) return undefined;
  const changes = leftOut.groups.map(changeOf);
  const worse = changes.filter(({ gates }) => gates.some((gate) => gate !== 'rerouted'));
  return {
    ...redactedValue(counted),
    changes,
    worse: worse.reduce((sum, { connections }) => sum + connections, 0),
    objects: leftOut.objects.map((change) => objects.of(change)),
  };
}

function changeOf(group: LeftOutGroup): LeftOutChange {
  const { kind, from, to, count: connections } = group;
  return { kind, from, to, gates: gatesOf(group), connections, example: redactedValue(exampleOf(group)) };
}

function exampleOf({ witness: { change, client }, states }: LeftOutGroup): string {
  const connections = (['after', 'before'] as const).flatMap((state) => {
    const [one, side] = [client[state], change[state]];
    return one && side ? [tracedConnectionOf({ client: one, one: states[state].decisions.senderOf(one), call: side.call }, side.path)] : [];
  });
  return tracedText(connections.find(hasServer) ?? connections[0], callText((change.after ?? change.before)!.call));
}

export function reportedNarrowings({ narrowings }: Pick<ComparisonBothWays, 'narrowings'>): readonly ReportedNarrowing[] {
  return narrowings.map(({ client, declaredBefore, calls, example }) => (
    redactedValue({ workload: nameOf(client), declaredBefore, calls, example })));
}

/**
 * `70 possible connections are left out, because workloads declare their calls: Deployment shop/web; 3 undeclared connections get
 * worse, such as …`. Empty if there is nothing to say.
 *
 * @param hint what compares them; stated only where there is anything to compare
 * @param all whether all workloads are named
 */
export function leftOutChangesText(leftOut: ReportedLeftOutChanges, hint?: string, all = false): string {
  const { changes, worse, objects } = leftOut;
  const [first] = changes.filter(({ gates }) => gates.length > 0);
  const worsened = `${numeral(worse)} undeclared connection${worse === 1 ? ' gets' : 's get'} worse`;
  const becomes = worse === 0 ? [] : [`${worsened}, such as ${first.example} (${first.from ?? 'new'} → ${first.to ?? 'gone'})`];
  const changed = objects.length === 1 ? '1 changed object' : `${numeral(objects.length)} changed objects`;
  const only = objects.length === 0 ? [] : [`${changed} may affect only ${leftOut.connections === 0 ? 'undeclared calls' : 'them'}`];
  return leftOutText(leftOut, hint, all, [...becomes, ...only]);
}

/**
 * `Deployment shop/web no longer declares 5 calls, such as orders.shop.svc.cluster.local:80`; of one that declared none before: `… now
 * declares its calls, without 5 that it could make before, such as …`.
 */
export function narrowingText({ workload, declaredBefore, calls, example }: ReportedNarrowing): string {
  const such = calls === 1 ? `: ${example}` : `, such as ${example}`;
  if (!declaredBefore) return `${objectText(workload)} now declares its calls, without ${numeral(calls)} that it could make before${such}`;
  return `${objectText(workload)} no longer declares ${calls === 1 ? '1 call' : `${numeral(calls)} calls`}${such}`;
}
