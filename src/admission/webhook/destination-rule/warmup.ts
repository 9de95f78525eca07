import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';
import { judgeDuration } from '../values/duration';

/** Objects to a warm-up without duration, or growing beyond the whole or not at all. */
export function judgeWarmup(at: Objections, warmup: any): void {
  if (!warmup) return;
  if (warmup.duration === undefined) objectToWarmup(at.at('duration'), undefined, 'a duration', 'write a duration such as \'30s\'');
  judgeDuration(at.at('duration'), warmup.duration);
  if ((warmup.minimumPercent ?? 0) > 100) {
    objectToWarmup(at.at('minimumPercent'), warmup.minimumPercent, 'a percentage of at most 100', 'write a share such as 10');
  }
  if (warmup.aggression !== null && warmup.aggression !== undefined && warmup.aggression <= 0) {
    objectToWarmup(at.at('aggression'), warmup.aggression, 'a number above 0', 'write 1 for a linear growth');
  }
}

function objectToWarmup(at: Objections, actual: unknown, expected: string, fix: string): void {
  at.error({ code: 'ADMIT425', actual: shown(actual), expected, because: 'traffic couldn\'t grow to its full share', fix });
}
