/** A value that is a JSON object. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const NO_FIELDS: { readonly [field: string]: unknown } = Object.freeze({});

/** The fields of a value that may be anything; none of what is no object. */
export function fieldsOf(value: unknown): { readonly [field: string]: unknown } {
  return isJsonObject(value) ? value : NO_FIELDS;
}
