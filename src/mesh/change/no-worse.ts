import { Call } from '../connections/call';
import { ClientClass } from '../connections/client-class';
import { Decision } from '../connections/decisions';
import { serverKey, transportOf } from '../connections/leg';
import { Outcome } from '../connections/outcome';
import { Mesh } from '../mesh';
import { objectText } from '../objects/mesh-object';

/** What comes of connections, the best last. */
const RANKS: Readonly<Record<Outcome, number>> = { undecided: -1, broken: 0, plaintext: 1, tls: 2, mtls: 3 };

/**
 * Whether every call of a mesh fares as well in another one of the same workloads: it arrives if it did, no less protected,
 * and is decided if it was; and so does each of its connections whose server it still reaches.
 */
export function isNoWorse(after: Mesh, before: Mesh): boolean {
  const calls = new Map(after.decisions.calls.map((call) => [keyOf(call), call]));
  const joint = jointClasses(before, after);
  return before.decisions.calls.every((call) => {
    const same = calls.get(keyOf(call));
    const compared = new Map<Decision, Set<Decision | undefined>>();
    return joint.every(([former, latter]) => {
      const [one, other] = [decisionOf(before, call, former), same && decisionOf(after, same, latter)];
      const known = compared.get(one);
      if (known?.has(other)) return true;
      compared.set(one, (known ?? new Set()).add(other));
      return holds(standingOf(one), standingOf(other));
    });
  });
}

function keyOf({ host, port }: Call): string {
  return `${host}:${port}`;
}

function decisionOf({ decisions }: Mesh, call: Call, client: ClientClass): Decision {
  return decisions.of(call).find(({ classes }) => classes.has(client))!;
}

/** The classes of both meshes that some workload is in. */
function jointClasses(before: Mesh, after: Mesh): readonly (readonly [ClientClass, ClientClass])[] {
  const later = new Map(after.workloads.map((workload) => [objectText(workload), workload]));
  const joint = new Map<ClientClass, Set<ClientClass>>();
  for (const workload of before.workloads) {
    const former = before.decisions.classOf(workload);
    joint.set(former, (joint.get(former) ?? new Set()).add(after.decisions.classOf(later.get(objectText(workload))!)));
  }
  return [...joint].flatMap(([former, all]) => [...all].map((latter) => [former, latter] as const));
}

/** The worst that comes of a call, and of its connections to each server; those of one client alone apart. */
interface Standing {
  readonly ofCall: ReadonlyMap<string, number>;
  readonly ofServers: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

function standingOf(decision: Decision | undefined): Standing {
  const [ofCall, ofServers] = [new Map<string, number>(), new Map<string, Map<string, number>>()];
  for (const leg of decision?.legs ?? []) {
    const client = leg.only ? objectText(leg.only) : '';
    const [rank, server] = [RANKS[transportOf(leg).outcome], serverKey(leg.endpoint)];
    ofCall.set(client, Math.min(rank, ofCall.get(client) ?? rank));
    const servers = ofServers.get(client) ?? new Map<string, number>();
    ofServers.set(client, servers.set(server, Math.min(rank, servers.get(server) ?? rank)));
  }
  return { ofCall, ofServers };
}

function holds(before: Standing, after: Standing): boolean {
  return [...new Set([...before.ofCall.keys(), ...after.ofCall.keys()])].every((client) => {
    const [floor, rank] = [before, after].map(({ ofCall }) => ofCall.get(client) ?? ofCall.get(''));
    if (floor !== undefined && floor > (rank ?? 0)) return false;
    const [floors, ranks] = [before, after].map(({ ofServers }) => ofServers.get(client) ?? ofServers.get(''));
    return [...floors ?? []].every(([server, former]) => former <= (ranks?.get(server) ?? former));
  });
}
