import { Events, UnreadableText } from './events';
import { KeyIdentities } from './key-identities';

/** The message about integers that lose a digit as JavaScript numbers. */
export const INEXACT = 'an integer beyond 2^53, which many readers round';

type Mapping = Record<string, unknown>;

/** The value of an anchor. */
interface Anchored {
  value: unknown;
  /** The number of its values with all aliases expanded; undefined while it is open. */
  size?: number;
}

/** An open mapping or sequence. */
interface Frame {
  readonly container: Mapping | unknown[];
  readonly at: number;
  readonly anchored?: Anchored;
  /** The number of values before it. */
  readonly before: number;
  key?: string;
  /** Whether the next value is merged: its fields become those of this mapping. */
  isMerging?: boolean;
  /** Fields that come only from merges, which may be overridden once. */
  merged?: Set<string>;
}

/** Builds the value of a document as Go's yaml.v2 does: a later field wins, merged or not. */
export class Values implements Events {
  private readonly frames: Frame[] = [];
  private readonly anchors = new Map<string, Anchored>();
  private readonly identities = new KeyIdentities();
  private pendingAnchor?: string;
  private read: unknown;
  /** Why the value isn't JSON. Thrown at the end, since a duplicate key takes precedence. */
  private unfit?: UnreadableText;
  /** The same for mappings with a key that isn't a string; it counts only if the mapping is still in the final value. */
  private readonly unfitMappings = new Map<object, UnreadableText>();
  private count = 0;
  private aliased = 0;

  /** Undefined if there is no document. */
  public get root(): unknown {
    const unfit = this.unfit ?? this.unfitMappingIn(this.read);
    if (unfit) throw unfit;
    return this.read;
  }

  public anchor(name: string): void {
    this.pendingAnchor = name;
  }

  public key(name: string, written: unknown, at: number, identity?: string): void {
    this.count++;
    this.anchored(written, 1);
    const frame = this.top!;
    const former = this.replaced(frame, name, identity, at);
    // A key may occur once, in addition to a merged one.
    if (former !== undefined && !frame.merged?.delete(former)) throw twice(at);
    frame.key = name;
  }

  public unfitKey(at: number): void {
    this.count++;
    this.anchored(null, 1);
    const { container } = this.top!;
    if (!this.unfitMappings.has(container)) {
      this.unfitMappings.set(container, new UnreadableText('ADMIT160', 'a key that isn\'t a string', at));
    }
    this.top!.key = undefined;
  }

  public aliasKey(anchor: string, at: number): void {
    const { value } = this.resolved(anchor, at);
    if (typeof value === 'object' && value !== null) throw new UnreadableText('ADMIT151', 'a key that isn\'t a string', at);
    if (typeof value !== 'string') throw new UnreadableText('ADMIT160', 'an alias as a key that doesn\'t stand for a string', at);
    this.key(value, value, at);
  }

  public mergeKey(): void {
    this.pendingAnchor = undefined;
    this.top!.isMerging = true;
  }

  public value(value: unknown, at: number): void {
    this.count++;
    this.checkAliases(at);
    this.anchored(value, 1);
    this.add(value, at);
  }

  public alias(anchor: string, at: number): void {
    this.count++;
    const { value } = this.resolved(anchor, at);
    if (this.top?.isMerging && Array.isArray(value)) throw noMapping(at);
    this.add(value, at);
  }

  public beginMapping(at: number): void {
    this.begin({}, at);
  }

  public beginSequence(at: number): void {
    // Go counts decoded values; for a list of mappings to merge, it decodes only the mappings.
    if (this.top?.isMerging) this.count--;
    this.begin([], at);
  }

  public end(): void {
    const { container, at, anchored, before } = this.frames.pop()!;
    if (anchored) anchored.size = this.count - before;
    this.add(container, at);
  }

  private get top(): Frame | undefined {
    return this.frames[this.frames.length - 1];
  }

  private begin(container: Mapping | unknown[], at: number): void {
    const before = this.count++;
    this.checkAliases(at);
    this.frames.push({ container, at, before, anchored: this.anchored(container, undefined) });
  }

  private anchored(value: unknown, size: number | undefined): Anchored | undefined {
    if (this.pendingAnchor === undefined) return undefined;
    const anchored = { value, size };
    this.anchors.set(this.pendingAnchor, anchored);
    this.pendingAnchor = undefined;
    return anchored;
  }

  private resolved(anchor: string, at: number): Anchored {
    const anchored = this.anchors.get(anchor);
    if (!anchored) throw new UnreadableText('ADMIT151', 'an alias without a preceding anchor of that name', at);
    if (anchored.size === undefined) throw new UnreadableText('ADMIT153', 'an alias that contains itself', at);
    this.count += anchored.size;
    this.aliased += anchored.size;
    this.checkAliases(at);
    return anchored;
  }

  /** Like Go's yaml.v2, rejects values that aliases make too large, which limits time and memory. */
  private checkAliases(at: number): void {
    const { aliased, count } = this;
    if (aliased <= 100 || count <= 1000) return;
    const large = Math.min(Math.max((count - 400_000) / 3_600_000, 0), 1);
    if (aliased / count > 0.99 - 0.89 * large) throw new UnreadableText('ADMIT153', `aliases that expand to ${aliased} values`, at);
  }

  private add(value: unknown, at: number): void {
    const frame = this.top;
    if (typeof value === 'bigint') {
      this.unfit ??= new UnreadableText('ADMIT160', INEXACT, at);
    } else if (typeof value === 'number' && !Number.isFinite(value)) {
      this.unfit ??= new UnreadableText('ADMIT160', 'a number that JSON can\'t represent', at);
    }
    if (!frame) this.read = value;
    else if (Array.isArray(frame.container)) frame.container.push(value);
    else if (frame.isMerging) this.merge(frame, value, at);
    else if (frame.key !== undefined) setField(frame.container, frame.key, value);
  }

  private merge(frame: Frame, value: unknown, at: number): void {
    frame.isMerging = false;
    // In a list, the first mapping wins.
    for (const mapping of Array.isArray(value) ? [...value].reverse() : [value]) {
      if (typeof mapping !== 'object' || mapping === null || Array.isArray(mapping)) throw noMapping(at);
      this.mergeMapping(frame, mapping as Mapping, at);
    }
  }

  private mergeMapping(frame: Frame, source: Mapping, at: number): void {
    const target = frame.container as Mapping;
    frame.merged ??= new Set();
    const unfit = this.unfitMappings.get(source);
    if (unfit && !this.unfitMappings.has(target)) this.unfitMappings.set(target, unfit);
    for (const [name, value] of Object.entries(source)) {
      const former = this.replaced(frame, name, this.identities.of(source, name), at);
      if (former === undefined || frame.merged.delete(former)) frame.merged.add(name);
      setField(target, name, value);
    }
  }

  /** The former name of the key in an open mapping, which for a zero may be the other one; undefined if the mapping didn't have it. */
  private replaced({ container }: Frame, name: string, identity: string | undefined, at: number): string | undefined {
    const mapping = container as Mapping;
    const former = this.identities.nameOf(mapping, name, identity);
    if (former !== name) {
      if (Object.hasOwn(mapping, name)) throw twice(at);
      if (former !== undefined) this.identities.delete(mapping, former);
    }
    if (identity !== undefined) this.identities.set(mapping, name, identity);
    return former;
  }

  /** The first such mapping that remains in a value: merges may have replaced others. */
  private unfitMappingIn(value: unknown): UnreadableText | undefined {
    if (this.unfitMappings.size === 0) return undefined;
    const seen = new Set<unknown>();
    const visit = (one: unknown): void => {
      if (typeof one !== 'object' || one === null || seen.has(one)) return;
      seen.add(one);
      Object.values(one).forEach(visit);
    };
    visit(value);
    return [...this.unfitMappings].find(([mapping]) => seen.has(mapping))?.[1];
  }
}

function setField(mapping: Mapping, name: string, value: unknown): void {
  if (name === '__proto__') Object.defineProperty(mapping, name, { value, enumerable: true, configurable: true, writable: true });
  else mapping[name] = value;
}

function twice(at: number): UnreadableText {
  return new UnreadableText('ADMIT152', 'a duplicate key', at);
}

function noMapping(at: number): UnreadableText {
  return new UnreadableText('ADMIT151', 'something other than mappings after <<', at);
}
