import { Inventory } from '../objects/inventory';
import { MeshObject } from '../objects/mesh-object';
import { isShape, labelsOf, Shape, shape, shapes, texts } from '../objects/shape';

/** Servers that a manifest lists for a Service without a selector. */
export interface Slice {
  readonly namespace: string;
  /** The Service's name. */
  readonly service: string;
  readonly ports: readonly Shape[];
  readonly servers: readonly { readonly addresses: readonly string[]; readonly pod?: string }[];
}

/** What EndpointSlices list, and Endpoints, which Kubernetes mirrors into them. */
export function slicesOf(objects: Inventory): readonly Slice[] {
  return [...objects.of('EndpointSlice').flatMap(ofSlice), ...objects.of('Endpoints').flatMap(ofEndpoints)];
}

function ofSlice({ namespace, labels, source }: MeshObject): readonly Slice[] {
  const { ports, endpoints } = shape(source);
  const servers = shapes(endpoints).map(({ addresses, targetRef }) => ({ addresses: texts(addresses), pod: podOf(targetRef) }));
  return [{ namespace, service: labels['kubernetes.io/service-name'], ports: shapes(ports), servers }];
}

function ofEndpoints({ namespace, name, labels, source }: MeshObject): readonly Slice[] {
  if (labels['endpointslice.kubernetes.io/skip-mirror'] === 'true') return [];
  return shapes(shape(source).subsets).map(({ ports, addresses }) => ({
    namespace,
    service: name,
    ports: shapes(ports),
    servers: shapes(addresses).map(({ ip, targetRef }) => ({ addresses: texts([ip]), pod: podOf(targetRef) })),
  }));
}

function podOf(targetRef: unknown): string | undefined {
  return isShape(targetRef) && targetRef.kind === 'Pod' ? labelsOf(targetRef).name : undefined;
}
