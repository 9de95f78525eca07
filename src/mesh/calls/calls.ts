import { limitError } from '../../findings/refusal';
import { shown } from '../../findings/safe-text';
import { OutboundListeners } from '../dataplane/sidecar/outbound-listeners';
import { Call, callKey } from '../model/call';
import { CallKind } from '../routes/route';
import { Addresses } from '../services/addresses';
import { ServiceRegistry } from '../services/registry';
import { Service, Protocol, connectable, connectablePort } from '../services/service';

/** Finds the services that may receive a call because they listen at an address or a pod of its host. */
export class AddressListeners {
  constructor(private readonly addresses: Addresses, private readonly listeners: OutboundListeners) {}

  /** Ports on which a host that several objects define may receive calls that no other listener handles. */
  get ambiguousPorts(): ReadonlySet<number> {
    return this.listeners.ambiguousPorts;
  }

  /** The services of one host, and all that listen at their addresses or are the target of their ExternalName. */
  of(services: readonly Service[], port: number): readonly Service[] {
    const behind = services.flatMap(({ host, externalName }) => (externalName === undefined ? [] : this.addresses.behindAlias(host)));
    if (behind.length > 0) return [...services, ...behind];
    // A Service with a cluster address is the only one at that address.
    if (!services.some(({ addresses, resolution }) => addresses.length > 0 || resolution === 'PASSTHROUGH')) return services;
    const there = services.flatMap((service) => this.addresses.of(service, port)).flatMap((address) => this.listeners.at(address, port));
    return [...new Set([...services, ...there])];
  }
}

/** The parts of a call that count towards the limit. */
interface Counted {
  readonly host: string;
  readonly services: readonly Service[];
  readonly neighbours: readonly Service[];
}

/** The maximum number of calls, and of services that may receive them: a base, and more for each service. */
const [ALWAYS, FOR_EACH_SERVICE] = [50_000, 30];

/** Counts the calls of a mesh: each is decided separately, with every service that may receive it. */
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
      throw this.tooMany(call, 'services that may receive calls because they share an address or pods',
        'give them their own addresses or pods');
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

const KINDS: Readonly<Record<Protocol, readonly CallKind[]>> = {
  HTTP: ['http'], TCP: ['tcp'], MONGO: ['tcp'], MYSQL: ['tcp'], TLS: ['tls'], AUTO: ['http', 'tcp'], UDP: [],
};

/**
 * Every possible call, by host and port.
 *
 * @throws LimitError if services have too many hosts and ports, or too many of them share an address
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
    // A mesh may have very many calls: where nothing distinguishes their lists, they share them.
    const having = services.every((service) => connectablePort(service, port))
      ? services : services.filter((service) => connectablePort(service, port));
    const protocols = new Set(having.map((service) => connectablePort(service, port)!.protocol));
    const [protocol] = protocols;
    const near = neighbours.of(having, port);
    return {
      key: callKey({ host, port }),
      host,
      port,
      services: having,
      neighbours: near,
      ambiguous: neighbours.ambiguousPorts.has(port) || near.some((service) => registry.isAmbiguous(service.host)),
      kinds: protocols.size === 1 ? KINDS[protocol] : [...new Set([...protocols].flatMap((one) => KINDS[one]))],
    };
  });
}
