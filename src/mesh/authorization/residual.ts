import { Facts, truthOf } from './facts';
import { Clause, clausesOf } from './normal-form';
import { AuthorizationPolicy, Conjunction } from './policy';

/** What is left of policies' rules: a call matches if it matches one of them. */
export type Residual = readonly Clause[];

/** What the facts leave open of policies' rules; rules that they exclude are left out. */
export function residualOf(policies: readonly AuthorizationPolicy[], facts: Facts): Residual {
  return policies.flatMap((policy) => clausesOf(policy, facts.protocol).flatMap((clause) => leftOfClause(clause, facts) ?? []));
}

const SATISFIED: readonly Conjunction[] = Object.freeze([Object.freeze([])]);

/** What the facts leave open of a rule; undefined: they exclude it. */
export function leftOfClause({ at, namespace, sources, operations, conditions }: Clause, facts: Facts): Clause | undefined {
  const condition = leftOf(conditions, namespace, facts);
  const operation = condition && leftOfAny(operations, namespace, facts);
  const source = operation && leftOfAny(sources, namespace, facts);
  return source && { at, namespace, sources: source, operations: operation, conditions: condition };
}

function leftOfAny(alternatives: readonly Conjunction[], namespace: string, facts: Facts): readonly Conjunction[] | undefined {
  const left: Conjunction[] = [];
  for (const alternative of alternatives) {
    const open = leftOf(alternative, namespace, facts);
    if (open?.length === 0) return SATISFIED;
    if (open) left.push(open);
  }
  return left.length === 0 ? undefined : left;
}

function leftOf(atoms: Conjunction, namespace: string, facts: Facts): Conjunction | undefined {
  if (atoms.length === 0) return atoms;
  const truths = atoms.map((atom) => truthOf(atom, namespace, facts));
  return truths.includes(false) ? undefined : atoms.filter((_, index) => truths[index] === undefined);
}

/** Whether nothing is left open of a rule: the call matches. */
export function isCertain({ sources, operations, conditions }: Clause): boolean {
  return sources === SATISFIED && operations === SATISFIED && conditions.length === 0;
}
