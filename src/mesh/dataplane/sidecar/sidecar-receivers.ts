import { InboundProtocols, inboundProtocols, SNIFFED } from './inbound-protocols';
import { oncePerObject } from '../../collections';
import { meshConfigAt } from '../../config/mesh-config';
import { ControlPlane } from '../../control-planes/control-plane';
import { FieldRef, wholeOf } from '../../inventory/field-ref';
import { MeshObject } from '../../inventory/object';
import { DeclaredReceiver, InboundProtocol, NOT_KNOWN, NOT_MODELLED, Receiver } from '../../model/receiver';
import { enforcedMode } from '../../policies/peer-authentication';
import { IngressListener, SidecarResource } from '../../policies/sidecar';
import { Endpoint } from '../../services/endpoint';
import { Machine } from '../../services/machine';
import { protocolNamed } from '../../services/service';
import { Obstacle } from '../../workloads/interception';
import { obstacleAt, Workload } from '../../workloads/workload';

/** Without redirection, the modes of these ports are unknown. */
const NO_REDIRECTION: Obstacle = {
  obstacle: 'redirection', because: 'its sidecar binds ports instead of intercepting them, or leaves interfaces out',
};
const BOUND_ELSEWHERE: Obstacle = {
  obstacle: 'sidecar-listener', because: 'a Sidecar binds its port elsewhere than where traffic is intercepted',
};
const NODE: Obstacle = {
  obstacle: 'foreign-proxy', because: 'its address is a node\'s, at which pods of the host\'s network, host ports and NodePorts answer',
};
const FOREIGN_PROXY: Obstacle = {
  obstacle: 'foreign-proxy', because: 'an endpoint inside a ServiceEntry: its sidecar is configured elsewhere',
};
/** No known proxy enforces a mode. */
const NO_KNOWN_PROXY: Obstacle = { obstacle: 'no-known-proxy', because: 'no proxy is known in front of it' };

/** A port number for which no policy sets a mode. */
const NO_PORT = 0;

/** The receivers of a mesh, as one istiod configures them. */
class SidecarReceivers {
  private readonly protocols: InboundProtocols;

  constructor(private readonly plane: ControlPlane) {
    this.protocols = inboundProtocols(plane.registry);
  }

  declared(server: Workload | Machine, port: number): DeclaredReceiver {
    const protocol = this.protocolOf(server, port);
    // If the proxy itself uses the port, istiod builds no filter chain for a service's port, nor for the port's own mode.
    const isLeftOut = this.isProxys(port) && (protocol.service !== undefined || protocol.sidecar !== undefined);
    return { enforced: enforcedMode(this.plane.policies, server, isLeftOut ? NO_PORT : port), protocol };
  }

  /** A workload with a sidecar. */
  ofSidecar(workload: Workload, port: number): Receiver {
    const { enforced, protocol } = this.declared(workload, port);
    const unknown = this.whyNotModelled(workload, port);
    if (unknown) return { ...NOT_MODELLED, enforced, protocol, ...unknown };
    const obstacle = workload.interception.whyNotInbound(port);
    return obstacle
      ? { mode: 'NO_PROXY', by: obstacleAt(workload, obstacle), enforced, protocol, ...obstacle }
      : { mode: enforced.mode, by: enforced.by, enforced, protocol, undecidedBecause: this.doubtAbout(port) };
  }

  private whyNotModelled(workload: Workload, port: number): Obstacle & Pick<Receiver, 'by'> | undefined {
    if (workload.proxy.intercepts('in', port) === 'unknown') {
      return { ...NO_REDIRECTION, by: workload.interception.redirectionBy ?? wholeOf(workload.object) };
    }
    const listener = listenerOn(this.plane.sidecars.of(workload), port);
    if (listener?.special) return { ...BOUND_ELSEWHERE, by: listener.at };
    return this.plane.config.unknownCipherSuite === undefined ? undefined : this.refusedListeners;
  }

  /** The receiver at a machine or bare address. Policies apply to a WorkloadEntry that declares a sidecar. */
  ofMachine(endpoint: Endpoint): Receiver {
    const { machine, port, onNode } = endpoint;
    const by = machine?.entry && specOf(machine.entry.object);
    if (onNode) return { ...NOT_KNOWN, by, protocol: SNIFFED, ...NODE };
    if (machine?.tlsMode !== 'istio') return { mode: 'NO_PROXY', by, protocol: SNIFFED, ...NO_KNOWN_PROXY };
    if (!machine.entry) return { ...NOT_KNOWN, protocol: SNIFFED, ...FOREIGN_PROXY };
    if (this.plane.config.unknownCipherSuite !== undefined) return { ...NOT_KNOWN, protocol: SNIFFED, ...this.refusedListeners };
    const { enforced, protocol } = this.declared(machine, port);
    return { mode: enforced.mode, by: enforced.by, enforced, protocol, undecidedBecause: this.doubtAbout(port) };
  }

  /** A port that the proxy itself may use, so that the application may not get its traffic. */
  private doubtAbout(port: number): Receiver['undecidedBecause'] {
    return this.isProxys(port) ? 'server-proxy-not-modelled' : undefined;
  }

  private isProxys(port: number): boolean {
    const { outboundPort, inboundPort } = this.plane.config;
    return port === outboundPort || port === inboundPort;
  }

  private get refusedListeners(): Obstacle & Pick<Receiver, 'by'> {
    const { config, config: { unknownCipherSuite } } = this.plane;
    const by = meshConfigAt(config, 'meshMTLS', 'cipherSuites');
    return { obstacle: 'cipher-suite', because: `Envoy doesn't know cipher suite ${unknownCipherSuite}, which the mesh config lists`, by };
  }

  private reads(object: MeshObject): boolean | undefined {
    return this.plane.reads(object) && this.plane.discovers(object.namespace);
  }

  /** The ingress listeners of a Sidecar replace the ports of services. */
  private protocolOf(server: Workload | Machine, port: number): InboundProtocol {
    const sidecar = this.plane.sidecars.of(server);
    if (!sidecar || sidecar.ingress.length === 0) return this.protocols.of(server, port, (object) => this.reads(object));
    const listener = listenerOn(sidecar, port);
    if (!listener) return SNIFFED;
    const { protocol, at } = listener;
    return { protocol: protocolNamed(protocol), sidecar: sidecar.object, at, redis: protocol.toLowerCase() === 'redis' };
  }
}

export const sidecarReceiversOf = oncePerObject((plane: ControlPlane) => new SidecarReceivers(plane));

const specOf = oncePerObject((object: MeshObject): FieldRef => ({ object, field: ['spec'] }));

function listenerOn(sidecar: SidecarResource | undefined, port: number): IngressListener | undefined {
  return sidecar?.ingress.find(({ number }) => number === port);
}
