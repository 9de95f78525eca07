const UNITS: { readonly [unit: string]: number } = { ns: 1, us: 1e3, µs: 1e3, μs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };
const PART = /(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)/y;
const MOST = 2n ** 63n - 1n;

/** A duration in nanoseconds, or undefined, as Go's time.ParseDuration reads it: `1h30m`, `.5s`, `-1ms`, `0`; no days. */
export function goDurationNanos(text: string): bigint | undefined {
  const negative = text.startsWith('-');
  const body = negative || text.startsWith('+') ? text.slice(1) : text;
  if (body === '0') return 0n;
  if (body === '') return undefined;
  let total = 0n;
  for (let place = 0; place < body.length;) {
    PART.lastIndex = place;
    const part = PART.exec(body);
    if (!part || (part[1] === '' && !part[2])) return undefined;
    place = PART.lastIndex;
    if (place < body.length && !/[.\d]/.test(body[place])) return undefined;
    total += partNanos(part[1], part[2] ?? '', UNITS[part[3]]);
    if (total > MOST + 1n) return undefined;
  }
  if (total > MOST && !negative) return undefined;
  return negative ? -total : total;
}

/** Go, too, reckons the fraction in floating point. */
function partNanos(whole: string, fraction: string, unit: number): bigint {
  const digits = fraction.slice(0, 18);
  const nanosOfFraction = digits === '' ? 0 : Math.trunc(Number(digits) * (unit / 10 ** digits.length));
  return BigInt(whole || '0') * BigInt(unit) + BigInt(nanosOfFraction);
}
