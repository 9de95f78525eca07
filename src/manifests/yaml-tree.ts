import type { Document, LineCounter, Node, Pair } from 'yaml';

type Yaml = typeof import('yaml');

type Child = { readonly key?: unknown; readonly value: unknown };

/** A text that is parsed into nodes that know where they are written. What was looked up is kept: a text may have very many findings. */
export class YamlTree {
  private readonly documents: readonly Document[];
  private readonly lines: LineCounter;
  private readonly children = new Map<object, Map<string, Child>>();
  private readonly aliases = new Map<number, Map<unknown, unknown>>();
  private readonly yaml: Yaml;

  public constructor(text: string) {
    // Not an import at the top: most runs have no finding, and this library is slow to load.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    this.yaml = require('yaml') as Yaml;
    this.lines = new this.yaml.LineCounter();
    const documents = this.yaml.parseAllDocuments(text, { version: '1.1', uniqueKeys: false, strict: false, lineCounter: this.lines, logLevel: 'silent' });
    this.documents = Array.isArray(documents) ? documents.filter(({ contents }) => contents !== null) : [];
  }

  /** The root of a document, or undefined. */
  public rootOf(document: number): any {
    return this.resolved(this.documents[document]?.contents, document);
  }

  /** The field or item of a node, if it has it: with the offset where it begins, which is the key's of a field. */
  public childOf(node: any, step: string | number, document: number): { readonly node: any; readonly offset?: number } | undefined {
    if (!Array.isArray(node?.items)) return undefined;
    const child: Child | undefined = typeof step === 'number' ? node.items[step] && { value: node.items[step] } : this.fieldsOf(node).get(step);
    return child && { node: this.resolved(child.value, document), offset: startOf(child.key) ?? startOf(child.value) };
  }

  /** Line and column of an offset, counted from 0. */
  public placeOf(offset: number): { readonly line: number; readonly column: number } {
    const { line, col } = this.lines.linePos(offset);
    return { line: Math.max(line, 1) - 1, column: Math.max(col, 1) - 1 };
  }

  private fieldsOf(node: { readonly items: Pair[] }): Map<string, Child> {
    const known = this.children.get(node);
    if (known) return known;
    const fields = new Map<string, Child>();
    for (const pair of node.items) {
      const key = pair.key as any;
      for (const name of [String(key?.value ?? key?.source ?? key), key?.source]) {
        if (typeof name === 'string' && !fields.has(name)) fields.set(name, pair);
      }
    }
    this.children.set(node, fields);
    return fields;
  }

  private resolved(node: any, document: number): any {
    return this.yaml.isAlias(node) ? this.aliasesOf(document).get(node) : node;
  }

  /** What each alias of a document stands for: the last anchor of its name before it. */
  private aliasesOf(document: number): Map<unknown, unknown> {
    const known = this.aliases.get(document);
    if (known) return known;
    const targets = new Map<unknown, unknown>();
    const anchors = new Map<string, unknown>();
    this.yaml.visit(this.documents[document], {
      Node: (_, node) => {
        if (this.yaml.isAlias(node)) targets.set(node, anchors.get(node.source));
        else if (node.anchor !== undefined) anchors.set(node.anchor, node);
      },
    });
    this.aliases.set(document, targets);
    return targets;
  }
}

export function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}
