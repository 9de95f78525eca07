import { Progress } from './progress';
import { CalendarDate } from '../findings/acknowledgement';

/** What a command reads from and writes to. */
export interface Terminal {
  /** Opens standard input: only who reads it does. */
  readonly input: () => AsyncIterable<Buffer | string>;
  readonly isTerminal: boolean;
  /** How wide the terminal is, if it is one and says so. */
  readonly columns?: number;
  readonly env: NodeJS.ProcessEnv;
  readonly progress: Progress;
  /**
   * Runs the same command line in a process of its own, with what standard input held, and gives its exit code. Missing
   * where this already is that process.
   */
  readonly apart?: (input: string | undefined) => Promise<number>;
  /** By the clock; a run may be told another day. */
  today(): CalendarDate;
  /** Settles when there is room for more. */
  out(text: string): Promise<void> | void;
  error(text: string): void;
}
