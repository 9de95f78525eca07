// Asks the referee about many meshes, several at a time.
const IN_FLIGHT = 200;

/** Gives each mesh, `{ id, objects }`, with its verdict, in order. A mesh that wasn't judged in time is asked about once more. */
export async function* judgedMeshes(judge, meshes) {
  const pending = [];
  for (const mesh of meshes) {
    pending.push(twice(judge, mesh));
    if (pending.length >= IN_FLIGHT) yield await pending.shift();
  }
  for (const one of pending) yield await one;
}

async function twice(judge, mesh) {
  const line = JSON.stringify(mesh);
  const verdict = await judge.judge(line);
  return { mesh, verdict: verdict.error ? await judge.judge(line) : verdict };
}
