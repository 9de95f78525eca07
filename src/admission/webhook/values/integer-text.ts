const INT64 = 2n ** 63n;

/** The number that Go's `strconv.Atoi` reads in a text, `undefined` where it reads none. */
export function integerIn(text: string): number | undefined {
  if (!/^[+-]?[0-9]+$/.test(text)) return undefined;
  const value = BigInt(text.replace('+', ''));
  return value >= -INT64 && value < INT64 ? Number(value) : undefined;
}
