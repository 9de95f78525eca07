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

/** Whether a revision of istiod can have this name, which becomes part of the names of a ConfigMap and a Service. */
export function isRevisionName(name: unknown): boolean {
  return typeof name === 'string' && REVISION.test(name);
}

/** Refuses a namespace that can't exist. */
export function checkedNamespace(name: string, refuse: Refuse, field = 'metadata.namespace'): string {
  if (isNamespaceName(name)) return name;
  throw refuse({
    code: 'MTLS018',
    field,
    actual: typeof name === 'string' ? `'${name}'` : withArticle(typeof name),
    expected: 'a namespace: at most 63 small letters, digits and dashes',
    because: 'no other can exist',
    fix: 'correct the name',
  });
}

/** Who asks for a namespace. */
export interface NamespaceQuestion {
  /** The construct, or where it will be. */
  readonly scope: IConstruct;
  /** Its path, for a construct that isn't there yet. */
  readonly path?: string;
  /** Kind of the object that needs the namespace. */
  readonly kind: string;
  /** The namespace that the user asked for. */
  readonly asked?: string;
}

/**
 * The namespace that an object of this construct gets: the one asked for, else the chart's.
 *
 * An object without a namespace would land wherever `kubectl` points to that day, so there is no fallback to
 * `default`. A nested chart does not inherit its parent's namespace, in cdk8s as here.
 */
export function namespaceOf({ scope, path = scope.node.path, kind, asked }: NamespaceQuestion): string {
  const namespace = asked ?? Chart.of(scope).namespace;
  if (!namespace) {
    throw refusal({
      code: 'MTLS004',
      kind,
      path,
      field: 'metadata.namespace',
      actual: 'not given',
      expected: 'a namespace',
      because: 'without one it lands in whatever namespace kubectl points to',
      fix: "pass 'namespace', or give the chart one: new Chart(app, 'id', { namespace })",
    });
  }
  return checkedNamespace(namespace, refusing(kind, path));
}
