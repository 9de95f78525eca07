/** The object without fields that are null, which the API server drops before the webhook sees it; the same one if it has none. */
export function withoutNulls(value: any): any {
  return hasNullField(value) ? copied(value) : value;
}

/** Most objects have none, and to look costs less than to copy. */
function hasNullField(value: any): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(hasNullField);
  return Object.keys(value).some((name) => value[name] === null || hasNullField(value[name]));
}

function copied(value: any): any {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copied);
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null).map(([name, field]) => [name, copied(field)]));
}
