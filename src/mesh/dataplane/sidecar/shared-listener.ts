import { isHttpOrSniffed, portOf, Protocol, Service } from '../../services/service';

/** What a listener shared by several services handles. */
export interface SharedListener {
  /** The services that TCP and TLS calls may go to, in order. */
  readonly takers: readonly Service[];
  /** Whether it detects HTTP. */
  readonly sniffs: boolean;
}

/** Protocols whose servers speak first, and so can't share a listener that waits for the client. */
const EXCLUSIVE: ReadonlySet<Protocol> = new Set(['MONGO', 'MYSQL']);

/**
 * istiod adds services to a listener one by one, and drops those that conflict with earlier ones: a service that
 * needs protocol detection if the listener already detects HTTP, and MongoDB or MySQL beside any other protocol.
 *
 * @param services the services with the port, in istiod's order
 */
export function sharedListener(services: readonly Service[], port: number): SharedListener {
  const takers: Service[] = [];
  let current: Protocol | undefined;
  for (const service of services) {
    const { protocol } = portOf(service, port)!;
    if (current !== undefined && !fits(protocol, current)) continue;
    if (protocol !== 'HTTP') takers.push(service);
    current = isHttpOrSniffed(protocol) ? 'AUTO' : current ?? protocol;
  }
  return { takers, sniffs: current === 'AUTO' };
}

/** Whether a listener for one protocol also accepts another one. */
export function fits(protocol: Protocol, current: Protocol): boolean {
  if (isHttpOrSniffed(protocol) && current === 'AUTO') return false;
  return protocol === current || !(isExclusive(protocol) || isExclusive(current));
}

/** Whether a listener accepts only one protocol. */
export function isExclusive(protocol: Protocol): boolean {
  return EXCLUSIVE.has(protocol);
}
