// What the model says of the connections of a partial mesh where the Namespaces that aren't in it are known: by the branch of each
// connection whose conditions hold there.
import type { Condition } from '../../src/findings/condition';
import type { Connection } from '../../src/mesh/calls/connections';
import type { Mesh } from '../../src/mesh/mesh';
import type { Branch, BranchedConnection } from '../../src/mesh/worlds/branches';
import { admittedOf, compareSaid, modelled, type MeshComparison, type Model } from '../connections/comparing';
import { explainedIn, undecidedKindsIn } from '../connections/proxy-config';
import { add } from '../connections/tally';
import type { MeshVerdict, RefereeConnection } from '../connections/verdict';
import { callOf, placeOf, type Counts } from '../connections/verdicts';
import { hasInjection, partOf, type CompletedMesh } from '../generators/partial-meshes';
import { libraryModule } from '../library';
import type { Manifest } from '../manifest';

/** The comparison of one completion of a partial mesh. */
export interface CompletionComparison extends MeshComparison {
  /** The connections with several branches that are decided and judged, by the outcome of the branch that holds. */
  readonly conditional: Counts;
  /** What the branches leave undecided, and the model decides where it knows the Namespaces. */
  readonly lost: number;
}

/** What the model says of one server of a call. */
interface Said {
  readonly connections: readonly Connection[];
  /** The branch that holds, where there are several. */
  readonly branch?: Branch;
  /** Where the branches lead, all of them. */
  readonly places: readonly string[];
}

/** The branches of a partial mesh, held against the verdict on a completion of it. */
export function compareCompletion(model: Model, mesh: CompletedMesh, verdict: MeshVerdict): CompletionComparison {
  const judged = admittedOf(mesh, verdict);
  const said = saidOf(modelled(model, { ...judged, objects: partOf(mesh, judged.objects) }), judged.objects, verdict);
  const completed = modelled(model, judged);
  const ours = said.flatMap(({ connections }) => connections);
  const found = compareSaid(ours, judged, verdict, undecidedKindsIn(explainedIn(completed)));
  const decided = new Set([...completed.connections()].filter((one) => one.outcome !== 'undecided').map(placeOf));
  const lost = ours.filter((one) => one.outcome === 'undecided' && decided.has(placeOf(one))).length;
  return { ...found, configs: { compared: 0, uncompared: 0 }, conditional: conditionalOf(said, verdict), lost };
}

/** @param objects those of the completed mesh */
function saidOf(partial: Mesh, objects: readonly Manifest[], verdict: MeshVerdict): readonly Said[] {
  const worlds = libraryModule('mesh/worlds/worlds').Worlds.of(partial);
  if (!worlds) return [...partial.connections()].map((one) => ({ connections: [one], places: [placeOf(one)] }));
  const { Branches } = libraryModule('mesh/worlds/branches');
  const branches = new Branches(partial, worlds);
  return partial.callers.flatMap((client) => partial.decisions.calls.flatMap((call) => branches.of(client, call)))
    .map((one) => saidIn(one, objects, verdict));
}

function saidIn({ caller, path, facts, branches }: BranchedConnection, objects: readonly Manifest[], verdict: MeshVerdict): Said {
  const { connectionOf } = libraryModule('mesh/calls/connections');
  const connectionsOf = ({ taken }: Branch): readonly Connection[] => taken?.paths.map((one) => connectionOf(taken.caller, one)) ?? [];
  const undecided = connectionOf(caller, path);
  const places = [undecided, ...branches.flatMap(connectionsOf)].map(placeOf);
  const branch = branches.find(({ conditions }) => conditions.every((one) => one.holds === valueOf(one, objects)));
  if (!branch || (branch.outcome !== 'absent' && !branch.taken)) return { connections: [openFor(undecided)], places };
  const isWhole = branch.conditions.length === facts.length;
  const connections = isWhole ? connectionsOf(branch) : likeAny(branch, connectionsOf(branch), verdict);
  return { connections, branch: branches.length > 1 ? branch : undefined, places };
}

/** The worlds with the values that hold disagree: the model decides nothing there. */
function openFor(connection: Connection): Connection {
  const { undecidedBecause, because } = connection;
  const open = { ...connection, clientTls: 'UNKNOWN', serverMode: 'UNKNOWN', outcome: 'undecided' } as const;
  return undecidedBecause ? { ...open, because } : { ...open, undecidedBecause: 'server-proxy-unknown', because: [] };
}

/**
 * A branch for both values of a fact has the worst outcome of a call to a server, with either. Its paths are those of one value: with
 * the other, the client may send other TLS, and reach the server by another service. So the referee must agree on the outcome alone.
 */
function likeAny({ outcome }: Branch, connections: readonly Connection[], { connections: judged, unjudged }: MeshVerdict): readonly Connection[] {
  const [first] = connections;
  if (!first) return connections;
  const isThere = (one: RefereeConnection): boolean => reachedOf(one) === reachedOf(first);
  const [theirs, open] = [judged.filter(isThere), unjudged.filter(isThere)];
  if (outcome === 'undecided' || theirs.length === 0) {
    const all = [...theirs, ...open];
    const isHere = all.length === 0 || all.some((one) => placeOf(one) === placeOf(first));
    // What is decided of an undecided branch may hold with one of the values alone.
    const said = outcome === 'undecided' ? connections.filter((one) => one.outcome === outcome) : connections;
    return isHere ? said : said.map((one) => ({ ...one, service: all[0].service }));
  }
  const near = theirs.filter((one) => one.service.host === first.service.host);
  const ends = (near.length > 0 ? near : theirs)
    .map(({ service, clientTls, serverMode, outcome: own }) => ({ ...first, service, clientTls, serverMode, outcome: own }));
  if (libraryModule('mesh/model/transport').worst(ends).outcome === outcome) return ends;
  // The others may be those of another way to the server.
  const same = ends.filter((one) => one.outcome === outcome);
  return same.length > 0 ? same : connections;
}

/** The call and its server, by whichever service. */
function reachedOf(connection: RefereeConnection): string {
  const { server } = connection;
  return JSON.stringify([callOf(connection), server && [server.kind, server.namespace, server.name, server.port]]);
}

/** The referee takes each revision for installed. */
function valueOf({ fact, name }: Condition, objects: readonly Manifest[]): boolean | undefined {
  return fact === 'revision' ? true : hasInjection(name, objects);
}

function conditionalOf(said: readonly Said[], { connections, unjudged }: MeshVerdict): Counts {
  const [judged, open] = [new Set(connections.map(placeOf)), new Set(unjudged.map(placeOf))];
  const counts: Counts = {};
  for (const { branch, places } of said) {
    if (!branch || branch.outcome === 'undecided' || places.some((place) => open.has(place))) continue;
    if (branch.outcome === 'absent' || places.some((place) => judged.has(place))) add(counts, branch.outcome);
  }
  return counts;
}
