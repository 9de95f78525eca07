// EndpointSlices and Endpoints of somebody's own, and machines at the addresses of nodes.
import type { Fields, Manifest } from '../manifest';
import { isA, type ManifestOf } from '../specs';

/** What is listed for a Service. */
export interface Listing {
  /** Which Service, and which of the known addresses. */
  readonly at: number;
  readonly address: number;
  /** Whether the address is one outside, even if there are others. */
  readonly outside: boolean;
  /** Whether the pod at the address is named. */
  readonly isNamed: boolean;
  readonly ready?: boolean;
  /** The number of all ports, if it isn't that of the Service's. */
  readonly port?: number;
  /** Whether the last port is left out. */
  readonly fewer?: boolean;
}

/** A pod whose address a manifest says. */
interface KnownPod {
  readonly address: string;
  readonly namespace?: string;
  readonly name: string;
}

function podsIn(objects: readonly Manifest[]): readonly KnownPod[] {
  return objects.flatMap((object: Manifest & Fields) => (object.kind === 'Pod' && object.status?.podIP !== undefined && !object.spec.hostNetwork
    ? [{ address: object.status.podIP, namespace: object.metadata.namespace, name: object.metadata.name }] : []));
}

const servicesIn = (objects: readonly Manifest[]) => objects.filter((object): object is ManifestOf<'Service'> => isA('Service', object) && object.spec.externalName === undefined);

/** What a listing lists of a mesh's pods, and under which of a Service's ports. */
function listed(objects: readonly Manifest[], { spec }: ManifestOf<'Service'>, { address, outside, isNamed, port, fewer }: Listing) {
  const pods = podsIn(objects);
  const pod = outside ? undefined : pods[address % pods.length];
  const ports = fewer && spec.ports.length > 1 ? spec.ports.slice(0, -1) : spec.ports;
  return {
    ip: pod?.address ?? `100.127.1.${address + 1}`,
    targetRef: isNamed && pod ? { targetRef: { kind: 'Pod', namespace: pod.namespace, name: pod.name } } : {},
    ports: ports.map(({ name = '', port: number, protocol = 'TCP' }) => ({ name, port: port ?? number, protocol })),
  };
}

/** The Service that a listing is for, if there is any. */
export function listingService(objects: readonly Manifest[], { at }: Listing): ManifestOf<'Service'> | undefined {
  const services = servicesIn(objects);
  return services[at % services.length];
}

/** An EndpointSlice for a Service, whether or not that selects pods; it lists one of the given objects' pods. */
export function ownSlice(objects: readonly Manifest[], listing: Listing, listable = objects): readonly Manifest[] {
  const service = listingService(objects, listing);
  if (!service) return objects;
  const { metadata: { name, namespace } } = service;
  const { ip, targetRef, ports } = listed(listable, service, listing);
  const isFirst = objects.every(({ kind, metadata }) => kind !== 'EndpointSlice' || metadata.name !== `${name}-own` || metadata.namespace !== namespace);
  const conditions = listing.ready === undefined ? {} : { conditions: { ready: listing.ready } };
  return [...objects, {
    apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { name: isFirst ? `${name}-own` : `${name}-other`, namespace, labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4', endpoints: [{ addresses: [ip], ...conditions, ...targetRef }], ports,
  } as Manifest];
}

/** Endpoints for a Service; Kubernetes mirrors those of one that selects no pods. */
export function endpointsObject(objects: readonly Manifest[], listing: Listing): readonly Manifest[] {
  const all = servicesIn(objects);
  const bare = all.filter(({ spec }) => spec.selector === undefined);
  const services = bare.length > 0 ? bare : all;
  const service = services[listing.at % services.length];
  if (!service) return objects;
  const { metadata: { name, namespace } } = service;
  const { ip, targetRef, ports } = listed(objects, service, listing);
  const addresses = [{ ip, ...targetRef }];
  const subset = listing.ready === false ? { notReadyAddresses: addresses, ports } : { addresses, ports };
  const labels = listing.at % 5 === 0 ? { labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } } : {};
  return [...objects, { apiVersion: 'v1', kind: 'Endpoints', metadata: { name, namespace, ...labels }, subsets: [subset] } as Manifest];
}

/** A WorkloadEntry at the address of a node, as far as a manifest says one. */
export function nodeMachine(objects: readonly Manifest[], place: number): readonly Manifest[] {
  const node = objects.flatMap((object: Manifest & Fields) => object.status?.hostIP ?? [])[0];
  const machines = objects.filter(({ kind }) => kind === 'WorkloadEntry');
  if (node === undefined || machines.length === 0) return objects;
  const machine = machines[place % machines.length];
  return objects.map((object) => (object === machine ? { ...object, spec: { ...object.spec, address: node } } : object));
}
