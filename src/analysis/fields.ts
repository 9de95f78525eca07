import { FieldPath, fieldText, valueAt } from '../findings/field-path';
import { Finding, Severity } from '../findings/finding';
import { ObjectChange } from '../findings/object-change';
import { Subset } from '../mesh/client/destination-rule';
import { Hop, Target } from '../mesh/connections/path';
import { addTo } from '../mesh/grouped';
import { MeshObject } from '../mesh/objects/mesh-object';
import { integer, isShape, Shape, shape, shapes, text } from '../mesh/objects/shape';
import { readDestination } from '../mesh/routes/destinations';
import { EnforcedMode } from '../mesh/server/server-mode';
import { Service } from '../mesh/services/service';
import { PodSource } from '../mesh/workloads/pod-template';
import { Workload } from '../mesh/workloads/workload';

/** Where something is decided, and what should be there. */
export interface Place extends Pick<Finding, 'field' | 'actual' | 'expected' | 'fix'> {
  readonly object: MeshObject;
  /** Changes that may mend it, the best first: the first that does when it is tried is told instead of `fix`. */
  readonly remedies?: readonly ObjectChange[];
  /** Where it isn't the rule's. */
  readonly severity?: Severity;
}

/** Places by what they are of, so that the same place is the same object each time: calls are grouped by it. */
export class Places<P = Place> {
  private readonly known = new Map<object, Map<string, P>>();

  /** @param make called if the place isn't known yet */
  of(object: object, detail: string, make: () => P): P {
    let places = this.known.get(object);
    if (!places) this.known.set(object, places = new Map());
    let place = places.get(detail);
    if (!place) places.set(detail, place = make());
    return place;
  }
}

/** Where a field of a workload's pods is written. */
export function podPlace({ podSource }: Workload, ...field: FieldPath): PodSource {
  return { ...podSource, field: [...podSource.field, ...field] };
}

/** The field of the deciding policy that holds the mode of a port. */
export function modeField({ level }: EnforcedMode, port: number): FieldPath {
  return level === 'port' ? ['spec', 'portLevelMtls', String(port), 'mode'] : ['spec', 'mtls', 'mode'];
}

/** A traffic policy of a DestinationRule, or an entry of its `portLevelSettings`. */
export interface PolicyPlace {
  readonly object: MeshObject;
  readonly field: FieldPath;
  readonly policy: Shape;
  /** The subset that it is for. */
  readonly subset?: string;
  /** The port that it is for. */
  readonly port?: number;
}

/** All places of a DestinationRule where `tls` may stand. */
export function policyPlaces(object: MeshObject): readonly PolicyPlace[] {
  const { trafficPolicy, subsets } = object.spec;
  const places: PolicyPlace[] = [];
  addPlaces(places, object, trafficPolicy, ['spec', 'trafficPolicy']);
  shapes(subsets).forEach(({ name, trafficPolicy: policy }, number) =>
    addPlaces(places, object, policy, ['spec', 'subsets', number, 'trafficPolicy'], text(name) ?? ''));
  return places;
}

/** The place of a port's entry in the `portLevelSettings` of a traffic policy; -1: it has none. */
export function portEntryIn(trafficPolicy: unknown, port: number): number {
  return shapes(shape(trafficPolicy).portLevelSettings).findIndex(({ port: of }) => integer(shape(of).number) === port);
}

/** Where a DestinationRule has a subset. */
export function subsetField({ object, name: wanted }: Subset): FieldPath {
  return ['spec', 'subsets', shapes(object.spec.subsets).findIndex(({ name }) => name === wanted)];
}

/** Where a DestinationRule has the policy of a subset, or its own. */
export function policyField(subset?: Subset): FieldPath {
  return [...(subset ? subsetField(subset) : ['spec']), 'trafficPolicy'];
}

function addPlaces(places: PolicyPlace[], object: MeshObject, policy: unknown, field: FieldPath, subset?: string): void {
  if (!isShape(policy)) return;
  places.push({ object, field, policy, subset });
  shapes(policy.portLevelSettings).forEach((entry, number) => {
    const port = integer(shape(entry.port).number);
    if (port !== undefined) places.push({ object, field: [...field, 'portLevelSettings', number], policy: entry, subset, port });
  });
}

/** The `tls` of a DestinationRule that a client goes by. */
export interface TlsPlace {
  readonly object: MeshObject;
  readonly field: FieldPath;
}

/** Finds the places where rules say which TLS clients send: the same place is the same object each time. */
export class TlsPlaces {
  private readonly places = new Places<TlsPlace>();

  /** Undefined if the rule of a way says nothing of its TLS. */
  of(hop: Hop): TlsPlace | undefined {
    const place = placeOf(hop);
    return place && this.places.of(place.object, fieldText(place.field), () => place);
  }
}

/** Whether a `tls` is that of a port's entry. */
export function isEntry({ field }: TlsPlace): boolean {
  return field[field.length - 3] === 'portLevelSettings';
}

/** Whether the `tls` that a client goes by names a mode; one that doesn't means DISABLE. */
export function namesMode(hop: Hop): boolean {
  const place = placeOf(hop);
  return place === undefined || shape(valueAt(place.object.source, place.field)).mode !== undefined;
}

function placeOf({ rule, subset, target: { port } }: Hop): TlsPlace | undefined {
  return (subset && within(subset.object, policyField(subset), port)) ?? (rule?.policyFrom && within(rule.policyFrom, policyField(), port));
}

function within(object: MeshObject, field: FieldPath, port: number): TlsPlace | undefined {
  const path = tlsPathIn(valueAt(object.source, field), port);
  return path && { object, field: [...field, ...path] };
}

/** The `tls` of a traffic policy that a port goes by: an entry for the port replaces the whole policy, its TLS too. */
export function tlsPathIn(trafficPolicy: unknown, port: number): FieldPath | undefined {
  const policy = shape(trafficPolicy);
  const number = portEntryIn(policy, port);
  if (number >= 0) return shapes(policy.portLevelSettings)[number].tls === undefined ? undefined : ['portLevelSettings', number, 'tls'];
  return policy.tls === undefined ? undefined : ['tls'];
}

/** Where a Service or a ServiceEntry says who sees it. */
export function exportToField({ registry }: Service): FieldPath {
  return registry === 'Kubernetes' ? ['metadata', 'annotations', 'networking.istio.io/exportTo'] : ['spec', 'exportTo'];
}

/** Where a Service or a ServiceEntry has one of its ports. */
export function portField({ object, registry }: Service, port: number): FieldPath {
  const key = registry === 'Kubernetes' ? 'port' : 'number';
  return ['spec', 'ports', shapes(object.spec.ports).findIndex((entry) => integer(entry[key]) === port && entry.protocol !== 'UDP'), key];
}

/** Where a Service or a ServiceEntry names the protocol of one of its ports: a name that isn't there is at the port. */
export function protocolField(service: Service, port: number): FieldPath {
  const field = portField(service, port);
  const entry = shape(shapes(service.object.spec.ports)[Number(field[2])]);
  const key = service.registry === 'ServiceEntry' ? 'protocol' : entry.appProtocol === undefined ? 'name' : 'appProtocol';
  return entry[key] === undefined ? field : [...field.slice(0, 3), key];
}

/** Where a Service or a ServiceEntry says which port of the servers is behind one of its own. */
export function targetPortField(service: Service, port: number): FieldPath {
  const field = portField(service, port);
  const entry = shape(shapes(service.object.spec.ports)[Number(field[2])]);
  return entry.targetPort === undefined ? field : [...field.slice(0, 3), 'targetPort'];
}

/** A destination of a VirtualService, and where it is written. */
interface Written {
  readonly port?: number;
  readonly field: FieldPath;
}

const INDEXES = new WeakMap<MeshObject, ReadonlyMap<string, readonly Written[]>>();

/** The destination of a VirtualService that names a host and port; all of it if none does, as for the host behind an ExternalName. */
export function destinationField(object: MeshObject, { host, port, subset }: Target): FieldPath {
  let index = INDEXES.get(object);
  if (!index) INDEXES.set(object, index = indexOf(object));
  const written = index.get(keyOf(host, subset))?.find((one) => one.port === undefined || one.port === port);
  return written?.field ?? ['spec'];
}

function indexOf(object: MeshObject): ReadonlyMap<string, readonly Written[]> {
  const index = new Map<string, Written[]>();
  for (const kind of ['http', 'tcp', 'tls']) {
    for (const [rule, { route }] of shapes(object.spec[kind]).entries()) {
      for (const [place, { destination }] of shapes(route).entries()) {
        const { host, port, subset } = readDestination(shape(destination), object);
        addTo(index, keyOf(host, subset), { port, field: ['spec', kind, rule, 'route', place, 'destination'] });
      }
    }
  }
  return index;
}

function keyOf(host: string, subset: string | undefined): string {
  return JSON.stringify([host, subset]);
}
