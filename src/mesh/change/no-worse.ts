import { Guards, acceptsNoMore } from './acceptance';
import { Guard, UNGUARDED } from '../authorization/guard';
import { Decision } from '../calls/decisions';
import { KIND } from '../inventory/kinds';
import { idKey } from '../inventory/object';
import { Mesh } from '../mesh';
import { Hop } from '../model/hop';
import { concerns, decisiveHop, departureOf, Path, selfOf, serverKey, serverOf, transportOf } from '../model/path';
import { Sender } from '../model/sender';
import { Outcome, UndecidedReason } from '../model/transport';
import { fullHost, overlap } from '../names/hosts';

/** Ranks outcomes, the best highest. */
const RANKS: Readonly<Record<Outcome, number>> = { undecided: -1, broken: 0, plaintext: 1, tls: 2, mtls: 3 };

/** The outcomes of several paths, merged. */
interface Fate {
  /** The worst decided outcome; undefined if none is decided. */
  readonly rank?: number;
  /** Whether any path is undecided, kept apart so that it doesn't hide the outcome of the others. */
  readonly undecided: boolean;
}

/**
 * The outcomes of a call at one server: the worst, the policies there, and the
 * kinds of paths, of which those with mutual TLS present a certificate.
 */
interface ServerStanding {
  readonly fate: Fate;
  /** Whether any path reaches the server. */
  readonly arrives: boolean;
  readonly guard: Guard;
  readonly kinds: ReadonlySet<string>;
  readonly certified: number;
}

/** The worst outcome of a call, and its outcomes at each server; paths of a single client are separate. */
interface Standing {
  readonly ofCall: ReadonlyMap<string, Fate>;
  readonly ofServers: ReadonlyMap<string, ReadonlyMap<string, ServerStanding>>;
  /**
   * The undecided paths with known ends, with the objects that decide them and why their
   * client sends its TLS. If these are the same in both meshes, so is the outcome.
   */
  readonly doubted: string;
}

/** Reasons with which the client, the server, or the proxy of either is unknown. */
const UNKNOWN_ENDS: ReadonlySet<UndecidedReason> = new Set<UndecidedReason>([
  'no-endpoints', 'client-proxy-unknown', 'client-proxy-not-modelled', 'server-proxy-unknown', 'server-proxy-not-modelled',
]);

/** Reasons with which it is unknown which service receives the call, and so which DestinationRule applies. */
const WITHOUT_TAKER: ReadonlySet<UndecidedReason> = new Set<UndecidedReason>(['destination-subnets', 'dns-capture', 'refused-routes']);

/** Numbers objects, the same in all compared meshes. */
class Numbers {
  private readonly known = new Map<object, number>();

  of(object: object): number {
    let number = this.known.get(object);
    if (number === undefined) this.known.set(object, number = this.known.size);
    return number;
  }
}

/** The outcomes of calls in one mesh, for each decision. */
class Standings {
  private readonly guards: Guards;
  private readonly rulesOfHosts = new Map<string, string>();

  /** @param numbers shared by all compared meshes */
  constructor(private readonly mesh: Mesh, private readonly numbers: Numbers) {
    this.guards = new Guards(mesh);
  }

  of({ paths }: Pick<Decision, 'paths'>): Standing {
    const [ofCall, ofServers] = [new Map<string, Fate>(), new Map<string, Map<string, ServerStanding>>()];
    for (const path of paths) {
      const client = path.only ? idKey(path.only) : '';
      const [rank, server] = [RANKS[transportOf(path).outcome], serverKey(serverOf(path).endpoint)];
      ofCall.set(client, fateOf(rank, ofCall.get(client)));
      const servers = ofServers.get(client) ?? new Map<string, ServerStanding>();
      ofServers.set(client, servers.set(server, this.arrival(path, rank, servers.get(server))));
    }
    return { ofCall, ofServers, doubted: [...new Set(paths.flatMap((path) => this.doubtedWay(path) ?? []))].sort().join('\n') };
  }

  /** @param others the outcomes of the other paths to the same server */
  private arrival(path: Path, rank: number, others?: ServerStanding): ServerStanding {
    const kinds = new Set([...others?.kinds ?? [], `${departureOf(path).sent.kind} ${rank}`]);
    return {
      fate: fateOf(rank, others?.fate),
      arrives: rank > 0 || others?.arrives === true,
      guard: this.guards.of(path),
      kinds,
      certified: [...kinds].filter((kind) => kind.endsWith(` ${RANKS.mtls}`)).length,
    };
  }

  private doubtedWay(path: Path): string | undefined {
    const { undecidedBecause } = transportOf(path);
    if (!undecidedBecause || UNKNOWN_ENDS.has(undecidedBecause)) return undefined;
    const rules = WITHOUT_TAKER.has(undecidedBecause) ? this.rulesFor(decisiveHop(path).target.host) : '';
    return `${path.hops.map((hop) => this.textOf(hop)).join(' > ')} ${rules}`;
  }

  /** The DestinationRules that may apply to a host. */
  private rulesFor(host: string): string {
    const known = this.rulesOfHosts.get(host);
    if (known !== undefined) return known;
    const rules = this.mesh.objects.of(KIND.DestinationRule).filter(({ namespace, clusterDomain, spec }) => (
      typeof spec.host === 'string' && overlap(host, fullHost(spec.host, { namespace, clusterDomain }))
    ));
    const text = rules.map((rule) => this.numbers.of(rule)).join(' ');
    this.rulesOfHosts.set(host, text);
    return text;
  }

  private textOf({ received: { endpoint, receiver }, target, rule, subset, route, sent: { reason: tlsReason } }: Hop): string {
    const byServer = [endpoint?.workload?.object, receiver?.enforced?.by?.object, target.service?.object];
    const ids = [...byServer, ...rule?.from ?? [], subset?.object, route?.object].map((object) => (object ? this.numbers.of(object) : '-'));
    return [tlsReason, serverKey(endpoint), receiver?.mode, endpoint?.tlsMode, target.host, target.port, target.subset, ...ids].join(' ');
  }
}

/** @param others the outcomes of the other paths */
function fateOf(rank: number, others: Fate = { undecided: false }): Fate {
  return rank === RANKS.undecided ? { ...others, undecided: true } : { ...others, rank: Math.min(rank, others.rank ?? rank) };
}

function isWorse(after: Fate, before: Fate): boolean {
  return (after.undecided && !before.undecided) || (before.rank !== undefined && before.rank > (after.rank ?? RANKS.undecided));
}

/**
 * Whether no call gets worse in another mesh with the same workloads: it still arrives, with no less protection, and is
 * still decided; the same holds for its connection to each server that it still reaches. No AuthorizationPolicy may newly
 * reject it, and no port may admit more. An undecided call with known ends must depend on the same objects.
 *
 * @param opened ports that may accept more plaintext, because the change sets their mode explicitly
 */
export function isNoWorse(after: Mesh, before: Mesh, opened?: ReadonlySet<number>): boolean {
  return callsFareNoWorse(after, before) && acceptsNoMore(after, before, opened);
}

function callsFareNoWorse(after: Mesh, before: Mesh): boolean {
  const calls = new Map(after.decisions.calls.map((call) => [call.key, call]));
  const joint = jointClasses(before, after);
  const numbers = new Numbers();
  const [former, latter] = [before, after].map((mesh) => new Standings(mesh, numbers));
  return before.decisions.calls.every((call) => {
    const same = calls.get(call.key);
    const compared = new Map<Pick<Decision, 'paths'>, Set<Pick<Decision, 'paths'>>>();
    return joint.every(([one, other]) => {
      const [then = NOWHERE, now = NOWHERE] = [before.decisions.ofSender(call, one), same && after.decisions.ofSender(same, other)];
      const known = compared.get(then);
      if (known?.has(now)) return true;
      compared.set(then, (known ?? new Set()).add(now));
      return holds(former.of(then), latter.of(now)) && !isLeftToItself(then, now);
    });
  });
}

/** Whether a client that reached another server now reaches only itself, which isn't a connection. */
function isLeftToItself(then: Pick<Decision, 'paths'>, now: Pick<Decision, 'paths'>): boolean {
  const alone = new Set(now.paths.flatMap((path) => selfOf(path) ?? []).filter((one) => !now.paths.some((path) => concerns(path, one))));
  return [...alone].some((one) => then.paths.some((path) => arrivesFor(path, idKey(one))));
}

function arrivesFor(path: Path, client: string): boolean {
  const [self, only, except] = [selfOf(path), path.only, path.except].map((one) => one && idKey(one));
  return self !== client && except !== client && (only === undefined || only === client) && RANKS[transportOf(path).outcome] > RANKS.broken;
}

/** Pairs of senders, before and after, that share a workload. */
function jointClasses(before: Mesh, after: Mesh): readonly (readonly [Sender, Sender])[] {
  const later = new Map(after.callers.map((workload) => [idKey(workload), workload]));
  const joint = new Map<Sender, Set<Sender>>();
  for (const workload of before.callers) {
    const former = before.decisions.senderOf(workload);
    joint.set(former, (joint.get(former) ?? new Set()).add(after.decisions.senderOf(later.get(idKey(workload))!)));
  }
  return [...joint].flatMap(([former, all]) => [...all].map((latter) => [former, latter] as const));
}

/** A call that no longer exists, and its outcome. */
const NOWHERE = { paths: [] };
const GONE: Fate = { rank: RANKS.broken, undecided: false };

function holds(before: Standing, after: Standing): boolean {
  if (before.doubted !== '' && before.doubted !== after.doubted) return false;
  return [...new Set([...before.ofCall.keys(), ...after.ofCall.keys()])].every((client) => {
    const [floor, fate = GONE] = [before, after].map(({ ofCall }) => ofCall.get(client) ?? ofCall.get(''));
    if (floor !== undefined && isWorse(fate, floor)) return false;
    const [then, now] = [before, after].map(({ ofServers }) => ofServers.get(client) ?? ofServers.get(''));
    if ([...then ?? []].some(([server, former]) => isWorse((now?.get(server) ?? former).fate, former.fate))) return false;
    const arrived = [...then?.values() ?? []].some(({ arrives }) => arrives);
    return [...now ?? []].every(([server, latter]) => isLetIn(latter, then?.get(server), arrived));
  });
}

/** Whether no policy newly rejects a call at a server: compared with that server before, or with the servers called before in its place. */
function isLetIn({ guard, kinds, certified }: ServerStanding, former: ServerStanding | undefined, arrived: boolean): boolean {
  if (guard === UNGUARDED || !(former?.arrives ?? arrived)) return true;
  if (former?.guard.policies !== guard.policies) return false;
  const isNew = certified > 0 && former.certified < former.kinds.size && [...kinds].some((kind) => !former.kinds.has(kind));
  return !isNew || !guard.refusesIdentities;
}
