/** Deeper values count as holding a null: code that drops nulls follows a schema, which isn't that deep. */
const DEEPEST = 60;

/**
 * Whether a value may hold a null, or a field without a value, at any depth. Most objects hold none, and this check is faster
 * than to follow their schema.
 */
export function mayHoldNulls(value: unknown, depth = DEEPEST): boolean {
  if (typeof value !== 'object' || value === null) return value === null || value === undefined;
  if (depth === 0) return true;
  if (Array.isArray(value)) {
    for (const item of value) if (mayHoldNulls(item, depth - 1)) return true;
    return false;
  }
  for (const key in value) if (mayHoldNulls((value as Record<string, unknown>)[key], depth - 1)) return true;
  return false;
}
