import { Writable } from 'node:stream';
import { CalendarDate } from '../../findings/acknowledgement';

/** A command's input and output. */
export interface Terminal {
  /** Opens standard input, on first use only. */
  readonly input: () => AsyncIterable<Buffer | string>;
  /** Receives the total number of characters before any is judged. */
  readonly prepareFor?: (characters: number) => void;
  readonly isTerminal: boolean;
  /** The terminal's width, if it states one. */
  readonly columns?: number;
  readonly env: NodeJS.ProcessEnv;
  readonly progress: Progress;
  /**
   * Runs the same command line in a child process, with the content of standard
   * input, and returns its exit code. Missing in the child process itself.
   */
  readonly runChild?: (input: string | undefined) => Promise<number>;
  /** The clock's day; options may state another. */
  today(): CalendarDate;
  /** The clock's time. */
  now(): Date;
  /** Resolves when there is room for more. */
  out(text: string): Promise<void> | void;
  error(text: string): void;
}

/** Where progress is shown. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Shorter work shows no progress. */
const PATIENCE_MS = 500;
const ERASE = '\r\u001b[K';

/** Shows the progress of long work on one line of a terminal, and erases it afterwards. */
export class Progress {
  private readonly start: number;
  private last = 0;
  private isShown = false;

  /** @param now gives milliseconds of any clock */
  public constructor(private readonly stream: ProgressStream, private readonly now: () => number) {
    this.start = now();
  }

  /** Redraws at most ten times a second. */
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

/** The reader of the output has closed it, as `head` does. */
export class ReaderGone extends Error {}

/**
 * Writes a text; resolves when there is room for more.
 *
 * @throws ReaderGone if the reader has closed the output
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
