import { Chunk } from './chunk';
import { SourceText } from './source-text';
import { JsonStream } from './yaml/json';
import { UnreadableText } from './yaml/unreadable-text';
import { Values } from './yaml/values';

/** How far kubectl looks for the brace that begins JSON, and how much of a text it needs to look for YAML after JSON. */
const PEEKED_BYTES = 4096;
const LEAST_BYTES = 4;

/** What Go takes for a character that it can't read. */
const NO_CHARACTER = '\uFFFD';

/** What Go takes for a space. */
const SPACES = '\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const FIRST_CHARACTER = new RegExp(`[^${SPACES}]`);
/** What may stand beside `---`. */
const COMMENT_ONLY = new RegExp(`^[${SPACES}]*(?:#|$)`);
const SPACE = new RegExp(`[${SPACES}]`);

/** A part of a text, and why it can't be read, if that is known already. */
export interface ReadChunk {
  readonly chunk: Chunk;
  readonly error?: UnreadableText;
}

/**
 * The parts of a text that kubectl reads one by one: values of JSON that follow each other if the text begins with a
 * brace, and what is between the lines with `---`.
 */
export function* chunksOf(text: string): Generator<ReadChunk> {
  const source = new SourceText(text);
  const brace = text.search(FIRST_CHARACTER);
  const mayBeJson = text[brace] === '{' && Buffer.byteLength(text.slice(0, brace)) < PEEKED_BYTES;
  const end = mayBeJson ? yield* jsonChunks(source, new JsonStream(text)) : 0;
  if (end !== undefined) yield* yamlChunks(source, end);
}

/** Gives where YAML begins: after no or one value of JSON, what isn't JSON may be YAML. Undefined: nowhere. */
function* jsonChunks(source: SourceText, stream: JsonStream): Generator<ReadChunk, number | undefined> {
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

/** A text must go on for four bytes at least, and the rest of the line be empty or YAML: so does kubectl look for it. */
function* afterJson(source: SourceText, end: number, count: number): Generator<ReadChunk, number | undefined> {
  let at = end;
  let isLineEnd = false;
  while (!isLineEnd && SPACE.test(source.text[at] ?? '') && isLongEnough(source.text, at)) isLineEnd = source.text[at++] === '\n';
  const mayBeYaml = isLineEnd || (isLongEnough(source.text, at) && source.text[at] !== NO_CHARACTER);
  if (count <= 1 && mayBeYaml) return at;
  yield failed(source, end, source.text.length, new UnreadableText('ADMIT151', 'text after JSON that is no JSON', at));
  return undefined;
}

function isLongEnough(text: string, at: number): boolean {
  return Buffer.byteLength(text.slice(at, at + LEAST_BYTES)) >= LEAST_BYTES;
}

function* yamlChunks(source: SourceText, begin: number): Generator<ReadChunk> {
  const { text } = source;
  let start = begin;
  let error: UnreadableText | undefined;
  for (let mark = text.startsWith('---', begin) ? begin : nextMark(text, begin); mark >= 0; mark = nextMark(text, mark)) {
    const lineEnd = endOfLine(text, mark);
    // Only what begins a chunk is a part of it.
    if (mark > start) yield error ? failed(source, start, mark, error) : { chunk: new Chunk(source, start, mark) };
    error = COMMENT_ONLY.test(text.slice(mark + 3, lineEnd)) ? undefined : textBesideMark(mark);
    start = mark > start && !error ? lineEnd : mark;
  }
  if (start < text.length) yield error ? failed(source, start, text.length, error) : { chunk: new Chunk(source, start) };
}

/** Where the next line begins with `---`. */
function nextMark(text: string, from: number): number {
  const lineEnd = text.indexOf('\n---', from);
  return lineEnd < 0 ? -1 : lineEnd + 1;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end + 1;
}

function textBesideMark(mark: number): UnreadableText {
  return new UnreadableText('ADMIT151', 'text beside ---, where kubectl takes a comment only', mark);
}

/** @param error with its offset in the whole text */
function failed(source: SourceText, start: number, end: number, { code, message, at }: UnreadableText): ReadChunk {
  return { chunk: new Chunk(source, start, end), error: new UnreadableText(code, message, at - start) };
}
