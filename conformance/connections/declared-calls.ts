// Declared calls, by a reading of their own: of all connections, those count whose client declares the call, or declares nothing.
import type { Connection } from '../../src/mesh/calls/connections';
import { DECLARED_CALLS } from '../generators/declared-calls';
import type { Manifest } from '../manifest';
import type { Difference } from './verdicts';

const ENTRY = /^(?:(?<namespace>[^/:\s]+)\/)?(?<name>[^/:\s]+)(?::(?<port>[1-9]\d*))?$/;

type Requested = Connection['requested'];
type Covers = (requested: Requested) => boolean;

/** What a workload declares. */
interface Declared {
  /** Undefined: it has a mistake, so that any call counts. */
  readonly covers?: Covers;
  /** Whether an entry names no call of the mesh, which may be a mistake, too. */
  readonly isUnclear: boolean;
}

/**
 * How the connections listed with declarations in force differ from the declared ones among all.
 *
 * @param all the connections of the mesh in which every workload makes every call
 */
export function declaredOtherwise(
  listed: readonly Connection[], all: readonly Connection[], clients: readonly Manifest[], clusterDomain = 'cluster.local',
): readonly Difference[] {
  const requested = [...new Map(all.map((one) => [`${one.requested.host}:${one.requested.port}`, one.requested])).values()];
  const declared = new Map(clients.flatMap((object) => {
    const value = object.metadata.annotations?.[DECLARED_CALLS];
    return value === undefined ? [] : [[clientKey(objectName(object)), declaredIn(value, object, requested, clusterDomain)] as const];
  }));
  const [ours, possible] = [byClient(listed), byClient(all)];
  const differing = [...possible].filter(([client, made]) => !isAsDeclared(ours.get(client) ?? [], made, declared.get(client)));
  return differing.map(([client]) => ({
    words: 'declared calls', text: `${client} declares other calls than those listed\n  ours: ${texts(ours.get(client) ?? []).join('\n  ')}`,
  }));
}

function isAsDeclared(ours: readonly Connection[], all: readonly Connection[], { covers, isUnclear }: Declared = { isUnclear: false }): boolean {
  const isListed = (expected: readonly Connection[]) => texts(expected).join('\n') === texts(ours).join('\n');
  if (!covers) return isListed(all);
  return isListed(all.filter((one) => covers(one.requested))) || (isUnclear && isListed(all));
}

function declaredIn(value: string, { metadata: { namespace = 'default' } }: Manifest, requested: readonly Requested[], domain: string): Declared {
  const entries = value.trim() === '' ? [] : value.split(',').map((text) => entryOf(text.trim(), namespace, requested, domain));
  const known = entries.filter((covers) => covers !== undefined);
  return {
    ...known.length === entries.length && { covers: (one) => known.some((covers) => covers(one)) },
    isUnclear: known.some((covers) => !requested.some(covers)),
  };
}

/** The calls that an entry names; undefined if it is malformed. */
function entryOf(text: string, home: string, requested: readonly Requested[], domain: string): Covers | undefined {
  const groups = ENTRY.exec(text)?.groups;
  if (!groups) return undefined;
  const { namespace, name, port } = groups;
  const isPort = (one: Requested) => port === undefined || one.port === Number(port);
  const hosts = new Set(requested.map((one) => plain(one.host)));
  const host = namespace === undefined ? completed(plain(name), home, hosts, domain) : `${name}.${namespace}.svc.${domain}`;
  const isHost = (one: string) => one === host || (namespace === undefined && one.startsWith('*') && host.endsWith(one.slice(1)));
  return (one) => isPort(one) && isHost(plain(one.host));
}

/** A Service's name as clients resolve it, unless some host is just that. */
function completed(name: string, home: string, hosts: ReadonlySet<string>, domain: string): string {
  const parts = name.split('.').length;
  if (hosts.has(name) || name.includes('*')) return name;
  if (parts === 1) return `${name}.${home}.svc.${domain}`;
  return [`${name}.svc.${domain}`, `${name}.${domain}`].find((one) => hosts.has(one) && one.split('.')[2] === 'svc') ?? name;
}

/** A name as DNS compares it: without case, and with or without the dot at its end. */
const plain = (name: string) => name.toLowerCase().replace(/\.$/, '');

const objectName = ({ kind, metadata: { namespace = 'default', name } }: Manifest) => ({ kind, namespace, name });
const clientKey = ({ kind, namespace, name }: Pick<Connection['client'], 'kind' | 'namespace' | 'name'>) => `${kind} ${namespace}/${name}`;

/** Without the objects that decide them: clients that are alike share those of one of them. */
const texts = (connections: readonly Connection[]) => connections.map((one) => JSON.stringify({ ...one, because: undefined }));

function byClient(connections: readonly Connection[]): ReadonlyMap<string, readonly Connection[]> {
  const found = new Map<string, Connection[]>();
  for (const one of connections) {
    const key = clientKey(one.client);
    found.set(key, [...found.get(key) ?? [], one]);
  }
  return found;
}
