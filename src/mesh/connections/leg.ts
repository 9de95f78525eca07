import { ClientTls, TlsReason } from '../client/client-tls';
import { Subset } from '../client/destination-rule';
import { MergedRule } from '../client/merged-rule';
import { Route } from '../routes/route';
import { ServerPort } from '../server/server-port';
import { Endpoint } from '../services/endpoint';
import { Service } from '../services/service';
import { Outcome, UndecidedReason } from './outcome';

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
}

/** The service, port and subset that a call is sent to. */
export interface Target {
  readonly service?: Service;
  readonly host: string;
  readonly port: number;
  readonly subset?: string;
}

/** A text that differs for legs that differ. */
export function legKey({ travel, target, endpoint, clientTls, outcome, undecidedBecause }: Leg): string {
  return [travel === 'service' || travel === 'direct' ? 'on' : travel, target.host, target.port, target.subset ?? '', serverKey(endpoint),
    clientTls, outcome, undecidedBecause ?? ''].join('|');
}

export function serverKey(endpoint: Endpoint | undefined): string {
  if (!endpoint) return '';
  const { workload, machine, address, port } = endpoint;
  if (workload) return `${workload.kind}/${workload.namespace}/${workload.name}:${port}`;
  return machine?.entry ? `WorkloadEntry/${machine.entry.namespace}/${machine.entry.name}:${port}` : `${machine?.address ?? address}:${port}`;
}
