import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';

const UINT64 = 2 ** 64;

/** Objects to a number below 0; nothing for a missing one. */
export function judgeNonNegative(at: Objections, number: number | undefined): void {
  if (number !== undefined && number < 0) objectToNumber(at, number, 'a number that isn\'t negative', 'it counts something');
}

/** Objects to a number that 64 bits don't hold; nothing for a missing one. */
export function judgeUint64(at: Objections, number: number | undefined): void {
  if (number !== undefined && number >= UINT64) objectToNumber(at, number, 'a number below 2^64', 'istiod keeps it in 64 bits');
}

function objectToNumber(at: Objections, number: number, expected: string, because: string): void {
  at.error({ code: 'ADMIT412', actual: shown(number), expected, because, fix: 'write such a number, or leave the field out' });
}
