import { factsByObject } from './branches';
import { casesOf } from './cases';
import { Condition, MissingInjection } from '../../findings/condition';
import { addTo } from '../collections';
import { idKey, ObjectId } from '../inventory/object';
import { Mesh } from '../mesh';
import { factKey } from '../workloads/missing-injection';

/** How many facts are tried together, where something depends on others than those of its own ends. */
const MOST_FACTS = 4;

/** A case in which each missing fact has a value. */
interface Valued {
  /** The keys of the facts that are true; all others are false. */
  readonly facts: ReadonlySet<string>;
}

/** What is found in a case, and the facts with which it is. */
export interface ConditionalParts<C, P> {
  /** All of them hold. Empty: it is found in every case. */
  readonly conditions: readonly Condition[];
  /** A case that has these values. */
  readonly found: C;
  readonly parts: readonly P[];
}

/** Something found in some cases of a mesh, by a key: tells with which facts of the objects that it concerns it is found. */
export class RowsInCases<C extends Valued, P> {
  private readonly facts: readonly MissingInjection[];
  private readonly byKey: ReadonlyMap<string, MissingInjection>;
  private readonly factsOf = new Map<string, string[]>();
  private readonly rows = new Map<string, { readonly facts: Set<string>; readonly parts: Map<C, P[]> }>();

  /** @param meshes those in which workloads may lack facts */
  constructor(private readonly cases: readonly C[], facts: readonly MissingInjection[], meshes: readonly Mesh[]) {
    this.facts = facts.map(({ fact, name }) => ({ fact, name }));
    this.byKey = new Map(this.facts.map((fact) => [factKey(fact), fact]));
    for (const [object, keys] of factsByObject(meshes)) {
      for (const key of keys) if (this.byKey.has(key)) addTo(this.factsOf, idKey(object), key);
    }
  }

  /** @param objects the workloads and machines that it concerns */
  add(key: string, objects: readonly ObjectId[], one: C, part: P): void {
    const row = this.rows.get(key) ?? { facts: new Set(), parts: new Map() };
    this.rows.set(key, row);
    for (const fact of this.factsFor(objects)) row.facts.add(fact);
    addTo(row.parts, one, part);
  }

  /** The keys of the facts that some of the objects depend on. */
  factsFor(objects: readonly ObjectId[]): ReadonlySet<string> {
    return new Set(objects.flatMap((object) => this.factsOf.get(idKey(object)) ?? []));
  }

  /**
   * What is found with which values, in as few cases as possible. Undefined in place of what depends on values that no case has.
   *
   * @param textOf equal for what doesn't differ
   */
  inFewCases(textOf: (parts: readonly P[]) => string): readonly (ConditionalParts<C, P> | undefined)[] {
    return [...this.rows.values()].flatMap(({ facts, parts }) => {
      const textIn = (one: C): string => textOf(parts.get(one) ?? []);
      const valueIn = (some: readonly C[]): C | undefined => (new Set(some.map(textIn)).size === 1 ? some[0] : undefined);
      const own = [...facts].sort().map((fact) => this.byKey.get(fact)!);
      const values = { of: valueIn, text: (one?: C) => (one ? textIn(one) : '?'), both: (one?: C) => one };
      const ofOwn = casesOf(this.cases, own, values);
      const isMore = ofOwn.some(({ value }) => !value) && this.facts.length <= MOST_FACTS;
      return (isMore ? casesOf(this.cases, this.facts, values) : ofOwn).map(({ conditions, value }) => (
        value && { conditions, found: value, parts: parts.get(value) ?? [] }));
    });
  }
}
