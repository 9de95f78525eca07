import type { Document, LineCounter, Node, Pair } from 'yaml';
import { Chunk, positionIn } from './lines';
import { Position } from './manifest-problem';

/** Where in an object: `['spec', 'subsets', 0, 'name']`. */
export type Steps = readonly (string | number)[];

/** In how long a document fields are looked for: what is parsed takes a hundred times the memory of its text. */
const LONGEST = 8 * 1024 * 1024;

/**
 * Where fields are written in a chunk: the key of a field, the value of an item; of what isn't there, the nearest that
 * is around it. Slow, and made only for what has a finding: it parses the text a second time. Of a document of more than
 * 8 MB, its beginning.
 */
export class Positions {
  private parsed?: { readonly documents: readonly Document[]; readonly lines: LineCounter };

  public constructor(private readonly chunk: Chunk, private readonly documentInChunk: number) {}

  public of(path: Steps): Position {
    if (this.chunk.text.length > LONGEST) return positionIn(this.chunk, 0, 0);
    const { documents, lines } = this.parsed ??= parse(this.chunk.text);
    const document = documents[this.documentInChunk];
    const { offset, inner } = document ? offsetOf(document, path) : { offset: 0 };
    const { line, col } = lines.linePos(offset);
    if (inner) return this.inBlock(inner, lines.linePos(inner.offset).line, path.slice(inner.depth));
    return positionIn(this.chunk, Math.max(line, 1) - 1, Math.max(col, 1) - 1);
  }

  /** In a text that is YAML itself, such as the `mesh` of ConfigMap `istio`, written as a block after `|`. */
  private inBlock(block: Block, header: number, path: Steps): Position {
    const text = new Chunk(block.text, 0);
    const { line, column } = new Positions(text, 0).of(path);
    const indentation = this.chunk.line(header + line - 1).length - text.line(line - 1).length;
    return positionIn(this.chunk, header + line - 1, Math.max(column - 1 + indentation, 0));
  }
}

interface Block {
  readonly text: string;
  readonly offset: number;
  /** How many steps lead to it. */
  readonly depth: number;
}

function parse(text: string) {
  // A function, not an import at the top: most runs have no finding, and this library is slow to load.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const yaml = require('yaml') as typeof import('yaml');
  const lines = new yaml.LineCounter();
  const options = { version: '1.1', uniqueKeys: false, strict: false, lineCounter: lines, logLevel: 'silent' } as const;
  const documents = yaml.parseAllDocuments(text, options);
  return { documents: Array.isArray(documents) ? documents.filter(({ contents }) => contents !== null) : [], lines };
}

function offsetOf(document: Document, path: Steps): { readonly offset: number; readonly inner?: Block } {
  let node = resolved(document.contents, document);
  let offset = startOf(node) ?? 0;
  for (const [depth, step] of path.entries()) {
    if (node?.type === 'BLOCK_LITERAL') return { offset, inner: { text: node.value, offset: startOf(node) ?? 0, depth } };
    const next = childOf(node, step);
    if (!next) return { offset };
    offset = startOf(next.key) ?? startOf(next.value) ?? offset;
    node = resolved(next.value, document);
  }
  return { offset };
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null)?.range?.[0];
}

function resolved(node: unknown, document: Document): any {
  const alias = node as { source?: string; resolve?: (document: Document) => unknown } | null;
  return alias && typeof alias.resolve === 'function' && alias.source !== undefined ? alias.resolve(document) : node;
}

function childOf(node: any, step: string | number): { key?: unknown; value: unknown } | undefined {
  if (!Array.isArray(node?.items)) return undefined;
  if (typeof step === 'number') return node.items[step] === undefined ? undefined : { value: node.items[step] };
  const pair = (node.items as Pair[]).find(({ key }: any) => String(key?.value ?? key?.source ?? key) === step || key?.source === step);
  return pair && { key: pair.key, value: pair.value };
}
