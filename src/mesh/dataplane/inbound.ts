import { serverPortsOf } from './sidecar/server-ports';
import { FieldPath } from '../../findings/finding';
import { ControlPlane } from '../control-planes/control-plane';
import { ControlPlanes } from '../control-planes/control-planes';
import { Demand, Hop, Received, Sent } from '../model/hop';
import { DeclaredPort, ServerPort } from '../model/receiver';
import { BrokenReason, SentTls, isMisread, outcomeOf, Taker, Transport, UndecidedReason } from '../model/transport';
import { TlsSettings } from '../policies/destination-rule';
import { CallKind } from '../routes/route';
import { Endpoint } from '../services/endpoint';
import { Service } from '../services/service';
import { identityOf, Workload } from '../workloads/workload';

/** A hop before it is received. */
export type Departed = Pick<Hop, 'sender' | 'travel' | 'target' | 'keepsAddress' | 'rule' | 'subset' | 'route'> & { readonly sent: Sent & { readonly kind: CallKind } };

/** What is sent, as far as it matters to the receiver. */
export interface Flight {
  readonly tls: SentTls;
  readonly kind: CallKind;
  /** Whether a PROXY protocol header comes first. */
  readonly sendsHeader?: boolean;
  /** What breaks the mesh's TLS if the server has another name than the client requires. */
  readonly refusal?: BrokenReason;
}

/** What receives connections on a port, or why its behaviour isn't known. */
export interface Receiver {
  readonly server: ServerPort;
  readonly undecidedBecause?: UndecidedReason;
  /** Set if an unmodelled filter handles accepted traffic. */
  readonly filteredBecause?: UndecidedReason;
}

/** The names that a rule requires replace those of the service's own servers. */
export function demandOf(settings: TlsSettings | undefined, service: Service, plane: ControlPlane): Demand {
  const names = settings?.subjectAltNames ?? [];
  return names.length > 0 ? { names: new Set(names), orElse: 'wrong-identity' } : { names: plane.namesOf(service), orElse: 'other-servers' };
}

/** The receiving side: each server as its own istiod configures it. */
export class InboundResolver {
  /** @param accept what receives connections on a workload's port, by its proxy */
  constructor(readonly planes: ControlPlanes, private readonly accept: (workload: Workload, port: number) => ServerPort) {}

  portOf(endpoint: Endpoint): ServerPort {
    const { workload, port } = endpoint;
    return workload ? this.accept(workload, port) : serverPortsOf(this.planes.default).ofMachine(endpoint);
  }

  /** What policies and services require on a workload's port, whatever proxy is there. */
  declared(workload: Workload, port: number): DeclaredPort {
    return serverPortsOf(this.planeOf(workload)).declared(workload, port);
  }

  /** Decides the outcome of a connection to an endpoint. */
  judge(departed: Departed, endpoint: Endpoint): Hop {
    const { sent, target: { service } } = departed;
    const receiver = this.receiverAt(endpoint);
    const transport = transportBetween(flightOf(sent, sent.kind, this.refusalOf(sent.demand, endpoint)), receiver);
    return arrived(departed, receivedBy(endpoint, receiver.server, service), transport);
  }

  /** What receives connections to an endpoint. */
  receiverAt(endpoint: Endpoint): Receiver {
    const server = this.portOf(endpoint);
    return { server, undecidedBecause: server.undecidedBecause ?? this.undiscovered(endpoint, server) };
  }

  /** The consequence if the server has none of the names that the client requires; undefined: it has one. */
  refusalOf(demand: Demand | undefined, { workload, machine }: Endpoint): BrokenReason | undefined {
    if (!demand || demand.names.size === 0) return undefined;
    const identity = workload?.identity ?? (machine?.serviceAccount ? identityOf(machine, this.planes.default.config.trustDomain) : undefined);
    return identity !== undefined && !demand.names.has(identity) ? demand.orElse : undefined;
  }

  /** Whether it isn't known which policies the server's istiod reads. */
  private undiscovered({ workload, namespace }: Endpoint, { mode }: ServerPort): UndecidedReason | undefined {
    return mode !== 'NO_PROXY' && this.planeOf(workload).isUnclear(workload?.namespace ?? namespace) ? 'unknown-discovery' : undefined;
  }

  private planeOf(workload: Workload | undefined): ControlPlane {
    return workload ? this.planes.of(workload.proxy.revision) : this.planes.default;
  }
}

export function flightOf({ tls, headerBy }: Sent, kind: CallKind, refusal: BrokenReason | undefined): Flight {
  return { tls, kind, sendsHeader: headerBy !== undefined, refusal };
}

/**
 * The outcome of what a client sends at its receiver. A PROXY protocol header breaks whatever a sidecar handles; without a
 * sidecar, the application reads it.
 */
export function transportBetween({ tls, kind, sendsHeader, refusal }: Flight, { server, undecidedBecause, filteredBecause }: Receiver): Transport {
  const { mode } = server;
  if (sendsHeader && mode !== 'UNKNOWN' && mode !== 'NO_PROXY') return { outcome: 'broken', brokenBecause: 'proxy-protocol' };
  if (undecidedBecause) return { outcome: 'undecided', undecidedBecause };
  const taker: Taker = { mode, protocol: server.protocol.protocol };
  const outcome = outcomeOf(tls, taker, kind);
  if (server.protocol.others?.some((protocol) => outcomeOf(tls, { ...taker, protocol }, kind) !== outcome)) {
    return { outcome: 'undecided', undecidedBecause: 'ambiguous-protocol' };
  }
  if (isMisread(tls, taker, kind)) return { outcome, brokenBecause: 'other-protocol' };
  if (outcome === 'undecided') return { outcome, undecidedBecause: 'own-certificates' };
  if (refusal && outcome === 'mtls') return { outcome: 'broken', brokenBecause: refusal };
  return filteredBecause && outcome !== 'broken' ? { outcome: 'undecided', undecidedBecause: filteredBecause } : { outcome };
}

const SPEC: FieldPath = ['spec'];

/** A bare address has no object but what lists it. */
function receivedBy(endpoint: Endpoint, server: ServerPort, service: Service | undefined): Received {
  const isListed = server.obstacle !== undefined && !endpoint.workload && service !== undefined;
  return { endpoint, server, by: server.by ?? (isListed ? endpoint.listedAt ?? { object: service.object, field: SPEC } : undefined) };
}

/** Field by field: a mesh has many of them, and copying and extending an object takes longer. */
function arrived(departed: Departed, received: Received, { outcome, undecidedBecause, brokenBecause }: Transport): Hop {
  const { sender, travel, target, sent, keepsAddress, rule, subset, route } = departed;
  return { sender, travel, target, sent, received, keepsAddress, rule, subset, route, outcome, undecidedBecause, brokenBecause };
}
