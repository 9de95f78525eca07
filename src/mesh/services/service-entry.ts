import { protocolNamed } from './protocol';
import { Resolution, Service, ServicePort } from './service';
import { MeshObject } from '../objects/mesh-object';
import { integer, isShape, labelsOf, Shape, shape, shapes, text, texts } from '../objects/shape';

const RESOLUTIONS: ReadonlyMap<string, Resolution> = new Map<string, Resolution>([
  ['STATIC', 'STATIC'],
  ['DNS', 'DNS'],
  ['DNS_ROUND_ROBIN', 'DNS'],
  ['DYNAMIC_DNS', 'DYNAMIC_DNS'],
]);

/** The services that a ServiceEntry makes: one for each host. */
export function servicesOfEntry(object: MeshObject): readonly Service[] {
  const { spec } = object;
  return texts(spec.hosts).map((host) => ({
    object,
    registry: 'ServiceEntry',
    namespace: object.namespace,
    name: object.name,
    host,
    ports: shapes(spec.ports).flatMap(readPort),
    resolution: RESOLUTIONS.get(text(spec.resolution) ?? '') ?? 'PASSTHROUGH',
    external: spec.location !== 'MESH_INTERNAL',
    exportTo: texts(spec.exportTo),
    selector: isShape(spec.workloadSelector) ? labelsOf(shape(spec.workloadSelector).labels) : undefined,
    addresses: texts(spec.addresses),
  }));
}

function readPort(port: Shape): readonly ServicePort[] {
  const number = integer(port.number);
  if (number === undefined) return [];
  return [{ number, name: text(port.name) ?? '', protocol: protocolNamed(text(port.protocol) ?? ''), transport: 'TCP', target: integer(port.targetPort) ?? 0 }];
}
