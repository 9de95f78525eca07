/** Receives parse events in document order. */
export interface Events {
  /** An anchor for the next key, value, mapping or sequence. */
  anchor(name: string): void;
  /**
   * @param written the key's value before it becomes a text: a number, true or false
   * @param identity distinguishes it in Go from keys of the same name; undefined for a text
   */
  key(name: string, written: unknown, at: number, identity?: string): void;
  /** A key that can't become a text, such as null. */
  unfitKey(at: number): void;
  /** A key that is an alias. */
  aliasKey(anchor: string, at: number): void;
  /** `<<`: the fields of the next mappings are merged into the current one. */
  mergeKey(at: number): void;
  /** @param isLiteral whether it is in lines after `|` */
  value(value: unknown, at: number, isLiteral: boolean): void;
  alias(anchor: string, at: number): void;
  beginMapping(at: number): void;
  beginSequence(at: number): void;
  /** The end of the innermost open mapping or sequence. */
  end(): void;
}

/** Why a text can't be read, with the position. The message quotes nothing, since the text may hold a secret. */
export class UnreadableText extends Error {
  /**
   * @param code of docs/admission.md, section "Reading"
   * @param at the offset in the text
   */
  public constructor(public readonly code: string, message: string, public readonly at: number) {
    super(message);
  }
}

/** How deep values may be nested. */
const DEEPEST = 100;

/** Counts the nesting of values. */
export class Depth {
  private depth = 0;

  public enter(at: number): void {
    if (++this.depth > DEEPEST) throw new UnreadableText('ADMIT154', `values nested more than ${DEEPEST} deep`, at);
  }

  public leave(): void {
    this.depth--;
  }
}
