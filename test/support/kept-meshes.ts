import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RandomMesh } from './random-meshes';
import { MeshOptions } from '../../src/mesh/mesh';

const MESH = join(__dirname, '..', 'mesh');

/** A mesh that is kept, and what its istiod was told. */
export interface KeptMesh extends RandomMesh, Pick<MeshOptions, 'istiodEnv' | 'clusterDomain'> {}

/** The meshes on which the model once differed from istiod. */
export const regressions: readonly KeptMesh[] = readdirSync(join(MESH, 'regressions')).filter((name) => name.endsWith('.json')).sort()
  .map((name) => JSON.parse(readFileSync(join(MESH, 'regressions', name), 'utf8')));

/** Meshes that istiod's verdicts are recorded of: of a random test the cases that hold something of each sort, whatever the seed. */
export const recordedMeshes: readonly KeptMesh[] = readFileSync(join(MESH, 'recorded', 'meshes.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line));
