import { Neighbours } from './neighbours';
import { limitError } from '../../findings/limit-error';
import { shown } from '../../findings/shown';
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

/** How many calls there may be, and services that may take them: so many, and so many more for each service. */
const [ALWAYS, FOR_EACH_SERVICE] = [50_000, 30];

/**
 * Every call that can be made, by host and port.
 *
 * @throws LimitError if services have too many hosts and ports, or too many of them listen at one address
 */
export function callsOf(registry: Registry, neighbours: Neighbours): readonly Call[] {
  const hosts = [...registry.byHost.keys()].sort();
  const most = ALWAYS + FOR_EACH_SERVICE * registry.services.length;
  const all: Call[] = [];
  let [called, taking] = [0, 0];
  for (const host of hosts) {
    for (const call of callsTo(host, registry, neighbours)) {
      all.push(call);
      called += call.services.length;
      taking += call.neighbours.length;
      if (called > most) throw tooManyCalls(call, `what brings the ports of all services and hosts to more than ${most}`, 'list fewer hosts or ports');
      if (taking > most) throw tooManyCalls(call, `what listens at an address with so many others that there are more than ${most} ways to choose`, 'give the services addresses or selectors of their own');
    }
  }
  return all;
}

function tooManyCalls({ host, services: [{ object: { kind, namespace, name } }] }: Call, actual: string, fix: string): Error {
  return limitError({
    kind,
    name: `${namespace}/${name}`,
    field: 'spec',
    actual: `${actual}, at ${shown(host)}`,
    expected: `about ${FOR_EACH_SERVICE} for each service at most`,
    because: 'each host with each of its ports, and each service that may take its calls, is decided by itself',
    fix,
  });
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
