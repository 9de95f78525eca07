import { isDeepStrictEqual } from 'node:util';
import { valueAt } from '../../findings/finding';
import { shown } from '../../findings/safe-text';
import { isOf, KIND } from '../../mesh/inventory/kinds';
import { MeshObject, namesNamespace, objectText } from '../../mesh/inventory/object';
import { conversionWebhook } from '../../mesh/services/api-server-calls';
import { Evidence } from '../evidence';
import { Rule } from '../rule';

export const objectTwice: Rule = {
  code: 'MTLS601',
  name: 'object-twice',
  severity: 'warning',
  title: 'Two different manifests describe the same object',
  reads: ['any'],
  * find({ mesh: { objects } }: Evidence) {
    for (const { object, by } of objects.replaced) {
      if (isDeepStrictEqual(contentOf(object), contentOf(by))) continue;
      const isPlaced = namesNamespace(object) || namesNamespace(by) || object.namespace === '';
      yield {
        object,
        field: ['metadata', 'name'],
        replacedBy: by.source,
        severity: isPlaced ? 'warning' : 'info',
        actual: shown(object.name),
        expected: 'one manifest per object',
        because: `another manifest of ${objectText(object)} comes later and replaces this one, as when both are applied`
          + `${isPlaced ? '' : ' to the same namespace; neither names its namespace'}`,
        fix: isPlaced
          ? 'delete one of them, or check manifests for different clusters separately'
          : 'delete one of them, or set metadata.namespace if they are for two namespaces',
      };
    }
  },
};

/**
 * The parts of a manifest that matter: not its API version, status, or metadata from the API server. Of a ConfigMap only the mesh config,
 * and of a CustomResourceDefinition, which many projects vendor in their own version, only the Service that the API server calls.
 */
function contentOf(object: MeshObject): unknown {
  const { labels, annotations, source } = object;
  if (isOf(object, KIND.ConfigMap)) return valueAt(source, ['data', 'mesh']);
  if (isOf(object, KIND.CustomResourceDefinition)) return conversionWebhook(object);
  const { apiVersion, metadata, status, ...content } = source as Readonly<Record<string, unknown>>;
  return { ...content, labels, own: Object.entries(annotations).filter(([name]) => name.includes('istio')).sort() };
}
