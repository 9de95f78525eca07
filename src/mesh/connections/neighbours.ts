import { OutboundListeners } from '../routes/outbound-listeners';
import { Addresses } from '../services/addresses';
import { Service } from '../services/service';

/** Tells which services may take a call because they listen where its host leads: at one address, at one pod. */
export class Neighbours {
  constructor(private readonly addresses: Addresses, private readonly listeners: OutboundListeners) {}

  /** Ports on which a host that is known by several objects may take whatever call nobody else takes. */
  get ambiguousPorts(): ReadonlySet<number> {
    return this.listeners.ambiguousPorts;
  }

  /** Services of one host, and all that listen at their addresses or bear the name that they stand for. */
  of(services: readonly Service[], port: number): readonly Service[] {
    const behind = services.flatMap(({ host, externalName }) => (externalName === undefined ? [] : this.addresses.behindAlias(host)));
    if (behind.length > 0) return [...services, ...behind];
    // A Service with an address of the cluster's has it to itself.
    if (!services.some(({ addresses, resolution }) => addresses.length > 0 || resolution === 'PASSTHROUGH')) return services;
    const there = services.flatMap((service) => this.addresses.of(service, port)).flatMap((address) => this.listeners.at(address, port));
    return [...new Set([...services, ...there])];
  }
}
