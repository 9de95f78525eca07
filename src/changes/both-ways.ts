import { Condition, MissingInjection } from '../findings/condition';
import { grouped } from '../mesh/collections';
import { CallsInEither } from '../mesh/compare/calls-in-either';
import { ChangedConnections } from '../mesh/compare/connection-changes';
import { ChangeGroup, diffOf, LeftOutChanges, LeftOutGroup, leftOutKey, MeshComparison, rankOf } from '../mesh/compare/diff';
import { JointClient } from '../mesh/compare/joint-clients';
import { ComparedObject, inventoryChange, objectChanges, objectOf } from '../mesh/compare/object-changes';
import { ScaledToZero } from '../mesh/compare/scaled-to-zero';
import { AcceptanceChange } from '../mesh/compare/server-changes';
import { UnknownEffect } from '../mesh/compare/unknown-effects';
import { Inventory } from '../mesh/inventory/inventory';
import { idKey, MeshObject } from '../mesh/inventory/object';
import { Mesh } from '../mesh/mesh';
import { serverKey, serverOf } from '../mesh/model/path';
import { MeshStates } from '../mesh/plan/change-unit';
import { assumed, eachOnce, factKey } from '../mesh/workloads/missing-injection';
import { ExpectedFact } from '../mesh/worlds/both-ways';
import { ownersOf } from '../mesh/worlds/branches';
import { expectationsOf } from '../mesh/worlds/expectations';
import { withAllKnown } from '../mesh/worlds/known-facts';
import { RowsInCases } from '../mesh/worlds/rows-in-cases';
import { haveAllValues, missingIn, mostCases } from '../mesh/worlds/two-states';
import { valuesOf } from '../mesh/worlds/worlds';

/** How many changed connections are told apart by client; of more, clients that lack the same facts are taken together. */
const MOST_CLIENTS = 100_000;

/** Something that holds in some cases only, with states of the mesh in which it does. */
interface Conditional {
  /** Missing if it holds in every case. */
  readonly if?: readonly Condition[];
  /** Missing if they are those that are compared. */
  readonly states?: MeshStates;
}

/** The effect of changed manifests on a mesh in which it may not be known who has a sidecar. */
export interface ComparisonBothWays extends MeshComparison {
  readonly groups: readonly (ChangeGroup & Conditional)[];
  readonly acceptances: readonly (MeshComparison['acceptances'][number] & Conditional)[];
  readonly unknownEffects: readonly (UnknownEffect & Conditional)[];
  /** The facts that either state lacks, each decided both ways. Missing if there are none. */
  readonly missing?: readonly ExpectedFact[];
  /** Both states in each case. Missing if no fact is. */
  readonly cases?: readonly MeshStates[];
}

/**
 * Compares a mesh with the mesh of other manifests, in each case that both leave open: connections are told with the values of their own
 * ends' facts. A namespace that only the state before shows stays unknown in the state after: its objects may be elsewhere, or gone.
 *
 * @param manifests all objects of the state after
 */
export function diffBothWays(before: Mesh, manifests: readonly unknown[]): ComparisonBothWays {
  const changes = objectChanges(before.objects, Inventory.of(manifests, before.objects.readBy));
  const after = before.with(...changes.map(inventoryChange));
  const states = { before, after };
  const missing = missingIn(states, states);
  if (missing.length === 0 || valuesOf(missing).length > mostCases(after)) return diffOf(before, manifests);
  return withAllKnown(missing, (facts) => new ComparedCases(states, manifests, facts), ({ missing: more }) => more).comparison();
}

/** Both states, in which clients make the calls that they declare in either. */
function declaredIn({ before, after }: MeshStates): MeshStates {
  const made = CallsInEither.of(before, after);
  return { before: before.withCalls(made), after: after.withCalls(made) };
}

/** The comparison in one case. */
interface ComparedCase {
  readonly found: MeshComparison;
  /** The keys of the facts that are true; all others are false. */
  readonly facts: ReadonlySet<string>;
}

/** Changes of some clients' connections to one server in one case. */
interface Part {
  readonly group: ChangeGroup;
  readonly change: ChangedConnections;
  readonly clients: readonly JointClient[];
}

type Acceptance = MeshComparison['acceptances'][number];

/** A comparison in each case that two states leave open. */
class ComparedCases {
  private readonly cases: readonly ComparedCase[];
  private readonly meshes: readonly Mesh[];
  /** Whether something depends on values of facts that no case has, or may. */
  private isOpen: boolean;

  constructor(
    private readonly states: MeshStates,
    private readonly manifests: readonly unknown[],
    private readonly facts: readonly MissingInjection[],
  ) {
    this.cases = valuesOf(facts).map((values) => ({
      found: diffOf(states.before.given({ assumed: assumed(facts, (index) => values[index]) }), manifests),
      facts: new Set(facts.filter((_, index) => values[index]).map(factKey)),
    }));
    this.meshes = [states, ...this.cases.map(({ found }) => found)].flatMap(({ before, after }) => [before, after]);
    this.isOpen = !haveAllValues(states, this.cases.map(({ found }) => found), facts);
  }

  get missing(): readonly MissingInjection[] {
    return eachOnce(this.cases.flatMap(({ found }) => missingIn(found, this.states)));
  }

  comparison(): ComparisonBothWays {
    const { before, after } = this.states;
    const [{ found: first }] = this.cases;
    const [groups, acceptances] = [this.groups(), this.acceptances()];
    const unknownEffects = this.unknownEffects();
    const scaledToZero = this.scaledToZero();
    const shown = keysOf([...[...groups, ...acceptances].flatMap(({ causes }) => causes),
      ...[...unknownEffects, ...scaledToZero].map(({ object }) => object)]);
    const others = first.objects.filter((change) => !shown.has(keyOf(change)));
    const isIn = (pick: (found: MeshComparison) => readonly ComparedObject[]) => (change: ComparedObject): boolean =>
      this.cases.every(({ found }) => keysOf(pick(found)).has(keyOf(change)));
    const isTried = this.cases.every(({ found }) => found.withoutEffect);
    const [unjudged, without] = [others.filter(isIn((found) => found.unjudged)), others.filter(isIn((found) => found.withoutEffect ?? []))];
    const leftOut = this.leftOut(others);
    const isLeftOut = new Set(leftOut?.objects);
    const expected = new Map([before, after].flatMap((mesh) => [...expectationsOf(mesh, this.facts)]));
    return {
      ...first,
      before,
      after,
      groups,
      acceptances,
      unknownEffects,
      scaledToZero,
      unchanged: Math.min(...this.cases.map(({ found }) => found.unchanged)),
      withoutEffect: isTried ? without : undefined,
      otherEffects: isTried ? others.filter((change) => ![...unjudged, ...without].includes(change) && !isLeftOut.has(change)) : [],
      unjudged,
      leftOut,
      missing: this.facts.map((fact) => ({ ...fact, expectedBy: expected.get(factKey(fact)) })),
      cases: this.cases.map(({ found }) => found),
    };
  }

  /**
   * What no workload declares, of each kind in the case in which it is most.
   *
   * @param others the changed objects that affect no declared call in any case
   */
  private leftOut(others: readonly ComparedObject[]): LeftOutChanges | undefined {
    const inCases = this.cases.flatMap(({ found: { leftOut } }) => leftOut ?? []);
    if (inCases.length === 0) return undefined;
    const groups = new Map<string, LeftOutGroup>();
    for (const group of inCases.flatMap((one) => one.groups)) {
      const key = leftOutKey(group);
      if (group.count > (groups.get(key)?.count ?? 0)) groups.set(key, group);
    }
    const objects = keysOf(inCases.flatMap((one) => one.objects));
    return {
      groups: [...groups.values()].sort((one, other) => rankOf(one) - rankOf(other)),
      objects: others.filter((change) => objects.has(keyOf(change))),
      declared: declaredIn(this.states),
    };
  }

  /** Each workload in the case in which most of its calls end. */
  private scaledToZero(): ComparisonBothWays['scaledToZero'] {
    const most = new Map<string, ScaledToZero>();
    for (const one of this.cases.flatMap(({ found }) => found.scaledToZero)) {
      const key = keyOf(one.object);
      if (one.connections >= (most.get(key)?.connections ?? 0)) most.set(key, one);
    }
    return [...most.values()];
  }

  private groups(): ComparisonBothWays['groups'] {
    const rows = new RowsInCases<ComparedCase, Part>(this.cases, this.facts, this.meshes);
    const changed = this.cases.reduce((sum, { found }) => sum + found.groups.reduce((all, { count }) => all + count, 0), 0);
    const keyOfClient = (client: JointClient): string => (
      changed > MOST_CLIENTS ? [...rows.factsFor([clientOf(client)])].sort().join() : idKey(clientOf(client)));
    for (const one of this.cases) {
      for (const group of one.found.groups) {
        for (const change of group.changes) {
          for (const [client, clients] of grouped(change.clients, keyOfClient)) {
            const key = [change.host, change.port, serverIn(change), client].join(' ');
            rows.add(key, [clientOf(clients[0]), ...endsOf(change)], one, { group, change, clients });
          }
        }
      }
    }
    const found = new Map<string, ChangeGroup & Conditional>();
    for (const { conditions, found: one, parts } of this.casesIn(rows, countsText)) {
      for (const { group, change, clients } of parts) {
        const key = `${groupKey(group)}\n${conditionsKey(conditions)}`;
        const same = found.get(key);
        const count = clients.length + (same?.count ?? 0);
        found.set(key, same ? { ...same, count } : {
          ...group,
          count,
          changes: [{ ...change, clients }],
          witness: { change, client: clients[0] },
          ...conditionally(conditions, one.found),
        });
      }
    }
    return [...found.values()].sort((one, other) => sizeOf(one) - sizeOf(other) || rankOf(one) - rankOf(other) || other.count - one.count);
  }

  private acceptances(): ComparisonBothWays['acceptances'] {
    const rows = new RowsInCases<ComparedCase, Acceptance>(this.cases, this.facts, this.meshes);
    for (const one of this.cases) {
      for (const change of one.found.acceptances) {
        rows.add(idKey(change.after), [change.before.object, change.after.object], one, change);
      }
    }
    return this.casesIn(rows, (changes) => changes.map(acceptanceKey).sort().join('\n')).flatMap(({ conditions, found, parts }) => (
      parts.map((change) => ({ ...change, ...conditionally(conditions, found.found) }))));
  }

  /** What is found with which values, and a case that has them. */
  private casesIn<P>(rows: RowsInCases<ComparedCase, P>, textOf: (parts: readonly P[]) => string) {
    return rows.inFewCases(textOf).flatMap((row) => {
      if (!row) this.isOpen = true;
      return row ?? [];
    });
  }

  /** Objects that concern connections which are undecided in some case, and all if connections depend on values that no case has. */
  private unknownEffects(): ComparisonBothWays['unknownEffects'] {
    const effects = new Map<string, UnknownEffect & Conditional>();
    // The comparison without values comes first: what it doesn't know fails by default, since an option would decide it.
    for (const { found } of [...this.isOpen ? [{ found: diffOf(this.states.before, this.manifests) }] : [], ...this.cases]) {
      for (const effect of found.unknownEffects) {
        if (!effects.has(keyOf(effect.object))) effects.set(keyOf(effect.object), { ...effect, states: found });
      }
    }
    return [...effects.values()];
  }
}

function clientOf({ before, after }: JointClient): MeshObject {
  return (after ?? before)!.object;
}

function serverIn({ before, after }: ChangedConnections): string {
  return serverKey(serverOf((after ?? before)!.path).endpoint);
}

/** What decides the connections, or what calls reach instead. */
function endsOf({ before, after, instead }: ChangedConnections): readonly MeshObject[] {
  return [...[before, after].flatMap((side) => side?.path ?? []), ...instead].flatMap(ownersOf);
}

/** How many connections change in which way. */
function countsText(parts: readonly Part[]): string {
  const counts = grouped(parts, ({ group }) => changeKey(group));
  return [...counts].map(([key, some]) => `${key} ${some.reduce((sum, { clients }) => sum + clients.length, 0)}`).sort().join('\n');
}

/** The change without its causes, which are found by an example, another in each case. */
function changeKey({ kind, from, to, taker }: ChangeGroup): string {
  return [kind, from, to, taker && idKey(taker)].join('\n');
}

function groupKey(group: ChangeGroup): string {
  return [changeKey(group), ...group.causes.map(keyOf)].join('\n');
}

function acceptanceKey({ from, to, ports, causes }: AcceptanceChange & Acceptance): string {
  return [from, to, ports.join(), ...causes.map(keyOf)].join('\n');
}

function keyOf(change: ComparedObject): string {
  return idKey(objectOf(change));
}

function keysOf(changes: readonly ComparedObject[]): ReadonlySet<string> {
  return new Set(changes.map(keyOf));
}

function conditionsKey(conditions: readonly Condition[]): string {
  return conditions.map((condition) => `${factKey(condition)} ${condition.holds}`).join();
}

function conditionally(conditions: readonly Condition[], { before, after }: MeshComparison): Conditional {
  return { ...conditions.length > 0 && { if: conditions }, states: { before, after } };
}

function sizeOf({ if: conditions = [] }: Conditional): number {
  return conditions.length;
}
