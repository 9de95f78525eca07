import { CrdSchema, isJsonObject, schemaOfKey } from '../crd-schema';

/**
 * A value as CEL sees it: integers as BigInt, without the fields that are null and may not be. What has no schema, such
 * as an EnvoyFilter's patch, no rule can look into: it stays as it is, however deep.
 */
export function celValue(value: unknown, schema: CrdSchema | undefined): unknown {
  if (schema === undefined) return value;
  if (typeof value === 'number') return isIntegral(schema) && Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map((item) => celValue(item, schema.items));
  return isJsonObject(value) ? celObject(value, schema) : value;
}

function isIntegral(schema: CrdSchema | undefined): boolean {
  return schema?.type === 'integer' || schema?.['x-kubernetes-int-or-string'] === true;
}

function celObject(object: Record<string, unknown>, schema: CrdSchema | undefined): Map<string, unknown> | Record<string, unknown> {
  const isMap = schema?.properties === undefined;
  const entries: [string, unknown][] = [];
  for (const key of Object.keys(object)) {
    const value = object[key];
    const schemaOfValue = schemaOfKey(schema, key);
    if (isAbsent(value, schemaOfValue)) continue;
    entries.push([key, celValue(value, schemaOfValue)]);
  }
  return isMap ? new Map(entries) : Object.fromEntries(entries);
}

/** What counts as not written: null where the schema doesn't allow it. */
export function isAbsent(value: unknown, schema: CrdSchema | undefined): boolean {
  return value === undefined || (value === null && schema !== undefined && !schema.nullable);
}
