import { CallKind } from '../routes/route';
import { Protocol } from '../services/protocol';
import { Registry } from '../services/registry';
import { Service } from '../services/service';

/** What any application may ask for: a host and a port that some service has. */
export interface Call {
  readonly host: string;
  readonly port: number;
  /** The services of that host with that port, the preferred first. */
  readonly services: readonly Service[];
  /** Whether istiod knows the host by several objects of which none certainly comes first. */
  readonly ambiguous: boolean;
  /** How applications may talk there. */
  readonly kinds: readonly CallKind[];
}

const KINDS: Readonly<Record<Protocol, readonly CallKind[]>> = { HTTP: ['http'], TCP: ['tcp'], TLS: ['tls'], AUTO: ['http', 'tcp'], UDP: [] };

/** Every call that can be made, by host and port. */
export function callsOf(registry: Registry): readonly Call[] {
  const hosts = [...registry.byHost.keys()].sort();
  return hosts.flatMap((host) => callsTo(host, registry.byHost.get(host)!));
}

function callsTo(host: string, services: readonly Service[]): readonly Call[] {
  const numbers = new Set(services.flatMap(({ ports }) => ports.filter(({ protocol }) => protocol !== 'UDP').map(({ number }) => number)));
  const ambiguous = isAmbiguous(services);
  return [...numbers].sort((left, right) => left - right).map((port) => {
    const having = services.filter(({ ports }) => ports.some(({ number, protocol }) => number === port && protocol !== 'UDP'));
    const protocols = having.flatMap(({ ports }) => ports.filter(({ number }) => number === port).map(({ protocol }) => protocol));
    return { host, port, services: having, ambiguous, kinds: [...new Set(protocols.flatMap((protocol) => KINDS[protocol]))] };
  });
}

/** Two ServiceEntries of one namespace for one host come in no certain order; a Service and a ServiceEntry share endpoints by halves. */
function isAmbiguous(services: readonly Service[]): boolean {
  if (services.length < 2) return false;
  const entries = services.filter(({ registry }) => registry === 'ServiceEntry');
  return new Set(entries.map(({ namespace }) => namespace)).size < entries.length || (entries.length > 0 && entries.length < services.length);
}
