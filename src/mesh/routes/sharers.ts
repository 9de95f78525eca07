import { HostIndex } from '../names/host-index';
import { portOf, Service } from '../services/service';
import { Scope } from '../visibility/scope';

/** The services that share a port's listener for all addresses, by the names of TLS calls. */
export class Sharers {
  /** The first that takes whatever comes. */
  readonly nameless: Service | undefined;
  private readonly order = new Map<Service, number>();
  private readonly byHost = new HostIndex<Service[]>();
  /** Those for TLS whose routes may name servers. */
  private readonly routed: Service[] = [];

  /** @param all in the order in which istiod takes them */
  constructor(all: readonly Service[], port: number, scope: Scope) {
    const isTls = (service: Service): boolean => portOf(service, port)!.protocol === 'TLS';
    this.nameless = all.find((service) => !isTls(service));
    for (const [index, service] of all.filter(isTls).entries()) {
      this.order.set(service, index);
      if (scope.routesFor(service.host).length > 0) this.routed.push(service);
      const known = this.byHost.get(service.host);
      if (known) known.push(service);
      else this.byHost.set(service.host, [service]);
    }
  }

  /** The services for TLS that a name may be for, in their order. */
  around(host: string, target: string | undefined): readonly Service[] {
    const ofTarget = target === undefined ? [] : this.byHost.get(target) ?? [];
    const found = new Set([...this.routed, ...this.byHost.covering(host).flat(), ...ofTarget]);
    return [...found].sort((left, right) => this.order.get(left)! - this.order.get(right)!);
  }
}
