import { InboundProtocol, InboundProtocols, SNIFFED } from './inbound-protocols';
import { PeerPolicies } from './peer-policies';
import { EnforcedMode, enforcedMode, ServerMode } from './server-mode';
import { MeshConfig } from '../config/mesh-config';
import { MeshObject } from '../objects/mesh-object';
import { Endpoint } from '../services/endpoint';
import { Machine } from '../services/machine';
import { protocolNamed } from '../services/protocol';
import { IngressListener, SidecarResource } from '../visibility/sidecar-resource';
import { SidecarResources } from '../visibility/sidecar-resources';
import { Obstacle } from '../workloads/interception';
import { Workload } from '../workloads/workload';

/** Why the modes of some ports aren't known. */
const NO_REDIRECTION: Obstacle = { obstacle: 'redirection', because: 'its sidecar binds ports instead of intercepting them, or leaves interfaces out' };
const BOUND_ELSEWHERE: Obstacle = { obstacle: 'sidecar-listener', because: 'a Sidecar has its port bound elsewhere than it is intercepted' };
const FOREIGN_PROXY: Obstacle = { obstacle: 'foreign-proxy', because: 'an endpoint inside a ServiceEntry: its sidecar is configured elsewhere' };
/** Why nothing enforces a mode. */
const NO_KNOWN_PROXY: Obstacle = { obstacle: 'no-known-proxy', because: 'no proxy is known before it' };

/** What takes a connection on one port of one server; with an obstacle where nothing intercepts the port, or its mode isn't known. */
export type ServerPort = Enforcement & (Obstacle | { readonly [K in keyof Obstacle]?: undefined });

interface Enforcement {
  readonly mode: ServerMode;
  /** What the policies ask for, also where no proxy is there to enforce it. */
  readonly enforced?: EnforcedMode;
  readonly protocol: InboundProtocol;
  /** Whether it may take connections otherwise than its mode says. */
  readonly unclear?: boolean;
}

/** What policies and services ask for on a port, whatever is there to do it. */
export type DeclaredPort = Pick<ServerPort, 'enforced' | 'protocol'>;

/** The receiving side of a mesh, as one istiod configures it. */
export class ServerPorts {
  constructor(
    readonly policies: PeerPolicies,
    private readonly protocols: InboundProtocols,
    private readonly sidecars: SidecarResources,
    /** Whether istiod reads an object. */
    private readonly reads: (object: MeshObject) => boolean,
    private readonly config: Pick<MeshConfig, 'unknownCipherSuite' | 'outboundPort' | 'inboundPort'>,
  ) {}

  declared(workload: Workload, port: number): DeclaredPort {
    return { enforced: enforcedMode(this.policies, workload, port), protocol: this.protocolOf(workload, port) };
  }

  /** A workload with a sidecar. */
  ofSidecar(workload: Workload, port: number): ServerPort {
    const { interception } = workload;
    const { enforced, protocol } = this.declared(workload, port);
    if (interception.redirection === 'NONE') return { mode: 'UNKNOWN', enforced, protocol, ...NO_REDIRECTION };
    if (listenerOn(this.sidecars.of(workload), port)?.special) return { mode: 'UNKNOWN', enforced, protocol, ...BOUND_ELSEWHERE };
    if (this.config.unknownCipherSuite !== undefined) return { mode: 'UNKNOWN', enforced, protocol, ...this.refusedListeners };
    const obstacle = interception.whyNotInbound(port);
    return obstacle ? { mode: 'NO_PROXY', enforced, protocol, ...obstacle } : { mode: enforced!.mode, enforced, protocol, unclear: this.isOwnPort(port) };
  }

  /** A machine or a bare address: a WorkloadEntry that says it has a sidecar is held to the policies. */
  ofMachine(endpoint: Endpoint): ServerPort {
    const { machine, port } = endpoint;
    if (machine?.tlsMode !== 'istio') return { mode: 'NO_PROXY', protocol: SNIFFED, ...NO_KNOWN_PROXY };
    if (!machine.entry) return { mode: 'UNKNOWN', protocol: SNIFFED, ...FOREIGN_PROXY };
    if (this.config.unknownCipherSuite !== undefined) return { mode: 'UNKNOWN', protocol: SNIFFED, ...this.refusedListeners };
    const enforced = enforcedMode(this.policies, machine, port);
    return { mode: enforced.mode, enforced, protocol: this.protocolOf(machine, port), unclear: this.isOwnPort(port) };
  }

  /** Where the proxy itself has the port that its application would need. */
  private isOwnPort(port: number): boolean {
    const { outboundPort, inboundPort } = this.config;
    return port === outboundPort || port === inboundPort;
  }

  private get refusedListeners(): Obstacle {
    return { obstacle: 'cipher-suite', because: `Envoy knows no cipher suite ${this.config.unknownCipherSuite}, which the mesh config names` };
  }

  /** A Sidecar that lists ingress ports replaces what the services say. */
  private protocolOf(server: Workload | Machine, port: number): InboundProtocol {
    const sidecar = this.sidecars.of(server);
    if (!sidecar || sidecar.ingress.length === 0) return this.protocols.of(server, port, this.reads);
    const listener = listenerOn(sidecar, port);
    return listener ? { protocol: protocolNamed(listener.protocol), sidecar: sidecar.object, at: listener.at } : SNIFFED;
  }
}

function listenerOn(sidecar: SidecarResource | undefined, port: number): IngressListener | undefined {
  return sidecar?.ingress.find(({ number }) => number === port);
}
