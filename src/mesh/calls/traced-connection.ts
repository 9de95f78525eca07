import { Condition } from '../../findings/condition';
import { MeshObject, ObjectId, OWN_CLUSTER } from '../inventory/object';
import { Hop } from '../model/hop';
import { Path, transportOf } from '../model/path';
import { Reason } from '../model/reason';
import { SentTls, Outcome, Transport, UndecidedReason } from '../model/transport';
import { ServerMode } from '../policies/peer-authentication';
import { CallOfClient, departureReasons, hopReasons } from '../reasons/reasons';
import { rendered, ReasonText } from '../reasons/render';
import { endpointOwner } from '../services/endpoint';

/** An object of the manifests, with what distinguishes it from all others of the mesh. */
export interface TracedObject {
  /** Omitted as long as the mesh is one cluster. */
  readonly cluster?: string;
  /** The API group; empty for Kubernetes' core. */
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** The caller. */
interface TracedCaller {
  /** Currently workloads; gateways and callers from outside the mesh are planned. */
  readonly kind: 'workload' | 'gateway' | 'outside';
  /** The workload, also a gateway's; a caller from outside has no object. */
  readonly object?: TracedObject;
}

/** An object that decides, and how. */
export interface TracedReason extends ReasonText {
  readonly object: TracedObject;
}

/** The outcome of the transport, and which objects decide it. */
export interface TracedTransport {
  readonly outcome: Outcome;
  readonly undecidedBecause?: UndecidedReason;
  readonly because: readonly TracedReason[];
}

/** From one proxy to the next. */
export interface TracedHop {
  /** The client on the first hop, a gateway after that; null for a caller from outside. */
  readonly sender: TracedObject | null;
  /** Where the sender's proxy sends the call; the service is null for a host without one. */
  readonly destination: { readonly host: string; readonly port: number; readonly subset?: string; readonly service: TracedObject | null };
  /** Null for an external host, and if the manifests contain no server. */
  readonly server: { readonly object: TracedObject; readonly port: number } | null;
  readonly clientTls: SentTls;
  readonly serverMode: ServerMode;
  readonly transport: TracedTransport;
}

/** The outcome of a connection with some values of the missing facts about injection. */
export interface TracedBranch {
  /** All of them hold. The branches of a connection exclude each other, and one of them always holds. */
  readonly if: readonly Condition[];
  /** `absent`: calls don't reach the server there. */
  readonly outcome: Outcome | 'absent';
  readonly undecidedBecause?: UndecidedReason;
  readonly because: readonly TracedReason[];
}

/** The hops of a connection with some values of the missing facts about injection. */
interface TracedCase {
  /** All of them hold. The cases of a connection exclude each other, and one of them always holds. */
  readonly if: readonly Condition[];
  readonly hops: readonly TracedHop[];
}

/** One caller's call to one server, hop by hop, in format 2 of the command line's JSON. */
export interface TracedConnection {
  readonly client: TracedCaller;
  readonly requested: { readonly host: string; readonly port: number };
  /** At least one, the client's first. */
  readonly hops: readonly TracedHop[];
  /** Over all hops: the outcome is that of the worst hop, and all reasons are listed. */
  readonly transport: TracedTransport;
  /** At least two if the outcome depends on facts about injection that the manifests don't contain; then the transport is undecided. */
  readonly branches?: readonly TracedBranch[];
  /**
   * At least two if the outcome is the same whatever such facts are, but not the hops: `hops` and `transport` of the connection then have
   * what all cases have in common. TLS and modes that differ are `UNKNOWN`, hosts and ports that differ are the requested ones, without a
   * service, and subsets and reasons that differ are omitted.
   */
  readonly cases?: readonly TracedCase[];
}

export function tracedConnectionOf(caller: CallOfClient, path: Path): TracedConnection {
  const { client, call: { host, port } } = caller;
  const senderOf = ({ sender }: Hop, index: number) => (index === 0 ? client : sender.members[0]).object;
  const hops = path.hops.map((hop, index) => tracedHop(hop, senderOf(hop, index), reasonsOf(hop, index, caller)));
  return {
    client: { kind: 'workload', object: tracedObject(client.object) },
    requested: { host, port },
    hops,
    transport: tracedTransport(transportOf(path), hops.flatMap(({ transport: { because } }) => because)),
  };
}

function tracedHop(hop: Hop, sender: MeshObject, because: readonly Reason[]): TracedHop {
  const { target, received: { endpoint, receiver }, sent: { tls: clientTls } } = hop;
  const server = serverOf(hop);
  return {
    sender: tracedObject(sender),
    destination: {
      host: target.host,
      port: target.port,
      ...(target.subset === undefined ? {} : { subset: target.subset }),
      service: target.service ? tracedObject(target.service.object) : null,
    },
    server: server ? { object: tracedObject(server), port: endpoint!.port } : null,
    clientTls,
    serverMode: receiver?.mode ?? 'UNKNOWN',
    transport: tracedTransport(hop, because.map(tracedReason)),
  };
}

/** Omits istiod's own cluster. */
export function tracedObject({ cluster, group, kind, namespace, name }: ObjectId): TracedObject {
  return { ...(cluster === OWN_CLUSTER ? {} : { cluster }), group, kind, namespace, name };
}

function tracedTransport({ outcome, undecidedBecause }: Transport, because: readonly TracedReason[]): TracedTransport {
  return { outcome, ...(undecidedBecause === undefined ? {} : { undecidedBecause }), because };
}

export function tracedReason(reason: Reason): TracedReason {
  const { field, effect } = rendered(reason);
  return { object: tracedObject(reason.at.object), field, effect };
}

function reasonsOf(hop: Hop, index: number, { client, one, call }: CallOfClient): readonly Reason[] {
  return [...index === 0 ? departureReasons(hop, client, one, call) : [], ...hopReasons(hop, call, index === 0 ? client : undefined)];
}

/** The object that receives a hop's call. */
function serverOf({ received: { endpoint } }: Hop): MeshObject | undefined {
  return endpoint && endpointOwner(endpoint)?.object;
}
