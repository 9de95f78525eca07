import { CaChange, caChanges } from './ca-change';
import { Causes, Witness, WitnessedChange } from './causes';
import { ChangeSide, ConnectionChange, connectionChanges, outcomeOf } from './connection-changes';
import { JointClient } from './joint-clients';
import { applied, ObjectChange, objectChanges, objectOf } from './object-changes';
import { AcceptanceChange, acceptanceChanges, IdentityChange, identityChanges } from './server-changes';
import { Outcome } from '../calls/outcome';
import { lastHop } from '../calls/path';
import { Inventory } from '../inventory/inventory';
import { compareNames, compareTexts, idKey } from '../inventory/object';
import { Mesh } from '../mesh';
import { ownerOf } from '../services/endpoint';

/**
 * How connections changed: `changed` have another outcome; `gained` are new between a client and a server that existed, by a call
 * that existed; `lost` are gone although these still exist; for `added` and `removed`, one of the three is new or gone.
 */
export type ChangeKind = 'changed' | 'gained' | 'lost' | 'added' | 'removed';

/** Connections that changed alike, for the same cause. */
export interface ChangeGroup {
  readonly kind: ChangeKind;
  /** The outcome before; undefined: they didn't exist. */
  readonly from?: Outcome;
  readonly to?: Outcome;
  /** The changed objects each of which, when reverted, changes the outcome of the example, or all that may be involved if none does alone. */
  readonly causes: readonly ObjectChange[];
  /** How many connections, each of a client and a call to a server. */
  readonly count: number;
  readonly changes: readonly ConnectionChange[];
  /** The first of the changes, and the first of its clients. */
  readonly witness: Witness;
}

/** The effect of changed manifests on a mesh. */
export interface MeshDiff {
  readonly before: Mesh;
  readonly after: Mesh;
  readonly objects: readonly ObjectChange[];
  /** The worst first. */
  readonly groups: readonly ChangeGroup[];
  readonly unchanged: number;
  readonly acceptances: readonly (AcceptanceChange & { readonly causes: readonly ObjectChange[] })[];
  readonly identities: readonly IdentityChange[];
  /** Istiods that will sign with another CA. */
  readonly caChanges: readonly CaChange[];
  /** Changed objects without which every outcome would be the same; undefined: there are too many to try each. */
  readonly withoutEffect?: readonly ObjectChange[];
  /** Changed objects whose effect isn't known, because they decide whether requests are allowed, which isn't compared. */
  readonly unjudged: readonly ObjectChange[];
}

/** What decides whether requests are allowed, or what gateways do. */
export const UNJUDGED: readonly string[] = ['AuthorizationPolicy', 'RequestAuthentication', 'Gateway', 'WasmPlugin', 'TrafficExtension', 'NetworkPolicy'];

/**
 * Compares a mesh with the mesh of other manifests.
 *
 * @param manifests all objects of the other state; those that the mesh doesn't have are added as its youngest
 */
export function diffOf(before: Mesh, manifests: Iterable<unknown>): MeshDiff {
  const latter = Inventory.of(manifests, before.objects.readBy);
  return { ...new Comparison(before, objectChanges(before.objects, latter)).diff(), caChanges: caChanges(before, latter.caObjects) };
}

class Comparison {
  private readonly after: Mesh;
  private readonly causes: Causes;
  private readonly servers = new Map<Mesh, ReadonlySet<string>>();

  constructor(private readonly before: Mesh, private readonly objects: readonly ObjectChange[]) {
    this.after = before.with(...objects.map(applied));
    this.causes = new Causes(before, this.after, objects);
  }

  diff(): Omit<MeshDiff, 'caChanges'> {
    const { before, after, objects } = this;
    const { changes, unchanged } = connectionChanges(before, after);
    const groups = this.groups(changes);
    const acceptances = acceptanceChanges(before, after).map((change) => ({ ...change, causes: this.causes.ofAcceptance(change) }));
    const identities = identityChanges(before, after);
    const withEffect = new Set([...groups, ...acceptances].flatMap(({ causes }) => causes));
    const others = objects.filter((change) => !withEffect.has(change));
    const isUnjudged = (change: ObjectChange): boolean => UNJUDGED.includes(objectOf(change).kind);
    const withoutEffect = this.causes.withoutEffect(others.filter((change) => !isUnjudged(change)));
    return { before, after, objects, groups, unchanged, acceptances, identities, withoutEffect, unjudged: others.filter(isUnjudged) };
  }

  private groups(changes: readonly ConnectionChange[]): readonly ChangeGroup[] {
    const alike = this.alike(changes);
    const causes = this.causes.of(alike);
    const groups = new Map<string, ChangeGroup>();
    for (const [index, { kind, changes: some }] of alike.entries()) {
      const group = groupOf(kind, some, causes[index]);
      const key = [group.kind, group.from, group.to, ...group.causes.map((one) => idKey(objectOf(one)))].join('\n');
      const same = groups.get(key);
      groups.set(key, same ? groupOf(kind, [...same.changes, ...some], same.causes) : group);
    }
    return [...groups].sort(([key, one], [other, another]) => rankOf(one) - rankOf(another) || another.count - one.count || compareTexts(key, other))
      .map(([, group]) => group);
  }

  /** Changes of one kind that the same objects may cause, with one of them as an example. */
  private alike(changes: readonly ConnectionChange[]): readonly AlikeChanges[] {
    const found = new Map<string, AlikeChanges & { readonly changes: ConnectionChange[] }>();
    for (const change of changes) {
      const [kind, candidates] = [this.kindOf(change), this.causes.candidatesOf(change)];
      const key = [kind, outcomeIn(change.before), outcomeIn(change.after), ...candidates.map((one) => idKey(objectOf(one)))].join('\n');
      const same = found.get(key);
      if (same) same.changes.push(change);
      else found.set(key, { kind, candidates, changes: [change], witness: witnessOf(change) });
    }
    return [...found.values()];
  }

  private kindOf({ clients: [client], before, after, isCalledBefore, isCalledAfter }: ConnectionChange): ChangeKind {
    if (!client.before || !isCalledBefore || !this.hasServerOf(after, this.before)) return 'added';
    if (!client.after || !isCalledAfter || !this.hasServerOf(before, this.after)) return 'removed';
    if (before && after) return 'changed';
    return after ? 'gained' : 'lost';
  }

  /** Whether a state has the server that a connection of another state reaches, if it reaches one. */
  private hasServerOf(side: ChangeSide | undefined, mesh: Mesh): boolean {
    const endpoint = side && lastHop(side.path).endpoint;
    const server = endpoint && ownerOf(endpoint);
    if (!server) return true;
    let servers = this.servers.get(mesh);
    if (!servers) this.servers.set(mesh, servers = new Set([...mesh.workloads, ...mesh.objects.of('WorkloadEntry')].map(idKey)));
    return servers.has(idKey(server));
  }
}

interface AlikeChanges extends WitnessedChange {
  readonly kind: ChangeKind;
  readonly changes: readonly ConnectionChange[];
}

function groupOf(kind: ChangeKind, changes: readonly ConnectionChange[], causes: readonly ObjectChange[]): ChangeGroup {
  const [change] = changes;
  const count = changes.reduce((sum, { clients }) => sum + clients.length, 0);
  return { kind, from: outcomeIn(change.before), to: outcomeIn(change.after), causes, count, changes, witness: witnessOf(change) };
}

function witnessOf(change: ConnectionChange): Witness {
  return { change, client: firstOf(change.clients) };
}

function firstOf(clients: readonly JointClient[]): JointClient {
  return clients.reduce((first, one) => (compareNames((one.after ?? one.before)!, (first.after ?? first.before)!) < 0 ? one : first));
}

function outcomeIn(side: ChangeSide | undefined): Outcome | undefined {
  return side && outcomeOf(side.path);
}

/** The worst first: what breaks, what loses encryption, what becomes undecided. */
function rankOf({ kind, to }: ChangeGroup): number {
  if (kind === 'added' || kind === 'removed') return 10;
  return to === undefined ? 4 : ['broken', 'plaintext', 'undecided', 'tls', 'mtls'].indexOf(to) + Number(to === 'tls' || to === 'mtls') * 2;
}
