import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { namespace } from './mesh';

const GENERATOR = JSON.stringify(join(__dirname, '..', '..', 'conformance', 'generators', 'mesh.mjs'));

export interface RandomMesh {
  readonly id: string;
  readonly objects: any[];
}

/** Meshes as the conformance suite makes them; the same for the same seed. */
export function randomMeshes(seed: number, count: number): readonly RandomMesh[] {
  const script = `import { sampleMeshes } from ${GENERATOR}; console.log(JSON.stringify(sampleMeshes(${seed}, ${count})));`;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', maxBuffer: 2 ** 28 }));
}

/** The same, of which some namespaces are left out, and some name revisions. */
export function partialMeshes(seed: number, count: number): readonly RandomMesh[] {
  return randomMeshes(seed, count).map(({ id, objects }, number) => ({ id, objects: partOf(objects, number) }));
}

function partOf(objects: readonly any[], number: number): any[] {
  const revision = { 'istio.io/rev': number % 4 < 2 ? 'canary' : 'stable' };
  return objects.filter(({ kind }, index) => kind !== 'Namespace' || (index + number) % 3 !== 0)
    .map((object, index) => (object.kind === 'Namespace' && (index + number) % 2 === 0 ? namespace(object.metadata.name, revision) : object));
}
