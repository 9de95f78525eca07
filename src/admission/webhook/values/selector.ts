import { Objections } from '../objections';
import { shown } from './shown';

/** The labels of a workload selector, at the place of its `matchLabels` or `labels`: `scope` is what no labels select. */
export function judgeSelectorLabels(labels: any, scope: string, at: Objections): void {
  for (const [key, value] of Object.entries<string>(labels ?? {})) {
    if (key === '') judgeLabel(at.at(key), `a label without a key (value ${shown(value)})`);
    if (`${key}${value}`.includes('*')) judgeLabel(at.at(key), shown(`${key}=${value}`));
  }
  if (Object.keys(labels ?? {}).length > 0) return;
  at.warning({
    code: 'ADMIT451',
    actual: labels == null ? 'missing' : 'empty',
    expected: 'labels in a selector that is set',
    because: `a selector without labels selects ${scope}`,
    fix: 'name the labels of the workloads, or leave the selector out to mean all of them',
  });
}

function judgeLabel(at: Objections, actual: string): void {
  at.error({
    code: 'ADMIT450',
    actual,
    expected: "a label's key and value in full, without '*'",
    because: 'a selector compares labels literally',
    fix: 'name the label as the workloads carry it',
  });
}

/** `selector` with `matchLabels`, as most kinds have it. */
export function judgeWorkloadSelector(selector: any, at: Objections): void {
  if (selector != null) judgeSelectorLabels(selector.matchLabels, "all workloads of the policy's namespace", at.at('matchLabels'));
}
