import { FieldPath, Finding } from '../findings/finding';
import { mayShowKey } from '../findings/safe-text';
import { late } from '../modules/late';

/** Identifies a finding across runs: code, object and field. */
export interface FindingKey {
  readonly code: string;
  /** The API group without the version, which may change; empty for the core group. */
  readonly group: string;
  readonly kind: string;
  /** Empty if the manifest doesn't name one. */
  readonly namespace: string;
  readonly name: string;
  /** As `stableField` writes it; empty for the object as a whole. */
  readonly field: string;
}

/** A finding that a baseline may hold. */
export interface Keyable extends Pick<Finding, 'code' | 'field'> {
  readonly connections?: number;
}

/** @param object the manifest; undefined for a finding about the run, such as about an acknowledgement on the command line */
export function baselineKey({ code, field }: Keyable, object: object | undefined): FindingKey {
  const { apiVersion, kind, metadata } =
    (object ?? {}) as { apiVersion?: unknown; kind?: unknown; metadata?: Record<string, unknown> | null };
  const { namespace, name, generateName } = metadata ?? {};
  const version = textOf(apiVersion);
  return {
    code,
    group: harmless(version.includes('/') ? version.slice(0, version.lastIndexOf('/')) : ''),
    kind: harmless(textOf(kind)),
    namespace: harmless(textOf(namespace)),
    name: harmless(textOf(name ?? generateName)),
    field: stableField(field, object),
  };
}

/** A key as a unique string. */
export function keyText({ code, group, kind, namespace, name, field }: FindingKey): string {
  return JSON.stringify([namespace, kind, name, code, field, group]);
}

/**
 * A field path that stays the same when list items are added: an item is identified by its name if that is unique in the list,
 * otherwise not at all: `spec.http[*].route[*].destination`, `spec.subsets[name=v1]`.
 */
function stableField(field: FieldPath, object: unknown): string {
  let value = object;
  return field.map((step, index) => {
    const list = value;
    value = typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[step] : undefined;
    if (typeof step === 'number') return `[${itemName(value, list) ?? '*'}]`;
    const key = harmless(step);
    if (!/^[A-Za-z_$][\w$-]*$/.test(key)) return `[${key}]`;
    return index === 0 ? key : `.${key}`;
  }).join('');
}

function itemName(item: unknown, list: unknown): string | undefined {
  const name = nameOf(item);
  if (name === undefined || !Array.isArray(list)) return undefined;
  return list.filter((other) => nameOf(other) === name).length === 1 ? `name=${harmless(name)}` : undefined;
}

function nameOf(item: unknown): string | undefined {
  const { name } = (item ?? {}) as { name?: unknown };
  return typeof name === 'string' && name !== '' ? name : undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Names that Kubernetes accepts; anything else may be a misplaced key and is replaced by a digest. */
export function harmless(text: string): string {
  if (/^[\w.:/*-]{0,253}$/.test(text) && !mayShowKey(text)) return text;
  // Loaded on demand: hardly a name needs it.
  const { createHash } = late<typeof import('node:crypto')>(() => require('node:crypto'));
  return `sha256:${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
}
