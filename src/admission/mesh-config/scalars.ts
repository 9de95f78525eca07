import { FieldType } from './facts';
import { nanosecondsIn } from '../go-duration';

/** How values of one type are written. */
interface Scalar {
  readonly expected: string;
  accepts(value: unknown): boolean;
  /** What to do about a value that isn't accepted. */
  fix(value: unknown): string;
}

const JSON_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/;
const JSON_INTEGER = /^-?(0|[1-9]\d*)$/;

/** istiod takes the quotes off a number before it reads it, so both `8` and `"8"` are numbers. */
function integer(min: bigint, max: bigint): Scalar {
  return {
    accepts: (value) => {
      const text = typeof value === 'number' && Number.isInteger(value) ? BigInt(value).toString() : value;
      return typeof text === 'string' && JSON_INTEGER.test(text) && BigInt(text) >= min && BigInt(text) <= max;
    },
    expected: `a whole number from ${min} to ${max}`,
    fix: () => 'write a whole number in that range',
  };
}

const DECIMAL: Scalar = {
  accepts: (value) => typeof value === 'number'
    || (typeof value === 'string' && (JSON_NUMBER.test(value) || ['NaN', 'Infinity', '-Infinity'].includes(value))),
  expected: 'a number',
  fix: () => 'write a number',
};

export const SCALARS: Readonly<Record<Exclude<FieldType, 'message' | 'enum'>, Scalar>> = {
  bool: {
    accepts: (value) => typeof value === 'boolean',
    expected: 'true or false',
    fix: (value) => (typeof value === 'string' && /^(true|false)$/i.test(value) ? `write ${value.toLowerCase()} without quotes` : 'write true or false'),
  },
  string: {
    accepts: (value) => typeof value === 'string',
    expected: 'a string',
    fix: (value) => (typeof value === 'number' || typeof value === 'boolean' ? `put it in quotes: "${value}"` : 'write a string'),
  },
  duration: {
    accepts: (value) => typeof value === 'string' && nanosecondsIn(value) !== undefined,
    expected: 'a duration such as "10s" or "1h30m"',
    fix: (value) => (typeof value === 'number' ? `name the unit: "${value}s"` : 'write numbers, each with one of the units ns, us, ms, s, m and h'),
  },
  struct: {
    accepts: (value) => typeof value === 'object' && !Array.isArray(value),
    expected: 'a mapping',
    fix: () => 'write a mapping',
  },
  double: DECIMAL,
  float: DECIMAL,
  int32: integer(-(2n ** 31n), 2n ** 31n - 1n),
  int64: integer(-(2n ** 63n), 2n ** 63n - 1n),
  uint32: integer(0n, 2n ** 32n - 1n),
  uint64: integer(0n, 2n ** 64n - 1n),
};
