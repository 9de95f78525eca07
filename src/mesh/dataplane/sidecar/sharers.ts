import { addTo } from '../../collections';
import { ProxyScope } from '../../control-planes/sidecar-scope';
import { HostIndex } from '../../names/hosts';
import { Route } from '../../routes/route';
import { portOf, Service } from '../../services/service';

/** The services that share a port's listener for all addresses, by the server names of TLS calls. */
export class Sharers {
  /** The services that may accept any server name, in istiod's order. */
  private readonly nameless: readonly Service[];
  private readonly order = new Map<Service, number>();
  private readonly byHost = new HostIndex<Service[]>();
  private readonly byServerName = new HostIndex<Route[]>();
  private readonly byRoute = new Map<Route, Service[]>();

  /** @param all the services in istiod's order */
  constructor(all: readonly Service[], private readonly port: number, scope: ProxyScope) {
    this.nameless = all.filter((service) => (
      !this.isTls(service) || scope.routesFor(service.host).some(({ route }) => route.serverNames.includes('*'))));
    for (const [index, service] of all.filter((one) => this.isTls(one)).entries()) {
      this.order.set(service, index);
      addToHost(this.byHost, service.host.toLowerCase(), service);
      for (const { route } of scope.routesFor(service.host)) addTo(this.byRoute, route, service);
    }
    for (const route of this.byRoute.keys()) {
      for (const name of new Set(route.serverNames)) addToHost(this.byServerName, name.toLowerCase(), route);
    }
  }

  /** The first service that accepts any server name: one with TLS only if a route for any name answers the call. */
  namelessBy(answers: (service: Service) => boolean): Service | undefined {
    return this.nameless.find((service) => !this.isTls(service) || answers(service));
  }

  /** The TLS services that a server name may select: by their host, the ExternalName's target or their routes; in istiod's order. */
  around(host: string, target: string | undefined): readonly Service[] {
    const ofTarget = target === undefined ? [] : this.byHost.get(target) ?? [];
    const routed = this.byServerName.covering(host).flat().flatMap((route) => this.byRoute.get(route)!);
    const found = new Set([...routed, ...this.byHost.covering(host).flat(), ...ofTarget]);
    return [...found].sort((left, right) => this.order.get(left)! - this.order.get(right)!);
  }

  private isTls(service: Service): boolean {
    return portOf(service, this.port)!.protocol === 'TLS';
  }
}

function addToHost<T>(index: HostIndex<T[]>, host: string, value: T): void {
  const known = index.get(host);
  if (known) known.push(value);
  else index.set(host, [value]);
}
