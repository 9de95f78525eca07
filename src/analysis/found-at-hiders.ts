import { Calls, foundAtPlaces } from './calls';
import { Cause } from './causes';
import { Evidence } from './evidence';
import { Hiders } from './hiders';
import { Found } from './mesh-finding';
import { Place } from './place';
import { workloadsText } from './workloads-text';
import { ClientClass } from '../mesh/connections/client-class';
import { DecidedLeg } from '../mesh/connections/decisions';
import { Mesh } from '../mesh/mesh';
import { Workload } from '../mesh/workloads/workload';

/** A finding for each object that hides services from clients, whose calls break for a cause. */
export function* foundAtHiders(evidence: Evidence, cause: Cause, tell: (calls: string, first: DecidedLeg) => string): Generator<Found> {
  const { mesh } = evidence;
  const hiders = new Hiders(mesh);
  const [blind, rest] = [new Map<ReadonlySet<ClientClass>, BlindCalls>(), [] as DecidedLeg[]];
  for (const decided of evidence.brokenBy(cause)) {
    const { decision: { call, classes }, leg: { only, except } } = decided;
    if (only || except || !hiders.isSidecar(call, classes.one!)) rest.push(decided);
    else if (blind.has(classes.all)) blind.get(classes.all)!.add(decided);
    else blind.set(classes.all, new BlindCalls(mesh, decided));
  }
  const groups = Calls.groupedByClass(mesh, rest, ({ decision: { call } }, client) => hiders.of(call, client));
  yield* foundAtPlaces(groups, (calls) => ({ because: tell(String(calls), calls.first) }));
  for (const [place, { connections, clients, first }] of bySidecar(blind.values(), hiders)) {
    const { host, port } = first.decision.call;
    yield { ...place, because: tell(`calls of ${workloadsText([...new Set(clients)])}, such as those to ${host}:${port},`, first), connections };
  }
}

interface Blinded {
  connections: number;
  readonly clients: Workload[];
  readonly first: DecidedLeg;
}

function bySidecar(blind: Iterable<BlindCalls>, hiders: Hiders): ReadonlyMap<Place, Blinded> {
  const groups = new Map<Place, Blinded>();
  for (const calls of blind) {
    for (const [one, blinded] of calls.byClass()) {
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

/** Calls that many classes of clients make alike, of which a few are left out of each: thousands of Sidecars hide thousands of services. */
class BlindCalls {
  private readonly legs: DecidedLeg[] = [];
  private readonly leftOut = new Map<ClientClass, number>();
  private readonly toItself = new Map<Workload, number>();

  constructor(private readonly mesh: Mesh, first: DecidedLeg) {
    this.add(first);
  }

  add(decided: DecidedLeg): void {
    const { decision: { classes }, leg: { endpoint } } = decided;
    this.legs.push(decided);
    for (const one of classes.left) this.leftOut.set(one, (this.leftOut.get(one) ?? 0) + 1);
    const server = endpoint?.workload;
    if (server && classes.has(this.mesh.decisions.classOf(server))) this.toItself.set(server, (this.toItself.get(server) ?? 0) + 1);
  }

  * byClass(): Generator<[ClientClass, Blinded]> {
    for (const one of this.legs[0].decision.classes.all) {
      const ways = this.legs.length - (this.leftOut.get(one) ?? 0);
      const counts = one.workloads.map((client) => ({ client, count: ways - (this.toItself.get(client) ?? 0) })).filter(({ count }) => count > 0);
      if (counts.length === 0) continue;
      const [{ client }] = counts;
      const first = this.legs.find(({ decision: { classes }, leg: { endpoint } }) => classes.has(one) && endpoint?.workload !== client)!;
      yield [one, { connections: counts.reduce((sum, { count }) => sum + count, 0), clients: counts.map((counted) => counted.client), first }];
    }
  }
}
