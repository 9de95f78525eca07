import { integer, labelsOf, Mapping, mapping, mappings, text } from '../../manifests/mapping';
import { oncePerObject } from '../collections';
import { MeshObject, idOf, ObjectId } from '../inventory/object';
import { Labels } from '../names/labels';
import { TLS_MODE } from '../workloads/injected-labels';

/** A server that isn't a pod: a WorkloadEntry, or an endpoint in a ServiceEntry. */
export interface Machine {
  /** The WorkloadEntry; undefined for an endpoint in a ServiceEntry. */
  readonly entry?: ObjectId & { readonly object: MeshObject };
  readonly namespace: string;
  readonly labels: Labels;
  readonly address: string;
  readonly serviceAccount: string;
  readonly network?: string;
  /** Port numbers by the names of the service's ports. */
  readonly ports: ReadonlyMap<string, number>;
  /** `istio` if it has a sidecar, according to its label or because it has a service account. */
  readonly tlsMode: string;
}

/** A WorkloadEntry's labels in `spec` and in `metadata` both count; `metadata` takes precedence. Cached for all states of a mesh. */
export const machineOfEntry = oncePerObject((object: MeshObject): Machine => {
  const { namespace } = object;
  return {
    ...machineOf(object.spec, namespace, { ...labelsOf(object.spec.labels), ...object.labels }), entry: { ...idOf(object), object },
  };
});

/** The endpoints in a ServiceEntry; cached for all states of a mesh. */
export const machinesListedBy = oncePerObject((entry: MeshObject): readonly Machine[] =>
  mappings(entry.spec.endpoints).map((endpoint) => machineOf(endpoint, entry.namespace, labelsOf(endpoint.labels))));

function machineOf(spec: Mapping, namespace: string, labels: Labels): Machine {
  const serviceAccount = text(spec.serviceAccount) ?? '';
  const ports = Object.entries(mapping(spec.ports)).map(([name, port]) => [name, integer(port) ?? 0] as const);
  return {
    namespace,
    labels,
    address: text(spec.address) ?? '',
    serviceAccount,
    network: text(spec.network),
    ports: new Map(ports),
    tlsMode: labels[TLS_MODE] ?? (serviceAccount === '' ? 'disabled' : 'istio'),
  };
}

/** Host names and Unix sockets count only for clients of a service with resolution DNS. */
export function hasIpAddress({ address }: Machine): boolean {
  return looksLikeIpAddress(address);
}

/** Checks only the form: Go's `netip.ParseAddr` may still reject it. */
export function looksLikeIpAddress(address: string): boolean {
  return /^(\d{1,3}\.){3}\d{1,3}$/.test(address) || (address.includes(':') && /^[0-9a-fA-F:.]+$/.test(address));
}
