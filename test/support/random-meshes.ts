import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const GENERATOR = JSON.stringify(join(__dirname, '..', '..', 'conformance', 'generators', 'mesh.mjs'));

export interface RandomMesh {
  readonly id: string;
  readonly objects: readonly any[];
}

/** Meshes as the conformance suite makes them; the same for the same seed. */
export function randomMeshes(seed: number, count: number): readonly RandomMesh[] {
  const script = `import { sampleMeshes } from ${GENERATOR}; console.log(JSON.stringify(sampleMeshes(${seed}, ${count})));`;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', maxBuffer: 2 ** 28 }));
}
