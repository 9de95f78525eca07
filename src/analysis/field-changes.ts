import { podPlace, portField } from './fields';
import { FieldPath, valueAt } from '../findings/field-path';
import { ChangedObject, FieldChange, ObjectChange } from '../findings/object-change';
import { MeshObject, nameOf } from '../mesh/objects/mesh-object';
import { Shape, shape, shapes, text } from '../mesh/objects/shape';
import { Service } from '../mesh/services/service';
import { PodSource } from '../mesh/workloads/pod-template';
import { Workload } from '../mesh/workloads/workload';

/** One field set. */
export function setting(object: MeshObject, path: FieldPath, value: unknown): ObjectChange {
  return change(object, { op: 'set', path, value });
}

export function change(object: MeshObject, ...fields: readonly FieldChange[]): ObjectChange {
  return { object: identityOf(object), fields };
}

/** An object deleted. */
export function deletion(object: MeshObject): ObjectChange {
  return { object: identityOf(object), delete: true };
}

/** What a change says of its object: the API version, too, since objects of two groups may have one kind. */
export function identityOf(object: MeshObject): ChangedObject {
  return { apiVersion: text((object.source as Shape).apiVersion)!, ...nameOf(object) };
}

/** A field removed, with what in the spec around it would say nothing without it. */
export function removing(object: MeshObject, path: FieldPath): ObjectChange {
  return change(object, { op: 'remove', path: wholeOf(object, path) });
}

/** The same of a field of a workload's pods. */
export function removingAt({ object, field }: PodSource): ObjectChange {
  return removing(object, field);
}

/** A label of a workload's pods removed; none by which the workload finds its pods, since the API server refuses that. */
export function removingLabel(workload: Workload, label: string): readonly ObjectChange[] {
  const place = podPlace(workload, 'metadata', 'labels', label);
  const selector = shape(place.object.spec.selector);
  const isSelected = label in selector || label in shape(selector.matchLabels) || shapes(selector.matchExpressions).some(({ key }) => key === label);
  return isSelected ? [] : [removingAt(place)];
}

function wholeOf(object: MeshObject, path: FieldPath): FieldPath {
  const around = path.slice(0, -1);
  return around.length > 1 && !around.includes('metadata') && isAlone(valueAt(object.source, around), path[path.length - 1]) ? wholeOf(object, around) : path;
}

/** Whether a field is all that what is around it says; the port of an entry of `portLevelSettings` says nothing by itself. */
function isAlone(around: unknown, step: string | number): boolean {
  if (Array.isArray(around)) return around.length === 1;
  return Object.keys(around as object).every((key) => key === step || (key === 'port' && step === 'tls'));
}

/** One of its ports declared to be of a protocol: by `appProtocol`, since others may go by the port's name. */
export function protocolSet(service: Service, port: number, protocol: string): ObjectChange {
  const entry = portField(service, port).slice(0, 3);
  return service.registry === 'Kubernetes' ? setting(service.object, [...entry, 'appProtocol'], protocol.toLowerCase())
    : setting(service.object, [...entry, 'protocol'], protocol);
}
