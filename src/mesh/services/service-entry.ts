import { protocolNamed, Resolution, Service, ServicePort } from './service';
import { indexedMappings, integer, isMapping, labelsOf, Mapping, mapping, text, texts } from '../../manifests/mapping';
import { FieldRef } from '../inventory/field-ref';
import { MeshObject } from '../inventory/object';

const RESOLUTIONS: ReadonlyMap<string, Resolution> = new Map<string, Resolution>([
  ['STATIC', 'STATIC'],
  ['DNS', 'DNS'],
  ['DNS_ROUND_ROBIN', 'DNS'],
  ['DYNAMIC_DNS', 'DYNAMIC_DNS'],
]);

/** The services that a ServiceEntry makes: one for each host. */
export function servicesOfEntry(object: MeshObject): readonly Service[] {
  const { spec } = object;
  const exportTo = texts(spec.exportTo);
  const selector = isMapping(spec.workloadSelector) ? labelsOf(mapping(spec.workloadSelector).labels) : undefined;
  const addresses = texts(spec.addresses);
  const ports = indexedMappings(spec.ports).flatMap(([index, port]) => readPort(port, { object, field: ['spec', 'ports', index] }));
  return texts(spec.hosts).map((host) => ({
    object,
    registry: 'ServiceEntry',
    namespace: object.namespace,
    name: object.name,
    host,
    ports: ports.map((port) => ({ ...port })),
    resolution: RESOLUTIONS.get(text(spec.resolution) ?? '') ?? 'PASSTHROUGH',
    external: spec.location !== 'MESH_INTERNAL',
    exposed: false,
    exportTo,
    selector,
    addresses,
  }));
}

/** The field of a ServiceEntry with a service's host. */
export function hostAt({ object, host }: Service): FieldRef {
  return { object, field: ['spec', 'hosts', (object.spec.hosts as readonly unknown[]).indexOf(host)] };
}

function readPort(port: Mapping, at: FieldRef): readonly ServicePort[] {
  const number = integer(port.number);
  if (number === undefined) return [];
  return [{
    at,
    number,
    name: text(port.name) ?? '',
    protocol: protocolNamed(text(port.protocol) ?? ''),
    protocolField: port.protocol === undefined ? undefined : 'protocol',
    transport: 'TCP',
    target: integer(port.targetPort) ?? 0,
    hasTargetField: port.targetPort !== undefined,
  }];
}
