// Pods of namespaces that istiod doesn't read, which somebody lists as servers of a Service elsewhere.
import { podAt, runsPods } from './addresses';
import { listingService, ownSlice, type Listing } from './slices';
import type { Fields, Manifest } from '../manifest';

/** Which pod is listed, and for which Service. */
export interface Unread {
  readonly listing: Listing;
  /** Its place among what runs pods in other namespaces than the Service's. */
  readonly pod: number;
  /** Whether the Service has no address of its own. */
  readonly headless: boolean;
}

/** The label of the namespaces that istiod doesn't read. */
export const LEFT_OUT = 'left-out';
const SELECTORS = [{ matchExpressions: [{ key: LEFT_OUT, operator: 'DoesNotExist' }] }];

/** A mesh with such a pod, if another namespace than the Service's runs any. */
export function unreadPod(objects: readonly Manifest[], { listing, pod, headless }: Unread): readonly Manifest[] {
  const service = listingService(objects, listing);
  const elsewhere = objects.filter((object) => service && mayBeListed(objects, object) && object.metadata.namespace !== service.metadata.namespace);
  const chosen = elsewhere[pod % elsewhere.length];
  if (!service || !chosen) return objects;
  const listed: Manifest & Fields = (chosen as Fields).status ? chosen : podAt(chosen, '10.130.1.1');
  const shown = objects.map((object) => {
    if (object === chosen) return listed;
    if (object === service && headless) return { ...object, spec: { ...withoutAddress(service.spec), clusterIP: 'None' } };
    return object.kind === 'Namespace' && object.metadata.name === chosen.metadata.namespace ? leftOut(object) : object;
  });
  return selecting(ownSlice(shown, { ...listing, outside: false }, [listed]));
}

/** Whether it runs pods, under a name that no other Pod has. */
function mayBeListed(objects: readonly Manifest[], object: Manifest): boolean {
  const { name, namespace } = object.metadata;
  return runsPods(object) && objects.every((other) => other === object || other.kind !== 'Pod' || other.metadata.name !== name || other.metadata.namespace !== namespace);
}

const withoutAddress = ({ clusterIPs, ...spec }: any) => spec;

function leftOut(namespace: Manifest): Manifest {
  const { metadata } = namespace;
  return { ...namespace, metadata: { ...metadata, labels: { ...metadata.labels, [LEFT_OUT]: 'true' } } };
}

/** The mesh whose istiod reads the other namespaces; one whose mesh config is no JSON stays as it is. */
function selecting(objects: readonly Manifest[]): readonly Manifest[] {
  const isConfig = ({ kind, metadata: { name } }: Manifest) => kind === 'ConfigMap' && name === 'istio';
  const none: Manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'istio', namespace: 'istio-system' }, data: { mesh: '{}' } };
  const all = objects.some(isConfig) ? objects : [none, ...objects];
  return all.map((object) => (isConfig(object) ? { ...object, data: { ...object.data, mesh: withSelectors(object.data.mesh) } } : object));
}

function withSelectors(text: string): string {
  try {
    return JSON.stringify({ ...JSON.parse(text), discoverySelectors: SELECTORS });
  } catch {
    return text;
  }
}
