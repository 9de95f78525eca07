import { FieldPath } from '../../findings/finding';
import { indexedMappings, integer, mapping, text } from '../../manifests/mapping';
import { FieldRef } from '../inventory/field-ref';
import { kindNameOf } from '../inventory/kinds';
import { MeshObject } from '../inventory/object';

/** A Service that the API server calls itself. */
export interface ApiServerCall {
  /** The reference to the Service. */
  readonly at: FieldRef;
  readonly service: { readonly namespace: string; readonly name: string; readonly port: number };
}

/** The Services that an object makes the API server call: admission and conversion webhooks, and aggregated APIs. */
export function apiServerCallsOf(object: MeshObject): readonly ApiServerCall[] {
  switch (kindNameOf(object)) {
    case 'APIService': return callTo(object, ['spec', 'service'], object.spec.service);
    case 'CustomResourceDefinition': return ofConversion(object);
    default: return ofWebhooks(object);
  }
}

function ofWebhooks(object: MeshObject): readonly ApiServerCall[] {
  return indexedMappings(mapping(object.source).webhooks).flatMap(([index, { clientConfig }]) =>
    callTo(object, ['webhooks', index, 'clientConfig', 'service'], mapping(clientConfig).service));
}

function ofConversion(object: MeshObject): readonly ApiServerCall[] {
  const { clientConfig } = mapping(conversionWebhook(object));
  return callTo(object, ['spec', 'conversion', 'webhook', 'clientConfig', 'service'], mapping(clientConfig).service);
}

/** The `spec.conversion.webhook` of a CustomResourceDefinition. */
export function conversionWebhook({ spec }: MeshObject): unknown {
  return mapping(spec.conversion).webhook;
}

function callTo(object: MeshObject, field: FieldPath, reference: unknown): readonly ApiServerCall[] {
  const { namespace, name, port } = mapping(reference);
  const [inNamespace, called] = [text(namespace), text(name)];
  if (inNamespace === undefined || called === undefined) return [];
  return [{ at: { object, field }, service: { namespace: inNamespace, name: called, port: integer(port) ?? 443 } }];
}
