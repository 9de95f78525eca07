import { Condition } from '../../mesh/workloads/missing-injection';
import { Branch } from '../../mesh/worlds/branches';

/** `broken if shop has sidecars, else plaintext`: of several branches, the last one is all that is left. */
export function conditionsText(branches: readonly Branch[]): string {
  return branches.map((branch, index) => (index === branches.length - 1
    ? `else ${outcomeText(branch)}`
    : `${outcomeText(branch)} if ${branch.conditions.map(conditionText).join(' and ')}`)).join(', ');
}

function outcomeText({ outcome }: Branch): string {
  return outcome === 'absent' ? 'not called' : outcome;
}

function conditionText({ fact, name, holds }: Condition): string {
  if (fact === 'namespace') return `${name} has ${holds ? 'sidecars' : 'none'}`;
  return `revision ${name} ${holds ? 'is' : 'isn\'t'} installed`;
}
