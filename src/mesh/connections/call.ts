import { CallLimit } from './call-limit';
import { Neighbours } from './neighbours';
import { CallKind } from '../routes/route';
import { Protocol } from '../services/protocol';
import { Registry } from '../services/registry';
import { connectable, portOf, Service } from '../services/service';

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
export function callsOf(registry: Registry, neighbours: Neighbours): readonly Call[] {
  const hosts = [...registry.byHost.keys()].sort();
  const limit = new CallLimit(registry.services.length);
  return hosts.flatMap((host) => callsTo(host, registry, neighbours).map((call) => limit.count(call)));
}

function callsTo(host: string, registry: Registry, neighbours: Neighbours): readonly Call[] {
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
