import { Chunk } from './documents';
import { plainYaml } from './plain-yaml';
import { Position, SourceText } from './source-text';
import { UnreadableText } from './yaml/events';
import { PlaceIndex } from './yaml/place-index';

/** A path in an object: `['spec', 'subsets', 0, 'name']`. */
export type Steps = readonly (string | number)[];

/** The length from which an index is cached; that of a shorter text is built again when needed. */
const WORTH_KEEPING = 4096;

/**
 * The positions of fields in a chunk: the key of a field, the value of an item, or the nearest parent of
 * something missing. Built only for chunks with a finding, since it parses the text a second time.
 */
export class Positions {
  private index?: PlaceIndex;
  private blocks?: Map<number, Block>;

  public constructor(public readonly chunk: Chunk) {}

  public of(path: Steps): Position {
    const index = this.index ?? indexOf(this.chunk);
    if (this.chunk.text.length >= WORTH_KEEPING) this.index = index;
    let node = index.root;
    for (const [depth, step] of path.entries()) {
      const literal = index.literalAt(node);
      if (literal !== undefined) return this.inBlock(literal, path.slice(0, depth), path.slice(depth));
      const child = index.childOf(node, step);
      if (child === undefined) break;
      node = child;
    }
    return this.chunk.positionAt(index.placeOf(node));
  }

  /** The position in a text that is itself YAML, such as the `mesh` of ConfigMap `istio` in a block after `|`. */
  private inBlock(literal: number, field: Steps, path: Steps): Position {
    const { chunk } = this;
    const blocks = this.blocks ??= new Map();
    const block = blocks.get(literal) ?? new Block(textAt(chunk.value, field));
    blocks.set(literal, block);
    const { line, column } = block.positions.of(path);
    const header = chunk.lineOf(literal);
    const indentation = chunk.lengthOf(header + line) - block.chunk.lengthOf(line - 1);
    return chunk.position(header + line, Math.max(column - 1 + indentation, 0));
  }
}

class Block {
  public readonly chunk: Chunk;
  public readonly positions: Positions;

  public constructor(text: string) {
    this.chunk = new Chunk(new SourceText(text));
    this.positions = new Positions(this.chunk);
  }
}

function textAt(value: unknown, path: Steps): string {
  return path.reduce((within, step) => (within as Record<string | number, unknown>)[step], value) as string;
}

/** A text that isn't YAML has only one known position, its beginning. */
function indexOf(chunk: Chunk): PlaceIndex {
  const plain = new PlaceIndex();
  if (plainYaml(chunk.text, chunk.source.plainLines, plain) !== undefined) return plain;
  const index = new PlaceIndex();
  try {
    chunk.tell(index);
    return index;
  } catch (error) {
    if (error instanceof UnreadableText) return new PlaceIndex();
    throw error;
  }
}
