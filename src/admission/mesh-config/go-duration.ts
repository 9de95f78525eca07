const NANOSECONDS: Readonly<Record<string, number>> = {
  ns: 1, us: 1e3, µs: 1e3, μs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9,
};
const DURATION = /^[-+]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;
const PART = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g;

/** Go's own limit: 64 bits of nanoseconds, some 292 years. */
const LONGEST = 2 ** 63;

/** The nanoseconds of a duration as Go's `time.ParseDuration` reads it; undefined if it doesn't. */
export function goDuration(text: string): number | undefined {
  if (!DURATION.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(PART)) total += Number(amount) * NANOSECONDS[unit];
  if (total >= LONGEST) return undefined;
  return text.startsWith('-') ? -total : total;
}
