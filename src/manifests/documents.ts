import { PlainLines, plainYaml } from './plain-yaml';
import { holdsSecret, mayHoldSecret } from './secrets';
import { Position, SourceText } from './source-text';
import { Events, UnreadableText } from './yaml/events';
import { JsonStream } from './yaml/json';
import { tellYaml } from './yaml/read-yaml';
import { Values } from './yaml/values';
import { mayShowKey, redacted } from '../findings/safe-text';

/** A part of a text, with its value or why it can't be read. */
export interface ReadDocument {
  readonly chunk: Chunk;
  readonly error?: UnreadableText;
}

/** The documents of a text that aren't null. An unreadable document doesn't prevent reading the others. */
export function* documentsOf(text: string, isShown?: () => boolean): Generator<ReadDocument> {
  const lines = new PlainLines();
  for (const read of chunksOf(text, isShown)) {
    if (read.error) {
      yield read;
      continue;
    }
    const { chunk } = read;
    const error = chunk.value === undefined ? readYaml(chunk, lines) : undefined;
    if (error || (chunk.value !== null && chunk.value !== undefined)) yield { chunk, error };
  }
}

/** Reads simple YAML, which most is, without the parser, in a fraction of the time. */
function readYaml(chunk: Chunk, lines: PlainLines): UnreadableText | undefined {
  chunk.value = plainYaml(chunk.text, lines);
  if (chunk.value !== undefined) return undefined;
  try {
    const values = new Values();
    chunk.tell(values);
    chunk.value = values.root;
    return undefined;
  } catch (error) {
    if (error instanceof UnreadableText) return error;
    throw error;
  }
}

/** The bytes in which kubectl looks for the brace that begins JSON, and the bytes that it needs to look for YAML after JSON. */
const PEEKED_BYTES = 4096;
const LEAST_BYTES = 4;

/** Go's replacement for an unreadable character. */
const NO_CHARACTER = '\uFFFD';

/** The characters that are spaces to Go. */
const SPACES = '\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const FIRST_CHARACTER = new RegExp(`[^${SPACES}]`);
/** The text that may follow `---` on its line. */
const COMMENT_ONLY = new RegExp(`^[${SPACES}]*(?:#|$)`);
const SPACE = new RegExp(`[${SPACES}]`);

/**
 * The parts of a text that kubectl reads one by one: consecutive JSON values if the
 * text begins with a brace, otherwise the parts between lines with `---`.
 */
export function* chunksOf(text: string, isShown?: () => boolean): Generator<ReadDocument> {
  const source = new SourceText(text, isShown);
  const brace = text.search(FIRST_CHARACTER);
  const mayBeJson = text[brace] === '{' && Buffer.byteLength(text.slice(0, brace)) < PEEKED_BYTES;
  const end = mayBeJson ? yield* jsonChunks(source, new JsonStream(text)) : 0;
  if (end !== undefined) yield* yamlChunks(source, end);
}

/** Returns the offset at which YAML begins, since after at most one JSON value the rest may be YAML; undefined if it can't. */
function* jsonChunks(source: SourceText, stream: JsonStream): Generator<ReadDocument, number | undefined> {
  for (let count = 0; ; count++) {
    const end = stream.at;
    if (stream.isAtEnd()) return undefined;
    const start = stream.at;
    const values = new Values();
    try {
      if (!stream.read(values)) return yield* afterJson(source, end, count);
    } catch (error) {
      yield failed(source, start, source.text.length, error as UnreadableText);
      return undefined;
    }
    const chunk = new Chunk(source, start, stream.at, true);
    chunk.value = values.root;
    yield { chunk };
  }
}

/** As in kubectl, the rest may be YAML only if it has at least four bytes, and if the JSON's line ends or continues with YAML. */
function* afterJson(source: SourceText, end: number, count: number): Generator<ReadDocument, number | undefined> {
  let at = end;
  let isLineEnd = false;
  while (!isLineEnd && SPACE.test(source.text[at] ?? '') && isLongEnough(source.text, at)) isLineEnd = source.text[at++] === '\n';
  const mayBeYaml = isLineEnd || (isLongEnough(source.text, at) && source.text[at] !== NO_CHARACTER);
  if (count <= 1 && mayBeYaml) return at;
  yield failed(source, end, source.text.length, new UnreadableText('ADMIT151', 'text after JSON that isn\'t JSON', at));
  return undefined;
}

function isLongEnough(text: string, at: number): boolean {
  return Buffer.byteLength(text.slice(at, at + LEAST_BYTES)) >= LEAST_BYTES;
}

function* yamlChunks(source: SourceText, begin: number): Generator<ReadDocument> {
  const { text } = source;
  let start = begin;
  let error: UnreadableText | undefined;
  for (let mark = text.startsWith('---', begin) ? begin : nextMark(text, begin); mark >= 0; mark = nextMark(text, mark)) {
    const lineEnd = endOfLine(text, mark);
    // A mark belongs to the chunk that it begins.
    if (mark > start) yield error ? failed(source, start, mark, error) : { chunk: new Chunk(source, start, mark) };
    error = COMMENT_ONLY.test(text.slice(mark + 3, lineEnd)) ? undefined : textBesideMark(mark);
    start = mark > start && !error ? lineEnd : mark;
  }
  if (start < text.length) yield error ? failed(source, start, text.length, error) : { chunk: new Chunk(source, start) };
}

/** The offset of the next line that begins with `---`; -1 if there is none. */
function nextMark(text: string, from: number): number {
  const lineEnd = text.indexOf('\n---', from);
  return lineEnd < 0 ? -1 : lineEnd + 1;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end + 1;
}

function textBesideMark(mark: number): UnreadableText {
  return new UnreadableText('ADMIT151', 'text after ---, where kubectl accepts only a comment', mark);
}

/** @param error with its offset in the whole text */
function failed(source: SourceText, start: number, end: number, { code, message, at }: UnreadableText): ReadDocument {
  return { chunk: new Chunk(source, start, end), error: new UnreadableText(code, message, at - start) };
}

/** How many lines before and after a line may contain the rest of its key. */
const NEIGHBOURS = 10;

/** A part of a text with at most one document. */
export class Chunk {
  public readonly text: string;
  /** The parsed value. */
  public value: unknown;
  private secret?: boolean;
  private shown?: { readonly line: number; readonly text?: string };

  /**
   * @param start where it begins in the source
   * @param isJson whether it is known to be one JSON value
   */
  public constructor(
    public readonly source: SourceText, public readonly start = 0, end = source.text.length, private readonly isJson = false,
  ) {
    this.text = source.text.slice(start, end);
  }

  /** Sends the parse events of its document, with offsets in the chunk; none if it has no document. */
  public tell(events: Events): void {
    if (this.isJson) new JsonStream(this.text).read(events);
    // Go's line reader also ends the last line.
    else tellYaml(this.text.endsWith('\n') ? this.text : `${this.text}\n`, events);
  }

  /** Whether no part of the text may be printed. */
  public get isSecret(): boolean {
    return this.secret ??= mayHoldSecret(this.text, this.value !== undefined) || holdsSecret(this.value);
  }

  /** The position of a chunk's offset in the whole text. */
  public positionAt(offset: number): Position {
    const { line, column } = this.source.placeOf(this.start + offset);
    return this.position(line, column);
  }

  /** The position of a line and column, counted from 0, in the whole text. */
  public position(line: number, column: number): Position {
    // Cached, since one line of JSON may be very long and have very many findings.
    if (this.shown?.line !== line) this.shown = { line, text: this.shownLine(line) };
    const { text } = this.shown;
    return { line: line + 1, column: column + 1, ...text !== undefined && { text } };
  }

  /** The line of an offset, counted from 0 in the whole text. */
  public lineOf(offset: number): number {
    return this.source.placeOf(this.start + offset).line;
  }

  /** The number of characters in a line of the whole text. */
  public lengthOf(line: number): number {
    return this.source.line(line).length;
  }

  private shownLine(line: number): string | undefined {
    if (this.isSecret || !this.source.isShown()) return undefined;
    const text = this.source.line(line);
    // A quote that splits a key may be why the document can't be read.
    const whole = (part: string) => (this.value === undefined ? part.replaceAll(/["'\\]/g, '') : part);
    if (mayShowKey(whole(text)) || mayShowKey(whole(this.around(line, 1).join('')))) return undefined;
    // Redact with adjacent lines: a folded key spans several.
    return redacted(whole(this.around(line, NEIGHBOURS).join('\n'))).includes(whole(text).trim()) ? text : undefined;
  }

  /** A line with its adjacent lines, without indentation. */
  private around(line: number, count: number): string[] {
    const first = Math.max(0, line - count);
    return Array.from({ length: line + count + 1 - first }, (_, index) => this.source.line(first + index).trim());
  }
}
