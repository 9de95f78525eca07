import { looksLikeIpAddress } from './machine';
import { Service } from './service';
import { FieldPath } from '../../findings/finding';
import { indexedMappings, isMapping, labelsOf, Mapping, mapping, mappings, texts } from '../../manifests/mapping';
import { FieldRef } from '../inventory/field-ref';
import { Inventory } from '../inventory/inventory';
import { KIND } from '../inventory/kinds';
import { MeshObject } from '../inventory/object';

/** Servers that a manifest lists for a Service, in addition to those that its selector matches. */
export interface Slice {
  readonly namespace: string;
  /** The Service's name. */
  readonly service: string;
  /** Whether Kubernetes ignores or rewrites it if the Service has a selector. */
  readonly onlyUnselective: boolean;
  readonly ports: readonly Mapping[];
  readonly servers: readonly Listed[];
  /** The servers that aren't ready: they get no calls, but istiod considers them when it checks whether all servers accept its TLS. */
  readonly unready: readonly Listed[];
}

export interface Listed {
  readonly addresses: readonly string[];
  /** The referenced pod, as `namespace/name`. */
  readonly pod?: string;
  /** The entry that lists it. */
  readonly at: FieldRef;
}

/** The `managed-by` label of slices that Kubernetes' own controller writes for a selector's pods. */
const SLICE_CONTROLLER = 'endpointslice-controller.k8s.io';

/** EndpointSlices, and Endpoints, which Kubernetes mirrors into slices for Services without a selector. */
export function slicesOf(objects: Inventory): readonly Slice[] {
  return [...objects.of(KIND.EndpointSlice).flatMap(ofSlice), ...objects.of(KIND.Endpoints).flatMap(ofEndpoints)];
}

/** Whether a slice lists servers of a Service. */
export function isListFor({ onlyUnselective }: Slice, { registry, selector, externalName }: Service): boolean {
  return registry === 'Kubernetes' && externalName === undefined && !(onlyUnselective && selector);
}

function ofSlice(object: MeshObject): readonly Slice[] {
  const { namespace, labels, source } = object;
  const { ports, endpoints } = mapping(source);
  const serversThat = (are: (endpoint: Mapping) => boolean) =>
    indexedMappings(endpoints).filter(([, endpoint]) => are(endpoint))
      .map(([index, { addresses, targetRef }]) => listed(texts(addresses), targetRef, { object, field: ['endpoints', index] }));
  return [{
    namespace,
    service: labels['kubernetes.io/service-name'],
    onlyUnselective: labels['endpointslice.kubernetes.io/managed-by'] === SLICE_CONTROLLER,
    ports: mappings(ports),
    servers: serversThat(isReady),
    unready: serversThat((endpoint) => !isReady(endpoint)),
  }];
}

/** An endpoint without a condition counts as ready. */
function isReady({ conditions }: Mapping): boolean {
  return mapping(conditions).ready !== false;
}

function ofEndpoints(object: MeshObject): readonly Slice[] {
  const { namespace, name, labels, annotations, source } = object;
  if (labels['endpointslice.kubernetes.io/skip-mirror'] === 'true'
    || annotations['control-plane.alpha.kubernetes.io/leader'] !== undefined) {
    return [];
  }
  const serversIn = (addresses: unknown, field: FieldPath) =>
    indexedMappings(addresses).map(([index, { ip, targetRef }]) => listed(texts([ip]), targetRef, { object, field: [...field, index] }));
  return indexedMappings(mapping(source).subsets).map(([subset, { ports, addresses, notReadyAddresses }]) => ({
    namespace,
    service: name,
    onlyUnselective: true,
    ports: mappings(ports),
    servers: serversIn(addresses, ['subsets', subset, 'addresses']),
    unready: serversIn(notReadyAddresses, ['subsets', subset, 'notReadyAddresses']),
  }));
}

function listed(addresses: readonly string[], targetRef: unknown, at: FieldRef): Listed {
  if (!isMapping(targetRef) || targetRef.kind !== 'Pod') return { addresses: addresses.filter(looksLikeIpAddress), at };
  const { namespace = '', name = '' } = labelsOf(targetRef);
  return { addresses: addresses.filter(looksLikeIpAddress), pod: `${namespace}/${name}`, at };
}
