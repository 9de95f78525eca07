import { CrdSchema, ISTIO_CRDS, schemaOfKey } from '../crds';
import { entries } from '../metadata/labels-and-annotations';
import { mayHoldNulls } from '../nulls';

/** The metadata that the webhook reads. */
export interface DecodedMetadata {
  readonly name?: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly labels?: { readonly [key: string]: string };
  readonly annotations?: { readonly [key: string]: string };
}

/** An object as istiod's webhook decodes it; it has passed the CRD's schema and rules. */
export interface Decoded<Spec> {
  readonly metadata: DecodedMetadata;
  readonly spec: Spec;
}

const SPECS = new Map(ISTIO_CRDS.map(({ kind, schema }) => [kind, schema.properties?.spec]));

/** An object that its CRD admits, without metadata fields of the wrong type: metadata/ reports those. */
export function decoded(kind: string, { metadata, spec }: { readonly metadata?: unknown; readonly spec?: unknown }): Decoded<unknown> {
  return { metadata: decodedMetadata(metadata ?? {}), spec: withoutNullFields(spec ?? {}, SPECS.get(kind)) };
}

function decodedMetadata(metadata: { readonly [field in keyof DecodedMetadata]?: unknown }): DecodedMetadata {
  const { name, generateName, namespace, labels, annotations } = metadata;
  return {
    name: text(name), generateName: text(generateName), namespace: text(namespace), labels: texts(labels), annotations: texts(annotations),
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function texts(map: unknown): { readonly [key: string]: string } {
  return Object.fromEntries(entries(map).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** To istiod, an empty list or string counts as unset. */
export function isFilled(value: readonly unknown[] | string | undefined): boolean {
  return value !== undefined && value.length > 0;
}

type Schema = CrdSchema | undefined;

/**
 * The value without null fields, which istiod treats as absent; the very same one if it has none. Goes as deep as the
 * schema: parts without a schema, such as an EnvoyFilter's patch, stay as they are.
 */
export function withoutNullFields(value: unknown, schema: Schema): unknown {
  return mayHoldNulls(value) && hasNullField(value, schema) ? copied(value, schema) : value;
}

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
