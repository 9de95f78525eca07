import { judgeDestination } from './destination';
import { Objections } from '../objections';
import { warnOfDeprecated } from '../values/deprecated';
import { judgePercent, judgePercentValue } from '../values/percent';

/** Objects to where a route mirrors its requests to, and to how many of them. */
export function judgeMirrors(at: Objections, route: any): void {
  const field = route.mirrorPercent === undefined ? 'mirror_percent' : 'mirrorPercent';
  const percent = route[field] ?? undefined;
  if (percent !== undefined) {
    const place = at.at(field);
    judgePercent(place, percent);
    warnOfDeprecated(place, percent, 'mirrorPercentage');
  }
  judgePercentValue(at.at('mirrorPercentage'), route.mirrorPercentage);
  judgeDestination(at.at('mirror'), route.mirror);
  (route.mirrors ?? []).forEach((mirror: any, index: number) => {
    judgeDestination(at.at('mirrors', index, 'destination'), mirror.destination);
    judgePercentValue(at.at('mirrors', index, 'percentage'), mirror.percentage);
  });
}
