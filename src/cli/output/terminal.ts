import { Writable } from 'node:stream';
import { CalendarDate } from '../../findings/acknowledgement';

/** What a command reads from and writes to. */
export interface Terminal {
  /** Opens standard input: only who reads it does. */
  readonly input: () => AsyncIterable<Buffer | string>;
  /** Told how many characters there are to judge, before any is. */
  readonly prepareFor?: (characters: number) => void;
  readonly isTerminal: boolean;
  /** How wide the terminal is, if it is one and says so. */
  readonly columns?: number;
  readonly env: NodeJS.ProcessEnv;
  readonly progress: Progress;
  /**
   * Runs the same command line in a process of its own, with what standard input held, and gives its exit code. Missing
   * where this already is that process.
   */
  readonly runChild?: (input: string | undefined) => Promise<number>;
  /** By the clock; a run may be told another day. */
  today(): CalendarDate;
  /** By the clock. */
  now(): Date;
  /** Settles when there is room for more. */
  out(text: string): Promise<void> | void;
  error(text: string): void;
}

/** Where progress is shown. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** What takes less time isn't worth a word. */
const PATIENCE_MS = 500;
const ERASE = '\r\u001b[K';

/** Tells on one line of a terminal how far long work is, and leaves nothing behind. */
export class Progress {
  private readonly start: number;
  private last = 0;
  private isShown = false;

  /** @param now gives milliseconds of any clock */
  public constructor(private readonly stream: ProgressStream, private readonly now: () => number) {
    this.start = now();
  }

  /** At most ten times a second. */
  public show(text: () => string): void {
    const now = this.now();
    if (!this.stream.isTTY || now - this.start < PATIENCE_MS || now - this.last < 100) return;
    this.last = now;
    this.isShown = true;
    this.stream.write(`${ERASE}${text()}`);
  }

  public clear(): void {
    if (this.isShown) this.stream.write(ERASE);
    this.isShown = false;
  }
}

/** Nobody reads any more what is written, as after `head`. */
export class ReaderGone extends Error {}

/**
 * Writes a text; settles when there is room for more.
 *
 * @throws ReaderGone if there is no reader, or it goes before it has read
 */
export function written(text: string, stream: Writable): Promise<void> | void {
  if (stream.destroyed) throw new ReaderGone();
  if (stream.write(text)) return undefined;
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => () => {
      stream.off('drain', drained).off('close', closed);
      act();
    };
    const drained = settle(resolve);
    const closed = settle(() => reject(new ReaderGone()));
    stream.on('drain', drained).on('close', closed);
  });
}
