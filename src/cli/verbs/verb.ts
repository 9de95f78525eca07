import { Package } from '../package';
import { Terminal } from '../terminal';

/** What a verb works with. */
export interface VerbContext {
  readonly terminal: Terminal;
  readonly packaged: Package;
  /** Gets the exit code of the verb that runs, before anything is printed: who reads may stop early. */
  finish(exitCode: number): void;
}
