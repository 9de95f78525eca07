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
