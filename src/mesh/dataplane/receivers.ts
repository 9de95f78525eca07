import { sidecarReceiversOf } from './sidecar/sidecar-receivers';
import { FieldPath } from '../../findings/finding';
import { ControlPlane } from '../control-planes/control-plane';
import { ControlPlanes } from '../control-planes/control-planes';
import { Demand, Hop, Received, Sent } from '../model/hop';
import { DeclaredReceiver, Flight, Receiver, Take } from '../model/receiver';
import { BrokenReason, isMisread, outcomeOf, Taker, Transport } from '../model/transport';
import { TlsSettings } from '../policies/destination-rule';
import { CallKind } from '../routes/route';
import { Endpoint } from '../services/endpoint';
import { Service } from '../services/service';
import { identityOf, Workload } from '../workloads/workload';

/** A hop before it is received. */
export type Departed = Pick<Hop, 'sender' | 'travel' | 'target' | 'keepsAddress' | 'rule' | 'subset'
  | 'route'> & { readonly sent: Sent & { readonly kind: CallKind } };

/** The names that the server's certificate must have: those in the rule replace the service's own. */
export function demandOf(settings: TlsSettings | undefined, service: Service, plane: ControlPlane): Demand {
  const names = settings?.subjectAltNames ?? [];
  return names.length > 0
    ? { names: new Set(names), orElse: 'wrong-identity' }
    : { names: plane.namesOf(service), orElse: 'other-servers' };
}

/** The receiving side: each server as its own istiod configures it. */
export class Receivers {
  /** @param accept what receives connections on a workload's port, by its proxy */
  constructor(readonly planes: ControlPlanes, private readonly accept: (workload: Workload, port: number) => Receiver) {}

  /** The mode that policies require on a workload's port, and the protocol that services name, whatever proxy the workload has. */
  declared(workload: Workload, port: number): DeclaredReceiver {
    return sidecarReceiversOf(this.planes.ofServer(workload)).declared(workload, port);
  }

  /** Decides the outcome of a connection to an endpoint. */
  judge(departed: Departed, endpoint: Endpoint): Hop {
    const { sent, target: { service } } = departed;
    const receiver = this.receiverAt(endpoint);
    const transport = take(receiver, flightOf(sent, sent.kind, this.refusalOf(sent.demands, endpoint)));
    return arrived(departed, receivedBy(endpoint, receiver, service), transport);
  }

  /** What receives connections to an endpoint. */
  receiverAt(endpoint: Endpoint): Receiver {
    const { workload, port, namespace } = endpoint;
    const receiver = workload ? this.accept(workload, port) : sidecarReceiversOf(this.planes.ofServer(undefined)).ofMachine(endpoint);
    if (receiver.mode === 'NO_PROXY' || receiver.undecidedBecause) return receiver;
    // The istiod of the server may or may not read some policies.
    const isUnclear = this.planes.ofServer(workload).isUnclear(workload?.namespace ?? namespace);
    return isUnclear ? { ...receiver, undecidedBecause: 'unknown-discovery' } : receiver;
  }

  /** The outcome if the server's certificate has none of the required names; undefined if it has one. */
  refusalOf(demand: Demand | undefined, { workload, machine }: Endpoint): BrokenReason | undefined {
    if (!demand || demand.names.size === 0) return undefined;
    const identity =
      workload?.identity ?? (machine?.serviceAccount ? identityOf(machine, this.planes.ofServer(undefined).config.trustDomain) : undefined);
    return identity !== undefined && !demand.names.has(identity) ? demand.orElse : undefined;
  }
}

export function flightOf({ tls, headerBy }: Sent, kind: CallKind, refusal: BrokenReason | undefined): Flight {
  return { tls, kind, sendsHeader: headerBy !== undefined, refusal };
}

/**
 * The outcome of what a client sends at its receiver. A PROXY protocol header breaks a
 * connection that a sidecar handles; without a sidecar, the application reads it.
 */
export const take: Take = ({ mode, protocol: { protocol, others, dependsOn }, undecidedBecause, filteredBecause }, flight) => {
  const { tls, kind, sendsHeader, refusal } = flight;
  if (sendsHeader && mode !== 'UNKNOWN' && mode !== 'NO_PROXY') return { outcome: 'broken', brokenBecause: 'proxy-protocol' };
  if (undecidedBecause) return { outcome: 'undecided', undecidedBecause };
  const taker: Taker = { mode, protocol };
  const outcome = outcomeOf(tls, taker, kind);
  if (others?.some((other) => outcomeOf(tls, { mode, protocol: other }, kind) !== outcome)) {
    return { outcome: 'undecided', undecidedBecause: dependsOn ? 'unknown-discovery' : 'ambiguous-protocol' };
  }
  if (isMisread(tls, taker, kind)) return { outcome, brokenBecause: 'other-protocol' };
  if (outcome === 'undecided') return { outcome, undecidedBecause: 'own-certificates' };
  if (refusal && outcome === 'mtls') return { outcome: 'broken', brokenBecause: refusal };
  return filteredBecause && outcome !== 'broken' ? { outcome: 'undecided', undecidedBecause: filteredBecause } : { outcome };
};

const SPEC: FieldPath = ['spec'];

/** A bare address has no object other than the one that lists it. */
function receivedBy(endpoint: Endpoint, receiver: Receiver, service: Service | undefined): Received {
  const isListed = receiver.obstacle !== undefined && !endpoint.workload && service !== undefined;
  return { endpoint, receiver, by: receiver.by ?? (isListed ? endpoint.listedAt ?? { object: service.object, field: SPEC } : undefined) };
}

/** Field by field: a mesh has many hops, and spreading objects takes longer. */
function arrived(departed: Departed, received: Received, { outcome, undecidedBecause, brokenBecause }: Transport): Hop {
  const { sender, travel, target, sent, keepsAddress, rule, subset, route } = departed;
  return { sender, travel, target, sent, received, keepsAddress, rule, subset, route, outcome, undecidedBecause, brokenBecause };
}
