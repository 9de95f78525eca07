import { Outcome, UndecidedReason } from './outcome';
import { ClientTls, TlsReason } from '../client/client-tls';
import { Subset } from '../client/destination-rule';
import { MergedRule } from '../client/merged-rule';
import { Route } from '../routes/route';
import { ServerPort } from '../server/server-port';
import { Endpoint } from '../services/endpoint';
import { Service } from '../services/service';
import { Workload } from '../workloads/workload';

/** How a call travels: through a service's rules, to the address called, blocked on the way, or without any proxy. */
export type Travel = 'service' | 'address' | 'blocked' | 'direct';

/** One way that a call can take, to one server: what a connection says, whoever of its clients makes it. */
export interface Leg {
  readonly travel: Travel;
  readonly target: Target;
  /** Undefined: the manifests hold no server. */
  readonly endpoint?: Endpoint;
  readonly clientTls: ClientTls;
  readonly tlsReason: TlsReason;
  readonly server?: ServerPort;
  readonly outcome: Outcome;
  readonly undecidedBecause?: UndecidedReason;
  /** What makes it broken, where TLS doesn't. */
  readonly brokenBecause?: 'forbidden-destination' | 'unknown-destination' | 'wrong-identity';
  /** The rule that holds for the destination, whether or not it says anything about TLS. */
  readonly rule?: MergedRule;
  readonly subset?: Subset;
  /** The route that sent the call here. */
  readonly route?: Route;
  /** The one client that doesn't go this way, since it calls itself, or the only one that does. */
  readonly except?: Workload;
  readonly only?: Workload;
}

/** The service, port and subset that a call is sent to. */
export interface Target {
  readonly service?: Service;
  readonly host: string;
  readonly port: number;
  readonly subset?: string;
}

/** A text that differs for legs that differ. */
export function legKey({ travel, target, endpoint, clientTls, outcome, undecidedBecause, only }: Leg): string {
  return [only ? `${only.kind}/${only.namespace}/${only.name}` : '', travel === 'service' || travel === 'direct' ? 'on' : travel, target.host, target.port, target.subset ?? '', serverKey(endpoint),
    clientTls, outcome, undecidedBecause ?? ''].join('|');
}

/** Whether a client's call can go this way: one to itself is no connection. */
export function concerns({ endpoint, except, only }: Leg, client: Workload): boolean {
  return endpoint?.workload !== client && except !== client && (only === undefined || only === client);
}

/** One leg for two that say the same: it excepts a client only if both do. */
export function unified(leg: Leg, same: Leg): Leg {
  return leg.except === same.except ? leg : { ...leg, except: undefined };
}

function serverKey(endpoint: Endpoint | undefined): string {
  if (!endpoint) return '';
  const { workload, machine, address, port } = endpoint;
  if (workload) return `${workload.kind}/${workload.namespace}/${workload.name}:${port}`;
  return machine?.entry ? `WorkloadEntry/${machine.entry.namespace}/${machine.entry.name}:${port}` : `${machine?.address ?? address}:${port}`;
}
