import { Guard, Guards } from './guards';
import { Decision } from '../connections/decisions';
import { Outcome, UndecidedReason } from '../connections/outcome';
import { Hop, lastHop, Path, serverKey, transportOf } from '../connections/path';
import { idKey } from '../objects/object-id';

/** What comes of connections, the best last. */
const RANKS: Readonly<Record<Outcome, number>> = { undecided: -1, broken: 0, plaintext: 1, tls: 2, mtls: 3 };

/** What comes of a call at one server: the worst of it, who guards the server, and each way, of which those with mutual TLS show a certificate. */
export interface Arrival {
  readonly rank: number;
  /** Whether any of it comes there. */
  readonly arrives: boolean;
  readonly guard: Guard;
  readonly ways: ReadonlySet<string>;
  readonly certified: number;
}

/** The worst that comes of a call, and what at each server; for those of one client alone apart. */
export interface Standing {
  readonly ofCall: ReadonlyMap<string, number>;
  readonly ofServers: ReadonlyMap<string, ReadonlyMap<string, Arrival>>;
  /**
   * The ways that are undecided though their ends are known, with the objects that they go by: where these are the very same, they
   * come to what they came to.
   */
  readonly doubted: string;
}

/** Who calls, or who is called, isn't known, or what proxy they have. */
const UNKNOWN_ENDS: ReadonlySet<UndecidedReason> = new Set<UndecidedReason>([
  'no-endpoints', 'client-proxy-unknown', 'client-proxy-not-modelled', 'server-proxy-unknown', 'server-proxy-not-modelled',
]);

/** Numbers objects: what is the same object in several meshes has the same number. */
export class Numbers {
  private readonly known = new Map<object, number>();

  of(object: object): number {
    let number = this.known.get(object);
    if (number === undefined) this.known.set(object, number = this.known.size);
    return number;
  }
}

/** What comes of calls in one mesh, decision by decision. */
export class Standings {
  /** @param numbers the same ones for all meshes that are compared */
  constructor(private readonly guards: Guards, private readonly numbers: Numbers) {}

  of({ paths }: Pick<Decision, 'paths'>): Standing {
    const [ofCall, ofServers] = [new Map<string, number>(), new Map<string, Map<string, Arrival>>()];
    for (const path of paths) {
      const client = path.only ? idKey(path.only) : '';
      const [rank, server] = [RANKS[transportOf(path).outcome], serverKey(lastHop(path).endpoint)];
      ofCall.set(client, Math.min(rank, ofCall.get(client) ?? rank));
      const servers = ofServers.get(client) ?? new Map<string, Arrival>();
      ofServers.set(client, servers.set(server, this.arrival(path, rank, servers.get(server))));
    }
    return { ofCall, ofServers, doubted: [...new Set(paths.flatMap((path) => this.doubtedWay(path) ?? []))].sort().join('\n') };
  }

  /** @param others what comes the other ways to the same server */
  private arrival(path: Path, rank: number, others?: Arrival): Arrival {
    const ways = new Set([...others?.ways ?? [], `${lastHop(path).kind} ${rank}`]);
    return {
      rank: Math.min(rank, others?.rank ?? rank),
      arrives: rank > 0 || others?.arrives === true,
      guard: this.guards.of(path),
      ways,
      certified: [...ways].filter((way) => way.endsWith(` ${RANKS.mtls}`)).length,
    };
  }

  private doubtedWay(path: Path): string | undefined {
    const { undecidedBecause } = transportOf(path);
    if (!undecidedBecause || UNKNOWN_ENDS.has(undecidedBecause)) return undefined;
    return path.hops.map((hop) => this.textOf(hop)).join(' > ');
  }

  private textOf({ endpoint, server, target, rule, subset, route }: Hop): string {
    const byServer = [endpoint?.workload?.object, server?.enforced?.policy?.object, target.service?.object];
    const ids = [...byServer, ...rule?.from ?? [], subset?.object, route?.object].map((object) => (object ? this.numbers.of(object) : '-'));
    return [serverKey(endpoint), server?.mode, endpoint?.tlsMode, target.host, target.port, target.subset, ...ids].join(' ');
  }
}
