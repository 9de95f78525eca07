import type { LoadOptions } from 'js-yaml';
import { Chunk } from './lines';
import { PlainLines } from './plain-line';
import { plainYaml } from './plain-yaml';

/** How deep values may lie in each other. */
const DEEPEST = 100;

/** How many chunks are parsed in one go: to begin costs the parser as much as a small object does. */
const TOGETHER = 100;

/** A line that ends a document before the next `---`, or that belongs to the document after it. */
const MARK = /^(?:\.\.\.|%)/m;

/** The values of a chunk's documents, or the parser's error. */
export interface ParsedChunk {
  readonly chunk: Chunk;
  readonly values: readonly unknown[];
  readonly error?: unknown;
}

/** Parses each chunk as if it stood alone. Simple ones, which most are, are read without the parser: in a quarter of its time. */
export function parseChunks(chunks: readonly Chunk[]): ParsedChunk[] {
  const lines = new PlainLines();
  const plain = chunks.map((chunk) => plainYaml(chunk.text, lines));
  const others = chunks.filter((_, index) => plain[index] === undefined);
  const parsed: ParsedChunk[] = [];
  for (let start = 0; start < others.length; start += TOGETHER) {
    const some = others.slice(start, start + TOGETHER);
    parsed.push(...parsedTogether(some) ?? some.map(parsedAlone));
  }
  const inOrder = parsed.values();
  return chunks.map((chunk, index) => plain[index] === undefined ? inOrder.next().value! : { chunk, values: [plain[index]] });
}

/**
 * Undefined unless all can be read, and each is one mapping or list: without marks, no `---` begins anything but a
 * document. What else stands before a `---`, such as a bare `!!str`, the parser reads otherwise than at the end of a text.
 */
function parsedTogether(chunks: readonly Chunk[]): ParsedChunk[] | undefined {
  const text = chunks.map((chunk) => chunk.text).join('');
  if (MARK.test(text)) return undefined;
  try {
    const values = parse(text);
    const isOneEach = values.length === chunks.length && values.every((value) => typeof value === 'object' && value !== null);
    return isOneEach ? chunks.map((chunk, index) => ({ chunk, values: [values[index]] })) : undefined;
  } catch {
    return undefined;
  }
}

function parsedAlone(chunk: Chunk): ParsedChunk {
  try {
    return { chunk, values: parse(chunk.text) };
  } catch (error) {
    return { chunk, values: [], error };
  }
}

function parse(text: string): unknown[] {
  // Loaded when a text isn't simple, which few are.
  /* eslint-disable @typescript-eslint/no-require-imports */
  const { loadAll } = require('js-yaml') as typeof import('js-yaml');
  const { KUBECTL_SCHEMA } = require('./kubectl-schema') as typeof import('./kubectl-schema');
  /* eslint-enable @typescript-eslint/no-require-imports */
  return loadAll(text, null, { schema: KUBECTL_SCHEMA, maxDepth: DEEPEST } as LoadOptions);
}
