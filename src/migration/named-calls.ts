import { mapping, mappings, text, texts } from '../manifests/mapping';
import { Mesh } from '../mesh/mesh';
import { podSpecOf } from '../mesh/workloads/pod-template';
import { Workload } from '../mesh/workloads/workload';

/** A call in a workload's manifest: in a container's variable, command or argument. */
export interface NamedCall {
  readonly host: string;
  readonly port: number;
  /** `env CATALOG_ADDR`, `args`, `command`. */
  readonly by: string;
}

/** A host with a port, or with a scheme that implies one. Longer texts aren't searched: they aren't addresses. */
const ADDRESS = /(?:([a-z][a-z0-9+.-]*):\/\/)?([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::(\d{1,5}))?/gi;
const LONGEST = 4_000;

const SCHEMES: Readonly<Record<string, number>> = {
  http: 80,
  https: 443,
  grpc: 443,
  ws: 80,
  wss: 443,
  redis: 6379,
  rediss: 6379,
  postgres: 5432,
  postgresql: 5432,
  mysql: 3306,
  mongodb: 27017,
  amqp: 5672,
};

/** The calls to addresses in a workload's variables, command and arguments, which the application most likely makes. */
export function namedCallsOf(workload: Workload, mesh: Mesh): readonly NamedCall[] {
  const spec = podSpecOf(workload.podSource);
  const found = new Map<string, NamedCall>();
  for (const container of [...mappings(spec.initContainers), ...mappings(spec.containers)]) {
    const told = [
      ...mappings(container.env).map(({ name, value }) => ({ by: `env ${text(name) ?? ''}`, value: text(value) ?? '' })),
      ...texts(container.command).map((value) => ({ by: 'command', value })),
      ...texts(container.args).map((value) => ({ by: 'args', value })),
    ];
    for (const { by, value } of [...told, ...pairsOf(mappings(container.env).map(mapping))]) {
      for (const call of callsIn(value, workload, mesh)) {
        const key = `${call.host}:${call.port}`;
        if (!found.has(key)) found.set(key, { ...call, by });
      }
    }
  }
  return [...found.values()];
}

/** `X_HOST` and `X_PORT` form one address. */
function pairsOf(env: readonly Readonly<Record<string, unknown>>[]): readonly { by: string; value: string }[] {
  const byName = new Map(env.map(({ name, value }) => [text(name) ?? '', text(value) ?? '']));
  return [...byName].flatMap(([name, host]) => {
    const port = byName.get(name.replace(/_(?:HOST|HOSTNAME|ADDR|ADDRESS)$/, '_PORT'));
    return host !== '' && port !== undefined && port !== host && /^\d+$/.test(port)
      ? [{ by: `env ${name}`, value: `${host}:${port}` }]
      : [];
  });
}

function callsIn(value: string, { namespace }: Workload, { registry }: Mesh): readonly { host: string; port: number }[] {
  if (value.length > LONGEST) return [];
  return Array.from(value.matchAll(ADDRESS)).flatMap(([, scheme, name, number]) => {
    const port = number === undefined ? SCHEMES[scheme?.toLowerCase() ?? ''] : Number(number);
    if (port === undefined) return [];
    const host = candidatesFor(name.toLowerCase(), namespace, registry.clusterDomain).find((one) => registry.byHost.has(one));
    return host === undefined ? [] : [{ host, port }];
  });
}

/** The hosts that a pod's DNS search path may make of a name. */
function candidatesFor(name: string, namespace: string, domain: string): readonly string[] {
  return [`${name}.${namespace}.svc.${domain}`, `${name}.svc.${domain}`, `${name}.${domain}`, name];
}
