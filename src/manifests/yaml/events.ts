/** Receives parse events in document order. */
export interface Events {
  /** A name for the key, value, mapping or sequence that comes next. */
  anchor(name: string): void;
  /**
   * @param written what the key is before it becomes a text: a number, true or false
   * @param identity by what Go tells it from others of its name; undefined of a text
   */
  key(name: string, written: unknown, at: number, identity?: string): void;
  /** A key that no text can stand for, such as null. */
  unfitKey(at: number): void;
  /** A key that is what an anchor names. */
  aliasKey(anchor: string, at: number): void;
  /** `<<`: the fields of the mappings that come next belong to the mapping around them. */
  mergeKey(at: number): void;
  /** @param isLiteral whether it is written as lines after `|` */
  value(value: unknown, at: number, isLiteral: boolean): void;
  alias(anchor: string, at: number): void;
  beginMapping(at: number): void;
  beginSequence(at: number): void;
  /** The mapping or sequence that began last, of those that are open, ends. */
  end(): void;
}

/** Why a text can't be read, and where. What it says quotes nothing of the text, which may hold a secret. */
export class UnreadableText extends Error {
  /**
   * @param code of the catalogue in docs/admission.md, section "Reading"
   * @param at the offset in the text
   */
  public constructor(public readonly code: string, message: string, public readonly at: number) {
    super(message);
  }
}

/** How deep values may lie in each other. */
const DEEPEST = 100;

/** Counts how deep a value lies in others. */
export class Depth {
  private depth = 0;

  public enter(at: number): void {
    if (++this.depth > DEEPEST) throw new UnreadableText('ADMIT154', `values nested more than ${DEEPEST} deep`, at);
  }

  public leave(): void {
    this.depth--;
  }
}
