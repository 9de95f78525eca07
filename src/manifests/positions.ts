import type { Document, LineCounter, Node, Pair } from 'yaml';
import { Chunk, positionIn } from './lines';
import { Position } from './manifest-problem';

/** Where in an object: `['spec', 'subsets', 0, 'name']`. */
export type Steps = readonly (string | number)[];

/**
 * Where fields are written in a chunk: the key of a field, the value of an item; of what isn't there, the nearest that
 * is around it. Slow, and made only for what has a finding: it parses the text a second time.
 */
export class Positions {
  private parsed?: { readonly documents: readonly Document[]; readonly lines: LineCounter };

  public constructor(private readonly chunk: Chunk, private readonly documentInChunk: number) {}

  public of(path: Steps): Position {
    const { documents, lines } = this.parsed ??= parse(this.chunk.text);
    const document = documents[this.documentInChunk];
    const offset = document ? offsetOf(document, path) : 0;
    const { line, col } = lines.linePos(offset);
    return positionIn(this.chunk, Math.max(line, 1) - 1, Math.max(col, 1) - 1);
  }
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

function offsetOf(document: Document, path: Steps): number {
  let node = resolved(document.contents, document);
  let offset = startOf(node) ?? 0;
  for (const step of path) {
    const next = childOf(node, step);
    if (!next) return offset;
    offset = startOf(next.key) ?? startOf(next.value) ?? offset;
    node = resolved(next.value, document);
  }
  return offset;
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
