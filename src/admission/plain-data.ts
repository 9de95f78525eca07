/**
 * Whether a value can be read to its end and is what JSON can hold, but for cycles. Programs may hand in more than a
 * parser does: getters and proxies that throw, BigInts, symbols, functions.
 */
export function isPlainData(value: unknown): boolean {
  const seen = new Set<unknown>([value]);
  try {
    for (const each of seen) { // grows while it is walked
      if (['bigint', 'symbol', 'function'].includes(typeof each)) return false;
      if (typeof each === 'object' && each !== null) Object.values(each).forEach((child) => seen.add(child));
    }
    return true;
  } catch {
    return false;
  }
}
