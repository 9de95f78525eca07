import { conditionText } from '../../findings/condition';
import { Branch } from '../../mesh/worlds/branches';

/** `broken if shop has sidecars, else plaintext`: of several branches, the last one is all that is left, with those of its outcome. */
export function branchesText(branches: readonly Branch[]): string {
  const left = outcomeText(branches[branches.length - 1]);
  const others = branches.filter((branch) => outcomeText(branch) !== left);
  const texts = others.map((branch) => `${outcomeText(branch)} ${conditionText(branch.conditions)}`);
  return [...texts, texts.length > 0 ? `else ${left}` : left].join(', ');
}

function outcomeText({ outcome }: Branch): string {
  return outcome === 'absent' ? 'not called' : outcome;
}
