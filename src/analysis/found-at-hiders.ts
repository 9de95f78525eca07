import { Calls, foundAtPlaces } from './calls';
import { Cause } from './causes';
import { Evidence } from './evidence';
import { Place } from './fields';
import { Hiders } from './hiders';
import { Found } from './mesh-finding';
import { workloadsText } from './texts';
import { DecidedHop } from '../mesh/connections/decisions';
import { selfOf } from '../mesh/connections/path';
import { Sender } from '../mesh/connections/sender';
import { Mesh } from '../mesh/mesh';
import { Workload } from '../mesh/workloads/workload';

/** A finding for each object that hides services from clients, whose calls break for a cause. */
export function* foundAtHiders(evidence: Evidence, cause: Cause, tell: (calls: string, first: DecidedHop) => string): Generator<Found> {
  const { mesh } = evidence;
  const hiders = new Hiders(mesh);
  const [blind, rest] = [new Map<ReadonlySet<Sender>, BlindCalls>(), [] as DecidedHop[]];
  for (const decided of evidence.brokenBy(cause)) {
    const { decision: { call, senders }, path: { only, except }, hop: { sender } } = decided;
    if (only || except || !hiders.isSidecar(call, sender)) rest.push(decided);
    else if (blind.has(senders.all)) blind.get(senders.all)!.add(decided);
    else blind.set(senders.all, new BlindCalls(mesh, decided));
  }
  const groups = Calls.groupedBySender(mesh, rest, ({ decision: { call } }, client) => hiders.of(call, client));
  yield* foundAtPlaces(groups, (calls) => ({ because: tell(String(calls), calls.first) }));
  for (const [place, { connections, clients, first }] of bySidecar(blind.values(), hiders)) {
    const { host, port } = first.decision.call;
    yield { ...place, because: tell(`calls of ${workloadsText([...new Set(clients)])}, such as those to ${host}:${port},`, first), connections };
  }
}

interface Blinded {
  connections: number;
  readonly clients: Workload[];
  readonly first: DecidedHop;
}

function bySidecar(blind: Iterable<BlindCalls>, hiders: Hiders): ReadonlyMap<Place, Blinded> {
  const groups = new Map<Place, Blinded>();
  for (const calls of blind) {
    for (const [one, blinded] of calls.bySender()) {
      const place = hiders.sidecar(one.scope!.resource!);
      const known = groups.get(place);
      if (known) {
        known.connections += blinded.connections;
        known.clients.push(...blinded.clients);
      } else {
        groups.set(place, blinded);
      }
    }
  }
  return groups;
}

/** Calls that many senders make alike, of which a few are left out of each: thousands of Sidecars hide thousands of services. */
class BlindCalls {
  private readonly hops: DecidedHop[] = [];
  private readonly leftOut = new Map<Sender, number>();
  private readonly toItself = new Map<Workload, number>();

  constructor(private readonly mesh: Mesh, first: DecidedHop) {
    this.add(first);
  }

  add(decided: DecidedHop): void {
    const { decision: { senders }, path } = decided;
    this.hops.push(decided);
    for (const one of senders.left) this.leftOut.set(one, (this.leftOut.get(one) ?? 0) + 1);
    const self = selfOf(path);
    if (self && senders.has(this.mesh.decisions.senderOf(self))) this.toItself.set(self, (this.toItself.get(self) ?? 0) + 1);
  }

  * bySender(): Generator<[Sender, Blinded]> {
    for (const one of this.hops[0].decision.senders.all) {
      const paths = this.hops.length - (this.leftOut.get(one) ?? 0);
      const counts = one.workloads.map((client) => ({ client, count: paths - (this.toItself.get(client) ?? 0) })).filter(({ count }) => count > 0);
      if (counts.length === 0) continue;
      const [{ client }] = counts;
      const first = this.hops.find(({ decision: { senders }, path }) => senders.has(one) && selfOf(path) !== client)!;
      yield [one, { connections: counts.reduce((sum, { count }) => sum + count, 0), clients: counts.map((counted) => counted.client), first }];
    }
  }
}
