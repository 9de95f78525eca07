const NANOSECONDS: { readonly [unit: string]: bigint } = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};
const LARGEST = 2n ** 63n;
const PART = /([0-9]*)(?:(\.)([0-9]*))?(ns|us|µs|\u03bcs|ms|s|m|h)/y;

/** The nanoseconds of a Go duration such as `1m30s` or `250ms`, `undefined` when it is none. */
export function nanosecondsIn(text: string): bigint | undefined {
  const negative = text.startsWith('-');
  const rest = negative || text.startsWith('+') ? text.slice(1) : text;
  if (rest === '0') return 0n;
  const sum = sumOfParts(rest);
  if (sum === undefined || sum > LARGEST || (!negative && sum === LARGEST)) return undefined;
  return negative ? -sum : sum;
}

function sumOfParts(text: string): bigint | undefined {
  if (text === '') return undefined;
  let sum = 0n;
  for (PART.lastIndex = 0; PART.lastIndex < text.length;) {
    const part = PART.exec(text);
    if (!part || part[1] + (part[3] ?? '') === '') return undefined;
    const unit = NANOSECONDS[part[4]];
    const count = countOf(part[1]);
    if (count === undefined) return undefined;
    sum += count * unit + fraction(part[3] ?? '', unit);
    if (sum > LARGEST) return undefined;
  }
  return sum;
}

/** Undefined for more than 64 bits hold; what has more digits is not even read, however long it is. */
function countOf(digits: string): bigint | undefined {
  const significant = digits.replace(/^0+/, '');
  return significant.length > 19 ? undefined : BigInt(significant || '0');
}

/** Go multiplies the digits behind the point in floating point, so that `0.001` of something may fall short of it. */
function fraction(digits: string, unit: bigint): bigint {
  let counted = 0n;
  let scale = 1;
  for (const digit of digits) {
    const next = counted * 10n + BigInt(digit);
    if (counted > (LARGEST - 1n) / 10n || next > LARGEST) break;
    counted = next;
    scale *= 10;
  }
  return BigInt(Math.trunc(Number(counted) * (Number(unit) / scale)));
}
