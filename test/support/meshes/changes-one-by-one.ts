import { Connection } from '../../../src/mesh/calls/connections';
import { DecidedPath } from '../../../src/mesh/calls/decisions';
import { ChangedConnections, pathOutcome } from '../../../src/mesh/compare/connection-changes';
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

/** The result of `connectionChanges`, computed connection by connection. */
export function changesOneByOne(before: Mesh, after: Mesh): { changes: string[]; unchanged: number } {
  const [former, latter] = [byCall(before), byCall(after)];
  const changes: string[] = [];
  let unchanged = 0;
  for (const call of new Set([...former.keys(), ...latter.keys()])) {
    const [one, other] = [former.get(call) ?? new Map<string, Outcome>(), latter.get(call) ?? new Map<string, Outcome>()];
    const both = [...one.keys()].filter((place) => other.has(place));
    unchanged += both.filter((place) => one.get(place) === other.get(place)).length;
    for (const place of both) if (one.get(place) !== other.get(place)) changes.push(`${call} ${place} ${one.get(place)} → ${place} ${other.get(place)}`);
    const [lost, gained] = [[...one.keys()].filter((place) => !other.has(place)), [...other.keys()].filter((place) => !one.has(place))];
    const isNowhere = (place: string) => place.startsWith('nowhere ');
    const plain = (place: string) => place.replace('nowhere ', '');
    const [nowhere, nowhereYet] = [gained.filter(isNowhere).sort()[0], lost.filter(isNowhere).sort()[0]];
    const tell = (from: string | undefined, to: string | undefined) => {
      if (from && to && one.get(from) === other.get(to)) return;
      changes.push(`${call} ${from ? `${plain(from)} ${one.get(from)}` : 'none'} → ${to ? `${plain(to)} ${other.get(to)}` : 'none'}`);
    };
    if (nowhere && lost.length > 0) {
      for (const place of lost) tell(place, nowhere);
      for (const place of gained) if (place !== nowhere) tell(nowhereYet, place);
    } else {
      for (const place of lost) if (place !== nowhereYet || gained.length === 0) tell(place, undefined);
      for (const place of gained) tell(nowhereYet, place);
    }
  }
  return { changes: changes.map((line) => line.replace(/nowhere /g, '')).sort(), unchanged };
}

/** Copies of requests that are lost are no connection. */
const isConnection = (_: unknown, { path }: DecidedPath): boolean => !losesCopies(path);

/** Outcomes by client, host and port, then by server; the worst of several. */
function byCall(one: Mesh): Map<string, Map<string, Outcome>> {
  const found = new Map<string, Map<string, Outcome>>();
  for (const { client, requested, service: to, server, outcome } of one.connections({ path: isConnection }) as Iterable<Connection>) {
    const call = `${idOf(client)} ${requested.host}:${requested.port}`;
    const place = server ? `${server.kind === 'address' ? server.name : idOf(server)}:${server.port}` : `nowhere ${to.host}:${to.port}`;
    if (!found.has(call)) found.set(call, new Map());
    const places = found.get(call)!;
    const other = places.get(place);
    if (other === undefined || FROM_BEST.indexOf(outcome) > FROM_BEST.indexOf(other)) places.set(place, outcome);
  }
  return found;
}
