import { FieldPath } from '../findings/field-path';
import { RefusalDetails } from '../findings/refusal';

/** What is wrong with a field of a file of settings. */
export type Fault = Pick<RefusalDetails, 'code' | 'actual' | 'expected' | 'because' | 'fix'>;

/** Gathers what is wrong, so that all of it is told at once. */
export interface Faults {
  fault(field: FieldPath, fault: Fault): void;
}

/** Everything that is wrong with a configuration file or a baseline, a line each. */
export class SettingsError extends Error {
  public constructor(public readonly faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'SettingsError';
  }
}
