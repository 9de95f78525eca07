// Asks the referee about many meshes.
import { inOrder } from '../node/in-order.mjs';

const IN_FLIGHT = 200;

/** Gives each mesh, `{ id, objects }`, with its verdict, in order. A mesh that wasn't judged in time is asked about once more. */
export async function* judgedMeshes(judge, meshes) {
  for await (const [mesh, verdict] of inOrder(meshes, (one) => twice(judge, one), IN_FLIGHT)) yield { mesh, verdict };
}

async function twice(judge, mesh) {
  const line = JSON.stringify(mesh);
  const verdict = await judge.judge(line);
  return verdict.error ? judge.judge(line) : verdict;
}
