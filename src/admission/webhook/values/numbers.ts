import { shown } from '../../../findings/safe-text';
import { Objections } from '../../objection';

const UINT64 = 2 ** 64;

/** Rejects a negative number; a missing one passes. */
export function judgeNonNegative(at: Objections, number: number | undefined): void {
  if (number !== undefined && number < 0) objectToNumber(at, number, 'a number that isn\'t negative', 'it counts something');
}

/** Rejects a number that doesn't fit in 64 bits; a missing one passes. */
export function judgeUint64(at: Objections, number: number | undefined): void {
  if (number !== undefined && number >= UINT64) objectToNumber(at, number, 'a number below 2^64', 'istiod keeps it in 64 bits');
}

function objectToNumber(at: Objections, number: number, expected: string, because: string): void {
  at.error({ code: 'ADMIT412', actual: shown(number), expected, because, fix: 'write such a number, or remove the field' });
}

/** Rejects a whole percentage outside 0 to 100; a missing one passes. */
export function judgePercent(at: Objections, percent: number | undefined): void {
  if (percent !== undefined && (percent < 0 || percent > 100)) objectToPercent(at, percent, 'a percentage from 0 to 100');
}

/** The same for `{ value: 12.5 }`; the fault is reported at the value. */
export function judgePercentValue(at: Objections, percent: { value?: number } | undefined): void {
  judgePercent(at.at('value'), percent?.value);
}

/** The percentage of a fault, `{ value: 12.5 }`: 0, or from 0.0001 to 100, since Envoy counts in millionths. */
export function judgeFaultPercent(at: Objections, percent: { value?: number } | undefined): void {
  const value = percent?.value ?? 0;
  if (value < 0 || value > 100 || (value > 0 && value < 0.0001)) {
    objectToPercent(at.at('value'), value, 'a percentage from 0.0001 to 100, or 0');
  }
}

function objectToPercent(at: Objections, percent: number, expected: string): void {
  at.error({
    code: 'ADMIT405',
    actual: shown(percent),
    expected,
    because: 'it is a percentage',
    fix: 'write the share in percent, for example 10',
  });
}
