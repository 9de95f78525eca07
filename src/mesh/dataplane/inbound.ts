import { BrokenReason, isMisread, Outcome, outcomeOf, Taker, UndecidedReason } from '../calls/outcome';
import { Hop } from '../calls/path';
import { ControlPlane } from '../control-plane';
import { ControlPlanes } from '../control-planes';
import { DeclaredPort, ServerPort } from './server-port';
import { TlsSettings } from '../policies/destination-rule';
import { CallKind } from '../routes/route';
import { Endpoint } from '../services/endpoint';
import { ServerNames } from '../services/server-names';
import { Service } from '../services/service';
import { identityOf, Workload } from '../workloads/workload';

/** A hop before it is judged. */
export type Sent = Pick<Hop, 'sender' | 'travel' | 'target' | 'clientTls' | 'tlsReason' | 'rule' | 'subset' | 'route'> & { readonly endpoint: Endpoint; readonly kind: CallKind };

/** The names of which the client demands one; no names demand nothing. */
interface Demand {
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
export class InboundResolver {
  /** @param accept what takes connections on a workload's port, by its proxy */
  constructor(private readonly planes: ControlPlanes, private readonly accept: (workload: Workload, port: number) => ServerPort) {}

  portOf(endpoint: Endpoint): ServerPort {
    const { workload, port } = endpoint;
    return workload ? this.accept(workload, port) : this.planes.default.serverPorts.ofMachine(endpoint);
  }

  /** What policies and services ask for on a workload's port, whatever proxy is there. */
  declared(workload: Workload, port: number): DeclaredPort {
    return this.planeOf(workload).serverPorts.declared(workload, port);
  }

  /** Says what comes of a connection. */
  judge(sent: Sent, demand?: Demand): Hop {
    const { endpoint, clientTls, kind } = sent;
    const server = this.portOf(endpoint);
    const unknown = server.undecidedBecause ?? this.undiscovered(endpoint, server);
    if (unknown) return judged(sent, server, 'undecided', unknown);
    const taker: Taker = { mode: server.mode, protocol: server.protocol.protocol };
    const outcome = outcomeOf(clientTls, taker, kind);
    if (server.protocol.others?.some((protocol) => outcomeOf(clientTls, { ...taker, protocol }, kind) !== outcome)) {
      return judged(sent, server, 'undecided', 'ambiguous-protocol');
    }
    if (isMisread(clientTls, taker, kind)) return judged(sent, server, outcome, undefined, 'other-protocol');
    if (outcome === 'undecided') return judged(sent, server, outcome, 'own-certificates');
    if (demand && outcome === 'mtls' && this.refuses(demand, endpoint)) return judged(sent, server, 'broken', undefined, demand.orElse);
    return judged(sent, server, outcome);
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

/** Field by field: a mesh has many of them, and to copy an object and add to it takes longer. */
function judged(sent: Sent, server: ServerPort, outcome: Outcome, undecidedBecause?: UndecidedReason, brokenBecause?: BrokenReason): Hop {
  const { sender, travel, target, endpoint, clientTls, kind, tlsReason, rule, subset, route } = sent;
  return { sender, travel, target, endpoint, clientTls, kind, tlsReason, server, rule, subset, route, outcome, undecidedBecause, brokenBecause };
}
