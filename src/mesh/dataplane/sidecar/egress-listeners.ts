import { OutboundListeners } from './outbound-listeners';
import { sharedListener, SharedListener } from './shared-listener';
import { grouped } from '../../collections';
import { EgressPort, ProxyScope } from '../../control-planes/sidecar-scope';
import { Address } from '../../services/addresses';
import { isRange, portOf, Protocol, Service } from '../../services/service';

const NONE: readonly Service[] = Object.freeze([]);

/** What istiod opens on the port of a Sidecar's egress listener for the imported services. */
interface Opened {
  readonly byHost: ReadonlyMap<string, readonly Service[]>;
  /** Whether istiod may not read one of the services. */
  readonly isUnclear: boolean;
  /** The listener for all addresses; undefined if there are only listeners at services' own addresses. */
  readonly forAll?: SharedListener;
  readonly isRanged: boolean;
}

/**
 * The listeners of proxies whose Sidecar has egress listeners with ports. istiod opens such a port with the
 * egress listener's protocol, whatever protocols the services name. HTTP gets one listener for all addresses;
 * other protocols get one at each service's own address, and one for all addresses for services without, headless
 * ones too. The egress listener without a port adds its services where no listener is open yet.
 */
export class EgressListeners extends OutboundListeners {
  private readonly opened = new WeakMap<ProxyScope, Opened>();
  private readonly asListened = new WeakMap<ProxyScope, Map<Service, Service>>();
  /** The scope that a copy of a service (with the egress listener's protocol) was made for. */
  private readonly takenFor = new WeakMap<Service, ProxyScope>();

  override ownersOf(scope: ProxyScope, address: Address, port: number, own = false): readonly Service[] {
    const egress = scope.egressPort(port);
    if (!egress) return super.ownersOf(scope, address, port, own);
    const mine = egress.protocol === 'HTTP' ? NONE : this.openedAt(scope, egress, address);
    if (mine.length > 0) return sharedListener(scope.inOrder(mine), port).takers;
    return egress.others ? super.ownersOf(egress.others, address, port, own) : NONE;
  }

  override scopeOf(owner: Service, scope: ProxyScope, port: number): ProxyScope {
    const { others } = scope.egressPort(port) ?? {};
    if (!others) return scope;
    return this.takenFor.get(owner) === scope ? scope : others;
  }

  override goesByRange(scope: ProxyScope, address: Address, port: number, owners: readonly Service[]): boolean {
    const egress = scope.egressPort(port);
    if (!egress) return super.goesByRange(scope, address, port, owners);
    const { forAll, isRanged } = this.openedBy(scope, egress);
    if (owners.length === 0 && isRanged) return true;
    return super.goesByRange(forAll || !egress.others ? scope.nothingOn : egress.others, address, port, owners);
  }

  override sharers(scope: ProxyScope, port: number): readonly Service[] {
    const egress = scope.egressPort(port);
    if (!egress) return super.sharers(scope, port);
    const { forAll } = this.openedBy(scope, egress);
    return forAll ? forAll.takers : egress.others ? super.sharers(egress.others, port) : NONE;
  }

  override hasHttp(scope: ProxyScope, port: number): boolean | undefined {
    const egress = scope.egressPort(port);
    if (!egress) return super.hasHttp(scope, port);
    if (this.isUnclearOn(scope, port)) return undefined;
    const { forAll } = this.openedBy(scope, egress);
    return forAll ? forAll.sniffs : egress.others ? super.hasHttp(egress.others, port) : false;
  }

  override isUnclearOn(scope: ProxyScope, port: number): boolean {
    const egress = scope.egressPort(port);
    if (!egress) return super.isUnclearOn(scope, port);
    return this.openedBy(scope, egress).isUnclear || (egress.others !== undefined && super.isUnclearOn(egress.others, port));
  }

  /** The services for which the egress listener opens an address, with its protocol. */
  private openedAt(scope: ProxyScope, egress: EgressPort, address: Address): readonly Service[] {
    const { byHost } = this.openedBy(scope, egress);
    const known = address.at === 'service' && address.service.addresses.length === 0 ? [address.service] : this.atIps(address);
    const imported = known.map(({ host, object }) => byHost.get(host)?.find((service) => service.object === object));
    const listening = imported.filter((service) => service !== undefined && hasOwnAddress(service) && this.listensAt(service, address));
    return listening.map((service) => this.taken(scope, egress, service!));
  }

  private openedBy(scope: ProxyScope, egress: EgressPort): Opened {
    let found = this.opened.get(scope);
    if (!found) this.opened.set(scope, found = this.open(scope, egress));
    return found;
  }

  private open(scope: ProxyScope, egress: EgressPort): Opened {
    const { number, protocol } = egress;
    const imported = this.registry.hostsOn(number).flatMap((host) => scope.listening(host));
    const services = imported.filter((service) => service.resolution !== 'ALIAS' && portOf(service, number) !== undefined);
    const found = { byHost: grouped(services, ({ host }) => host), isUnclear: services.some((service) => scope.isUnclear(service)) };
    if (protocol === 'HTTP') return { ...found, forAll: services.length > 0 ? { takers: NONE, sniffs: true } : undefined, isRanged: false };
    const ranged = services.filter(({ addresses }) => addresses.some(isRange));
    const others = scope.inOrder(services.filter((service) => !hasOwnAddress(service) && !ranged.includes(service)));
    const shared = sharedListener(others.map((service) => this.taken(scope, egress, service)), number);
    return { ...found, forAll: others.length + ranged.length > 0 ? shared : undefined, isRanged: ranged.length > 0 };
  }

  /** A copy of the service that has the egress listener's protocol on its port. */
  private taken(scope: ProxyScope, { number, protocol }: EgressPort, service: Service): Service {
    let known = this.asListened.get(scope);
    if (!known) this.asListened.set(scope, known = new Map());
    let taken = known.get(service);
    if (!taken) {
      known.set(service, taken = withProtocol(service, number, protocol));
      this.takenFor.set(taken, scope);
    }
    return taken;
  }
}

/** Whether a service has an address of its own that a proxy can listen at. Manifests mostly omit a Service's cluster IP, but it has one. */
function hasOwnAddress({ registry, resolution, addresses }: Service): boolean {
  return addresses.length > 0 ? !addresses.some(isRange) : registry === 'Kubernetes' && resolution !== 'PASSTHROUGH';
}

function withProtocol(service: Service, number: number, protocol: Protocol): Service {
  return { ...service, ports: service.ports.map((port) => (port.number === number ? { ...port, protocol } : port)) };
}
