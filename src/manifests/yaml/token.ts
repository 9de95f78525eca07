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
  public constructor(public readonly kind: TokenKind, public readonly at: number, public readonly value = '', public readonly style = Style.Plain) {}
}
