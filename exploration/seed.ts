// The seeds of everything random in tests and suites. They are committed, so that CI and a run before it try the same cases
// whatever else changes; an exploration draws others.
import { randomInt } from 'node:crypto';
import { readRecord } from './record';
import type { SuiteName } from './suites';

/** A suite counts up from its seed, so some room is left above it. */
export const LARGEST = 2 ** 31 - 100_000;

/** The seed that an option names: a whole number as it is, `random` for a new one, and the committed one without it. */
export function seedOf(suite: SuiteName, option?: string): number {
  if (option === undefined) return readRecord()[suite].seed;
  if (option === 'random') return randomInt(1, LARGEST);
  if (/^[1-9]\d{0,9}$/.test(option) && Number(option) <= LARGEST) return Number(option);
  throw new Error(`the seed is '${option}'; expected a whole number from 1 to ${LARGEST}, or random`);
}
