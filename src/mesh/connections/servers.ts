import { TlsSettings } from '../client/traffic-policy';
import { ControlPlane } from '../control-plane';
import { ControlPlanes } from '../control-planes';
import { Leg } from './leg';
import { outcomeOf, UndecidedReason } from './outcome';
import { ServerPort } from '../server/server-port';
import { Endpoint } from '../services/endpoint';
import { identityOf, Workload } from '../workloads/workload';

/** A leg before it is judged. */
export type Sent = Omit<Leg, 'outcome' | 'server' | 'undecidedBecause' | 'brokenBecause'> & { readonly endpoint: Endpoint };

/** The receiving side: each server as its own istiod configures it. */
export class Servers {
  constructor(private readonly planes: ControlPlanes) {}

  portOf(endpoint: Endpoint): ServerPort {
    const { workload, port } = endpoint;
    const { serverPorts } = this.planeOf(workload);
    return workload ? serverPorts.of(workload, port) : serverPorts.ofMachine(endpoint);
  }

  /** Says what comes of a connection. */
  judge(sent: Sent, settings?: TlsSettings): Leg {
    const { endpoint, clientTls } = sent;
    const server = this.portOf(endpoint);
    const unknown = undecidedServer(endpoint, server) ?? this.undiscovered(endpoint, server);
    if (unknown) return { ...sent, server, outcome: 'undecided', undecidedBecause: unknown };
    const outcome = outcomeOf(clientTls, server.mode, server.protocol.protocol);
    if (outcome === 'undecided') return { ...sent, server, outcome, undecidedBecause: 'own-certificates' };
    if (outcome === 'mtls' && this.refuses(settings, endpoint)) return { ...sent, server, outcome: 'broken', brokenBecause: 'wrong-identity' };
    return { ...sent, server, outcome };
  }

  /** Whether nobody knows which policies the server's istiod reads. */
  private undiscovered({ workload, namespace }: Endpoint, { mode }: ServerPort): UndecidedReason | undefined {
    return mode !== 'NO_PROXY' && this.planeOf(workload).isUnclear(namespace) ? 'unknown-discovery' : undefined;
  }

  private planeOf(workload: Workload | undefined): ControlPlane {
    return workload ? this.planes.of(workload.proxy.revision) : this.planes.default;
  }

  /** Names that a rule demands replace those that istiod would expect; the server must have one of them. */
  private refuses(settings: TlsSettings | undefined, { workload, machine }: Endpoint): boolean {
    const names = settings?.subjectAltNames ?? [];
    if (names.length === 0) return false;
    const identity = workload?.identity ?? (machine && identityOf(machine, this.planes.default.config.trustDomain));
    return identity !== undefined && !names.includes(identity);
  }
}

function undecidedServer({ workload }: Endpoint, { mode }: ServerPort): UndecidedReason | undefined {
  if (mode !== 'UNKNOWN') return undefined;
  return workload && workload.proxy.kind !== 'unknown' ? 'server-proxy-not-modelled' : 'server-proxy-unknown';
}
