import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Recorded } from './referee-verdicts';

const MESH = join(__dirname, '..', '..', 'mesh');

/** A kept mesh, the settings of its istiod, and its verdicts. */
export interface KeptMesh extends Recorded {
  readonly objects: any[];
}

/** The meshes on which the model once differed from istiod, in folders by what they are about. */
export const regressions: readonly KeptMesh[] = readdirSync(join(MESH, 'regressions'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.json')).sort().map((path) => JSON.parse(readFileSync(join(MESH, 'regressions', path), 'utf8')));

/** Meshes that istiod's verdicts are recorded of: of a random test the cases that hold something of each sort, whatever the seed. */
export const recordedMeshes: readonly KeptMesh[] = readFileSync(join(MESH, 'recorded', 'meshes.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line));
