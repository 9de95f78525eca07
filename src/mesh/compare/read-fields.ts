import { ComparedObject, objectOf, plain, canonicalText } from './object-changes';
import { podsOf } from './pods-of-objects';
import { isMapping, Mapping, mapping } from '../../manifests/mapping';
import { hasPods, isOf, KIND } from '../inventory/kinds';
import { idKey, MeshObject } from '../inventory/object';
import { Mesh } from '../mesh';
import { createdServices } from '../services/service-creators';
import { runsAlike } from '../workloads/runs-alike';

/** Labels and annotations that istiod or its injector reads on any object. */
const READ = /(?:^|[./])istio\.io\/|^istio-injection$|^kubernetes\.io\/service-name$|^topology\./;

/** Whether a field that the model reads differs; the model doesn't read an image, or a label that nothing selects. */
export function isRead(change: ComparedObject, before: Mesh, after: Mesh): boolean {
  if (!change.before || !change.after) return true;
  const object = objectOf(change);
  if (createdServices(change.before) !== createdServices(change.after)) return true;
  if (hasPods(object) && !object.name.startsWith('istiod')) return !runAlike(change, before, after);
  const areAllLabelsRead = isOf(object, KIND.WorkloadEntry) || (isOf(object, KIND.Namespace) && selectsNamespaces(before, after));
  return readText(change.before, areAllLabelsRead) !== readText(change.after, areAllLabelsRead);
}

function readText({ source }: MeshObject, areAllLabelsRead: boolean): string {
  const { metadata, ...rest } = plain(source);
  const { labels, annotations } = mapping(metadata);
  return canonicalText({ ...rest, labels: areAllLabelsRead ? labels : read(labels), annotations: read(annotations) });
}

function read(values: unknown): Mapping {
  return Object.fromEntries(Object.entries(isMapping(values) ? values : {}).filter(([key]) => READ.test(key)));
}

/** Whether a webhook or mesh config may select namespaces by any labels. */
function selectsNamespaces(...meshes: readonly Mesh[]): boolean {
  return meshes.some(({ planes, revisions, objects }) => objects.of(KIND.MutatingWebhookConfiguration).length > 0
    || [...planes.inUse(revisions).keys()].some(({ config }) => (
      config.discoverySelectors.length > 0 || config.serviceEntryVisibility !== undefined)));
}

/** Whether an object's pods send and receive the same in both states. */
function runAlike(change: ComparedObject, before: Mesh, after: Mesh): boolean {
  const object = objectOf(change);
  const [former, latter] = [podsOf(object, before), new Map(podsOf(object, after).map((workload) => [idKey(workload), workload]))];
  return former.length === latter.size && former.every((workload) => runsAlike(workload, latter.get(idKey(workload))));
}
