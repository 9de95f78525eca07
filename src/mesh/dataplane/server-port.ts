import { FieldPath } from '../../findings/finding';
import { UndecidedReason } from '../calls/outcome';
import { MeshConfig } from '../config/mesh-config';
import { oncePerObject } from '../inventory/collections';
import { FieldRef, wholeOf } from '../inventory/field-ref';
import { compareAges, MeshObject, compareTexts } from '../inventory/object';
import { PeerPolicies, EnforcedMode, enforcedMode, ServerMode } from '../policies/peer-authentication';
import { IngressListener, SidecarResource, SidecarResources } from '../policies/sidecar';
import { Endpoint } from '../services/endpoint';
import { Machine } from '../services/machine';
import { ServiceRegistry } from '../services/registry';
import { firstPort, isRedis, Protocol, Service, ServicePort, protocolNamed } from '../services/service';
import { Obstacle } from '../workloads/interception';
import { podMetadataAt } from '../workloads/pod-template';
import { Workload } from '../workloads/workload';

/** The protocol of a workload's port, and what sets it. */
interface InboundProtocol {
  readonly protocol: Protocol;
  /** The service that names the protocol, or the Sidecar whose `ingress` does; neither: it is detected. */
  readonly service?: Service;
  readonly sidecar?: MeshObject;
  /** The port or the listener that names it. */
  readonly at?: FieldRef;
  /** Other protocols that it may have: of two ports of one ServiceEntry that lead here, istiod may use either. */
  readonly others?: readonly Protocol[];
  /** The WorkloadEntry with the pod's address, and whether it must be read or must not be. */
  readonly standingIn?: { readonly object: MeshObject; readonly isRead: boolean };
  /** Whether it is Redis, or one of the others is: an istiod may have a filter take it that knows no other protocol. */
  readonly redis?: boolean;
}

/** For ports that no service names. */
const SNIFFED: InboundProtocol = Object.freeze({ protocol: 'AUTO' });

/** The protocols of all workloads' ports. Of several services on one port that istiod reads, the oldest counts, then the first by host. */
export class InboundProtocols {
  /** By server and port; a list only if several services name a port, since most are named by one. */
  private readonly byServer = new Map<Workload | Machine, Map<number, InboundProtocol | InboundProtocol[]>>();

  constructor(registry: ServiceRegistry) {
    const services = [...registry.services].sort((left, right) =>
      compareAges(left.object, right.object) || compareTexts(left.host, right.host));
    // Services of one host share their servers: for later ones, there is nothing left to add.
    const told = new Set<readonly Endpoint[]>();
    for (const service of services) {
      for (const port of service.ports) {
        const endpoints = registry.endpointsOf(service, port);
        if (!told.has(endpoints) && this.addAll(endpoints, service, port, registry)) told.add(endpoints);
        this.addAll(registry.unreadyOf(service, port), service, port, registry);
        this.addAll(machinesListedElsewhere(registry, service, port), service, port, registry);
        for (const machine of registry.namesakesOf(service)) this.addNamesake(machine, service, port);
      }
    }
  }

  /** A proxy without a workload known to istiod gets the Services for its labels like a pod, except for named ports. */
  private addNamesake(machine: Machine, service: Service, port: ServicePort): void {
    const { number, target, protocol, at } = port;
    const own = target === 0 ? number : Number(target);
    if (own) this.add(machine, own, { protocol, service, at, redis: isRedis(port) });
  }

  /** Whether each of the servers has a protocol then. */
  private addAll(endpoints: readonly Endpoint[], service: Service, port: ServicePort, registry: ServiceRegistry): boolean {
    const ofWorkloads = { protocol: port.protocol, service, at: port.at, redis: isRedis(port) };
    // Machines behind a Service don't serve UDP ports.
    const ofMachines = service.registry === 'Kubernetes' && port.protocol === 'UDP' ? undefined : ofWorkloads;
    let isWhole = true;
    for (const endpoint of endpoints) {
      const { workload, machine, port: number } = endpoint;
      const protocol = machine ? ofMachines : ofWorkloads;
      const server = workload ?? machine;
      const told = protocol && (workload ? asTarget(protocol, workload, endpoint, registry) : protocol);
      if (server && told) this.add(server, number, told);
      else isWhole &&= !server;
    }
    return isWhole;
  }

  /** @param reads whether the server's istiod reads an object */
  of(server: Workload | Machine, port: number, reads: (object: MeshObject) => boolean): InboundProtocol {
    const known = this.byServer.get(server)?.get(port);
    const holds = ({ service, standingIn }: InboundProtocol): boolean =>
      reads(service!.object) && (!standingIn || reads(standingIn.object) === standingIn.isRead);
    if (Array.isArray(known)) return known.find(holds) ?? SNIFFED;
    return known && holds(known) ? known : SNIFFED;
  }

  private add(server: Workload | Machine, port: number, protocol: InboundProtocol): void {
    let ports = this.byServer.get(server);
    if (!ports) this.byServer.set(server, ports = new Map());
    const known = ports.get(port);
    const last = Array.isArray(known) ? known.at(-1) : known;
    if (!last) {
      ports.set(port, protocol);
    } else if (last.service !== protocol.service || last.standingIn?.isRead !== protocol.standingIn?.isRead) {
      ports.set(port, Array.isArray(known) ? addedTo(known, protocol) : [last, protocol]);
    } else if (last.service?.registry === 'ServiceEntry') {
      const either = { ...last, others: [...last.others ?? [], protocol.protocol], redis: last.redis || protocol.redis };
      ports.set(port, Array.isArray(known) ? addedTo(known.slice(0, -1), either) : either);
    }
  }
}

function addedTo(known: InboundProtocol[], protocol: InboundProtocol): InboundProtocol[] {
  known.push(protocol);
  return known;
}

/**
 * The protocol, if a pod's istiod counts its service among those that the pod serves. It finds a WorkloadEntry by the pod's address before the
 * pod, a Service's slices only for a pod that no selector finds, and ServiceEntries only in the pod's namespace.
 */
function asTarget(protocol: InboundProtocol, workload: Workload, endpoint: Endpoint, registry: ServiceRegistry): InboundProtocol | undefined {
  const { machine, listed } = endpoint;
  const { namespace, registry: kind } = protocol.service!;
  if (namespace !== workload.namespace && (!machine || kind === 'ServiceEntry')) return undefined;
  if (kind === 'ServiceEntry') return protocol;
  const standingIn = registry.standingIn(workload);
  const isOf = machine ? machine === standingIn : !(listed && registry.isSelected(workload));
  if (!isOf || !standingIn) return isOf ? protocol : undefined;
  return { ...protocol, standingIn: { object: standingIn.entry!.object, isRead: machine !== undefined } };
}

/** The machines of a port that are listed for a UDP port with its number, which comes before it: they serve it after the ports between. */
function machinesListedElsewhere(registry: ServiceRegistry, service: Service, port: ServicePort): readonly Endpoint[] {
  const first = firstPort(service, port.number)!;
  if (first === port || port.protocol === 'UDP') return [];
  return registry.endpointsOf(service, first).filter(({ machine }) => machine !== undefined);
}

/** Why the modes of some ports aren't known. */
const NO_REDIRECTION: Obstacle = { obstacle: 'redirection', because: 'its sidecar binds ports instead of intercepting them, or leaves interfaces out' };
const BOUND_ELSEWHERE: Obstacle = { obstacle: 'sidecar-listener', because: 'a Sidecar binds its port elsewhere than where traffic is intercepted' };
const NODE: Obstacle = {
  obstacle: 'foreign-proxy', because: 'its address is a node\'s, at which pods of the host\'s network, host ports and NodePorts answer',
};
const FOREIGN_PROXY: Obstacle = { obstacle: 'foreign-proxy', because: 'an endpoint inside a ServiceEntry: its sidecar is configured elsewhere' };
/** Why nothing enforces a mode. */
const NO_KNOWN_PROXY: Obstacle = { obstacle: 'no-known-proxy', because: 'no proxy is known in front of it' };

/** What receives a connection on one port of one server; with an obstacle if nothing intercepts the port, or its mode isn't known. */
export type ServerPort = Enforcement & (Obstacle | { readonly [K in keyof Obstacle]?: undefined });

interface Enforcement {
  readonly mode: ServerMode;
  /** The field that decides the mode; undefined: nothing that is written does, or only the service that lists an address. */
  readonly by?: FieldRef;
  /** What the policies require, even if no proxy enforces it. */
  readonly enforced?: EnforcedMode;
  readonly protocol: InboundProtocol;
  /** Why its handling of connections isn't known, whatever its mode. */
  readonly undecidedBecause?: UndecidedReason;
}

/** Ports for which it isn't known whether or how a proxy handles their connections. */
export const NOT_KNOWN = { mode: 'UNKNOWN', undecidedBecause: 'server-proxy-unknown' } as const;
export const NOT_MODELLED = { mode: 'UNKNOWN', undecidedBecause: 'server-proxy-not-modelled' } as const;

/** What policies and services require on a port, whether or not anything enforces it. */
export type DeclaredPort = Pick<ServerPort, 'enforced' | 'protocol'>;

/** The receiving side of a mesh, as one istiod configures it. */
export class ServerPorts {
  constructor(
    readonly policies: PeerPolicies,
    private readonly protocols: InboundProtocols,
    private readonly sidecars: SidecarResources,
    /** Whether istiod reads an object. */
    private readonly reads: (object: MeshObject) => boolean,
    private readonly config: Pick<MeshConfig, 'object' | 'unknownCipherSuite' | 'outboundPort' | 'inboundPort'>,
  ) {}

  declared(workload: Workload, port: number): DeclaredPort {
    return { enforced: enforcedMode(this.policies, workload, port), protocol: this.protocolOf(workload, port) };
  }

  /** A workload with a sidecar. */
  ofSidecar(workload: Workload, port: number): ServerPort {
    const { enforced, protocol } = this.declared(workload, port);
    const unknown = this.whyNotModelled(workload, port);
    if (unknown) return { ...NOT_MODELLED, enforced, protocol, ...unknown };
    const obstacle = workload.interception.whyNotInbound(port);
    return obstacle
      ? { mode: 'NO_PROXY', by: obstacleAt(workload, obstacle), enforced, protocol, ...obstacle }
      : { mode: enforced!.mode, by: enforced!.by, enforced, protocol, ...this.doubtAbout(port) };
  }

  private whyNotModelled(workload: Workload, port: number): Obstacle & Pick<ServerPort, 'by'> | undefined {
    const { interception: { redirection, redirectionAnnotation } } = workload;
    if (redirection === 'NONE') return { ...NO_REDIRECTION, by: obstacleAt(workload, { annotation: redirectionAnnotation }) };
    const listener = listenerOn(this.sidecars.of(workload), port);
    if (listener?.special) return { ...BOUND_ELSEWHERE, by: listener.at };
    return this.config.unknownCipherSuite === undefined ? undefined : this.refusedListeners;
  }

  /** A machine or a bare address: a WorkloadEntry declared to have a sidecar is subject to the policies. */
  ofMachine(endpoint: Endpoint): ServerPort {
    const { machine, port, onNode } = endpoint;
    const by = machine?.entry && specOf(machine.entry.object);
    if (onNode) return { ...NOT_KNOWN, by, protocol: SNIFFED, ...NODE };
    if (machine?.tlsMode !== 'istio') return { mode: 'NO_PROXY', by, protocol: SNIFFED, ...NO_KNOWN_PROXY };
    if (!machine.entry) return { ...NOT_KNOWN, protocol: SNIFFED, ...FOREIGN_PROXY };
    if (this.config.unknownCipherSuite !== undefined) return { ...NOT_KNOWN, protocol: SNIFFED, ...this.refusedListeners };
    const enforced = enforcedMode(this.policies, machine, port);
    return { mode: enforced.mode, by: enforced.by, enforced, protocol: this.protocolOf(machine, port), ...this.doubtAbout(port) };
  }

  /** The proxy itself may use the port that its application would need. */
  private doubtAbout(port: number): Pick<ServerPort, 'undecidedBecause'> {
    const { outboundPort, inboundPort } = this.config;
    return { undecidedBecause: port === outboundPort || port === inboundPort ? 'server-proxy-not-modelled' : undefined };
  }

  private get refusedListeners(): Obstacle & Pick<ServerPort, 'by'> {
    const { object, unknownCipherSuite } = this.config;
    const by = object && { object, field: CIPHER_SUITES };
    return { obstacle: 'cipher-suite', because: `Envoy doesn't know cipher suite ${unknownCipherSuite}, which the mesh config lists`, by };
  }

  /** A Sidecar with ingress listeners replaces what the services define. */
  private protocolOf(server: Workload | Machine, port: number): InboundProtocol {
    const sidecar = this.sidecars.of(server);
    if (!sidecar || sidecar.ingress.length === 0) return this.protocols.of(server, port, this.reads);
    const listener = listenerOn(sidecar, port);
    if (!listener) return SNIFFED;
    const { protocol, at } = listener;
    return { protocol: protocolNamed(protocol), sidecar: sidecar.object, at, redis: protocol.toLowerCase() === 'redis' };
  }
}

/** The annotation that keeps a port from the sidecar, or else the workload. */
function obstacleAt({ object, podSource }: Workload, { annotation }: Pick<Obstacle, 'annotation'>): FieldRef {
  return annotation === undefined ? wholeOf(object) : podMetadataAt(podSource, 'annotations', annotation);
}

const specOf = oncePerObject((object: MeshObject): FieldRef => ({ object, field: ['spec'] }));

const CIPHER_SUITES: FieldPath = ['data', 'mesh', 'meshMTLS', 'cipherSuites'];

function listenerOn(sidecar: SidecarResource | undefined, port: number): IngressListener | undefined {
  return sidecar?.ingress.find(({ number }) => number === port);
}
