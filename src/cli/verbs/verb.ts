import { Package } from '../package';
import { Terminal } from '../terminal';

/** What a verb works with. */
export interface VerbContext {
  readonly terminal: Terminal;
  readonly packaged: Package;
  /** Gets the exit code of the verb that ran. */
  finish(exitCode: number): void;
}
