// Manifests without some Namespaces: what the model says of a connection if pods there have sidecars, and if they have none, is
// what istiod says where the Namespaces are known.
import { checkFixtures } from '../connections/fixtures';
import { runOver } from '../connections/run';
import { sum } from '../connections/section';
import { add, noTally, type Tally } from '../connections/tally';
import type { Counts } from '../connections/verdicts';
import { sampleCompletions, type CompletedMesh } from '../generators/partial-meshes';
import { ConnectionJudge } from '../node/connection-judge';
import { istioVersion } from '../node/module-version';
import type { PartOptions, PartResult } from '../part';
import { compareCompletion, type CompletionComparison } from './branches';

/** The largest share of connections that branches may leave undecided and a mesh with its Namespaces decides: it is 2 to 5 %. */
const MOST_LOST = 0.1;

/** What a run found; its meshes are completions. */
export interface PartialFacts extends Tally {
  readonly istio: string;
  /** How many meshes with Namespaces left out were completed. */
  partialMeshes: number;
  readonly completions: Counts;
  /** How many Namespaces were left out, with the number of meshes. */
  readonly leftOut: Counts;
  /** The connections with branches that were compared, by the outcome of the branch that holds. */
  readonly conditional: Counts;
  /** What the branches leave undecided, and the model decides where it knows the Namespaces. */
  lost: number;
}

/** @param count how many random meshes Namespaces are left out of */
export async function partial({ seed, count = 100, print }: PartOptions): Promise<PartResult<PartialFacts>> {
  const judge = new ConnectionJudge();
  const facts: PartialFacts = { istio: istioVersion(), ...noTally(), partialMeshes: 0, completions: {}, leftOut: {}, conditional: {}, lost: 0 };
  try {
    const fixtures = await checkFixtures(judge, print);
    const judged = (mesh: CompletedMesh, _: unknown, found: CompletionComparison) => describe(facts, mesh, found);
    const { passed, failed } = await runOver({ judge, seed, count, print, sample: sampleCompletions, compare: compareCompletion, judged }, facts);
    const compared = sum(facts.conditional);
    if (compared === 0) print('no connection that depends on a Namespace was compared');
    const share = facts.lost / (facts.agreed + facts.lost);
    if (share > MOST_LOST) print(`branches leave ${facts.lost} connections undecided that are decided where the Namespaces are known: ${(100 * share).toFixed(1)} %; expected at most ${100 * MOST_LOST} %`);
    return { passed: passed + fixtures.passed, failed: failed + fixtures.failed + Number(compared === 0) + Number(share > MOST_LOST), facts };
  } finally {
    judge.close();
  }
}

function describe(facts: PartialFacts, { completion, leftOut }: CompletedMesh, { conditional, lost }: CompletionComparison): void {
  add(facts.completions, completion);
  facts.lost += lost;
  for (const [outcome, number] of Object.entries(conditional)) add(facts.conditional, outcome, number);
  if (completion !== 'with') return;
  facts.partialMeshes += 1;
  add(facts.leftOut, String(leftOut.length));
}
