import { conditionText } from '../../findings/condition';
import { Branch } from '../../mesh/worlds/branches';

/** `broken if shop has sidecars, else plaintext`: of several branches, the last one is all that is left. */
export function branchesText(branches: readonly Branch[]): string {
  return branches.map((branch, index) => (index === branches.length - 1
    ? `else ${outcomeText(branch)}`
    : `${outcomeText(branch)} ${conditionText(branch.conditions)}`)).join(', ');
}

function outcomeText({ outcome }: Branch): string {
  return outcome === 'absent' ? 'not called' : outcome;
}
