import { shown } from '../../../findings/safe-text';
import { parseGoDuration } from '../../../manifests/go-values';
import { Objections } from '../../objection';

const MILLISECOND = 1_000_000n;
const SECOND = 1_000_000_000n;

/** Rejects a duration below 1ms or finer than milliseconds; a missing one passes. */
export function judgeDuration(at: Objections, duration: string | undefined): void {
  if (duration === undefined) return;
  const nanoseconds = parseGoDuration(duration);
  if (nanoseconds !== undefined && nanoseconds >= MILLISECOND && nanoseconds % MILLISECOND === 0n) return;
  objectToDuration(at, duration, 'a duration of whole milliseconds, at least 1ms');
}

/** Rejects text that isn't a duration; a missing one passes. */
export function judgeDurationText(at: Objections, duration: string | undefined): void {
  if (duration === undefined || parseGoDuration(duration) !== undefined) return;
  objectToDuration(at, duration, 'a duration');
}

/** Like `judgeDuration`, but less than a millisecond means "none" and passes. */
export function judgeDurationOrNone(at: Objections, duration: string | undefined): void {
  const nanoseconds = duration === undefined ? undefined : parseGoDuration(duration);
  if (nanoseconds !== undefined && nanoseconds / MILLISECOND === 0n) return;
  judgeDuration(at, duration);
}

/** Rejects fractions of a second. */
export function judgeWholeSeconds(at: Objections, duration: string | undefined): void {
  const nanoseconds = duration === undefined ? undefined : parseGoDuration(duration);
  if (nanoseconds === undefined || nanoseconds % SECOND <= 0n) return;
  objectToDuration(at, duration as string, 'a duration of whole seconds');
}

function objectToDuration(at: Objections, duration: string, expected: string): void {
  at.error({
    code: 'ADMIT404',
    actual: shown(duration),
    expected,
    because: 'the proxy has no finer resolution',
    fix: 'write a duration such as \'10s\' or \'1m30s\'',
  });
}
