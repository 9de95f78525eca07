import { TlsSettings } from '../client/traffic-policy';
import { ControlPlane } from '../control-plane';
import { ControlPlanes } from '../control-planes';
import { Leg } from './leg';
import { isMisread, outcomeOf, Taker, UndecidedReason } from './outcome';
import { CallKind } from '../routes/route';
import { ServerPort } from '../server/server-port';
import { Endpoint } from '../services/endpoint';
import { ServerNames } from '../services/server-names';
import { Service } from '../services/service';
import { identityOf, Workload } from '../workloads/workload';

/** A leg before it is judged. */
export type Sent = Omit<Leg, 'outcome' | 'server' | 'undecidedBecause' | 'brokenBecause'> & { readonly endpoint: Endpoint; readonly kind: CallKind };

/** The names of which the client demands one; no names demand nothing. */
export interface Demand {
  readonly names: Pick<ServerNames, 'has' | 'size'>;
  /** What it means that the server has none of them. */
  readonly orElse: 'wrong-identity' | 'other-servers';
}

/** The names that a rule demands replace those of the service's own servers. */
export function demandOf(settings: TlsSettings | undefined, service: Service, plane: ControlPlane): Demand {
  const names = settings?.subjectAltNames ?? [];
  return names.length > 0 ? { names: new Set(names), orElse: 'wrong-identity' } : { names: plane.namesOf(service), orElse: 'other-servers' };
}

/** The receiving side: each server as its own istiod configures it. */
export class Servers {
  constructor(private readonly planes: ControlPlanes) {}

  portOf(endpoint: Endpoint): ServerPort {
    const { workload, port } = endpoint;
    const { serverPorts } = this.planeOf(workload);
    return workload ? serverPorts.of(workload, port) : serverPorts.ofMachine(endpoint);
  }

  /** Says what comes of a connection. */
  judge(sent: Sent, demand?: Demand): Leg {
    const { endpoint, clientTls, kind } = sent;
    const server = this.portOf(endpoint);
    const unknown = undecidedServer(endpoint, server) ?? this.undiscovered(endpoint, server);
    if (unknown) return { ...sent, server, outcome: 'undecided', undecidedBecause: unknown };
    const taker: Taker = { mode: server.mode, protocol: server.protocol.protocol };
    const outcome = outcomeOf(clientTls, taker, kind);
    if (server.protocol.others?.some((protocol) => outcomeOf(clientTls, { ...taker, protocol }, kind) !== outcome)) {
      return { ...sent, server, outcome: 'undecided', undecidedBecause: 'ambiguous-protocol' };
    }
    if (isMisread(clientTls, taker, kind)) return { ...sent, server, outcome, brokenBecause: 'other-protocol' };
    if (outcome === 'undecided') return { ...sent, server, outcome, undecidedBecause: 'own-certificates' };
    if (demand && outcome === 'mtls' && this.refuses(demand, endpoint)) return { ...sent, server, outcome: 'broken', brokenBecause: demand.orElse };
    return { ...sent, server, outcome };
  }

  /** Whether nobody knows which policies the server's istiod reads. */
  private undiscovered({ workload, namespace }: Endpoint, { mode }: ServerPort): UndecidedReason | undefined {
    return mode !== 'NO_PROXY' && this.planeOf(workload).isUnclear(namespace) ? 'unknown-discovery' : undefined;
  }

  private planeOf(workload: Workload | undefined): ControlPlane {
    return workload ? this.planes.of(workload.proxy.revision) : this.planes.default;
  }

  private refuses({ names }: Demand, { workload, machine }: Endpoint): boolean {
    if (names.size === 0) return false;
    const identity = workload?.identity ?? (machine?.serviceAccount ? identityOf(machine, this.planes.default.config.trustDomain) : undefined);
    return identity !== undefined && !names.has(identity);
  }
}

function undecidedServer({ workload }: Endpoint, { mode }: ServerPort): UndecidedReason | undefined {
  if (mode !== 'UNKNOWN') return undefined;
  return workload && workload.proxy.kind !== 'unknown' ? 'server-proxy-not-modelled' : 'server-proxy-unknown';
}
