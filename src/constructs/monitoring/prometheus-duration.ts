import { Duration } from 'cdk8s';
import { Refuse } from '../refuse';

const UNITS: readonly [seconds: number, unit: string][] = [[86400, 'd'], [3600, 'h'], [60, 'm'], [1, 's']];

/** A duration in Prometheus' words, in the largest unit that divides it: `90s`, `5m`, `14d`. */
export function prometheusDuration(duration: Duration): string {
  const seconds = wholeSeconds(duration);
  const [size, unit] = seconds === 0 ? [1, 's'] : UNITS.find(([length]) => seconds % length === 0)!;
  return `${seconds / (size as number)}${unit}`;
}

/** The seconds of a duration, rounded up. */
export function wholeSeconds(duration: Duration): number {
  return Math.ceil(duration.toMilliseconds({ integral: false }) / 1000);
}

/** A scrape interval; a `rate` needs several scrapes, so the alerts' window sets an upper bound. */
export function scrapeInterval(interval: Duration = Duration.seconds(30), refuse: Refuse): string {
  const seconds = wholeSeconds(interval);
  if (seconds >= 1 && seconds <= 120) return prometheusDuration(interval);
  throw refuse({
    code: 'MTLS053',
    field: 'interval',
    actual: prometheusDuration(interval),
    expected: 'from 1 second to 2 minutes',
    because: 'Prometheus forgets a value after 5 minutes, and the alerts need two within theirs',
    fix: 'leave it out for 30 seconds',
  });
}
