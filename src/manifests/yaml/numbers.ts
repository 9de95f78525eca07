const INTEGER = /^([-+]?)(0b[01]+|0x[0-9a-f]+|0o?[0-7]+|0|[1-9]\d*)$/i;
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:e[-+]?\d+)?$/i;
/** With underscores, which Go's floats have between digits only. */
const FRACTION = /^\.\d+(?:_\d+)*(?:e[-+]?\d+(?:_\d+)*)?$/i;
const LARGEST_INT64 = 2n ** 63n - 1n;
const LARGEST_UINT64 = 2n ** 64n - 1n;

/** How many characters are surely no number beyond what JavaScript can hold exactly. */
const SURELY_SAFE = 12;

/**
 * What Go's yaml.v2 takes a text for that begins with a sign or a digit: an int64 or a uint64. A bigint where
 * JavaScript's numbers aren't exact.
 */
export function integer(text: string): number | bigint | undefined {
  const match = INTEGER.exec(text.replaceAll('_', '').replace(/^0b([-+])(?=[01])/, '$10b'));
  if (!match) return undefined;
  const [, sign, digits] = match;
  const literal = /^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits;
  if (literal.length <= SURELY_SAFE) return sign === '-' ? 0 - Number(literal) : Number(literal);
  const size = BigInt(literal);
  if (size > LARGEST_UINT64 || (sign !== '' && size > LARGEST_INT64 + (sign === '-' ? 1n : 0n))) return undefined;
  return sign === '-' ? -size : size;
}

/** An integer as JavaScript's numbers hold it; undefined if they don't hold it exactly. */
export function exactNumber(digits: string | bigint): number | undefined {
  const value = Number(digits);
  return String(value) === String(digits) || BigInt(value) === BigInt(digits) ? value : undefined;
}

/** Whether it is one of the integers beyond an int64: no key may be one. */
export function isUnsigned64(value: number | bigint): boolean {
  return value > LARGEST_INT64;
}

/** A number with a fraction or an exponent, of a text that begins with a sign, a digit or a dot. */
export function float(text: string): number | undefined {
  const isFraction = text.startsWith('.');
  const plain = text.replaceAll('_', '');
  if (!(isFraction ? FRACTION.test(text) : FLOAT.test(plain))) return undefined;
  const value = Number(plain);
  return Number.isFinite(value) ? value : undefined;
}

/** A key that is a number with a fraction, as Go prints it: in the fewest digits that tell it from other float32. */
export function floatKey(value: number): string {
  const single = Math.fround(value);
  if (Number.isNaN(single)) return '.nan';
  if (!Number.isFinite(single)) return single > 0 ? '.inf' : '-.inf';
  if (single === 0) return Object.is(single, -0) ? '-0' : '0';
  let precision = 1;
  while (Math.fround(Number(single.toPrecision(precision))) !== single) precision++;
  const [digits, exponent] = single.toExponential(precision - 1).split('e');
  const size = Number(exponent);
  if (size < -4 || size >= 6) return `${digits}e${size < 0 ? '-' : '+'}${String(Math.abs(size)).padStart(2, '0')}`;
  return Number(single.toPrecision(precision)).toFixed(Math.max(precision - 1 - size, 0));
}
