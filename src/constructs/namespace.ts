import { Chart } from 'cdk8s';
import { IConstruct } from 'constructs';
import { Refuse, refusing } from './refuse';
import { refusal, withArticle } from '../findings/refusal';

const NAMESPACE = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** Whether a namespace can have this name. */
export function isNamespaceName(name: unknown): boolean {
  return typeof name === 'string' && NAMESPACE.test(name);
}

const REVISION = /^[a-z0-9]([-a-z0-9]{0,56}[a-z0-9])?$/;

/** Whether a revision of istiod can have this name, which is part of the names of a ConfigMap and a Service. */
export function isRevisionName(name: unknown): boolean {
  return typeof name === 'string' && REVISION.test(name);
}

/** Rejects a namespace that can't exist. */
export function checkedNamespace(name: string, refuse: Refuse, field = 'metadata.namespace'): string {
  if (isNamespaceName(name)) return name;
  throw refuse({
    code: 'API018',
    field,
    actual: typeof name === 'string' ? `'${name}'` : withArticle(typeof name),
    expected: 'at most 63 lowercase letters, digits and dashes',
    because: 'no other namespace can exist',
    fix: 'correct the name',
  });
}

/** For which object a namespace is needed. */
export interface NamespaceQuestion {
  /** The construct, or its scope. */
  readonly scope: IConstruct;
  /** Its path, for a construct that doesn't exist yet. */
  readonly path?: string;
  /** Kind of the object that needs the namespace. */
  readonly kind: string;
  /** The namespace that the user passed. */
  readonly asked?: string;
}

/**
 * The namespace of this construct's object: the one passed, else the chart's.
 *
 * An object without a namespace would land in kubectl's current namespace, so there is no fallback to `default`.
 * As in cdk8s, a nested chart doesn't inherit its parent's namespace.
 */
export function namespaceOf({ scope, path = scope.node.path, kind, asked }: NamespaceQuestion): string {
  const namespace = asked ?? Chart.of(scope).namespace;
  if (!namespace) {
    throw refusal({
      code: 'API004',
      kind,
      path,
      field: 'metadata.namespace',
      actual: 'missing',
      expected: 'a namespace',
      because: "the object would land in kubectl's current namespace",
      fix: "pass 'namespace', or set it on the chart: new Chart(app, 'id', { namespace })",
    });
  }
  return checkedNamespace(namespace, refusing(kind, path));
}
