import { limitError } from '../../findings/refusal';
import { shown } from '../../findings/safe-text';
import { OutboundListeners } from '../dataplane/outbound-listeners';
import { CallKind } from '../routes/route';
import { Addresses } from '../services/addresses';
import { ServiceRegistry } from '../services/registry';
import { Service, Protocol, connectable, portOf } from '../services/service';

/** Tells which services may take a call because they listen where its host leads: at one address, at one pod. */
export class AddressListeners {
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

/** What of a call counts. */
interface Counted {
  readonly host: string;
  readonly services: readonly Service[];
  readonly neighbours: readonly Service[];
}

/** How many calls there may be, and services that may take them: so many, and so many more for each service. */
const [ALWAYS, FOR_EACH_SERVICE] = [50_000, 30];

/** Counts the calls of a mesh: each is decided by itself, with every service that may take it. */
class CallLimit {
  private readonly most: number;
  private calls = 0;
  private takers = 0;

  constructor(services: number) {
    this.most = ALWAYS + FOR_EACH_SERVICE * services;
  }

  /** @throws LimitError if there are too many */
  count<C extends Counted>(call: C): C {
    this.calls += call.services.length;
    this.takers += call.neighbours.length;
    if (this.calls > this.most) {
      throw this.tooMany(call, 'ports of all services and hosts', 'list fewer hosts or ports');
    }
    if (this.takers > this.most) {
      throw this.tooMany(call, 'services that may receive calls because they share an address or pods', 'give them their own addresses or pods');
    }
    return call;
  }

  private tooMany({ host, services: [{ object: { kind, namespace, name } }] }: Counted, what: string, fix: string): Error {
    return limitError({
      kind,
      name: `${namespace}/${name}`,
      field: 'spec',
      actual: `too large: with ${shown(host)}, there are more than ${this.most} ${what}`,
      expected: `at most about ${FOR_EACH_SERVICE} for each service and host`,
      because: 'each of them is decided separately',
      fix,
    });
  }
}

/** What any application may ask for: a host and a port that some service has. */
export interface Call {
  readonly host: string;
  readonly port: number;
  /** The services of that host with that port, the preferred first. */
  readonly services: readonly Service[];
  /** Those services and all others that may take the call, since they listen where the host leads. */
  readonly neighbours: readonly Service[];
  /** Whether istiod knows any of these hosts by several objects of which none certainly comes first. */
  readonly ambiguous: boolean;
  /** How applications may talk there. */
  readonly kinds: readonly CallKind[];
}

const KINDS: Readonly<Record<Protocol, readonly CallKind[]>> = {
  HTTP: ['http'], TCP: ['tcp'], MONGO: ['tcp'], MYSQL: ['tcp'], TLS: ['tls'], AUTO: ['http', 'tcp'], UDP: [],
};

/**
 * Every call that can be made, by host and port.
 *
 * @throws LimitError if services have too many hosts and ports, or too many of them listen at one address
 */
export function callsOf(registry: ServiceRegistry, neighbours: AddressListeners): readonly Call[] {
  const hosts = [...registry.byHost.keys()].sort();
  const limit = new CallLimit(registry.services.length);
  return hosts.flatMap((host) => callsTo(host, registry, neighbours).map((call) => limit.count(call)));
}

function callsTo(host: string, registry: ServiceRegistry, neighbours: AddressListeners): readonly Call[] {
  const services = registry.byHost.get(host)!;
  const numbers = new Set(services.flatMap((service) => connectable(service).map(({ number }) => number)));
  return [...numbers].sort((left, right) => left - right).map((port) => {
    const having = services.filter((service) => portOf(service, port));
    const protocols = having.map((service) => portOf(service, port)!.protocol);
    const near = neighbours.of(having, port);
    return {
      host,
      port,
      services: having,
      neighbours: near,
      ambiguous: neighbours.ambiguousPorts.has(port) || near.some((service) => registry.isAmbiguous(service.host)),
      kinds: [...new Set(protocols.flatMap((protocol) => KINDS[protocol]))],
    };
  });
}
