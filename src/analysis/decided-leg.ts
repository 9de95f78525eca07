import { Decision } from '../mesh/connections/decisions';
import { Leg } from '../mesh/connections/leg';

/** One way that calls take, with who makes them. */
export interface DecidedLeg {
  readonly decision: Decision;
  readonly leg: Leg;
}
