import { CrdSchema, schemaOfKey } from '../crd-schema';

type Schema = CrdSchema | undefined;

/**
 * The value without fields that are null: to istiod they are not written. The same one if it has none. Goes as deep as
 * the schema: what has none, such as an EnvoyFilter's patch, stays as it is.
 */
export function withoutNulls(value: any, schema: Schema): any {
  return hasNullField(value, schema) ? copied(value, schema) : value;
}

/** Most objects have none, and to look costs less than to copy. */
function hasNullField(value: any, schema: Schema): boolean {
  if (schema === undefined || typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some((item) => hasNullField(item, schema.items));
  return Object.keys(value).some((name) => value[name] === null || hasNullField(value[name], schemaOfKey(schema, name)));
}

function copied(value: any, schema: Schema): any {
  if (schema === undefined || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => copied(item, schema.items));
  const fields = Object.entries(value).filter(([, field]) => field !== null);
  return Object.fromEntries(fields.map(([name, field]) => [name, copied(field, schemaOfKey(schema, name))]));
}
