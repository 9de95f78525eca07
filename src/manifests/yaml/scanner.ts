import { BlockScalar } from './block-scalar';
import { Code, isBlank, isGap, isWord } from './characters';
import { Cursor } from './cursor';
import { PlainScalar } from './plain-scalar';
import { quotedScalar } from './quoted-scalar';
import { SimpleKeys } from './simple-keys';
import { scanTag } from './tag';
import { Style, Token, TokenKind } from './token';
import { UnreadableText } from './unreadable-text';

/** What may follow the name of an anchor, beside a gap. */
const AFTER_NAME = new Set([Code.Question, Code.Colon, Code.Comma, Code.CloseBracket, Code.CloseBrace, Code.Percent, Code.At, Code.Backtick]);

/** What no plain scalar begins with. */
const INDICATORS = new Set([...'-?:,[]{}#&*!|>\'"%@`'].map((character) => character.charCodeAt(0)));

/**
 * The tokens of a text, in the grammar of YAML 1.1 as libyaml has it. A key is known by the colon after it: so tokens
 * wait in a queue while the first of them may begin one.
 */
export class Scanner {
  private readonly cursor: Cursor;
  private readonly keys: SimpleKeys;
  private readonly queue: Token[] = [];
  /** The first token of the queue that is not read yet. */
  private head = 0;
  /** How many tokens were read. */
  private read = 0;
  private isFirstKnown = false;
  /** The column of the block that is open; -1: none is. */
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
      while (this.head === this.queue.length || this.keys.mayBeginWith(this.read)) this.fetch();
      this.isFirstKnown = true;
    }
    return this.queue[this.head];
  }

  /** Takes the token that was peeked at. */
  public skip(): void {
    this.isFirstKnown = false;
    this.read++;
    this.head++;
    if (this.head < this.queue.length) return;
    this.queue.length = 0;
    this.head = 0;
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
    return new UnreadableText(isTab ? 'ADMIT156' : 'ADMIT151', isTab ? 'a tab in the indentation' : 'a character that begins nothing', this.cursor.at);
  }

  /** Over blanks, comments and line breaks. */
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
    const { cursor, flowLevel } = this;
    const isBeforeGap = () => isGap(cursor.code(1));
    if (code === Code.OpenBracket) this.openFlow(TokenKind.FlowSequenceStart);
    else if (code === Code.OpenBrace) this.openFlow(TokenKind.FlowMappingStart);
    else if (code === Code.CloseBracket) this.closeFlow(TokenKind.FlowSequenceEnd);
    else if (code === Code.CloseBrace) this.closeFlow(TokenKind.FlowMappingEnd);
    else if (code === Code.Comma) this.fetchFlowEntry();
    else if (code === Code.Minus && isBeforeGap()) this.fetchBlockEntry();
    else if (code === Code.Question && (flowLevel > 0 || isBeforeGap())) this.fetchKey();
    else if (code === Code.Colon && (flowLevel > 0 || isBeforeGap())) this.fetchValue();
    else return false;
    return true;
  }

  private fetchScalar(code: number): boolean {
    const isBlock = this.flowLevel === 0;
    if (code === Code.Asterisk) this.fetchName(TokenKind.Alias);
    else if (code === Code.Ampersand) this.fetchName(TokenKind.Anchor);
    else if (code === Code.Exclamation) this.fetchTag();
    else if (isBlock && (code === Code.Bar || code === Code.Greater)) this.fetchBlockScalar(code);
    else if (code === Code.SingleQuote || code === Code.DoubleQuote) this.fetchQuoted();
    else if (this.mayBeginPlain(code)) this.fetchPlain();
    else return false;
    return true;
  }

  private mayBeginPlain(code: number): boolean {
    if (!isGap(code) && !INDICATORS.has(code)) return true;
    const next = this.cursor.code(1);
    if (code === Code.Minus) return !isBlank(next);
    return this.flowLevel === 0 && (code === Code.Question || code === Code.Colon) && !isGap(next);
  }

  private get nextToken(): number {
    return this.read + this.queue.length - this.head;
  }

  private push(kind: TokenKind, at: number, value?: string, style?: Style): void {
    this.queue.push(new Token(kind, at, value, style));
  }

  /** Puts a token before the one of that number; at the end if that one was read already. */
  private insert(token: Token, before: number): void {
    const index = before - this.read;
    this.queue.splice(index < 0 ? this.queue.length : this.head + index, 0, token);
  }

  /** One character that is a token of its own. */
  private pushCharacter(kind: TokenKind): void {
    this.push(kind, this.cursor.at++);
  }

  private saveKey(): void {
    if (this.isKeyAllowed) this.keys.save(this.nextToken, this.flowLevel === 0 && this.indent === this.cursor.column);
  }

  /** A block begins if the column is to the right of the one that is open. */
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

  private openFlow(kind: TokenKind): void {
    this.saveKey();
    this.keys.open(this.nextToken);
    this.flowLevel++;
    this.isKeyAllowed = true;
    this.pushCharacter(kind);
  }

  private closeFlow(kind: TokenKind): void {
    this.keys.drop();
    this.keys.close();
    this.flowLevel = Math.max(this.flowLevel - 1, 0);
    this.isKeyAllowed = false;
    this.pushCharacter(kind);
  }

  private fetchFlowEntry(): void {
    this.keys.drop();
    this.isKeyAllowed = true;
    this.pushCharacter(TokenKind.FlowEntry);
  }

  private fetchBlockEntry(): void {
    this.beginBlock(TokenKind.BlockSequenceStart, 'an item where none may begin');
    this.keys.drop();
    this.isKeyAllowed = true;
    this.pushCharacter(TokenKind.BlockEntry);
  }

  private fetchKey(): void {
    this.beginBlock(TokenKind.BlockMappingStart, 'a key where none may begin');
    this.keys.drop();
    this.isKeyAllowed = this.flowLevel === 0;
    this.pushCharacter(TokenKind.Key);
  }

  private beginBlock(kind: TokenKind, unexpected: string): void {
    const { cursor } = this;
    if (this.flowLevel > 0) return;
    if (!this.isKeyAllowed) throw new UnreadableText('ADMIT151', unexpected, cursor.at);
    this.openBlock(kind, cursor.column, cursor.at);
  }

  private fetchValue(): void {
    const key = this.keys.take();
    if (key) {
      this.insert(new Token(TokenKind.Key, key.at), key.token);
      this.openBlock(TokenKind.BlockMappingStart, key.at - key.lineStart, key.at, key.token);
      this.isKeyAllowed = false;
    } else {
      this.beginBlock(TokenKind.BlockMappingStart, 'a colon where no value may begin');
      this.isKeyAllowed = this.flowLevel === 0;
    }
    this.pushCharacter(TokenKind.Value);
  }

  private fetchName(kind: TokenKind): void {
    const { cursor } = this;
    this.saveKey();
    this.isKeyAllowed = false;
    const start = cursor.at++;
    while (isWord(cursor.code())) cursor.at++;
    const isNamed = cursor.at > start + 1 && (isGap(cursor.code()) || AFTER_NAME.has(cursor.code()));
    if (!isNamed) throw new UnreadableText('ADMIT151', `an ${kind === TokenKind.Anchor ? 'anchor' : 'alias'} without a name of letters and digits`, start);
    this.push(kind, start, cursor.slice(start + 1));
  }

  private fetchTag(): void {
    this.saveKey();
    this.isKeyAllowed = false;
    const start = this.cursor.at;
    const tag = scanTag(this.cursor);
    this.push(tag === undefined ? TokenKind.UnknownTag : TokenKind.Tag, start, tag);
  }

  private fetchBlockScalar(code: number): void {
    this.keys.drop();
    this.isKeyAllowed = true;
    const start = this.cursor.at;
    const { value } = new BlockScalar(this.cursor, this.indent);
    this.push(TokenKind.Scalar, start, value, code === Code.Bar ? Style.Literal : Style.Folded);
  }

  private fetchQuoted(): void {
    this.saveKey();
    this.isKeyAllowed = false;
    const start = this.cursor.at;
    this.push(TokenKind.Scalar, start, quotedScalar(this.cursor), Style.Quoted);
  }

  private fetchPlain(): void {
    this.saveKey();
    this.isKeyAllowed = false;
    const start = this.cursor.at;
    const { value, endsBeforeLine } = new PlainScalar(this.cursor, this.indent + 1, this.flowLevel > 0);
    if (endsBeforeLine) this.isKeyAllowed = true;
    this.push(TokenKind.Scalar, start, value, Style.Plain);
  }
}
