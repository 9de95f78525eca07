// Asks the referee about many meshes.
import type { JudgedMesh } from '../manifest';
import type { MeshVerdict } from './verdict';
import { type ConnectionJudge } from '../node/connection-judge';
import { inOrder } from '../node/in-order';

const IN_FLIGHT = 200;

/** A mesh with istiod's verdict. */
export interface Judged<Mesh extends JudgedMesh = JudgedMesh> {
  readonly mesh: Mesh;
  readonly verdict: MeshVerdict;
}

/** Gives each mesh with its verdict, in order. A mesh that wasn't judged in time is asked about once more. */
export async function* judgedMeshes<Mesh extends JudgedMesh>(judge: ConnectionJudge, meshes: readonly Mesh[]): AsyncGenerator<Judged<Mesh>> {
  for await (const [mesh, verdict] of inOrder(meshes, (one) => twice(judge, one), IN_FLIGHT)) yield { mesh, verdict };
}

async function twice(judge: ConnectionJudge, mesh: JudgedMesh): Promise<MeshVerdict> {
  const verdict = await judge.judge(mesh);
  return verdict.error ? judge.judge(mesh) : verdict;
}
