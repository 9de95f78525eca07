import { Facts } from './facts';
import { clausesOf, refusedTemplate, RuleProtocol } from './normal-form';
import { AuthorizationAction, AuthorizationPolicy } from './policy';
import { isCertain, Residual, residualOf } from './residual';
import { FieldRef, wholeOf } from '../inventory/field-ref';

/**
 * Whether policies let a call pass. `if`: unless one of `denied` matches it, and if one of `allowed` does; without `allowed`, no
 * ALLOW is needed. `undecided`: it depends on a provider, or on the protocol that a proxy detects, or a proxy rejects its listener.
 *
 * `by` has the rules that decide, or the whole ALLOW policies of which no rule matches; none: no policy asks for anything.
 */
export type Verdict =
  | { readonly passes: 'always' | 'never' | 'undecided'; readonly by: readonly FieldRef[] }
  | { readonly passes: 'if'; readonly denied: Residual; readonly allowed?: Residual; readonly by: readonly FieldRef[] };

/**
 * @param policies all that the server's proxy enforces
 * @param protocols those that the call may be of where it arrives
 */
export function verdictOf(
  policies: readonly AuthorizationPolicy[], facts: Omit<Facts, 'protocol'>, protocols: readonly RuleProtocol[],
): Verdict {
  const verdicts = protocols.map((protocol) => ofProtocol(policies, { ...facts, protocol }));
  const [first, ...rest] = verdicts;
  if (rest.length === 0) return first;
  const by = [...new Set(verdicts.flatMap((verdict) => verdict.by))];
  return { passes: first.passes !== 'if' && rest.every(({ passes }) => passes === first.passes) ? first.passes : 'undecided', by };
}

/** The verdict if the protocol is known. */
function ofProtocol(policies: readonly AuthorizationPolicy[], facts: Facts): Verdict {
  // A sidecar has one listener for all of its ports, whatever their protocols.
  const refused = policies.flatMap((policy) => clausesOf(policy, 'HTTP')).flatMap((clause) => refusedTemplate(clause)?.at ?? []);
  if (refused.length > 0) return { passes: 'undecided', by: refused };
  const ofAction = (wanted: AuthorizationAction): readonly AuthorizationPolicy[] => policies.filter(({ action }) => action === wanted);
  const [denying, allowing, asking] = [ofAction('DENY'), ofAction('ALLOW'), ofAction('CUSTOM')];
  const denied = residualOf(denying, facts);
  const refusals = denied.filter(isCertain);
  if (refusals.length > 0) return { passes: 'never', by: rulesOf(refusals) };
  const allowed = residualOf(allowing, facts);
  if (allowing.length > 0 && allowed.length === 0) return { passes: 'never', by: allowing.map(({ object }) => wholeOf(object)) };
  const asked = residualOf(asking, facts);
  if (asked.length > 0) return { passes: 'undecided', by: rulesOf(asked) };
  const grants = allowed.filter(isCertain);
  const isAllowed = allowing.length === 0 || grants.length > 0;
  if (isAllowed && denied.length === 0) return { passes: 'always', by: rulesOf(grants) };
  return { passes: 'if', denied, allowed: isAllowed ? undefined : allowed, by: rulesOf([...denied, ...isAllowed ? grants : allowed]) };
}

function rulesOf(clauses: Residual): readonly FieldRef[] {
  return clauses.map(({ at }) => at);
}
