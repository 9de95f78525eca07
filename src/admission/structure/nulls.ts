import { CrdSchema, isJsonObject, schemaOfKey } from '../crd-schema';

/**
 * The value as the API server goes on with it: without the fields that are null and may not be (an item of a list
 * stays). The very same value where there is nothing to drop.
 */
export function withoutNulls(value: unknown, schema: CrdSchema | undefined): unknown {
  if (schema === undefined || typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) ? itemsWithoutNulls(value, schema.items) : isJsonObject(value) ? fieldsWithoutNulls(value, schema) : value;
}

function itemsWithoutNulls(items: readonly unknown[], schema: CrdSchema | undefined): readonly unknown[] {
  let copy: unknown[] | undefined;
  items.forEach((item, index) => {
    const kept = withoutNulls(item, schema);
    if (kept === item) return;
    copy ??= [...items];
    copy[index] = kept;
  });
  return copy ?? items;
}

function fieldsWithoutNulls(object: Record<string, unknown>, schema: CrdSchema): Record<string, unknown> {
  let copy: Record<string, unknown> | undefined;
  for (const key of Object.keys(object)) {
    const value = object[key];
    const schemaOfValue = schemaOfKey(schema, key);
    if (schemaOfValue === undefined && value !== undefined) continue;
    const dropped = value === undefined || (value === null && !schemaOfValue!.nullable);
    const kept = dropped ? undefined : withoutNulls(value, schemaOfValue);
    if (kept === value && !dropped) continue;
    copy ??= { ...object };
    if (dropped) delete copy[key];
    else copy[key] = kept;
  }
  return copy ?? object;
}
