import { addTo } from '../collections';
import { idKey, MeshObject } from '../inventory/object';
import { Mesh } from '../mesh';
import { Workload } from '../workloads/workload';

const KNOWN = new WeakMap<Mesh, ReadonlyMap<string, readonly Workload[]>>();

/** The workloads whose pods an object runs or describes. Indexed, since a change may have thousands of objects. */
export function podsOf(object: MeshObject, mesh: Mesh): readonly Workload[] {
  let known = KNOWN.get(mesh);
  if (!known) KNOWN.set(mesh, known = indexed(mesh.workloads));
  return known.get(idKey(object)) ?? [];
}

function indexed(workloads: readonly Workload[]): ReadonlyMap<string, readonly Workload[]> {
  const byObject = new Map<string, Workload[]>();
  for (const workload of workloads) {
    for (const key of new Set([workload.object, workload.podSource.object].map(idKey))) addTo(byObject, key, workload);
  }
  return byObject;
}
