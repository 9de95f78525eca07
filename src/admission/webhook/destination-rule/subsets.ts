import { judgeTrafficPolicy } from './traffic-policy';
import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';
import { judgeLabels } from '../values/labels';
import { judgeSubsetName } from '../values/subset';

/** Objects to subsets whose names, labels or policies don't hold, and to two of one name. */
export function judgeSubsets(at: Objections, subsets: readonly any[] | undefined, namespace: string): void {
  const names = new Set<string>();
  (subsets ?? []).forEach((subset, index) => {
    const place = at.at(index);
    const name = subset.name ?? '';
    if (names.has(name)) objectToDuplicate(place.at('name'), name);
    names.add(name);
    judgeSubsetName(place.at('name'), name);
    judgeLabels(place.at('labels'), subset.labels);
    judgeTrafficPolicy(place.at('trafficPolicy').errorsOnly(), subset.trafficPolicy, namespace);
  });
}

function objectToDuplicate(at: Objections, name: string): void {
  at.error({
    code: 'ADMIT410',
    actual: `${shown(name)} a second time`,
    expected: 'each subset name once',
    because: 'a route to the subset could mean either',
    fix: 'rename one of them, or merge the two',
  });
}
