// A change on its way: clients as one state of a random mesh configures them call servers as another state does. Connections
// are what the model makes of both, and as istiod does, which has pushed one state to the clients and another to the servers.
import type { Connection } from '../../src/mesh/calls/connections';
import { admittedOf, changedTo, compareMesh, modelIn, modelled } from '../connections/comparing';
import { checkFixtures } from '../connections/fixtures';
import { runOver } from '../connections/run';
import { add, noTally, type Tally } from '../connections/tally';
import { tooManyUndecided } from '../connections/undecided-share';
import type { MeshVerdict } from '../connections/verdict';
import { callOf, placeOf, wordsOf, type Counts } from '../connections/verdicts';
import { sampleChangedMeshes } from '../generators/mesh';
import type { JudgedMesh, Manifest } from '../manifest';
import { ConnectionJudge } from '../node/connection-judge';
import { istioVersion } from '../node/module-version';
import type { Counted, PartOptions, PartResult, Print } from '../part';

/** How many meshes are judged as two states that are the same. */
const UNCHANGED = 50;
/** How often istiod is asked, where it goes by the order of a Go map. */
const ASKED = 8;

/** What a run found. */
export interface MixedFacts extends Tally {
  readonly istio: string;
  /** How many objects were added, removed and changed, by kind. */
  readonly changes: Counts;
  /** Meshes that istiod judges the same with one state and with two that are the same. */
  unchanged: number;
  /** Connections that fare otherwise than among clients and servers of the first state, of the second, and of both. */
  readonly otherwise: { clients: number; servers: number; both: number };
  /** Connections that are broken, and are in neither state. */
  brokenBetween: number;
}

/** @param count how many pairs of states */
export async function mixed({ seed, count = 1000, print }: PartOptions): Promise<PartResult<MixedFacts>> {
  const judge = new ConnectionJudge();
  const facts: MixedFacts = {
    istio: istioVersion(), ...noTally(), changes: {}, unchanged: 0, otherwise: { clients: 0, servers: 0, both: 0 }, brokenBetween: 0,
  };
  try {
    const fixtures = await checkFixtures(judge, print);
    const unchanged = await checkUnchanged(judge, sampleChangedMeshes(seed, UNCHANGED), print);
    facts.unchanged = unchanged.passed;
    const judged = (mesh: JudgedMesh, verdict: MeshVerdict) => describe(facts, mesh, verdict);
    const { passed, failed } = await runOver({ judge, seed, count, print, sample: sampleChangedMeshes, compare: compareMesh, judged }, facts);
    const tooMany = tooManyUndecided(facts.plain);
    if (tooMany) print(tooMany);
    const failures = failed + fixtures.failed + unchanged.failed + Number(tooMany !== undefined);
    return { passed: passed + fixtures.passed + unchanged.passed, failed: failures, facts };
  } finally {
    judge.close();
  }
}

/** Whether two states that are the same are one mesh to the referee, where it judges the mesh as one state and as two. */
async function checkUnchanged(judge: ConnectionJudge, meshes: readonly JudgedMesh[], print: Print): Promise<Counted> {
  const judged = await Promise.all(meshes.map(async ({ servers: _, ...mesh }) => ({ id: mesh.id, isOne: await isOneMesh(judge, mesh) })));
  const failed = judged.filter(({ isOne }) => isOne === false);
  for (const { id } of failed) print(`mesh ${id} is judged otherwise as two states`);
  for (const { id, isOne } of judged) if (isOne === undefined) print(`mesh ${id} has no verdict as one state and as two, and isn't counted`);
  return { passed: judged.filter(({ isOne }) => isOne).length, failed: failed.length };
}

/** Each call must fare alike at some time: where istiod takes one thing or another by chance, it does so for each client by itself. */
async function isOneMesh(judge: ConnectionJudge, mesh: JudgedMesh): Promise<boolean | undefined> {
  const seen: [AnswersByCall, AnswersByCall] = [new Map(), new Map()];
  for (let time = 0; time < ASKED; time += 1) {
    const verdicts = await Promise.all([judge.judge(mesh), judge.judge({ ...mesh, servers: mesh.objects })]);
    if (verdicts.some(({ error }) => error)) continue;
    for (const [index, verdict] of verdicts.entries()) addAnswers(seen[index], verdict);
    if (areAlike(...seen)) return true;
  }
  return seen[0].size > 0 ? false : undefined;
}

/** The answers that istiod has given about each call. */
type AnswersByCall = Map<string, Set<string>>;

function addAnswers(seen: AnswersByCall, { connections, unjudged }: MeshVerdict): void {
  const byCall = new Map<string, Set<string>>();
  for (const [index, all] of [connections, unjudged].entries()) {
    for (const one of all) {
      const call = callOf(one);
      byCall.set(call, (byCall.get(call) ?? new Set()).add(`${index} ${placeOf(one)} ${wordsOf(one)}`));
    }
  }
  for (const [call, words] of byCall) seen.set(call, (seen.get(call) ?? new Set()).add([...words].sort().join('\n')));
}

function areAlike(one: AnswersByCall, two: AnswersByCall): boolean {
  return one.size === two.size && [...one].every(([call, answers]) => [...answers].some((answer) => two.get(call)?.has(answer)));
}

/** Notes what changes, and what it does to connections. */
function describe(facts: MixedFacts, mesh: JudgedMesh, verdict: MeshVerdict): void {
  for (const change of changesOf(mesh)) add(facts.changes, change);
  const { servers = [], ...before } = admittedOf(mesh, verdict);
  const clients = modelled(modelIn(), before);
  const after = changedTo(clients, servers);
  const [former, latter] = [clients, after].map((state) => byPlace(state.connections()));
  for (const [place, words] of byPlace(clients.towards(after).connections())) {
    const [there, then] = [former.get(place) !== words, latter.get(place) !== words];
    facts.otherwise.clients += Number(there);
    facts.otherwise.servers += Number(then);
    facts.otherwise.both += Number(there && then);
    const broken = [words, former.get(place), latter.get(place)].map((said) => said?.includes('broken'));
    facts.brokenBetween += Number(broken[0] === true && broken[1] === false && broken[2] === false);
  }
}

function byPlace(connections: Iterable<Connection>): Map<string, string> {
  const places = new Map<string, Set<string>>();
  for (const connection of connections) {
    const place = placeOf(connection);
    places.set(place, (places.get(place) ?? new Set()).add(wordsOf(connection)));
  }
  return new Map([...places].map(([place, words]) => [place, [...words].sort().join(' or ')]));
}

/** What is done to each object that the states don't have alike. */
function changesOf({ objects, servers = [] }: JudgedMesh): string[] {
  const [before, after] = [objects, servers].map((all) => new Map(all.map((object) => [keyOf(object), object])));
  const removed = objects.filter((object) => !after.has(keyOf(object))).map(({ kind }) => `${kind} removed`);
  return [...removed, ...servers.flatMap((object) => {
    const former = before.get(keyOf(object));
    if (!former) return [`${object.kind} added`];
    return JSON.stringify(former) === JSON.stringify(object) ? [] : [`${object.kind} changed`];
  })];
}

function keyOf({ kind, metadata: { namespace, name } }: Manifest): string {
  return `${kind}/${namespace}/${name}`;
}
