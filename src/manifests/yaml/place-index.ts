import { Events } from './events';

/** The fields stored for each value: its offset, the next value after it, its key, and the target of an alias. */
const enum Field {
  At,
  Next,
  Key,
  Link,
  Count,
}

/** Number of children from which looking one up builds a table. */
const MANY = 32;

/**
 * The positions of a document's values: the key of a field, the beginning of an item. Takes 16
 * bytes for each value, since a document may have millions of values, and as many findings.
 */
export class PlaceIndex implements Events {
  public readonly root = 0;
  private records = new Uint32Array(64 * Field.Count);
  private count = 0;
  private readonly names = new Map<string, number>();
  private readonly open: number[] = [];
  private readonly anchors = new Map<string, number>();
  private readonly tables = new Map<number, ReadonlyMap<number, number>>();
  private pendingAnchor?: string;
  private pendingKey = 0;
  private pendingAt?: number;

  public anchor(name: string): void {
    this.pendingAnchor = name;
  }

  public key(name: string, _: unknown, at: number): void {
    this.pendingAnchor = undefined;
    this.pendingKey = this.names.get(name) ?? this.names.size + 1;
    this.names.set(name, this.pendingKey);
    this.pendingAt = at;
  }

  public unfitKey(at: number): void {
    this.key('', '', at);
  }

  public aliasKey(_: string, at: number): void {
    this.key('', '', at);
  }

  public mergeKey(at: number): void {
    this.key('<<', '<<', at);
  }

  public value(_: unknown, at: number, isLiteral: boolean): void {
    this.add(at, isLiteral ? literalLink(at) : 0);
  }

  public alias(anchor: string, at: number): void {
    this.add(at, aliasLink(this.anchors.get(anchor) ?? 0));
  }

  public beginMapping(at: number): void {
    this.open.push(this.count);
    this.add(at, 0);
  }

  public beginSequence(at: number): void {
    this.beginMapping(at);
  }

  public end(): void {
    this.records[this.open.pop()! * Field.Count + Field.Next] = this.count;
  }

  /** The offset of a value. */
  public placeOf(node: number): number {
    return this.get(node, Field.At);
  }

  /** The offset of `|` for a text in lines after it. */
  public literalAt(node: number): number | undefined {
    const link = this.get(this.resolved(node), Field.Link);
    return link % 2 === 1 ? (link - 1) / 2 : undefined;
  }

  /** The child of a mapping or sequence. */
  public childOf(parent: number, step: string | number): number | undefined {
    const node = this.resolved(parent);
    const isItem = typeof step === 'number';
    const wanted = isItem ? step : this.names.get(step);
    const [first, end] = [node + 1, this.get(node, Field.Next)];
    if (wanted === undefined || first >= end || this.get(first, Field.Key) > 0 === isItem) return undefined;
    const table = this.tables.get(node);
    if (table) return table.get(wanted);
    for (let child = first, index = 0; child < end; child = this.get(child, Field.Next), index++) {
      if (index === MANY) return this.tableOf(node).get(wanted);
      if (wanted === (isItem ? index : this.get(child, Field.Key))) return child;
    }
    return undefined;
  }

  /** The children of a value by key or index. */
  private tableOf(node: number): ReadonlyMap<number, number> {
    const table = new Map<number, number>();
    const end = this.get(node, Field.Next);
    for (let child = node + 1; child < end; child = this.get(child, Field.Next)) table.set(this.get(child, Field.Key) || table.size, child);
    this.tables.set(node, table);
    return table;
  }

  private resolved(node: number): number {
    const link = this.get(node, Field.Link);
    return link > 0 && link % 2 === 0 ? link / 2 - 1 : node;
  }

  private get(node: number, field: Field): number {
    return this.records[node * Field.Count + field];
  }

  private add(at: number, link: number): void {
    const start = this.count * Field.Count;
    if (start === this.records.length) this.grow();
    const { records } = this;
    records[start + Field.At] = this.pendingAt ?? at;
    records[start + Field.Next] = this.count + 1;
    records[start + Field.Key] = this.pendingKey;
    records[start + Field.Link] = link;
    if (this.pendingAnchor !== undefined) this.anchors.set(this.pendingAnchor, this.count);
    this.pendingAnchor = this.pendingAt = undefined;
    this.pendingKey = 0;
    this.count++;
  }

  private grow(): void {
    const larger = new Uint32Array(2 * this.records.length);
    larger.set(this.records);
    this.records = larger;
  }
}

/** Odd numbers are links to literals. */
function literalLink(at: number): number {
  return 2 * at + 1;
}

/** Even numbers other than 0 are links to aliases. */
function aliasLink(node: number): number {
  return 2 * node + 2;
}
