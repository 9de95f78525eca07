import { Cursor } from './cursor';
import { UnreadableText } from './unreadable-text';

/** How many characters before its colon a key may begin. */
const LONGEST = 1024;

/** Where a key may have begun that only its colon will tell. */
export interface SimpleKey {
  readonly at: number;
  readonly lineStart: number;
  /** Counts the tokens of the text. */
  readonly token: number;
  /** Whether nothing but a key may stand there. */
  readonly isRequired: boolean;
  isPossible: boolean;
}

/** The keys that may have begun: one a level of brackets. */
export class SimpleKeys {
  private readonly levels: SimpleKey[] = [];
  /**
   * The level of a key by the number of its token. As in libyaml, an entry may be missing although its key is possible
   * (that of an empty list), or lead to a later key of the level.
   */
  private readonly byToken = new Map<number, number>();

  public constructor(private readonly cursor: Cursor) {
    this.open(0);
  }

  /** A level of brackets opens with a token. */
  public open(token: number): void {
    this.levels.push({ at: this.cursor.at, lineStart: this.cursor.lineStart, token, isRequired: false, isPossible: false });
  }

  public close(): void {
    if (this.levels.length > 1) this.byToken.delete(this.levels.pop()!.token);
  }

  /** What comes next may be a key. */
  public save(token: number, isRequired: boolean): void {
    this.drop();
    const { at, lineStart } = this.cursor;
    const level = this.levels.length - 1;
    this.levels[level] = { at, lineStart, token, isRequired, isPossible: true };
    this.byToken.set(token, level);
  }

  /** What may have begun is no key. */
  public drop(): void {
    const last = this.levels[this.levels.length - 1];
    if (!last.isPossible) return;
    if (last.isRequired) throw missingColon(last);
    last.isPossible = false;
    this.byToken.delete(last.token);
  }

  /** The key that ends here, if one may. */
  public take(): SimpleKey | undefined {
    const last = this.levels[this.levels.length - 1];
    if (!this.isStillPossible(last)) return undefined;
    last.isPossible = false;
    this.byToken.delete(last.token);
    return last;
  }

  /** Whether a token may turn out to be the beginning of a key. */
  public mayBeginWith(token: number): boolean {
    const level = this.byToken.get(token);
    return level !== undefined && level < this.levels.length && this.isStillPossible(this.levels[level]);
  }

  private isStillPossible(key: SimpleKey): boolean {
    if (!key.isPossible) return false;
    if (key.lineStart === this.cursor.lineStart && !this.cursor.isFartherThan(LONGEST, key.at)) return true;
    if (key.isRequired) throw missingColon(key);
    key.isPossible = false;
    return false;
  }
}

function missingColon({ at }: SimpleKey): UnreadableText {
  return new UnreadableText('ADMIT151', `a key without a colon on its line and within ${LONGEST} characters`, at);
}
