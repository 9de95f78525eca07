import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inventoryChange, objectChanges } from '../../../src/mesh/compare/object-changes';
import { Inventory } from '../../../src/mesh/inventory/inventory';
import { Mesh } from '../../../src/mesh/mesh';
import { Random } from '../random/random';

/** Applied objects, and existing ones. */
export interface Split {
  readonly own: object[];
  readonly existing: object[];
}

/** Each recorded mesh in three ways: applying a half, a quarter and a twelfth of its objects. */
export function recordedChanges(seed: number): readonly Split[] {
  const lines = readFileSync(join(__dirname, '..', '..', 'mesh', 'recorded', 'meshes.jsonl'), 'utf8').trim().split('\n');
  const meshes = lines.map((line) => JSON.parse(line).objects as object[]);
  const random = new Random(seed);
  return meshes.flatMap((objects) => [2, 4, 12].map((share) => splitOf(objects, () => random.below(share) === 0)));
}

/** The same; some namespaces are in neither part, so that their sidecars are unknown, and some name a revision. */
export function partialChanges(seed: number): readonly Split[] {
  const isNamespace = ({ kind }: any): boolean => kind === 'Namespace';
  return recordedChanges(seed).map(({ own, existing }, number) => {
    const partOf = (objects: object[]) => objects.filter((object, index) => !isNamespace(object) || (index + number) % 3 !== 0)
      .map((object: any, index) => (isNamespace(object) && (index + number) % 4 === 0 ? { ...object, metadata: { ...object.metadata, labels: { 'istio.io/rev': 'canary' } } } : object));
    return { own: partOf(own), existing: partOf(existing) };
  });
}

function splitOf(objects: object[], isOwn: () => boolean): Split {
  const own = new Set(objects.filter(isOwn));
  return { own: [...own], existing: objects.filter((object) => !own.has(object)) };
}

/** A mesh after its objects have changed, while the same pods run. */
export function changedTo(mesh: Mesh, objects: readonly unknown[]): Mesh {
  return mesh.running(objectChanges(mesh.objects, Inventory.of(objects, mesh.objects.readBy)).map(inventoryChange), mesh.workloads);
}
