// Makes faults in the branches of connections, and sees whether completions of partial meshes tell them from istiod.
import { BRANCH_FAULTS } from './faults/branches';
import { loadAnew } from './load-anew';
import { modelIn } from '../connections/comparing';
import { judgedMeshes, type Judged } from '../connections/judging';
import { sampleCompletions, type CompletedMesh } from '../generators/partial-meshes';
import { ConnectionJudge } from '../node/connection-judge';
import type { Counted, PartOptions } from '../part';
import { compareCompletion } from '../partial/branches';

/** How many random meshes Namespaces are left out of. */
const MESHES = 100;

/** Prints what shows each fault. */
export async function faultsInBranches({ seed, print }: Pick<PartOptions, 'seed' | 'print'>): Promise<Counted> {
  loadAnew();
  const sound = (await judged(seed)).filter((one) => !differs(one));
  let passed = Number(sound.length > 0);
  for (const fault of BRANCH_FAULTS) {
    loadAnew(fault);
    const shown = sound.find(differs);
    print(`${shown ? `caught by mesh ${shown.mesh.id}` : 'MISSED'}: ${fault.name}`);
    passed += Number(shown !== undefined);
  }
  return { passed, failed: BRANCH_FAULTS.length + 1 - passed };
}

async function judged(seed: number): Promise<Judged<CompletedMesh>[]> {
  const judge = new ConnectionJudge();
  try {
    const all: Judged<CompletedMesh>[] = [];
    for await (const one of judgedMeshes(judge, sampleCompletions(seed, MESHES))) if (!one.verdict.error) all.push(one);
    return all;
  } finally {
    judge.close();
  }
}

function differs({ mesh, verdict }: Judged<CompletedMesh>): boolean {
  return compareCompletion(modelIn(), mesh, verdict).differences.length > 0;
}
