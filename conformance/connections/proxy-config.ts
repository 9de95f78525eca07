// Holds what explain names of the proxies' configuration against istiod's own: listener, route, cluster, both halves of the TLS,
// and the filter chain that takes the call.
import type { ExplainedConnection } from '../../src/explain/explanation';
import type { OutboundNames } from '../../src/explain/outbound';
import type { TracedConnection } from '../../src/mesh/calls/traced-connection';
import type { Mesh } from '../../src/mesh/mesh';
import { libraryModule } from '../library';
import type { MeshVerdict, RefereeConfig, RefereeConnection } from './verdict';
import { callOf, placeOf, wordsOf, type Difference, type UndecidedKinds } from './verdicts';

/** How much of the configuration behind connections was compared. */
export interface ConfigCounts {
  /** Places that both decide alike. */
  readonly compared: number;
  /** Places that only one side decides, or that the referee doesn't tell in full. */
  readonly uncompared: number;
}

/** The comparison of the configuration behind the connections of one mesh. */
export interface ConfigComparison extends ConfigCounts {
  readonly differences: readonly Difference[];
}

/** A connection, with its steps. */
interface Explained extends ExplainedConnection {
  readonly connection: TracedConnection;
}

/** One way to a place by the names of the model's. */
interface Named extends Partial<OutboundNames> {
  readonly kind: OutboundNames['kind'];
  readonly explained: Explained;
}

/**
 * Compares the places where both come to the same.
 *
 * @param isListed whether it depends on which of several listings istiod takes, or which pods it has read, what servers a service has
 * or for which services a server's proxy listens: then it is chance whose names clients demand, too; by default none
 */
export function compareConfigs(
  all: readonly Explained[], verdict: MeshVerdict, undecided: UndecidedKinds, isListed: (connection: RefereeConnection) => boolean = () => false,
): ConfigComparison {
  const theirs = grouped(verdict.connections.map((one) => [placeOf(one), one]));
  const unjudged = new Set(verdict.unjudged.map(placeOf));
  const clashing = listenersWithoutVerdict(verdict);
  const ours = grouped(all.map((one) => [placeOf(connectionOf(one)), one]));
  const differences: Difference[] = [];
  let [compared, uncompared] = [0, 0];
  for (const [place, those] of theirs) {
    const mine = ours.get(place) ?? [];
    const isAlike = wordsIn(those.map(wordsOf)) === wordsIn(mine.map((one) => wordsOf(connectionOf(one))));
    const isDecided = mine.length > 0 && isAlike && !unjudged.has(place) && those.every(({ configs = [] }) => configs.every(isWhole));
    if (!isDecided || mine.some((one) => one.connection.transport.outcome === 'undecided' || isNameless(one, those))) {
      uncompared += 1;
      continue;
    }
    compared += 1;
    const clashes = clashing.get(callOf(connectionOf(mine[0]))) ?? [];
    const named = mine.flatMap(namedIn);
    const open = undecided.get(callOf(connectionOf(mine[0]))) ?? NONE;
    differences.push(...differencesAt(place, named, those.flatMap(({ configs = [] }) => configs), { open, clashes, isByChance: isListed(those[0]) }));
  }
  return { compared, uncompared, differences };
}

/** The listeners of a call's client of which the referee doesn't say where they lead, since some of their filter chains clash. */
function listenersWithoutVerdict({ unjudged }: MeshVerdict): ReadonlyMap<string, readonly string[]> {
  return grouped(unjudged.flatMap((one) => (one.configs ?? []).flatMap(({ kind, listener, cluster }): [string, string][] =>
    (listener !== undefined && cluster === undefined ? [[callOf(one), `${kind} ${listener}`]] : []))));
}

/** Whether a sidecar takes the call by names that the model doesn't tell: of addresses that istiod allocates, say. A test holds which. */
function isNameless({ outbound }: Explained, those: readonly RefereeConnection[]): boolean {
  return outbound.length === 0 && those.some(({ configs = [] }) => configs.some(({ listener }) => listener !== undefined));
}

const NONE: ReadonlySet<string> = new Set();

/** What differs with the listing that istiod takes. */
const BY_CHANCE: ReadonlySet<string> = new Set(['names', 'filter chain', 'inbound cluster', 'server\'s versions']);

/** In which ways applications may talk of which the model doesn't decide where a call goes, by client and call. */
export function undecidedKindsIn(all: readonly Explained[]): UndecidedKinds {
  const undecided = all.filter(({ connection: { transport } }) => transport.outcome === 'undecided');
  const byCaller = grouped(undecided.map((one) => [callOf(connectionOf(one)), one]));
  return new Map([...byCaller].map(([caller, those]) => [caller, new Set(those.flatMap(({ kinds }) => kinds))]));
}

/** Every connection of a mesh, as `explain` tells it. */
export function explainedIn(mesh: Mesh): Explained[] {
  const { explainedWays } = libraryModule('explain/explanation');
  const explained = (client: Mesh['workloads'][number]) => mesh.decisions.calls.flatMap((call) => explainedWays(mesh, client, call));
  return mesh.workloads.flatMap(explained).map(({ connection, steps }) => ({ ...steps, connection }));
}

function connectionOf({ connection: { client, requested, hops: [hop] } }: Explained): RefereeConnection {
  const { destination: { service, host, port, subset }, server, clientTls, serverMode, transport: { outcome } } = hop;
  return {
    client: client.object!,
    requested,
    service: { namespace: service?.namespace ?? '', name: service?.name ?? '', host, port, ...subset !== undefined && { subset } },
    server: server && { ...server.object, port: server.port },
    clientTls,
    serverMode,
    outcome,
  };
}

function namedIn(one: Explained): Named[] {
  const { outbound, kinds } = one;
  return outbound.length > 0 ? outbound.map((names) => ({ ...names, explained: one })) : kinds.map((kind) => ({ kind, explained: one }));
}

/**
 * Each of both must have its like on the other side. But in a way of talking that the model leaves undecided, a call may lead here
 * from an address of which the model names nothing: from a client's own pod, say, beside the other pods of a headless Service.
 */
function differencesAt(
  place: string, ours: readonly Named[], theirs: readonly RefereeConfig[],
  { open, clashes, isByChance }: { readonly open: ReadonlySet<string>; readonly clashes: readonly string[]; readonly isByChance: boolean },
): Difference[] {
  const differing = (our: Named, their: RefereeConfig): string[] => allDiffering(our, their).filter((field) => !isByChance || !BY_CHANCE.has(field));
  const matched = theirs.filter((their) => ours.some((our) => differing(our, their).length === 0));
  const isJudged = ({ kind, address }: RefereeConfig): boolean =>
    !open.has(kind) || matched.some((other) => other.kind === kind && other.address === address);
  const lonely = theirs.filter((their) => !matched.includes(their) && isJudged(their));
  const excess = ours.filter((our) => !clashes.includes(`${our.kind} ${our.listener}`) && !theirs.some((their) => differing(our, their).length === 0));
  if (lonely.length + excess.length === 0) return [];
  const fields = ours.length === 0 || theirs.length === 0 ? ['no configuration'] : closest(differing, ours, theirs, lonely, excess);
  const text = `${place}\n  istiod: ${JSON.stringify(lonely)}\n  ours:   ${JSON.stringify(excess.map(shown))}`;
  return [{ words: `configuration: ${fields.join(', ')}`, text }];
}

/** The fields of the pair that differs least. */
function closest(
  differing: (our: Named, their: RefereeConfig) => string[],
  ours: readonly Named[], theirs: readonly RefereeConfig[], lonely: readonly RefereeConfig[], excess: readonly Named[],
): readonly string[] {
  const pairs = lonely.length > 0
    ? lonely.flatMap((their) => ours.map((our) => differing(our, their)))
    : excess.flatMap((our) => theirs.map((their) => differing(our, their)));
  return pairs.sort((one, other) => one.length - other.length)[0];
}

function shown({ explained: { handshake, server }, ...names }: Named): object {
  return { ...names, handshake, inbound: server?.inbound, versions: server?.versions };
}

/** The fields in which the two differ. */
function allDiffering(our: Named, their: RefereeConfig): string[] {
  const { handshake, server } = our.explained;
  const chain = server?.inbound.find(({ kind }) => kind === our.kind);
  const { client, inbound } = their;
  const pairs: [string, unknown, unknown][] = [
    ['kind', our.kind, their.kind],
    ['listener', our.listener?.replace(/^<.*>/, their.address), their.listener],
    ['route', our.route, their.route],
    ['cluster', our.cluster, their.cluster],
    ['TLS', handshake !== undefined, client !== undefined],
    ['SNI', handshake?.sni, client?.sni],
    ['automatic SNI', handshake !== undefined && handshake.sni === undefined, client?.autoSni ?? false],
    ['ALPN', handshake?.alpn ?? [], client?.alpn ?? []],
    ['ALPN for HTTP', (our.kind === 'http' && handshake?.alpnForHttp) || [], client?.httpAlpn ?? []],
    ['names', [...handshake?.names ?? []].sort(), [...client?.names ?? []].sort()],
    ['versions', handshake?.versions, client && [client.min, client.max]],
    ['filter chain', chain?.filterChain.replace(/^<.*>/, addressIn(inbound?.filterChain)), inbound?.filterChain],
    ['inbound cluster', chain?.cluster, inbound?.cluster],
    ['server\'s versions', inbound?.tls && server?.versions, inbound?.tls && [inbound.tls.min, inbound.tls.max]],
  ];
  return pairs.filter(([, one, other]) => JSON.stringify(one) !== JSON.stringify(other)).map(([name]) => name);
}

/** Whether it tells all that takes the call: of a filter for Redis the referee doesn't know where it leads. */
function isWhole({ inbound }: RefereeConfig): boolean {
  return inbound?.filterChain === undefined || inbound.cluster !== undefined;
}

/** That of a pod, by which the chain of a Sidecar's listener is named. */
function addressIn(name = ''): string {
  return name.startsWith('0.0.0.0_') ? '' : name.replace(/_\d+$/, '');
}

function wordsIn(all: readonly string[]): string {
  return [...new Set(all)].sort().join();
}

function grouped<T>(entries: readonly (readonly [string, T])[]): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const [key, value] of entries) groups.set(key, [...groups.get(key) ?? [], value]);
  return groups;
}
