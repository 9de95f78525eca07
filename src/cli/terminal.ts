import { Progress } from './progress';
import { CalendarDate } from '../findings/calendar-date';

/** What a command reads from and writes to. */
export interface Terminal {
  /** Opens standard input: only who reads it does. */
  readonly input: () => AsyncIterable<Buffer | string>;
  readonly isTerminal: boolean;
  /** How wide the terminal is, if it is one and says so. */
  readonly columns?: number;
  readonly env: NodeJS.ProcessEnv;
  readonly progress: Progress;
  /** By the clock; a run may be told another day. */
  today(): CalendarDate;
  /** Settles when there is room for more. */
  out(text: string): Promise<void> | void;
  error(text: string): void;
}
