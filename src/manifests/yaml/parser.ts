import { Depth, Events, UnreadableText } from './events';
import { Scalar } from './scalar';
import { Scanner } from './scanner';
import { Style, Token, TokenKind } from './tokens';

const AFTER_BLOCK_NODE = new Set([TokenKind.Key, TokenKind.Value, TokenKind.BlockEnd]);
const AFTER_ITEM = new Set([TokenKind.BlockEntry, TokenKind.BlockEnd]);
const AFTER_INDENTLESS_ITEM = new Set([TokenKind.BlockEntry, ...AFTER_BLOCK_NODE]);
const AFTER_FIELD = new Set([TokenKind.FlowEntry, TokenKind.FlowMappingEnd]);
const AFTER_PAIR = new Set([TokenKind.FlowEntry, TokenKind.FlowSequenceEnd]);
const AFTER_KEY = new Set([TokenKind.Value, TokenKind.Key, TokenKind.BlockEnd, ...AFTER_FIELD, ...AFTER_PAIR]);
const AFTER_DOCUMENT = new Set([TokenKind.DocumentStart, TokenKind.DocumentEnd, TokenKind.StreamEnd]);

/** Sends the parse events of a text's document in YAML 1.1, with libyaml's grammar; none if the text has no document. */
export function parseYaml(text: string, events: Events, start = 0): void {
  new Parser(new Scanner(text, start), events).document();
}

/** The context of a node. */
const enum Context {
  Flow,
  Block,
  /** The value of a key in a block: its items need no indentation. */
  BlockField,
}

class Parser {
  private readonly depth = new Depth();

  public constructor(private readonly scanner: Scanner, private readonly events: Events) {}

  public document(): void {
    const { scanner } = this;
    const { kind, at } = scanner.peek();
    if (kind === TokenKind.StreamEnd) return;
    if (kind === TokenKind.DocumentStart) {
      scanner.skip();
      if (AFTER_DOCUMENT.has(scanner.peek().kind)) this.empty(at);
      else this.node(Context.Block);
    } else {
      this.node(Context.Block);
    }
    this.requireEnd(scanner.peek());
  }

  /** Go's readers ignore what follows the first document; here it is an error. */
  private requireEnd(end: Token): void {
    const { scanner } = this;
    let next: Token | undefined = end;
    try {
      while (next.kind === TokenKind.DocumentEnd) {
        scanner.skip();
        next = scanner.peek();
      }
    } catch {
      next = undefined;
    }
    if (next?.kind !== TokenKind.StreamEnd) throw new UnreadableText('ADMIT159', 'text after the end of the document', next?.at ?? end.at);
  }

  private isNext(kind: TokenKind): boolean {
    return this.scanner.peek().kind === kind;
  }

  private empty(at: number): void {
    this.events.value(null, at, false);
  }

  /** Parses a node, or null if the next token belongs after it. */
  private nodeUnless(after: ReadonlySet<TokenKind>, context: Context, at: number): void {
    if (after.has(this.scanner.peek().kind)) this.empty(at);
    else this.node(context);
  }

  private node(context: Context): void {
    const { scanner, events } = this;
    const token = scanner.peek();
    if (token.kind === TokenKind.Alias) {
      scanner.skip();
      events.alias(token.value, token.at);
      return;
    }
    const tag = this.properties();
    const { kind, at } = scanner.peek();
    if (kind === TokenKind.Scalar) this.scalarValue(tag);
    else if (kind === TokenKind.FlowSequenceStart) this.collection(() => this.flowSequence());
    else if (kind === TokenKind.FlowMappingStart) this.collection(() => this.flowMapping());
    else if (kind === TokenKind.BlockEntry && context === Context.BlockField) this.collection(() => this.indentlessSequence());
    else if (kind === TokenKind.BlockSequenceStart && context !== Context.Flow) this.collection(() => this.blockSequence());
    else if (kind === TokenKind.BlockMappingStart && context !== Context.Flow) this.collection(() => this.blockMapping());
    else if (at !== token.at || kind !== token.kind) events.value(Scalar.empty(tag, token.at).value, token.at, false);
    else throw new UnreadableText('ADMIT151', 'something other than a value', at);
  }

  private scalarValue(tag: string): void {
    const { at, value, style } = this.scanner.peek();
    this.scanner.skip();
    this.events.value(new Scalar(value, tag, style === Style.Plain, at).value, at, style === Style.Literal);
  }

  /** Sends the anchor and returns the tag; both are optional, in any order. */
  private properties(): string {
    let tag = '';
    let hasAnchor = false;
    for (;;) {
      const { kind, value } = this.scanner.peek();
      if (kind === TokenKind.Anchor && !hasAnchor) {
        hasAnchor = true;
        this.events.anchor(value);
      } else if (kind === TokenKind.Tag && tag === '') {
        tag = value;
      } else {
        return tag;
      }
      this.scanner.skip();
    }
  }

  private collection(read: () => void): void {
    this.depth.enter(this.scanner.peek().at);
    read();
    this.events.end();
    this.depth.leave();
  }

  private blockSequence(): void {
    const { scanner } = this;
    this.events.beginSequence(scanner.peek().at);
    scanner.skip();
    while (this.isNext(TokenKind.BlockEntry)) this.item(AFTER_ITEM);
    if (!this.isNext(TokenKind.BlockEnd)) throw new UnreadableText('ADMIT151', 'something other than another list item', scanner.peek().at);
    scanner.skip();
  }

  private indentlessSequence(): void {
    this.events.beginSequence(this.scanner.peek().at);
    while (this.isNext(TokenKind.BlockEntry)) this.item(AFTER_INDENTLESS_ITEM);
  }

  private item(after: ReadonlySet<TokenKind>): void {
    const { at } = this.scanner.peek();
    this.scanner.skip();
    this.nodeUnless(after, Context.Block, at);
  }

  private blockMapping(): void {
    const { scanner } = this;
    this.events.beginMapping(scanner.peek().at);
    scanner.skip();
    while (this.isNext(TokenKind.Key)) {
      const { at } = scanner.peek();
      scanner.skip();
      this.key(at, true);
      this.valueUnless(AFTER_BLOCK_NODE, Context.BlockField);
    }
    if (!this.isNext(TokenKind.BlockEnd)) throw new UnreadableText('ADMIT151', 'something other than another key', scanner.peek().at);
    scanner.skip();
  }

  private valueUnless(after: ReadonlySet<TokenKind>, context: Context): void {
    const { kind, at } = this.scanner.peek();
    if (kind === TokenKind.Value) {
      this.scanner.skip();
      this.nodeUnless(after, context, at);
    } else {
      this.empty(at);
    }
  }

  private flowSequence(): void {
    const { scanner, events } = this;
    events.beginSequence(scanner.peek().at);
    scanner.skip();
    for (let isFirst = true; !this.isNext(TokenKind.FlowSequenceEnd); isFirst = false) {
      if (!isFirst) this.takeComma('[', ']');
      const { kind, at } = scanner.peek();
      if (kind === TokenKind.Key) this.collection(() => this.singlePair(at));
      else if (kind !== TokenKind.FlowSequenceEnd) this.node(Context.Flow);
      else break;
    }
    scanner.skip();
  }

  /** `[a: b]` is a list of one mapping. */
  private singlePair(at: number): void {
    this.events.beginMapping(at);
    this.scanner.skip();
    this.key(at, false);
    this.valueUnless(AFTER_PAIR, Context.Flow);
  }

  private flowMapping(): void {
    const { scanner, events } = this;
    events.beginMapping(scanner.peek().at);
    scanner.skip();
    for (let isFirst = true; !this.isNext(TokenKind.FlowMappingEnd); isFirst = false) {
      if (!isFirst) this.takeComma('{', '}');
      const { kind, at } = scanner.peek();
      if (kind === TokenKind.FlowMappingEnd) break;
      if (kind === TokenKind.Key) {
        scanner.skip();
        this.key(at, true);
        this.valueUnless(AFTER_FIELD, Context.Flow);
      } else {
        this.key(at, false);
        this.empty(at);
      }
    }
    scanner.skip();
  }

  private takeComma(open: string, close: string): void {
    const { kind, at } = this.scanner.peek();
    if (kind !== TokenKind.FlowEntry) throw new UnreadableText('ADMIT151', `something other than a comma or ${close} after ${open}`, at);
    this.scanner.skip();
  }

  /**
   * A scalar is the only kind of key that JSON can have.
   *
   * @param mayBeEmpty whether there is a key even if it is empty
   */
  private key(at: number, mayBeEmpty: boolean): void {
    const { scanner, events } = this;
    const first = scanner.peek();
    if (first.kind === TokenKind.Alias) {
      scanner.skip();
      events.aliasKey(first.value, first.at);
      return;
    }
    const tag = this.properties();
    const scalar = this.keyScalar(tag, first.at, mayBeEmpty || scanner.peek() !== first);
    if (!scalar) throw new UnreadableText('ADMIT151', 'a key that isn\'t a string', at);
    const name = scalar.keyName;
    if (scalar.isMerge) events.mergeKey(first.at);
    else if (name === undefined) events.unfitKey(first.at);
    else events.key(name, scalar.value, first.at, scalar.keyIdentity);
  }

  private keyScalar(tag: string, at: number, mayBeEmpty: boolean): Scalar | undefined {
    const { kind, value, style } = this.scanner.peek();
    if (kind !== TokenKind.Scalar) return mayBeEmpty && AFTER_KEY.has(kind) ? Scalar.empty(tag, at) : undefined;
    this.scanner.skip();
    return new Scalar(value, tag, style === Style.Plain, at);
  }
}
