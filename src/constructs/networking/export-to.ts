import { isNamespaceName } from '../namespace';
import { Refuse } from '../refuse';

/** Rejects an `exportTo` that istiod rejects, and an empty one, which Istio reads as the mesh's default. */
export function checkExportTo(exportTo: readonly string[] | undefined, namespace: string, refuse: Refuse): void {
  if (!exportTo) return;
  const problem = problemOf(exportTo, namespace);
  if (!problem) return;
  throw refuse({
    code: 'API032',
    field: 'exportTo',
    actual: `[${exportTo.map((entry) => `'${entry}'`).join(', ')}]`,
    expected: "'*' alone, or namespaces ('.' is the object's own), each once",
    because: problem,
    fix: exportTo.length === 0 ? "remove it, or pass ['.']" : 'correct the list',
  });
}

/** The namespaces that see an object; undefined for all, which is the default. */
export function audienceOf(exportTo: readonly string[] | undefined, namespace: string): Set<string> | undefined {
  if (!exportTo || exportTo.length === 0 || exportTo.includes('*')) return undefined;
  return new Set(exportTo.map((entry) => (entry === '.' ? namespace : entry)));
}

function problemOf(exportTo: readonly string[], namespace: string): string | undefined {
  if (exportTo.length === 0) return "Istio reads an empty list as the mesh's default, which is every namespace";
  if (exportTo.includes('*') && exportTo.length > 1) return "'*' already means all namespaces";
  const unknown = exportTo.find((entry) => !['*', '.'].includes(entry) && !isNamespaceName(entry));
  if (unknown !== undefined) return `'${unknown}' isn't a valid namespace`;
  return exportTo.length > (audienceOf(exportTo, namespace)?.size ?? 1) ? 'a namespace is listed twice' : undefined;
}
