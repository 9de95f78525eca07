import { ComparisonBothWays } from './both-ways';
import { Gate, Gated } from './gates';
import { ObjectDifference, ReportedObjects } from './object-changes';
import { numeral } from '../findings/numeral';

/** A workload whose manifest asks for no pods any more, and that nothing in the manifests scales. */
export interface ReportedScaledToZero extends Gated {
  readonly object: ObjectDifference;
  /** `lost` if calls end. Missing if none does. */
  readonly gate?: Gate;
  /** How many connections to it end, because no other server has pods; in the case in which they are most. */
  readonly connections: number;
}

export function reportedScaledToZero({ scaledToZero }: ComparisonBothWays, objects: ReportedObjects): readonly ReportedScaledToZero[] {
  return scaledToZero.map(({ object, connections }) => {
    const gates = connections > 0 ? ['lost'] as const : [];
    return { object: objects.of(object), gate: gates[0], gates, connections };
  });
}

/** `no pods now: 1 connection to it ends`. */
export function scaledToZeroText({ connections }: ReportedScaledToZero): string {
  if (connections === 0) return 'no pods now: no call ends';
  return `no pods now: ${connections === 1 ? '1 connection to it ends' : `${numeral(connections)} connections to it end`}`;
}
