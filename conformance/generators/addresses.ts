// Some meshes say who has which address, and name those addresses elsewhere: as ServiceEntries', WorkloadEntries' and EndpointSlices' own.
import fc from 'fast-check';
import type { Fields, Manifest } from '../manifest';
import { isA } from '../specs';
import { maybe } from './words';

const several = <T>(arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { minLength: 5, maxLength: 5 });

/** Whose addresses are said, and which of them other objects name. */
interface Addressing {
  readonly services: readonly boolean[];
  readonly pods: readonly boolean[];
  /** Which of the known addresses each object names, if it names one. */
  readonly named: readonly (number | undefined)[];
  readonly range: number | undefined;
}

/** Most meshes say nothing of addresses, as manifests before they are applied. */
export const addressing: fc.Arbitrary<Addressing | undefined> = maybe(fc.record({
  services: several(fc.boolean()),
  pods: several(fc.boolean()),
  named: several(fc.option(fc.integer({ min: 0, max: 7 }), { nil: undefined, freq: 3 })),
  range: maybe(fc.integer({ min: 0, max: 4 }), 3),
}), 4);

const NODE = '192.0.2.200';
const RANGES = ['10.97.0.0/16', '10.130.0.0/24', '10.130.0.128/25', '192.0.2.0/24', '240.0.0.0/4'];

/** A mesh's objects, with addresses. */
export function addressed(objects: readonly Manifest[], plan: Addressing | undefined): readonly Manifest[] {
  if (!plan) return objects;
  const known: string[] = [];
  const pods = podsOf(objects);
  const placed = objects.map((object, index) => {
    if (isA('Service', object) && object.spec.externalName === undefined && object.spec.clusterIP === undefined && plan.services[index % 5]) {
      const clusterIP = `10.97.0.${index + 1}`;
      known.push(clusterIP);
      return { ...object, spec: { ...object.spec, clusterIP, clusterIPs: [clusterIP] } };
    }
    if (!plan.pods[index % 5] || (object.kind === 'Deployment' && pods.has(`${object.metadata.namespace}/${object.metadata.name}`))) return object;
    return asPod(object, index, known);
  });
  if (known.length === 0) return placed;
  const taken = new Set<string>();
  return placed.map((object, index) => {
    const choice = plan.named[index % 5];
    const address = choice === undefined ? undefined : [...known, NODE][choice % (known.length + 1)];
    return address === undefined ? object : naming(object, address, plan.range, taken);
  });
}

const podsOf = (objects: readonly Manifest[]) => new Set(objects.flatMap(({ kind, metadata: { namespace, name } }) => (kind === 'Pod' ? [`${namespace}/${name}`] : [])));

/** A Pod with its addresses, in place of what would run it. */
function asPod(object: Manifest, index: number, known: string[]): Manifest {
  if (!runsPods(object)) return object;
  const pod = podAt(object, `10.130.0.${index + 1}`);
  if (!pod.spec.hostNetwork) known.push(pod.status.podIP);
  return pod;
}

export const runsPods = ({ kind }: Manifest): boolean => kind === 'Pod' || kind === 'Deployment';

/** A Pod in place of what runs it, at its node's address or one of its own. */
export function podAt(object: Manifest, own: string): Manifest & Fields {
  const { kind, metadata: { name, namespace }, spec } = object;
  const { metadata, spec: pod } = kind === 'Pod' ? object : spec.template;
  const podIP = pod.hostNetwork ? NODE : own;
  const status = { podIP, podIPs: [{ ip: podIP }], hostIP: NODE };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, name, namespace }, spec: pod, status };
}

function naming(object: Manifest, address: string, range: number | undefined, taken: Set<string>): Manifest {
  const { kind, spec } = object;
  if (kind === 'WorkloadEntry') {
    if (address === NODE || taken.has(address)) return object;
    taken.add(address);
    return { ...object, spec: { ...spec, address } };
  }
  // The API server's documentation forbids addresses of Services there.
  if (kind === 'EndpointSlice' && !address.startsWith('10.130.')) return object;
  if (kind === 'EndpointSlice') return { ...object, endpoints: [{ addresses: [address] }] } as Manifest;
  if (kind !== 'ServiceEntry') return object;
  const isStatic = spec.resolution === 'STATIC' && spec.endpoints;
  const endpoints = isStatic ? { endpoints: [{ ...spec.endpoints[0], address }, ...spec.endpoints.slice(1)] } : {};
  const isFixed = spec.resolution === 'STATIC' || spec.resolution === 'NONE';
  const own = range !== undefined && isFixed ? [RANGES[range]] : isStatic && range === undefined ? spec.addresses : [address];
  return { ...object, spec: { ...spec, ...own && { addresses: own }, ...endpoints } };
}
