import { CHANGING_FAULTS } from './changing';
import { POLICY_FAULTS } from './policies';
import { RECEIVING_FAULTS } from './receiving';
import { SENDING_FAULTS } from './sending';
import type { Fault } from '../fault';

/** Mistakes of the model of a mesh. */
export const MODEL_FAULTS: readonly Fault[] = [...POLICY_FAULTS, ...SENDING_FAULTS, ...RECEIVING_FAULTS, ...CHANGING_FAULTS];
