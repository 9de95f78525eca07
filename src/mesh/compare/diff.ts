import { pathOutcome } from './arrivals';
import { CaChange, caChanges } from './ca-change';
import { CallsInEither, Narrowing, narrowings } from './calls-in-either';
import { Causes, Witness, WitnessedChange } from './causes';
import { changeKind, ChangeKind } from './change-kind';
import { ChangeSide, ChangedConnections, connectionChanges } from './connection-changes';
import { Ends } from './ends';
import { JointClient } from './joint-clients';
import { inventoryChange, ComparedObject, objectChanges, objectOf, unreadChanges } from './object-changes';
import { ScaledToZero, scaledToZero } from './scaled-to-zero';
import { AcceptanceChange, acceptanceChanges, IdentityChange, identityChanges } from './server-changes';
import { takerOf } from './taken-over';
import { UnknownEffect, UnknownEffects } from './unknown-effects';
import { Inventory } from '../inventory/inventory';
import { Kinds } from '../inventory/kinds';
import { compareNames, compareTexts, idKey, MeshObject } from '../inventory/object';
import { Mesh } from '../mesh';
import { callKey } from '../model/call';
import { Outcome } from '../model/transport';

/** Connections with the same change and the same cause. */
export interface ChangeGroup {
  readonly kind: ChangeKind;
  /** The outcome before; undefined if they didn't exist. */
  readonly from?: Outcome;
  readonly to?: Outcome;
  /** The changed objects that each change the outcome of the example when reverted, or, if none does alone, all that may take part. */
  readonly causes: readonly ComparedObject[];
  /** The object of another namespace that now decides where the call goes. */
  readonly taker?: MeshObject;
  /** The number of connections, each of a client and a call to a server. */
  readonly count: number;
  readonly changes: readonly ChangedConnections[];
  /** An example: the first change and its first client. */
  readonly witness: Witness;
}

/** Changed connections that no workload declares, of the same kind. */
export interface LeftOutGroup extends Pick<ChangeGroup, 'kind' | 'from' | 'to' | 'taker' | 'count'> {
  readonly witness: Witness;
  /** The states of the example, in which every client makes every call. */
  readonly states: { readonly before: Mesh; readonly after: Mesh };
}

/** What a change does to calls that workloads declare neither before nor after. */
export interface LeftOutChanges {
  /** The worst first. */
  readonly groups: readonly LeftOutGroup[];
  /** The changed objects that affect only such calls, or may. */
  readonly objects: readonly ComparedObject[];
  /** Both states, in which clients make the calls that they declare in either. */
  readonly declared: { readonly before: Mesh; readonly after: Mesh };
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
  /** Changed objects that may affect undecided connections, so that their effect is unknown. */
  readonly unknownEffects: readonly UnknownEffect[];
  /** Workloads that have no pods after, and that keep their connections in the groups: those are as once they are scaled up. */
  readonly scaledToZero: readonly ScaledToZero[];
  /** Changed objects without any effect, and that can't affect undecided connections; undefined if there are too many to try. */
  readonly withoutEffect?: readonly ComparedObject[];
  /** Changed objects that cause no change alone, but some of which have an effect together. */
  readonly otherEffects: readonly ComparedObject[];
  /** Changed objects with an unknown effect, because they decide about requests, which aren't compared. */
  readonly unjudged: readonly ComparedObject[];
  /** Changed objects of kinds that don't affect connections, and that aren't compared. */
  readonly unread: readonly ComparedObject[];
  /** What isn't in the groups, because workloads declare other calls; undefined if they declare none, or if all calls are compared. */
  readonly leftOut?: LeftOutChanges;
  /** Workloads that declare fewer calls than before. */
  readonly narrowings: readonly Narrowing[];
}

/** Kinds that decide about requests, or only configure gateways. */
export const UNJUDGED = Kinds.of(
  'AuthorizationPolicy', 'EnvoyFilter', 'RequestAuthentication', 'Gateway', 'WasmPlugin', 'TrafficExtension', 'NetworkPolicy',
  'GatewayApiGateway', 'Ingress', 'IngressClass',
);

/**
 * Compares a mesh with the mesh of other manifests. If only declared calls count, these are the calls declared in either state.
 *
 * @param manifests all objects of the state after; objects that the mesh doesn't have count as its youngest
 */
export function diffOf(before: Mesh, manifests: Iterable<unknown>): MeshComparison {
  const latter = Inventory.of(manifests, before.objects.readBy);
  const objects = objectChanges(before.objects, latter);
  const after = before.with(...objects.map(inventoryChange));
  return {
    ...comparedCalls(before, after, objects),
    unread: unreadChanges(before.objects, latter),
    caChanges: caChanges(before, latter.caObjects),
    narrowings: narrowings(before, after),
  };
}

/** What the comparison of connections finds. */
type Compared = Omit<MeshComparison, 'caChanges' | 'unread' | 'narrowings'>;

function comparedCalls(before: Mesh, after: Mesh, objects: readonly ComparedObject[]): Compared {
  if (before.declarations.size + after.declarations.size === 0) return new Comparison(before, after, objects).diff();
  const made = CallsInEither.of(before, after);
  const all = new Comparison(before.withCalls(made.all), after.withCalls(made.all), objects);
  if (!before.countsDeclaredCalls || !made.isLimiting) return all.diff();
  const found = new Comparison(before.withCalls(made), after.withCalls(made), objects).diff();
  return { ...found, ...all.besides(made, found) };
}

class Comparison {
  private readonly causes: Causes;
  private readonly ends: Ends;

  constructor(private readonly before: Mesh, private readonly after: Mesh, private readonly objects: readonly ComparedObject[]) {
    this.causes = new Causes(before, after, objects);
    this.ends = new Ends(before, after);
  }

  diff(): Compared {
    const { before, after, objects } = this;
    const { changes, unchanged } = connectionChanges(before, after);
    const groups = this.groups(changes);
    const acceptances = acceptanceChanges(before, after).map((change) => ({ ...change, causes: this.causes.ofAcceptance(change) }));
    const identities = identityChanges(before, after);
    const causing = new Set([...groups, ...acceptances].flatMap(({ causes }) => causes));
    const unknownEffects = this.unknownEffects(changes, causing);
    const scaled = scaledToZero(before, after, objects);
    const listed = new Set([...causing, ...[...unknownEffects, ...scaled].map(({ object }) => object)]);
    const others = objects.filter((change) => !listed.has(change));
    const unjudged = others.filter((change) => UNJUDGED.has(objectOf(change)));
    const tried = others.filter((change) => !unjudged.includes(change));
    const withoutEffect = this.causes.withoutEffect(tried);
    const otherEffects = withoutEffect ? tried.filter((change) => !withoutEffect.includes(change)) : [];
    const effects = { groups, unchanged, acceptances, identities, unknownEffects, scaledToZero: scaled };
    return { before, after, objects, ...effects, withoutEffect, otherEffects, unjudged };
  }

  /**
   * What a comparison of some calls leaves out of all of them.
   *
   * @param declared the comparison of these calls
   */
  besides(made: CallsInEither, { withoutEffect, ...declared }: Compared): Pick<Compared, 'leftOut' | 'withoutEffect'> {
    const { before, after } = this;
    const { changes } = connectionChanges(before, after);
    const left = changes.flatMap((change): readonly ChangedConnections[] => {
      const clients = change.clients.filter((client) => !made.has((client.after ?? client.before)!, callKey(change)));
      return clients.length > 0 ? [{ ...change, clients }] : [];
    });
    const effects = new UnknownEffects(before, after, changes, this.ends);
    const causing = new Set(this.groups(changes).flatMap(({ causes }) => causes));
    const mayBeHarmless = (change: ComparedObject): boolean => !causing.has(change) && !effects.of(change);
    const isHarmless = new Set(this.causes.withoutEffect(withoutEffect?.filter(mayBeHarmless) ?? []));
    return {
      withoutEffect: withoutEffect?.filter((change) => isHarmless.has(change)),
      leftOut: {
        groups: this.leftOutGroups(left),
        objects: withoutEffect?.filter((change) => !isHarmless.has(change)) ?? [],
        declared,
      },
    };
  }

  private leftOutGroups(changes: readonly ChangedConnections[]): readonly LeftOutGroup[] {
    const groups = new Map<string, LeftOutGroup>();
    for (const change of changes) {
      const taker = takerOf(change);
      const { causes: _causes, changes: _changes, ...one } = groupOf({ kind: changeKind(change, taker, this.ends), taker }, [change], []);
      const group = { ...one, states: { before: this.before, after: this.after } };
      const key = leftOutKey(group);
      const same = groups.get(key);
      groups.set(key, same ? { ...same, count: same.count + group.count } : group);
    }
    return [...groups].sort(([key, one], [other, another]) => rankOf(one) - rankOf(another) || compareTexts(key, other))
      .map(([, group]) => group);
  }

  /** For an object that affects other connections, only those that stay undecided are reported. */
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
    return [...groups].sort(([key, one], [other, another]) => (
      rankOf(one) - rankOf(another) || another.count - one.count || compareTexts(key, other)))
      .map(([, group]) => group);
  }

  /** Groups changes of one kind that have the same possible causes, each with an example. */
  private alike(changes: readonly ChangedConnections[]): readonly AlikeChanges[] {
    const found = new Map<string, AlikeChanges & { readonly changes: ChangedConnections[] }>();
    for (const change of changes) {
      const taker = takerOf(change);
      const [kind, candidates] = [changeKind(change, taker, this.ends), this.causes.candidatesOf(change)];
      const key = [kind, taker && idKey(taker), outcomeIn(change.before), outcomeIn(change.after),
        ...candidates.map((one) => idKey(objectOf(one)))].join('\n');
      const same = found.get(key);
      if (same) same.changes.push(change);
      else found.set(key, { kind, taker, candidates, changes: [change], witness: witnessOf(change) });
    }
    return [...found.values()];
  }
}

interface AlikeChanges extends WitnessedChange, Pick<ChangeGroup, 'kind' | 'taker'> {
  readonly changes: readonly ChangedConnections[];
}

function groupOf(
  { kind, taker }: Pick<ChangeGroup, 'kind' | 'taker'>, changes: readonly ChangedConnections[], causes: readonly ComparedObject[],
): ChangeGroup {
  const [change] = changes;
  const count = changes.reduce((sum, { clients }) => sum + clients.length, 0);
  // Of a call that ends, a path without a server is no connection.
  const to = kind === 'lost' ? undefined : outcomeIn(change.after);
  return { kind, from: outcomeIn(change.before), to, causes, taker, count, changes, witness: witnessOf(change) };
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

/** Equal for groups that differ only in their connections. */
export function leftOutKey({ kind, from, to, taker }: Pick<LeftOutGroup, 'kind' | 'from' | 'to' | 'taker'>): string {
  return [kind, from, to, taker && idKey(taker)].join('\n');
}

/** Sorts the worst first: broken, then unencrypted, then undecided connections. */
export function rankOf({ kind, to }: Pick<ChangeGroup, 'kind' | 'to'>): number {
  if (kind === 'added' || kind === 'removed') return 10;
  if (kind === 'rerouted') return 5;
  return to === undefined ? 4 : ['broken', 'plaintext', 'undecided', 'tls', 'mtls'].indexOf(to) + Number(to === 'tls' || to === 'mtls') * 2;
}
