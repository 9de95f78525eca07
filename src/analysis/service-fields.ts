import { setting } from './field-changes';
import { FieldPath } from '../findings/field-path';
import { ObjectChange } from '../findings/object-change';
import { integer, shape, shapes } from '../mesh/objects/shape';
import { Service } from '../mesh/services/service';

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

/** One of its ports declared to be of a protocol: by `appProtocol`, since others may go by the port's name. */
export function protocolSet(service: Service, port: number, protocol: string): ObjectChange {
  const entry = portField(service, port).slice(0, 3);
  return service.registry === 'Kubernetes' ? setting(service.object, [...entry, 'appProtocol'], protocol.toLowerCase())
    : setting(service.object, [...entry, 'protocol'], protocol);
}

/** Where a Service or a ServiceEntry says which port of the servers is behind one of its own. */
export function targetPortField(service: Service, port: number): FieldPath {
  const field = portField(service, port);
  const entry = shape(shapes(service.object.spec.ports)[Number(field[2])]);
  return entry.targetPort === undefined ? field : [...field.slice(0, 3), 'targetPort'];
}
