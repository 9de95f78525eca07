/** The object without fields that are null, which the API server drops before the webhook sees it; the same one if it has none. */
export function withoutNulls(value: any): any {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const entries = value.map(withoutNulls);
    return entries.some((entry, index) => entry !== value[index]) ? entries : value;
  }
  const fields = Object.entries(value).map(([name, field]) => [name, withoutNulls(field)] as const);
  if (fields.every(([name, field]) => field !== null && field === value[name])) return value;
  return Object.fromEntries(fields.filter(([, field]) => field !== null));
}
