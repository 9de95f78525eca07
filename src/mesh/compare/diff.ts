import { CaChange, caChanges } from './ca-change';
import { Causes, Witness, WitnessedChange } from './causes';
import { ChangeSide, ChangedConnections, connectionChanges, pathOutcome } from './connection-changes';
import { Ends } from './ends';
import { JointClient } from './joint-clients';
import { inventoryChange, ComparedObject, objectChanges, objectOf, unreadChanges } from './object-changes';
import { AcceptanceChange, acceptanceChanges, IdentityChange, identityChanges } from './server-changes';
import { takerOf } from './taken-over';
import { UnknownEffect, UnknownEffects } from './unknown-effects';
import { Inventory } from '../inventory/inventory';
import { Kinds } from '../inventory/kinds';
import { compareNames, compareTexts, idKey, MeshObject } from '../inventory/object';
import { Mesh } from '../mesh';
import { isCopy, losesCopies } from '../model/path';
import { Outcome } from '../model/transport';

/**
 * How connections changed: `changed` have another outcome; `gained` are new between a client and a server that existed, by a call
 * that existed. `lost` are gone although client and server exist: nothing replaces them, an object of another namespace took the
 * call, or they were of copies of requests, which are lost. `rerouted` are gone, too, but the call reaches others instead. For `added` and `removed`, the client, the call or the server
 * is new, or client or server are gone.
 */
export type ChangeKind = 'changed' | 'gained' | 'lost' | 'rerouted' | 'added' | 'removed';

/** Connections that changed alike, for the same cause. */
export interface ChangeGroup {
  readonly kind: ChangeKind;
  /** The outcome before; undefined: they didn't exist. */
  readonly from?: Outcome;
  readonly to?: Outcome;
  /** The changed objects each of which, when reverted, changes the outcome of the example, or all that may be involved if none does alone. */
  readonly causes: readonly ComparedObject[];
  /** The object of another namespace that newly decides where the call goes. */
  readonly taker?: MeshObject;
  /** How many connections, each of a client and a call to a server. */
  readonly count: number;
  readonly changes: readonly ChangedConnections[];
  /** The first of the changes, and the first of its clients. */
  readonly witness: Witness;
}

/** The effect of changed manifests on a mesh. */
export interface MeshComparison {
  readonly before: Mesh;
  readonly after: Mesh;
  readonly objects: readonly ComparedObject[];
  /** The worst first. */
  readonly groups: readonly ChangeGroup[];
  readonly unchanged: number;
  readonly acceptances: readonly (AcceptanceChange & { readonly causes: readonly ComparedObject[] })[];
  readonly identities: readonly IdentityChange[];
  /** Istiods that will sign with another CA. */
  readonly caChanges: readonly CaChange[];
  /** Changed objects that may concern undecided connections, and whose effect on these isn't known. */
  readonly unknownEffects: readonly UnknownEffect[];
  /**
   * Changed objects without which every outcome would be the same, and that concern no undecided connection; undefined: there are too
   * many to try each.
   */
  readonly withoutEffect?: readonly ComparedObject[];
  /** Changed objects that are no cause of a change by themselves, but of which some make a difference together. */
  readonly otherEffects: readonly ComparedObject[];
  /** Changed objects whose effect isn't known, because they decide about requests, which isn't compared. */
  readonly unjudged: readonly ComparedObject[];
  /** Changed objects of kinds that decide nothing about connections, and that aren't compared. */
  readonly unread: readonly ComparedObject[];
}

/** What decides about requests, whether or not connections change, or what gateways do. */
export const UNJUDGED = Kinds.of(
  'AuthorizationPolicy', 'EnvoyFilter', 'RequestAuthentication', 'Gateway', 'WasmPlugin', 'TrafficExtension', 'NetworkPolicy',
);

/**
 * Compares a mesh with the mesh of other manifests.
 *
 * @param manifests all objects of the other state; those that the mesh doesn't have are added as its youngest
 */
export function diffOf(before: Mesh, manifests: Iterable<unknown>): MeshComparison {
  const latter = Inventory.of(manifests, before.objects.readBy);
  const comparison = new Comparison(before, objectChanges(before.objects, latter));
  return { ...comparison.diff(), unread: unreadChanges(before.objects, latter), caChanges: caChanges(before, latter.caObjects) };
}

class Comparison {
  private readonly after: Mesh;
  private readonly causes: Causes;
  private readonly ends: Ends;

  constructor(private readonly before: Mesh, private readonly objects: readonly ComparedObject[]) {
    this.after = before.with(...objects.map(inventoryChange));
    this.causes = new Causes(before, this.after, objects);
    this.ends = new Ends(before, this.after);
  }

  diff(): Omit<MeshComparison, 'caChanges' | 'unread'> {
    const { before, after, objects } = this;
    const { changes, unchanged } = connectionChanges(before, after);
    const groups = this.groups(changes);
    const acceptances = acceptanceChanges(before, after).map((change) => ({ ...change, causes: this.causes.ofAcceptance(change) }));
    const identities = identityChanges(before, after);
    const causing = new Set([...groups, ...acceptances].flatMap(({ causes }) => causes));
    const unknownEffects = this.unknownEffects(changes, causing);
    const listed = new Set([...causing, ...unknownEffects.map(({ object }) => object)]);
    const others = objects.filter((change) => !listed.has(change));
    const unjudged = others.filter((change) => UNJUDGED.has(objectOf(change)));
    const tried = others.filter((change) => !unjudged.includes(change));
    const withoutEffect = this.causes.withoutEffect(tried);
    const otherEffects = withoutEffect ? tried.filter((change) => !withoutEffect.includes(change)) : [];
    return { before, after, objects, groups, unchanged, acceptances, identities, unknownEffects, withoutEffect, otherEffects, unjudged };
  }

  /** Of objects with an effect on other connections, only what stays undecided is left to tell. */
  private unknownEffects(changes: readonly ChangedConnections[], causing: ReadonlySet<ComparedObject>): readonly UnknownEffect[] {
    const { before, after, objects } = this;
    const effects = new UnknownEffects(before, after, changes, this.ends);
    return objects.flatMap((change) => effects.of(change) ?? [])
      .filter(({ object, connections, servers }) => connections + servers > 0 || !causing.has(object));
  }

  private groups(changes: readonly ChangedConnections[]): readonly ChangeGroup[] {
    const alike = this.alike(changes);
    const causes = this.causes.of(alike);
    const groups = new Map<string, ChangeGroup>();
    for (const [index, { kind, taker, changes: some }] of alike.entries()) {
      const group = groupOf({ kind, taker }, some, causes[index]);
      const key = [group.kind, group.from, group.to, taker && idKey(taker), ...group.causes.map((one) => idKey(objectOf(one)))].join('\n');
      const same = groups.get(key);
      groups.set(key, same ? groupOf(same, [...same.changes, ...some], same.causes) : group);
    }
    return [...groups].sort(([key, one], [other, another]) => rankOf(one) - rankOf(another) || another.count - one.count || compareTexts(key, other))
      .map(([, group]) => group);
  }

  /** Changes of one kind that the same objects may cause, with one of them as an example. */
  private alike(changes: readonly ChangedConnections[]): readonly AlikeChanges[] {
    const found = new Map<string, AlikeChanges & { readonly changes: ChangedConnections[] }>();
    for (const change of changes) {
      const taker = takerOf(change);
      const [kind, candidates] = [this.kindOf(change, taker), this.causes.candidatesOf(change)];
      const key = [kind, taker && idKey(taker), outcomeIn(change.before), outcomeIn(change.after), ...candidates.map((one) => idKey(objectOf(one)))].join('\n');
      const same = found.get(key);
      if (same) same.changes.push(change);
      else found.set(key, { kind, taker, candidates, changes: [change], witness: witnessOf(change) });
    }
    return [...found.values()];
  }

  private kindOf(change: ChangedConnections, taker: MeshObject | undefined): ChangeKind {
    const { before, after, isCalledAfter, instead } = change;
    if (!this.ends.existBefore(change)) return 'added';
    if (!this.ends.existAfter(change)) return 'removed';
    if (before && after) return 'changed';
    if (after) return 'gained';
    const isLost = !isCalledAfter || instead.length === 0 || taker !== undefined || (isCopy(before!.path) && instead.some(losesCopies));
    return isLost ? 'lost' : 'rerouted';
  }
}

interface AlikeChanges extends WitnessedChange, Pick<ChangeGroup, 'kind' | 'taker'> {
  readonly changes: readonly ChangedConnections[];
}

function groupOf({ kind, taker }: Pick<ChangeGroup, 'kind' | 'taker'>, changes: readonly ChangedConnections[], causes: readonly ComparedObject[]): ChangeGroup {
  const [change] = changes;
  const count = changes.reduce((sum, { clients }) => sum + clients.length, 0);
  return { kind, from: outcomeIn(change.before), to: outcomeIn(change.after), causes, taker, count, changes, witness: witnessOf(change) };
}

function witnessOf(change: ChangedConnections): Witness {
  return { change, client: firstOf(change.clients) };
}

function firstOf(clients: readonly JointClient[]): JointClient {
  return clients.reduce((first, one) => (compareNames((one.after ?? one.before)!, (first.after ?? first.before)!) < 0 ? one : first));
}

function outcomeIn(side: ChangeSide | undefined): Outcome | undefined {
  return side && pathOutcome(side.path);
}

/** The worst first: what breaks, what loses encryption, what becomes undecided. */
function rankOf({ kind, to }: ChangeGroup): number {
  if (kind === 'added' || kind === 'removed') return 10;
  if (kind === 'rerouted') return 5;
  return to === undefined ? 4 : ['broken', 'plaintext', 'undecided', 'tls', 'mtls'].indexOf(to) + Number(to === 'tls' || to === 'mtls') * 2;
}
