import { Sender } from './sender';
import { ControlPlane } from '../control-plane';
import { DataPlanes } from '../dataplane/data-planes';
import { addTo } from '../grouped';
import { Workload } from '../workloads/workload';

/** The clients of a mesh, those together that no rule tells apart. */
export function sendersOf(workloads: readonly Workload[], dataPlanes: DataPlanes): readonly Sender[] {
  const groups = new Map<string, Workload[]>();
  for (const workload of workloads) {
    const dataPlane = dataPlanes.of(workload);
    addTo(groups, `${traitsOf(workload, dataPlane.planeOf?.(workload))}\n${dataPlane.senderKey(workload)}`, workload);
  }
  return [...groups.values()].map((group) => {
    const [one] = group;
    const plane = dataPlanes.of(one).planeOf?.(one);
    const { namespace, labels, place: { callsFrom: network } } = one;
    return { namespace, labels, one, workloads: group, network, traits: traitsOf(one, plane), plane, scope: plane?.scopeOf(one) };
  });
}

function traitsOf(workload: Workload, plane: ControlPlane | undefined): string {
  const { name, unclear } = workload.place.callsFrom;
  const { ownNames } = workload;
  const filters = plane?.envoyFilters.clientKey(workload) ?? '';
  return name === undefined && !unclear && filters === '' && ownNames.length === 0 ? '' : JSON.stringify([name, unclear, filters, ownNames]);
}
