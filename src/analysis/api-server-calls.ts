import { ReadKind } from './rule';
import { FieldPath } from '../findings/field-path';
import { MeshObject } from '../mesh/objects/mesh-object';
import { Objects } from '../mesh/objects/objects';
import { integer, shape, shapes, text } from '../mesh/objects/shape';

/** A Service that the API server calls itself. */
export interface ApiServerCall {
  readonly object: MeshObject;
  /** The reference to the Service. */
  readonly field: FieldPath;
  readonly service: { readonly namespace: string; readonly name: string; readonly port: number };
}

/** The kinds that have the API server call Services. */
export const API_SERVER_CALLERS: readonly ReadKind[] = [
  'APIService', 'CustomResourceDefinition', 'MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration',
];

/** What the API server calls in the cluster: webhooks of admission and conversion, and APIs that are served elsewhere. */
export function apiServerCalls(objects: Objects): readonly ApiServerCall[] {
  return [
    ...['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'].flatMap((kind) => objects.of(kind)).flatMap(ofWebhooks),
    ...objects.of('APIService').flatMap((object) => callTo(object, ['spec', 'service'], object.spec.service)),
    ...objects.of('CustomResourceDefinition').flatMap(ofConversion),
  ];
}

function ofWebhooks(object: MeshObject): readonly ApiServerCall[] {
  return shapes(shape(object.source).webhooks).flatMap(({ clientConfig }, number) =>
    callTo(object, ['webhooks', number, 'clientConfig', 'service'], shape(clientConfig).service));
}

function ofConversion(object: MeshObject): readonly ApiServerCall[] {
  const { clientConfig } = shape(shape(object.spec.conversion).webhook);
  return callTo(object, ['spec', 'conversion', 'webhook', 'clientConfig', 'service'], shape(clientConfig).service);
}

function callTo(object: MeshObject, field: FieldPath, reference: unknown): readonly ApiServerCall[] {
  const { namespace, name, port } = shape(reference);
  const [inNamespace, called] = [text(namespace), text(name)];
  if (inNamespace === undefined || called === undefined) return [];
  return [{ object, field, service: { namespace: inNamespace, name: called, port: integer(port) ?? 443 } }];
}
