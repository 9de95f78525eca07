import { Code, Cursor, isGap, isUri, isWord } from './characters';
import { UnreadableText } from './events';

/** The kinds of tokens. */
export const enum TokenKind {
  StreamEnd,
  DocumentStart,
  DocumentEnd,
  BlockSequenceStart,
  BlockMappingStart,
  BlockEnd,
  FlowSequenceStart,
  FlowSequenceEnd,
  FlowMappingStart,
  FlowMappingEnd,
  BlockEntry,
  FlowEntry,
  Key,
  Value,
  Alias,
  Anchor,
  Tag,
  /** A tag whose handle isn't defined. */
  UnknownTag,
  Scalar,
}

/** The style of a scalar, as far as it matters. */
export const enum Style {
  Plain,
  Quoted,
  Literal,
  Folded,
}

export class Token {
  /**
   * @param at the offset of its beginning
   * @param value the text of a scalar, the name of an anchor or alias, or the full tag
   */
  public constructor(
    public readonly kind: TokenKind, public readonly at: number, public readonly value = '', public readonly style = Style.Plain,
  ) {}
}

/** The meaning of `!!`. */
export const YAML_TAGS = 'tag:yaml.org,2002:';

/** Reads a tag; returns it in full, or undefined if only a directive could define its handle. */
export function scanTag(cursor: Cursor): string | undefined {
  const start = cursor.at;
  const isVerbatim = cursor.code(1) === Code.Less;
  const tag = isVerbatim ? verbatim(cursor) : shorthand(cursor);
  if (cursor.code() === Code.Percent) throw new UnreadableText('ADMIT160', 'a tag with an escape', start);
  if (isVerbatim && cursor.code() === Code.Greater) cursor.at++;
  else if (isVerbatim) throw new UnreadableText('ADMIT151', 'a tag without its >', start);
  if (tag === '' || !isGap(cursor.code())) throw new UnreadableText('ADMIT151', 'an invalid tag', start);
  return tag;
}

/** `!<tag:yaml.org,2002:str>`, without its end */
function verbatim(cursor: Cursor): string {
  cursor.at += 2;
  return takeUri(cursor);
}

/** `!!str` and `!local`; `!handle!name` would need a directive. */
function shorthand(cursor: Cursor): string | undefined {
  const start = cursor.at++;
  while (isWord(cursor.code())) cursor.at++;
  if (cursor.code() !== Code.Exclamation) {
    takeUri(cursor);
    return cursor.slice(start);
  }
  cursor.at++;
  const isDefined = cursor.at === start + 2;
  const name = takeUri(cursor);
  if (name === '') return '';
  return isDefined ? YAML_TAGS + name : undefined;
}

function takeUri(cursor: Cursor): string {
  const start = cursor.at;
  while (isUri(cursor.code())) cursor.at++;
  return cursor.slice(start);
}

/** A key must begin at most this many characters before its colon. */
const LONGEST_KEY = 1024;

/** A possible beginning of a key, which only a colon confirms. */
export interface SimpleKey {
  readonly at: number;
  readonly lineStart: number;
  /** The number of its first token in the text. */
  readonly token: number;
  /** Whether only a key may be there. */
  readonly isRequired: boolean;
  isPossible: boolean;
}

/** The possible keys: one for each level of brackets. */
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

  /** Opens a level of brackets with a token. */
  public open(token: number): void {
    this.levels.push({ at: this.cursor.at, lineStart: this.cursor.lineStart, token, isRequired: false, isPossible: false });
  }

  public close(): void {
    if (this.levels.length > 1) this.byToken.delete(this.levels.pop()!.token);
  }

  /** Records that the next token may begin a key. */
  public save(token: number, isRequired: boolean): void {
    this.drop();
    const { at, lineStart } = this.cursor;
    const level = this.levels.length - 1;
    this.levels[level] = { at, lineStart, token, isRequired, isPossible: true };
    this.byToken.set(token, level);
  }

  /** Discards the possible key. */
  public drop(): void {
    const last = this.levels[this.levels.length - 1];
    if (!last.isPossible) return;
    if (last.isRequired) throw missingColon(last);
    last.isPossible = false;
    this.byToken.delete(last.token);
  }

  /** The possible key that ends here; undefined if there is none. */
  public take(): SimpleKey | undefined {
    const last = this.levels[this.levels.length - 1];
    if (!this.isStillPossible(last)) return undefined;
    last.isPossible = false;
    this.byToken.delete(last.token);
    return last;
  }

  /** Whether a token may begin a key. */
  public mayBeginWith(token: number): boolean {
    const level = this.byToken.get(token);
    return level !== undefined && level < this.levels.length && this.isStillPossible(this.levels[level]);
  }

  private isStillPossible(key: SimpleKey): boolean {
    if (!key.isPossible) return false;
    if (key.lineStart === this.cursor.lineStart && !this.cursor.isFartherThan(LONGEST_KEY, key.at)) return true;
    if (key.isRequired) throw missingColon(key);
    key.isPossible = false;
    return false;
  }
}

function missingColon({ at }: SimpleKey): UnreadableText {
  return new UnreadableText('ADMIT151', `a key without a colon on its line and within ${LONGEST_KEY} characters`, at);
}
