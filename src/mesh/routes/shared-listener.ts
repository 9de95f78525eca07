import { isHttpOrSniffed, Protocol } from '../services/protocol';
import { portOf, Service } from '../services/service';

/** What a listener takes that several services share. */
export interface SharedListener {
  /** The services that TCP and TLS may go to, the first first. */
  readonly takers: readonly Service[];
  /** Whether it tells HTTP from the rest. */
  readonly sniffs: boolean;
}

/** Protocols whose servers speak first, and so can't share a listener that waits for the client. */
const EXCLUSIVE: ReadonlySet<Protocol> = new Set(['MONGO', 'MYSQL']);

/**
 * istiod adds services to a listener one by one, and leaves out what doesn't fit to those before: one that sniffs
 * where HTTP is told from the rest already, and MongoDB or MySQL beside anything else.
 *
 * @param services all with the port, in the order in which istiod takes them
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

/** Whether a listener that takes one protocol takes another one beside it. */
export function fits(protocol: Protocol, current: Protocol): boolean {
  if (isHttpOrSniffed(protocol) && current === 'AUTO') return false;
  return protocol === current || !(isExclusive(protocol) || isExclusive(current));
}

/** Whether a listener takes nothing beside a protocol. */
export function isExclusive(protocol: Protocol): boolean {
  return EXCLUSIVE.has(protocol);
}
