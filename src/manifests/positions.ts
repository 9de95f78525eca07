import { Chunk, positionIn } from './lines';
import { Position } from './manifest-problem';
import { PlainPlaces } from './plain-places';
import { startOf, YamlTree } from './yaml-tree';

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
  /** null: the text isn't simple. */
  private plain?: PlainPlaces | null;
  private parsed?: YamlTree;
  private blocks?: Map<unknown, Block>;

  public constructor(private readonly chunk: Chunk, private readonly document: number) {}

  public of(path: Steps): Position {
    if (this.chunk.text.length > LONGEST) return positionIn(this.chunk, 0, 0);
    if (this.plain === undefined) this.plain = PlainPlaces.of(this.chunk.text) ?? null;
    if (this.plain) {
      const { line, column } = this.plain.of(path);
      return positionIn(this.chunk, line, column);
    }
    const tree = this.parsed ??= new YamlTree(this.chunk.text);
    let node = tree.rootOf(this.document);
    let offset = startOf(node) ?? 0;
    for (const [depth, step] of path.entries()) {
      if (node?.type === 'BLOCK_LITERAL') return this.inBlock(node, tree, path.slice(depth));
      const child = tree.childOf(node, step, this.document);
      if (!child) break;
      offset = child.offset ?? offset;
      node = child.node;
    }
    const { line, column } = tree.placeOf(offset);
    return positionIn(this.chunk, line, column);
  }

  /** In a text that is YAML itself, such as the `mesh` of ConfigMap `istio`, written as a block after `|`. */
  private inBlock(node: { readonly value: string }, tree: YamlTree, path: Steps): Position {
    const blocks = this.blocks ??= new Map();
    const block = blocks.get(node) ?? new Block(node.value, tree.placeOf(startOf(node) ?? 0).line);
    blocks.set(node, block);
    const { line, column } = block.positions.of(path);
    const indentation = this.chunk.line(block.header + line).length - block.text.line(line - 1).length;
    return positionIn(this.chunk, block.header + line, Math.max(column - 1 + indentation, 0));
  }
}

class Block {
  public readonly text: Chunk;
  public readonly positions: Positions;

  /** `header` is the line of `|`, counted from 0. */
  public constructor(text: string, public readonly header: number) {
    this.text = new Chunk(text);
    this.positions = new Positions(this.text, 0);
  }
}
