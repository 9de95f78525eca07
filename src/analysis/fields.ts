import { FieldPath, fieldText, valueAt } from '../findings/field-path';
import { Finding, Severity } from '../findings/finding';
import { ObjectChange } from '../findings/object-change';
import { Hop, Target } from '../mesh/calls/path';
import { addTo } from '../mesh/inventory/collections';
import { integer, isMapping, Mapping, mapping, mappings, text } from '../mesh/inventory/mapping';
import { MeshObject } from '../mesh/inventory/object';
import { Subset } from '../mesh/policies/destination-rule';
import { EnforcedMode } from '../mesh/policies/peer-authentication';
import { readDestination } from '../mesh/routes/route';
import { Service } from '../mesh/services/service';
import { PodSource } from '../mesh/workloads/pod-template';
import { Workload } from '../mesh/workloads/workload';

/** A field of an object. */
export interface FieldRef {
  readonly object: MeshObject;
  readonly field: FieldPath;
}

/** A field that decides something, and what it should be. */
export interface FieldFault extends Pick<Finding, 'field' | 'actual' | 'expected' | 'fix'> {
  readonly object: MeshObject;
  /** Changes that may mend it, the best first: the first that does when it is tried is told instead of `fix`. */
  readonly remedies?: readonly ObjectChange[];
  /** Where it isn't the rule's. */
  readonly severity?: Severity;
}

/** Keeps one value for each key, so that calls can be grouped by it. */
class Interner<T> {
  private readonly known = new Map<object, Map<string, T>>();

  /** @param make called if the key is new */
  of(object: object, detail: string, make: () => T): T {
    let values = this.known.get(object);
    if (!values) this.known.set(object, values = new Map());
    let value = values.get(detail);
    if (!value) values.set(detail, value = make());
    return value;
  }
}

/** The faults that a rule has found, each made once. */
export class FieldFaults extends Interner<FieldFault> {}

/** Where a field of a workload's pods is written. */
export function podField({ podSource }: Workload, ...field: FieldPath): PodSource {
  return { ...podSource, field: [...podSource.field, ...field] };
}

/** The field of the deciding policy that holds the mode of a port. */
export function modeField({ level }: EnforcedMode, port: number): FieldPath {
  return level === 'port' ? ['spec', 'portLevelMtls', String(port), 'mode'] : ['spec', 'mtls', 'mode'];
}

/** A traffic policy of a DestinationRule, or an entry of its `portLevelSettings`. */
export interface TrafficPolicyField extends FieldRef {
  readonly policy: Mapping;
  /** The subset that it is for. */
  readonly subset?: string;
  /** The port that it is for. */
  readonly port?: number;
}

/** All traffic policies of a DestinationRule, where `tls` may stand. */
export function trafficPolicyFields(object: MeshObject): readonly TrafficPolicyField[] {
  const { trafficPolicy, subsets } = object.spec;
  const fields: TrafficPolicyField[] = [];
  addFields(fields, object, trafficPolicy, ['spec', 'trafficPolicy']);
  mappings(subsets).forEach(({ name, trafficPolicy: policy }, number) =>
    addFields(fields, object, policy, ['spec', 'subsets', number, 'trafficPolicy'], text(name) ?? ''));
  return fields;
}

/** The index of a port's entry in the `portLevelSettings` of a traffic policy; -1: it has none. */
export function portEntryIn(trafficPolicy: unknown, port: number): number {
  return mappings(mapping(trafficPolicy).portLevelSettings).findIndex(({ port: of }) => integer(mapping(of).number) === port);
}

/** Where a DestinationRule has a subset. */
export function subsetField({ object, name: wanted }: Subset): FieldPath {
  return ['spec', 'subsets', mappings(object.spec.subsets).findIndex(({ name }) => name === wanted)];
}

/** Where a DestinationRule has the policy of a subset, or its own. */
export function policyField(subset?: Subset): FieldPath {
  return [...(subset ? subsetField(subset) : ['spec']), 'trafficPolicy'];
}

function addFields(fields: TrafficPolicyField[], object: MeshObject, policy: unknown, field: FieldPath, subset?: string): void {
  if (!isMapping(policy)) return;
  fields.push({ object, field, policy, subset });
  mappings(policy.portLevelSettings).forEach((entry, number) => {
    const port = integer(mapping(entry.port).number);
    if (port !== undefined) fields.push({ object, field: [...field, 'portLevelSettings', number], policy: entry, subset, port });
  });
}

/** The `tls` fields of DestinationRules by which clients send: of equal fields always the same reference. */
export class TlsFields {
  private readonly refs = new Interner<FieldRef>();

  /** Undefined if the rule of a hop says nothing of its TLS. */
  of(hop: Hop): FieldRef | undefined {
    const ref = tlsField(hop);
    return ref && this.refs.of(ref.object, fieldText(ref.field), () => ref);
  }
}

/** Whether a `tls` is that of a port's entry. */
export function isEntry({ field }: FieldRef): boolean {
  return field[field.length - 3] === 'portLevelSettings';
}

/** Whether the `tls` that a client goes by names a mode; one that doesn't means DISABLE. */
export function namesMode(hop: Hop): boolean {
  const ref = tlsField(hop);
  return ref === undefined || mapping(valueAt(ref.object.source, ref.field)).mode !== undefined;
}

function tlsField({ rule, subset, target: { port } }: Hop): FieldRef | undefined {
  return (subset && within(subset.object, policyField(subset), port)) ?? (rule?.policyFrom && within(rule.policyFrom, policyField(), port));
}

function within(object: MeshObject, field: FieldPath, port: number): FieldRef | undefined {
  const path = tlsPathIn(valueAt(object.source, field), port);
  return path && { object, field: [...field, ...path] };
}

/** The `tls` of a traffic policy that a port goes by: an entry for the port replaces the whole policy, its TLS too. */
export function tlsPathIn(trafficPolicy: unknown, port: number): FieldPath | undefined {
  const policy = mapping(trafficPolicy);
  const number = portEntryIn(policy, port);
  if (number >= 0) return mappings(policy.portLevelSettings)[number].tls === undefined ? undefined : ['portLevelSettings', number, 'tls'];
  return policy.tls === undefined ? undefined : ['tls'];
}

/** Where a Service or a ServiceEntry says who sees it. */
export function exportToField({ registry }: Service): FieldPath {
  return registry === 'Kubernetes' ? ['metadata', 'annotations', 'networking.istio.io/exportTo'] : ['spec', 'exportTo'];
}

/** Where a Service or a ServiceEntry has one of its ports. */
export function portField({ object, registry }: Service, port: number): FieldPath {
  const key = registry === 'Kubernetes' ? 'port' : 'number';
  return ['spec', 'ports', mappings(object.spec.ports).findIndex((entry) => integer(entry[key]) === port && entry.protocol !== 'UDP'), key];
}

/** Where a Service or a ServiceEntry names the protocol of one of its ports: a name that isn't there is at the port. */
export function protocolField(service: Service, port: number): FieldPath {
  const field = portField(service, port);
  const entry = mapping(mappings(service.object.spec.ports)[Number(field[2])]);
  const key = service.registry === 'ServiceEntry' ? 'protocol' : entry.appProtocol === undefined ? 'name' : 'appProtocol';
  return entry[key] === undefined ? field : [...field.slice(0, 3), key];
}

/** Where a Service or a ServiceEntry says which port of the servers is behind one of its own. */
export function targetPortField(service: Service, port: number): FieldPath {
  const field = portField(service, port);
  const entry = mapping(mappings(service.object.spec.ports)[Number(field[2])]);
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
    for (const [rule, { route }] of mappings(object.spec[kind]).entries()) {
      for (const [place, { destination }] of mappings(route).entries()) {
        const { host, port, subset } = readDestination(mapping(destination), object);
        addTo(index, keyOf(host, subset), { port, field: ['spec', kind, rule, 'route', place, 'destination'] });
      }
    }
  }
  return index;
}

function keyOf(host: string, subset: string | undefined): string {
  return JSON.stringify([host, subset]);
}
