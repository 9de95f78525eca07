import { RULE_PROTOCOLS } from './normal-form';
import { Atom, AuthorizationPolicy, needsTls } from './policy';
import { residualOf } from './residual';
import { objectText } from '../inventory/object';

/** What AuthorizationPolicies require of callers of a port. */
export interface Guard {
  /** The policies with their whole content: equal texts for equal requirements. */
  readonly policies: string;
  /** Whether a caller may be rejected because of its certificate. */
  readonly refusesIdentities: boolean;
}

/** For ports that no enforced policy applies to. */
export const UNGUARDED: Guard = Object.freeze({ policies: '', refusesIdentities: false });

/** What the policies of a workload require; the decisions of their providers aren't known. */
export function guardOf(policies: readonly AuthorizationPolicy[]): Guard {
  const enforced = policies.filter(({ action }) => action !== 'AUDIT');
  if (enforced.length === 0) return UNGUARDED;
  return { policies: enforced.map(textOf).join('\n'), refusesIdentities: enforced.some(mayRefuseIdentity) };
}

/**
 * An ALLOW's principals that begin with `spiffe://` match nobody. Without the prefix, they let in whom they name, and reject nobody else.
 */
function textOf({ object, action }: AuthorizationPolicy): string {
  const plain = (key: string, value: unknown): unknown =>
    (action === 'ALLOW' && key === 'principals' && Array.isArray(value)
      ? value.map((one) => String(one).replace(/^spiffe:\/\//, ''))
      : value);
  return `${objectText(object)} ${JSON.stringify(object.spec, plain)}`;
}

/**
 * Plaintext never matches a requirement on a certificate, and always matches a negated one: so a DENY skips it, and an ALLOW lets
 * it in.
 */
function mayRefuseIdentity(policy: AuthorizationPolicy): boolean {
  const refuses = (atom: Atom): boolean => needsTls(atom) && (policy.action === 'CUSTOM' || atom.negated === (policy.action === 'ALLOW'));
  return RULE_PROTOCOLS.some((protocol) => residualOf([policy], { protocol, trustDomains: [] })
    .some(({ sources, operations, conditions }) => [...sources, ...operations, conditions].some((atoms) => atoms.some(refuses))));
}
