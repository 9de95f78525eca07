import { Code, Cursor, isGap, isUri, isWord } from './characters';
import { UnreadableText } from './events';

/** What the scanner finds in a text. */
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
  /** One whose handle is not defined. */
  UnknownTag,
  Scalar,
}

/** How a scalar is written, as far as that matters. */
export const enum Style {
  Plain,
  Quoted,
  Literal,
  Folded,
}

export class Token {
  /**
   * @param at where it begins
   * @param value the text of a scalar, the name of an anchor or an alias, the tag in full
   */
  public constructor(
    public readonly kind: TokenKind, public readonly at: number, public readonly value = '', public readonly style = Style.Plain,
  ) {}
}

/** What `!!` stands for. */
export const YAML_TAGS = 'tag:yaml.org,2002:';

/** Reads a tag; gives it in full, or nothing of one whose handle only a directive could define. */
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

/** How many characters before its colon a key may begin. */
const LONGEST_KEY = 1024;

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
    if (key.lineStart === this.cursor.lineStart && !this.cursor.isFartherThan(LONGEST_KEY, key.at)) return true;
    if (key.isRequired) throw missingColon(key);
    key.isPossible = false;
    return false;
  }
}

function missingColon({ at }: SimpleKey): UnreadableText {
  return new UnreadableText('ADMIT151', `a key without a colon on its line and within ${LONGEST_KEY} characters`, at);
}
