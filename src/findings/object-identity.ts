import { redacted } from './safe-text';

/** The object of a finding, as far as the object identifies itself. */
export interface ObjectIdentity {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** @param object a manifest, as read */
export function objectIdentity({ apiVersion, kind, metadata }: Readonly<Record<string, unknown>>): ObjectIdentity {
  const { namespace, name, generateName } = (metadata ?? {}) as Readonly<Record<string, unknown>>;
  return { apiVersion: textOf(apiVersion), kind: textOf(kind), namespace: textOf(namespace), name: textOf(name ?? generateName) };
}

/** `DestinationRule shop/ratings`. */
export function titleOf({ kind = 'Object', namespace, name }: ObjectIdentity): string {
  const path = [namespace, name].filter(Boolean).join('/');
  return path === '' ? `${kind} without a name` : `${kind} ${path}`;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? redacted(value) : undefined;
}
