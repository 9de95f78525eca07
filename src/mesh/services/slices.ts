import { looksLikeIpAddress } from './machine';
import { Service } from './service';
import { isMapping, labelsOf, Mapping, mapping, mappings, texts, text } from '../../manifests/mapping';
import { Inventory } from '../inventory/inventory';
import { MeshObject } from '../inventory/object';

/** Servers that a manifest lists for a Service, beside those that its selector finds. */
export interface Slice {
  readonly namespace: string;
  /** The Service's name. */
  readonly service: string;
  /** Whether Kubernetes leaves it out, or rewrites it, for a Service with a selector. */
  readonly onlyUnselective: boolean;
  readonly ports: readonly Mapping[];
  /** Those that are ready; others get no calls. */
  readonly servers: readonly Listed[];
}

interface Listed {
  readonly addresses: readonly string[];
  readonly pod?: string;
}

/** What Kubernetes' own controller writes for the pods that a selector finds. */
const SLICE_CONTROLLER = 'endpointslice-controller.k8s.io';

/** What EndpointSlices list, and Endpoints, which Kubernetes mirrors into them for Services without a selector. */
export function slicesOf(objects: Inventory): readonly Slice[] {
  return [...objects.of('EndpointSlice').flatMap(ofSlice), ...objects.of('Endpoints').flatMap(ofEndpoints)];
}

/** Whether a slice lists servers of a Service. */
export function isOf({ onlyUnselective }: Slice, { registry, selector, externalName }: Service): boolean {
  return registry === 'Kubernetes' && externalName === undefined && !(onlyUnselective && selector);
}

function ofSlice({ namespace, labels, source }: MeshObject): readonly Slice[] {
  const { ports, endpoints } = mapping(source);
  return [{
    namespace,
    service: labels['kubernetes.io/service-name'],
    onlyUnselective: labels['endpointslice.kubernetes.io/managed-by'] === SLICE_CONTROLLER,
    ports: mappings(ports),
    servers: mappings(endpoints).filter(isReady).map(({ addresses, targetRef }) => listed(texts(addresses), targetRef)),
  }];
}

/** Without a condition, an endpoint counts as ready. */
function isReady({ conditions }: Mapping): boolean {
  return mapping(conditions).ready !== false;
}

function ofEndpoints({ namespace, name, labels, annotations, source }: MeshObject): readonly Slice[] {
  if (labels['endpointslice.kubernetes.io/skip-mirror'] === 'true' || annotations['control-plane.alpha.kubernetes.io/leader'] !== undefined) return [];
  return mappings(mapping(source).subsets).map(({ ports, addresses }) => ({
    namespace,
    service: name,
    onlyUnselective: true,
    ports: mappings(ports),
    servers: mappings(addresses).map(({ ip, targetRef }) => listed(texts([ip]), targetRef)),
  }));
}

function listed(addresses: readonly string[], targetRef: unknown): Listed {
  const pod = isMapping(targetRef) && targetRef.kind === 'Pod' ? text(labelsOf(targetRef).name) : undefined;
  return { addresses: addresses.filter(looksLikeIpAddress), pod };
}
