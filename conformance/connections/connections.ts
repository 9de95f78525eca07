// Connections of random meshes: client TLS, server mode and outcome as the model decides them, and as istiod does.
import { sampleMeshes } from '../generators/mesh';
import type { JudgedMesh } from '../manifest';
import type { PartOptions, PartResult } from '../part';
import { compareMesh } from './comparing';
import { FEATURES, featuresOf } from './features';
import { checkFixtures } from './fixtures';
import { checkFlags } from './flags';
import { runOver } from './run';
import { add, noTally, type Tally } from './tally';
import { tooManyUndecided } from './undecided-share';
import type { Counts } from './verdicts';
import { ConnectionJudge } from '../node/connection-judge';
import { istioVersion } from '../node/module-version';

/** What a run found. */
export interface ConnectionFacts extends Tally {
  readonly istio: string;
  /** How many meshes have each. */
  readonly features: Counts;
}

/** @param count how many meshes */
export async function connections({ seed, count = 1000, print }: PartOptions): Promise<PartResult<ConnectionFacts>> {
  const judge = new ConnectionJudge();
  const features = Object.fromEntries(Object.keys(FEATURES).map((name) => [name, 0]));
  const facts: ConnectionFacts = { istio: istioVersion(), ...noTally(), features };
  try {
    const fixtures = await checkFixtures(judge, print);
    const flags = checkFlags(print);
    const judged = (mesh: JudgedMesh) => featuresOf(mesh).forEach((feature) => add(facts.features, feature));
    const { passed, failed } = await runOver({ judge, seed, count, print, sample: sampleMeshes, compare: compareMesh, judged }, facts);
    const tooMany = tooManyUndecided(facts.plain);
    if (tooMany) print(tooMany);
    const failures = failed + fixtures.failed + flags.failed + Number(tooMany !== undefined);
    return { passed: passed + fixtures.passed + flags.passed, failed: failures, facts };
  } finally {
    judge.close();
  }
}
