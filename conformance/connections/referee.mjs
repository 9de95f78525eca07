// Talks with the Go command `connections`: one mesh a line in, one verdict a line out.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Judges meshes in order: each `{ id, objects }` gives one verdict. */
export async function* judged(binary, meshes) {
  const child = spawn(binary, [], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const written = (async () => {
    for (const mesh of meshes) {
      if (!child.stdin.write(`${JSON.stringify(mesh)}\n`)) await new Promise((resolve) => child.stdin.once('drain', resolve));
    }
    child.stdin.end();
  })();
  for (const mesh of meshes) {
    const { value, done } = await lines.next();
    if (done) throw new Error(`referee: no verdict on ${mesh.id}; expected one line for each mesh`);
    yield { mesh, verdict: JSON.parse(value) };
  }
  await written;
}
