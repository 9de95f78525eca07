import { Duration } from 'cdk8s';

const UNITS: [string, number][] = [['h', 3_600_000], ['m', 60_000], ['s', 1_000], ['ms', 1]];

/** A duration in the words of Go and of most Kubernetes APIs, in the largest unit that it is whole in: `2160h`. */
export function goDuration(duration: Duration): string {
  const milliseconds = duration.toMilliseconds();
  const [unit, size] = UNITS.find(([, each]) => milliseconds % each === 0)!;
  return `${milliseconds / size}${unit}`;
}
