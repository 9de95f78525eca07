import { indexedMappings, integer, mapping, text } from '../../manifests/mapping';
import { FieldRef } from '../inventory/field-ref';
import { MeshObject } from '../inventory/object';

/** An Ingress: its controller is outside the mesh and routes to Services. */
export interface Ingress {
  readonly object: MeshObject;
  /** The name of its IngressClass; undefined if it has none. */
  readonly className?: string;
  readonly backends: readonly IngressBackend[];
}

/** A Service and port in an Ingress. */
interface IngressBackend {
  /** The field with the Service. */
  readonly at: FieldRef;
  readonly service: string;
  readonly port: { readonly number?: number; readonly name?: string };
}

export function readIngress(object: MeshObject): Ingress {
  const { defaultBackend, ingressClassName, rules } = object.spec;
  return {
    object,
    className: text(ingressClassName),
    backends: [
      readBackend(defaultBackend, { object, field: ['spec', 'defaultBackend', 'service', 'name'] }),
      ...indexedMappings(rules).flatMap(([rule, { http }]) => indexedMappings(mapping(http).paths).map(([path, { backend }]) =>
        readBackend(backend, { object, field: ['spec', 'rules', rule, 'http', 'paths', path, 'backend', 'service', 'name'] }))),
    ],
  };
}

function readBackend(backend: unknown, at: FieldRef): IngressBackend {
  const { name, port } = mapping(mapping(backend).service);
  const { number, name: portName } = mapping(port);
  return { at, service: text(name) ?? '', port: { number: integer(number), name: text(portName) } };
}

/** The controller of an IngressClass. */
export function controllerOf({ spec }: MeshObject): string | undefined {
  return text(spec.controller);
}
