import { Branch } from './branches';
import { conditionText } from '../../findings/condition';

/** An outcome, and its condition: `if shop has sidecars`; that of the last part is `else`, or empty if there is no other. */
export interface BranchPart {
  readonly outcome: Branch['outcome'];
  readonly condition: string;
}

/** Branches in the order of a text: the last part is all that is left, with the branches of its outcome. */
export function branchParts(branches: readonly Branch[]): readonly BranchPart[] {
  const { outcome: left } = branches[branches.length - 1];
  const others = branches.filter(({ outcome }) => outcome !== left);
  const parts = others.map(({ outcome, conditions }): BranchPart => ({ outcome, condition: conditionText(conditions) }));
  return [...parts, { outcome: left, condition: parts.length > 0 ? 'else' : '' }];
}

/** `broken if shop has sidecars, else plaintext`. */
export function branchesText(branches: readonly Branch[]): string {
  const parts = branchParts(branches);
  return parts.map((part, index) => {
    const isLast = index === parts.length - 1;
    return (isLast ? [part.condition, outcomeText(part)] : [outcomeText(part), part.condition]).filter(Boolean).join(' ');
  }).join(', ');
}

function outcomeText({ outcome }: BranchPart): string {
  return outcome === 'absent' ? 'not called' : outcome;
}
