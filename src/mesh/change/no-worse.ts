import { acceptsNoMore } from './acceptance';
import { Guards, UNGUARDED } from './guards';
import { Arrival, Numbers, Standing, Standings } from './standings';
import { Call } from '../connections/call';
import { Decision } from '../connections/decisions';
import { Sender } from '../connections/sender';
import { Mesh } from '../mesh';
import { idKey } from '../objects/object-id';

/**
 * Whether every call of a mesh fares as well in another one of the same workloads: it arrives if it did, no less protected,
 * and is decided if it was; and so does each of its connections whose server it still reaches. No AuthorizationPolicy may
 * refuse it that didn't, and no port lets in more. What is undecided though its ends are known goes by the same objects.
 *
 * @param opened ports that may take more plaintext, since the change says so
 */
export function isNoWorse(after: Mesh, before: Mesh, opened?: ReadonlySet<number>): boolean {
  return callsFareNoWorse(after, before) && acceptsNoMore(after, before, opened);
}

function callsFareNoWorse(after: Mesh, before: Mesh): boolean {
  const calls = new Map(after.decisions.calls.map((call) => [keyOf(call), call]));
  const joint = jointClasses(before, after);
  const numbers = new Numbers();
  const [former, latter] = [before, after].map((mesh) => new Standings(new Guards(mesh), numbers));
  return before.decisions.calls.every((call) => {
    const same = calls.get(keyOf(call));
    const compared = new Map<Decision, Set<Decision | undefined>>();
    return joint.every(([one, other]) => {
      const [then, now] = [decisionOf(before, call, one), same && decisionOf(after, same, other)];
      const known = compared.get(then);
      if (known?.has(now)) return true;
      compared.set(then, (known ?? new Set()).add(now));
      return holds(former.of(then), latter.of(now ?? NOWHERE));
    });
  });
}

function keyOf({ host, port }: Call): string {
  return `${host}:${port}`;
}

function decisionOf({ decisions }: Mesh, call: Call, client: Sender): Decision {
  return decisions.of(call).find(({ senders }) => senders.has(client))!;
}

/** The senders of both meshes that some workload is in. */
function jointClasses(before: Mesh, after: Mesh): readonly (readonly [Sender, Sender])[] {
  const later = new Map(after.workloads.map((workload) => [idKey(workload), workload]));
  const joint = new Map<Sender, Set<Sender>>();
  for (const workload of before.workloads) {
    const former = before.decisions.senderOf(workload);
    joint.set(former, (joint.get(former) ?? new Set()).add(after.decisions.senderOf(later.get(idKey(workload))!)));
  }
  return [...joint].flatMap(([former, all]) => [...all].map((latter) => [former, latter] as const));
}

/** A call that can't be made any more. */
const NOWHERE = { paths: [] };

function holds(before: Standing, after: Standing): boolean {
  if (before.doubted !== '' && before.doubted !== after.doubted) return false;
  return [...new Set([...before.ofCall.keys(), ...after.ofCall.keys()])].every((client) => {
    const [floor, rank] = [before, after].map(({ ofCall }) => ofCall.get(client) ?? ofCall.get(''));
    if (floor !== undefined && floor > (rank ?? 0)) return false;
    const [then, now] = [before, after].map(({ ofServers }) => ofServers.get(client) ?? ofServers.get(''));
    if ([...then ?? []].some(([server, former]) => former.rank > (now?.get(server) ?? former).rank)) return false;
    const arrived = [...then?.values() ?? []].some(({ arrives }) => arrives);
    return [...now ?? []].every(([server, latter]) => isLetIn(latter, then?.get(server), arrived));
  });
}

/** Whether no policy refuses what comes to a server, as none did before, at this server or at those that were called instead. */
function isLetIn({ guard, ways, certified }: Arrival, former: Arrival | undefined, arrived: boolean): boolean {
  if (guard === UNGUARDED || !(former?.arrives ?? arrived)) return true;
  if (former?.guard.policies !== guard.policies) return false;
  const isNew = certified > 0 && former.certified < former.ways.size && [...ways].some((way) => !former.ways.has(way));
  return !isNew || !guard.refusesIdentities;
}
