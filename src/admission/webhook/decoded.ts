import { CrdSchema, ISTIO_CRDS, schemaOfKey } from '../crds';
import { entries } from '../metadata/labels-and-annotations';

/** What the webhook reads of metadata. */
export interface DecodedMetadata {
  readonly name?: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly labels?: { readonly [key: string]: string };
  readonly annotations?: { readonly [key: string]: string };
}

/** An object as istiod's webhook decodes it; the CRD's schema and rules have passed. */
export interface Decoded<Spec> {
  readonly metadata: DecodedMetadata;
  readonly spec: Spec;
}

const SPECS = new Map(ISTIO_CRDS.map(({ kind, schema }) => [kind, schema.properties?.spec]));

/** An object of a kind that the kind's CRD lets pass, without fields of metadata that aren't of their type: that is told by metadata/. */
export function decoded(kind: string, { metadata, spec }: { readonly metadata?: unknown; readonly spec?: unknown }): Decoded<unknown> {
  return { metadata: decodedMetadata(metadata ?? {}), spec: withoutNullFields(spec ?? {}, SPECS.get(kind)) };
}

function decodedMetadata(metadata: { readonly [field in keyof DecodedMetadata]?: unknown }): DecodedMetadata {
  const { name, generateName, namespace, labels, annotations } = metadata;
  return { name: text(name), generateName: text(generateName), namespace: text(namespace), labels: texts(labels), annotations: texts(annotations) };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function texts(map: unknown): { readonly [key: string]: string } {
  return Object.fromEntries(entries(map).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** To istiod an empty list or text is as good as none. */
export function isFilled(value: readonly unknown[] | string | undefined): boolean {
  return value !== undefined && value.length > 0;
}

type Schema = CrdSchema | undefined;

/**
 * The value without fields that are null: to istiod they are not written. The same one if it has none. Goes as deep as
 * the schema: what has none, such as an EnvoyFilter's patch, stays as it is.
 */
export function withoutNullFields(value: unknown, schema: Schema): unknown {
  return hasNullField(value, schema) ? copied(value, schema) : value;
}

/** Most objects have none, and to look costs less than to copy. */
function hasNullField(value: unknown, schema: Schema): boolean {
  if (schema === undefined || typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some((item) => hasNullField(item, schema.items));
  const fields = value as Record<string, unknown>;
  return Object.keys(fields).some((name) => fields[name] === null || hasNullField(fields[name], schemaOfKey(schema, name)));
}

function copied(value: unknown, schema: Schema): unknown {
  if (schema === undefined || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => copied(item, schema.items));
  const fields = Object.entries(value).filter(([, field]) => field !== null);
  return Object.fromEntries(fields.map(([name, field]) => [name, copied(field, schemaOfKey(schema, name))]));
}
