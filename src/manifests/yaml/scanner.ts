import { BlockScalar } from './block-scalar';
import { Code, Cursor, isBlank, isGap, isIndicator, isWord } from './characters';
import { UnreadableText } from './events';
import { PlainScalar, quotedScalar } from './flow-scalar';
import { scanTag, SimpleKeys, Style, Token, TokenKind } from './tokens';

/** Characters that may follow the name of an anchor, in addition to gaps. */
const AFTER_NAME = new Set([Code.Question, Code.Colon, Code.Comma, Code.CloseBracket, Code.CloseBrace, Code.Percent, Code.At,
  Code.Backtick]);

/**
 * The tokens of a text, with libyaml's grammar of YAML 1.1. Only the colon after a key shows
 * that it is one, so tokens wait in a queue as long as the first of them may begin a key.
 */
export class Scanner {
  private readonly cursor: Cursor;
  private readonly keys: SimpleKeys;
  /** Unread tokens are from `head` to `tail`; the array isn't shortened, which would be slow. */
  private readonly queue: Token[] = [];
  private head = 0;
  private tail = 0;
  /** The number of tokens read. */
  private read = 0;
  private isFirstKnown = false;
  /** The column of the open block; -1 if none is open. */
  private indent = -1;
  private readonly indents: number[] = [];
  private flowLevel = 0;
  private isKeyAllowed = true;

  public constructor(text: string, start: number) {
    this.cursor = new Cursor(text, start);
    this.keys = new SimpleKeys(this.cursor);
  }

  /** The next token. */
  public peek(): Token {
    if (!this.isFirstKnown) {
      while (this.head === this.tail || this.keys.mayBeginWith(this.read)) this.fetch();
      this.isFirstKnown = true;
    }
    return this.queue[this.head];
  }

  /** Consumes the token that was peeked at. */
  public skip(): void {
    this.isFirstKnown = false;
    this.read++;
    this.head++;
    if (this.head === this.tail) this.head = this.tail = 0;
  }

  private fetch(): void {
    const { cursor } = this;
    this.skipToToken();
    this.closeBlocks(cursor.column);
    const code = cursor.code();
    if (code === Code.End) this.fetchStreamEnd();
    else if (code === Code.Percent && cursor.column === 0) throw new UnreadableText('ADMIT160', 'a directive', cursor.at);
    else if (cursor.isAtDocumentMark()) this.fetchDocumentMark(code);
    else if (!this.fetchIndicator(code) && !this.fetchScalar(code)) throw this.unexpected(code);
  }

  private unexpected(code: number): UnreadableText {
    const isTab = code === Code.Tab;
    return new UnreadableText(isTab ? 'ADMIT156' : 'ADMIT151', isTab ? 'a tab in the indentation' : 'an unexpected character',
      this.cursor.at);
  }

  /** Skips blanks, comments and line breaks. */
  private skipToToken(): void {
    const { cursor } = this;
    do {
      const areTabsAllowed = this.flowLevel > 0 || !this.isKeyAllowed;
      for (let code = cursor.code(); code === Code.Space || (areTabsAllowed && code === Code.Tab); code = cursor.code()) cursor.at++;
      if (cursor.code() === Code.Hash) cursor.skipLineRest();
    } while (this.skipBreak());
  }

  private skipBreak(): boolean {
    if (this.cursor.takeBreak() === '') return false;
    if (this.flowLevel === 0) this.isKeyAllowed = true;
    return true;
  }

  private fetchIndicator(code: number): boolean {
    switch (code) {
      case Code.OpenBracket: return this.openFlow(TokenKind.FlowSequenceStart);
      case Code.OpenBrace: return this.openFlow(TokenKind.FlowMappingStart);
      case Code.CloseBracket: return this.closeFlow(TokenKind.FlowSequenceEnd);
      case Code.CloseBrace: return this.closeFlow(TokenKind.FlowMappingEnd);
      case Code.Comma: return this.fetchFlowEntry();
      case Code.Minus: return isGap(this.cursor.code(1)) && this.fetchBlockEntry();
      case Code.Question: return this.standsAlone() && this.fetchKey();
      case Code.Colon: return this.standsAlone() && this.fetchValue();
      default: return false;
    }
  }

  /** Whether a question mark or colon is a token; in a block, it may instead begin a text. */
  private standsAlone(): boolean {
    return this.flowLevel > 0 || isGap(this.cursor.code(1));
  }

  private fetchScalar(code: number): boolean {
    switch (code) {
      case Code.Asterisk: return this.fetchName(TokenKind.Alias);
      case Code.Ampersand: return this.fetchName(TokenKind.Anchor);
      case Code.Exclamation: return this.fetchTag();
      case Code.SingleQuote:
      case Code.DoubleQuote: return this.fetchQuoted();
      case Code.Bar:
      case Code.Greater: return this.flowLevel === 0 && this.fetchBlockScalar(code);
      default: return this.mayBeginPlain(code) && this.fetchPlain();
    }
  }

  private mayBeginPlain(code: number): boolean {
    if (!isGap(code) && !isIndicator(code)) return true;
    const next = this.cursor.code(1);
    if (code === Code.Minus) return !isBlank(next);
    return this.flowLevel === 0 && (code === Code.Question || code === Code.Colon) && !isGap(next);
  }

  private get nextToken(): number {
    return this.read + this.tail - this.head;
  }

  private push(kind: TokenKind, at: number, value?: string, style?: Style): void {
    this.queue[this.tail++] = new Token(kind, at, value, style);
  }

  /** Inserts a token before the one with a number, or at the end if that one has been read. */
  private insert(token: Token, before: number): void {
    const { queue } = this;
    let index = this.tail++;
    queue[index] = token;
    if (before < this.read) return;
    for (const first = this.head + before - this.read; index > first; index--) queue[index] = queue[index - 1];
    queue[index] = token;
  }

  /** Adds a token of one character. */
  private pushCharacter(kind: TokenKind): void {
    this.push(kind, this.cursor.at++);
  }

  private saveKey(): void {
    if (this.isKeyAllowed) this.keys.save(this.nextToken, this.flowLevel === 0 && this.indent === this.cursor.column);
  }

  /** Opens a block if the column is to the right of the open one. */
  private openBlock(kind: TokenKind, column: number, at: number, before = this.nextToken): void {
    if (this.flowLevel > 0 || this.indent >= column) return;
    this.indents.push(this.indent);
    this.indent = column;
    this.insert(new Token(kind, at), before);
  }

  private closeBlocks(column: number): void {
    if (this.flowLevel > 0) return;
    while (this.indent > column) {
      this.push(TokenKind.BlockEnd, this.cursor.at);
      this.indent = this.indents.pop()!;
    }
  }

  private fetchStreamEnd(): void {
    this.cursor.lineStart = this.cursor.at;
    this.closeBlocks(-1);
    this.keys.drop();
    this.isKeyAllowed = false;
    this.push(TokenKind.StreamEnd, this.cursor.at);
  }

  private fetchDocumentMark(code: number): void {
    this.closeBlocks(-1);
    this.keys.drop();
    this.isKeyAllowed = false;
    this.push(code === Code.Minus ? TokenKind.DocumentStart : TokenKind.DocumentEnd, this.cursor.at);
    this.cursor.at += 3;
  }

  private openFlow(kind: TokenKind): true {
    this.saveKey();
    this.keys.open(this.nextToken);
    this.flowLevel++;
    this.isKeyAllowed = true;
    this.pushCharacter(kind);
    return true;
  }

  private closeFlow(kind: TokenKind): true {
    this.keys.drop();
    this.keys.close();
    this.flowLevel = Math.max(this.flowLevel - 1, 0);
    this.isKeyAllowed = false;
    this.pushCharacter(kind);
    return true;
  }

  private fetchFlowEntry(): true {
    this.keys.drop();
    this.isKeyAllowed = true;
    this.pushCharacter(TokenKind.FlowEntry);
    return true;
  }

  private fetchBlockEntry(): true {
    this.beginBlock(TokenKind.BlockSequenceStart, 'an unexpected list item');
    this.keys.drop();
    this.isKeyAllowed = true;
    this.pushCharacter(TokenKind.BlockEntry);
    return true;
  }

  private fetchKey(): true {
    this.beginBlock(TokenKind.BlockMappingStart, 'an unexpected key');
    this.keys.drop();
    this.isKeyAllowed = this.flowLevel === 0;
    this.pushCharacter(TokenKind.Key);
    return true;
  }

  private beginBlock(kind: TokenKind, unexpected: string): void {
    const { cursor } = this;
    if (this.flowLevel > 0) return;
    if (!this.isKeyAllowed) throw new UnreadableText('ADMIT151', unexpected, cursor.at);
    this.openBlock(kind, cursor.column, cursor.at);
  }

  private fetchValue(): true {
    const key = this.keys.take();
    if (key) {
      this.insert(new Token(TokenKind.Key, key.at), key.token);
      this.openBlock(TokenKind.BlockMappingStart, key.at - key.lineStart, key.at, key.token);
      this.isKeyAllowed = false;
    } else {
      this.beginBlock(TokenKind.BlockMappingStart, 'an unexpected colon');
      this.isKeyAllowed = this.flowLevel === 0;
    }
    this.pushCharacter(TokenKind.Value);
    return true;
  }

  private fetchName(kind: TokenKind): true {
    const { cursor } = this;
    this.saveKey();
    this.isKeyAllowed = false;
    const start = cursor.at++;
    while (isWord(cursor.code())) cursor.at++;
    const isNamed = cursor.at > start + 1 && (isGap(cursor.code()) || AFTER_NAME.has(cursor.code()));
    if (!isNamed) {
      throw new UnreadableText('ADMIT151',
        `an ${kind === TokenKind.Anchor ? 'anchor' : 'alias'} without a name of letters and digits`, start);
    }
    this.push(kind, start, cursor.slice(start + 1));
    return true;
  }

  private fetchTag(): true {
    this.saveKey();
    this.isKeyAllowed = false;
    const start = this.cursor.at;
    const tag = scanTag(this.cursor);
    this.push(tag === undefined ? TokenKind.UnknownTag : TokenKind.Tag, start, tag);
    return true;
  }

  private fetchBlockScalar(code: number): true {
    this.keys.drop();
    this.isKeyAllowed = true;
    const start = this.cursor.at;
    const { value } = new BlockScalar(this.cursor, this.indent);
    this.push(TokenKind.Scalar, start, value, code === Code.Bar ? Style.Literal : Style.Folded);
    return true;
  }

  private fetchQuoted(): true {
    this.saveKey();
    this.isKeyAllowed = false;
    const start = this.cursor.at;
    this.push(TokenKind.Scalar, start, quotedScalar(this.cursor), Style.Quoted);
    return true;
  }

  private fetchPlain(): true {
    this.saveKey();
    this.isKeyAllowed = false;
    const start = this.cursor.at;
    const { value, endsBeforeLine } = new PlainScalar(this.cursor, this.indent + 1, this.flowLevel > 0);
    if (endsBeforeLine) this.isKeyAllowed = true;
    this.push(TokenKind.Scalar, start, value, Style.Plain);
    return true;
  }
}
