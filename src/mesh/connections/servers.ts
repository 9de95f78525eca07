import { TlsSettings } from '../client/traffic-policy';
import { ControlPlane } from '../control-plane';
import { ControlPlanes } from '../control-planes';
import { ClientClass } from './client-class';
import { Leg } from './leg';
import { outcomeOf, UndecidedReason } from './outcome';
import { ServerPort } from '../server/server-port';
import { Endpoint } from '../services/endpoint';
import { identityOf } from '../workloads/workload';

/** A leg before it is judged. */
export type Sent = Omit<Leg, 'outcome' | 'server' | 'undecidedBecause' | 'brokenBecause'> & { readonly endpoint: Endpoint };

/** The receiving side: each server as its own istiod configures it. */
export class Servers {
  constructor(private readonly planes: ControlPlanes) {}

  portOf(endpoint: Endpoint): ServerPort {
    const { workload, port } = endpoint;
    return workload ? this.planes.of(workload.proxy.revision).serverPorts.of(workload, port) : this.planes.default.serverPorts.ofMachine(endpoint);
  }

  /** Says what comes of a connection. */
  judge(client: ClientClass, sent: Sent, settings?: TlsSettings): Leg {
    const { endpoint, clientTls } = sent;
    const server = this.portOf(endpoint);
    const unknown = undecidedServer(endpoint, server);
    if (unknown) return { ...sent, server, outcome: 'undecided', undecidedBecause: unknown };
    const outcome = outcomeOf(clientTls, server.mode, server.protocol.protocol);
    if (outcome === 'undecided') return { ...sent, server, outcome, undecidedBecause: 'own-certificates' };
    if (outcome === 'mtls' && refuses(settings, endpoint, client.plane)) return { ...sent, server, outcome: 'broken', brokenBecause: 'wrong-identity' };
    return { ...sent, server, outcome };
  }
}

function undecidedServer({ workload }: Endpoint, { mode }: ServerPort): UndecidedReason | undefined {
  if (mode !== 'UNKNOWN') return undefined;
  return workload && workload.proxy.kind !== 'unknown' ? 'server-proxy-not-modelled' : 'server-proxy-unknown';
}

/** Names that a rule demands replace those that istiod would expect; the server must have one of them. */
function refuses(settings: TlsSettings | undefined, { workload, machine }: Endpoint, plane: ControlPlane | undefined): boolean {
  const server = workload ?? machine;
  const names = settings?.subjectAltNames ?? [];
  return names.length > 0 && server !== undefined && plane !== undefined && !names.includes(identityOf(server, plane.config.trustDomain));
}
