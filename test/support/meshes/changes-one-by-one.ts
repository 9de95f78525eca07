import { connectionOf, listConnections } from '../../../src/mesh/calls/connections';
import { ChangedConnections } from '../../../src/mesh/compare/connection-changes';
import { pathOutcome } from '../../../src/mesh/compare/arrivals';
import { Mesh } from '../../../src/mesh/mesh';
import { destinationOf, losesCopies, Path, serverOf } from '../../../src/mesh/model/path';
import { Outcome } from '../../../src/mesh/model/transport';
import { endpointOwner } from '../../../src/mesh/services/endpoint';

/** Found changes, a line for each client: `client host:port place outcome → place outcome`, as `changesOneByOne` writes them. */
export function linesOfChanges({ host, port, clients, before, after }: ChangedConnections): string[] {
  const placeOf = (side: typeof before): string => (side ? `${placeIn(side.path)} ${pathOutcome(side.path)}` : 'none');
  return clients.map((client) => `${idOf((client.after ?? client.before)!)} ${host}:${port} ${placeOf(before)} → ${placeOf(after)}`);
}

function placeIn(path: Path): string {
  const [{ endpoint }, target] = [serverOf(path), destinationOf(path)];
  const owner = endpoint && endpointOwner(endpoint);
  return owner ? `${idOf(owner)}:${endpoint.port}` : `${target.host}:${target.port}`;
}

function idOf({ kind, namespace: space, name }: { kind: string; namespace: string; name: string }): string {
  return `${kind} ${space}/${name}`;
}

const FROM_BEST: Outcome[] = ['mtls', 'tls', 'plaintext', 'undecided', 'broken'];

/** What is found of one call to one place. */
interface Found {
  readonly outcome: Outcome;
  /** Where calls go that no object in the manifests serves. */
  readonly addresses: ReadonlySet<string>;
}

function areSame(one: Found, other: Found): boolean {
  const isEqual = one.addresses.size === other.addresses.size && [...one.addresses].every((address) => other.addresses.has(address));
  return isEqual && one.outcome === other.outcome;
}

/** The result of `connectionChanges`, computed connection by connection. */
export function changesOneByOne(before: Mesh, after: Mesh): { changes: string[]; unchanged: number } {
  const [former, latter] = [byCall(before), byCall(after)];
  const changes: string[] = [];
  let unchanged = 0;
  for (const call of new Set([...former.keys(), ...latter.keys()])) {
    const [one, other] = [former.get(call) ?? new Map<string, Found>(), latter.get(call) ?? new Map<string, Found>()];
    const both = [...one.keys()].filter((place) => other.has(place));
    const plain = (place: string) => place.replace('nowhere ', '');
    const tell = (from: string | undefined, to: string | undefined) => {
      const [found, instead] = [from === undefined ? undefined : one.get(from)!, to === undefined ? undefined : other.get(to)!];
      const isElsewhere = found && instead && found.outcome === instead.outcome;
      if (isElsewhere && from === to && areSame(found, instead)) return;
      changes.push(`${call} ${found ? `${plain(from!)} ${found.outcome}` : 'none'} → ${instead && !isElsewhere ? `${plain(to!)} ${instead.outcome}` : 'none'}`);
    };
    unchanged += both.filter((place) => areSame(one.get(place)!, other.get(place)!)).length;
    for (const place of both) tell(place, place);
    const [lost, gained] = [[...one.keys()].filter((place) => !other.has(place)), [...other.keys()].filter((place) => !one.has(place))];
    const isNowhere = (place: string) => place.startsWith('nowhere ');
    const [nowhere, nowhereYet] = [gained.filter(isNowhere).sort()[0], lost.filter(isNowhere).sort()[0]];
    if (nowhere && lost.length > 0) {
      for (const place of lost) tell(place, nowhere);
      for (const place of gained) if (place !== nowhere) tell(nowhereYet, place);
    } else {
      for (const place of lost) if (place !== nowhereYet || gained.length === 0) tell(place, undefined);
      for (const place of gained) tell(nowhereYet, place);
    }
  }
  return { changes: changes.sort(), unchanged };
}

/** Outcomes by client, host and port, then by server; the worst of several. Copies of requests that are lost are no connection. */
function byCall(one: Mesh): Map<string, Map<string, Found>> {
  const found = new Map<string, Map<string, Found>>();
  const filter = { path: (_: unknown, { path }: { path: Path }) => !losesCopies(path) };
  const connections = listConnections(one.decisions, one.callers, filter, (caller, path) => ({ path, ...connectionOf(caller, path) }));
  for (const { path, client, requested, server, outcome } of connections) {
    const call = `${idOf(client)} ${requested.host}:${requested.port}`;
    const place = server ? `${idOf(server)}:${server.port}` : `nowhere ${destinationOf(path).host}:${destinationOf(path).port}`;
    if (!found.has(call)) found.set(call, new Map());
    const places = found.get(call)!;
    const other = places.get(place);
    const isWorse = other && FROM_BEST.indexOf(outcome) > FROM_BEST.indexOf(other.outcome);
    const { endpoint } = serverOf(path);
    const address = server || !endpoint ? 'none' : `${endpoint.machine?.address ?? endpoint.address}:${endpoint.port}`;
    places.set(place, { outcome: !other || isWorse ? outcome : other.outcome, addresses: new Set([...other?.addresses ?? [], address]) });
  }
  return found;
}
