import { FieldPath } from '../../findings/finding';
import { BrokenReason, isMisread, outcomeOf, Taker, Transport, UndecidedReason } from '../calls/outcome';
import { Demand, Hop } from '../calls/path';
import { ControlPlane } from '../control-plane';
import { ControlPlanes } from '../control-planes';
import { DeclaredPort, ServerPort } from './server-port';
import { FieldRef } from '../inventory/field-ref';
import { TlsSettings } from '../policies/destination-rule';
import { CallKind } from '../routes/route';
import { Endpoint } from '../services/endpoint';
import { Service } from '../services/service';
import { identityOf, Workload } from '../workloads/workload';

/** A hop without its outcome. */
export type Sent = Pick<Hop, 'sender' | 'travel' | 'target' | 'clientTls' | 'tlsReason' | 'by' | 'settings' | 'demand' | 'headerBy' | 'keepsAddress' | 'rule' | 'subset' | 'route'>
  & { readonly endpoint: Endpoint; readonly kind: CallKind };

/** What is sent, as far as it matters to the receiver. */
export type Sending = Pick<Sent, 'clientTls' | 'kind'> & {
  /** Whether a PROXY protocol header comes first. */
  readonly sendsHeader?: boolean;
  /** What breaks the mesh's TLS if the server has another name than the client requires. */
  readonly refusal?: BrokenReason;
};

/** What receives connections on a port, or why its behaviour isn't known. */
export interface Receiver {
  readonly server: ServerPort;
  readonly undecidedBecause?: UndecidedReason;
  /** Why nobody knows what becomes of what comes through: a filter that isn't modelled gets it. */
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
    return workload ? this.accept(workload, port) : this.planes.default.serverPorts.ofMachine(endpoint);
  }

  /** What policies and services require on a workload's port, whatever proxy is there. */
  declared(workload: Workload, port: number): DeclaredPort {
    return this.planeOf(workload).serverPorts.declared(workload, port);
  }

  /** Decides the outcome of a connection. */
  judge(sent: Sent): Hop {
    const receiver = this.receiverAt(sent.endpoint);
    return judged(sent, receiver.server, transportBetween(sendingOf(sent, this.refusalOf(sent)), receiver));
  }

  /** What receives connections to an endpoint. */
  receiverAt(endpoint: Endpoint): Receiver {
    const server = this.portOf(endpoint);
    return { server, undecidedBecause: server.undecidedBecause ?? this.undiscovered(endpoint, server) };
  }

  /** The consequence if the server has none of the names that the client requires; undefined: it has one. */
  refusalOf({ demand, endpoint: { workload, machine } }: Pick<Sent, 'demand' | 'endpoint'>): BrokenReason | undefined {
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

export function sendingOf({ clientTls, kind, headerBy }: Pick<Sent, 'clientTls' | 'kind' | 'headerBy'>, refusal: BrokenReason | undefined): Sending {
  return { clientTls, kind, sendsHeader: headerBy !== undefined, refusal };
}

/**
 * The outcome of what a client sends at its receiver. A PROXY protocol header breaks whatever a sidecar handles; without a
 * sidecar, the application reads it.
 */
export function transportBetween(sending: Sending, { server, undecidedBecause, filteredBecause }: Receiver): Transport {
  const { mode } = server;
  if (sending.sendsHeader && mode !== 'UNKNOWN' && mode !== 'NO_PROXY') return { outcome: 'broken', brokenBecause: 'proxy-protocol' };
  if (undecidedBecause) return { outcome: 'undecided', undecidedBecause };
  const { clientTls, kind, refusal } = sending;
  const taker: Taker = { mode, protocol: server.protocol.protocol };
  const outcome = outcomeOf(clientTls, taker, kind);
  if (server.protocol.others?.some((protocol) => outcomeOf(clientTls, { ...taker, protocol }, kind) !== outcome)) {
    return { outcome: 'undecided', undecidedBecause: 'ambiguous-protocol' };
  }
  if (isMisread(clientTls, taker, kind)) return { outcome, brokenBecause: 'other-protocol' };
  if (outcome === 'undecided') return { outcome, undecidedBecause: 'own-certificates' };
  if (refusal && outcome === 'mtls') return { outcome: 'broken', brokenBecause: refusal };
  return filteredBecause && outcome !== 'broken' ? { outcome: 'undecided', undecidedBecause: filteredBecause } : { outcome };
}

/** A bare address has no object but the service that lists it. */
function listedBy({ endpoint: { workload }, target: { service } }: Sent): FieldRef | undefined {
  return workload || !service ? undefined : { object: service.object, field: SPEC };
}

const SPEC: FieldPath = ['spec'];

/** Field by field: a mesh has many of them, and copying and extending an object takes longer. */
function judged(sent: Sent, server: ServerPort, { outcome, undecidedBecause, brokenBecause }: Transport): Hop {
  const { sender, travel, target, endpoint, clientTls, kind, tlsReason, by, settings, demand, headerBy, keepsAddress, rule, subset, route } = sent;
  return {
    sender,
    travel,
    target,
    endpoint,
    clientTls,
    kind,
    tlsReason,
    by,
    settings,
    server,
    serverBy: server.by ?? (server.obstacle === undefined ? undefined : listedBy(sent)),
    demand,
    headerBy,
    keepsAddress,
    rule,
    subset,
    route,
    outcome,
    undecidedBecause,
    brokenBecause,
  };
}
