import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';

/** Objects to labels of a selector that match no label literally; warns of none, which selects `scope`. */
export function judgeSelectorLabels(at: Objections, labels: any, scope: string): void {
  for (const [key, value] of Object.entries<string>(labels ?? {})) {
    if (key === '') objectToLabel(at.at(key), `the value ${shown(value)} without a key`);
    if (key.includes('*') || value.includes('*')) objectToLabel(at.at(key), shown(`${key}=${value}`));
  }
  if (Object.keys(labels ?? {}).length > 0) return;
  at.warning({
    code: 'ADMIT451',
    actual: labels ? 'empty' : 'missing',
    expected: 'labels in a selector that is set',
    because: `a selector without labels selects ${scope}`,
    fix: 'name the labels of the workloads, or leave the selector out to mean all of them',
  });
}

function objectToLabel(at: Objections, actual: string): void {
  at.error({
    code: 'ADMIT450',
    actual,
    expected: 'a label\'s key and value in full, without \'*\'',
    because: 'a selector compares labels literally',
    fix: 'name the label as the workloads carry it',
  });
}

/** The same for `selector: {matchLabels}`; nothing for a missing selector. */
export function judgeWorkloadSelector(at: Objections, selector: any): void {
  if (selector) judgeSelectorLabels(at.at('matchLabels'), selector.matchLabels, 'all workloads of its namespace');
}
