import { protocolOfPort, EXPORT_TO, Resolution, Service, ServicePort } from './service';
import { indexedMappings, integer, labelsOf, Mapping, text, texts } from '../../manifests/mapping';
import { FieldRef } from '../inventory/field-ref';
import { MeshObject } from '../inventory/object';
import { serviceHost } from '../names/hosts';
import { isEmpty } from '../names/labels';

export function kubernetesService(object: MeshObject): Service {
  const { namespace, name, spec, annotations } = object;
  const externalName = spec.type === 'ExternalName' ? text(spec.externalName) : undefined;
  const selector = labelsOf(spec.selector);
  return {
    object,
    registry: 'Kubernetes',
    namespace,
    name,
    host: serviceHost(name, object),
    ports: indexedMappings(spec.ports).flatMap(([index, port]) => readPort(port, { object, field: ['spec', 'ports', index] })),
    resolution: resolutionOf(spec, externalName),
    external: externalName !== undefined,
    exposed: spec.type === 'NodePort' || spec.type === 'LoadBalancer',
    exportTo: (annotations[EXPORT_TO] ?? '').split(',').map((entry) => entry.trim()).filter(Boolean),
    selector: isEmpty(selector) || externalName !== undefined ? undefined : selector,
    addresses: [...new Set([text(spec.clusterIP), ...texts(spec.clusterIPs)])].filter((ip) => (
      ip !== undefined && ip !== 'None')) as string[],
    externalName,
  };
}

function resolutionOf(spec: Mapping, externalName: string | undefined): Resolution {
  if (spec.clusterIP === 'None') return 'PASSTHROUGH';
  return externalName === undefined ? 'STATIC' : 'ALIAS';
}

/** Empty for a port out of range, which the API server rejects. A target of 0 counts as unset. */
function readPort(port: Mapping, at: FieldRef): readonly ServicePort[] {
  const number = integer(port.port);
  if (number === undefined || !isPort(number)) return [];
  const target = (integer(port.targetPort) || text(port.targetPort)) ?? number;
  if (typeof target === 'number' && !isPort(target)) return [];
  const name = text(port.name) ?? '';
  const transport = text(port.protocol) ?? 'TCP';
  const protocol = protocolOfPort({ number, name, transport, appProtocol: text(port.appProtocol) });
  const protocolField = (port.appProtocol ?? undefined) !== undefined ? 'appProtocol' : port.name !== undefined ? 'name' : undefined;
  return [{ at, number, name, protocol, protocolField, transport, target, hasTargetField: port.targetPort !== undefined }];
}

function isPort(number: number): boolean {
  return number >= 1 && number <= 65535;
}
