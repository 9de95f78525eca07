import { Evidence } from './evidence';
import { FieldPath, fieldText } from '../findings/field-path';
import { AuthorizationPolicy } from '../mesh/authorization/authorization-policy';
import { Condition, isOfCertificate } from '../mesh/authorization/condition';

/** A name of a client that a policy goes by: one entry of `principals`, `serviceAccounts` and so on. */
export interface IdentityName {
  readonly policy: AuthorizationPolicy;
  readonly condition: Condition;
  readonly value: string;
  readonly field: FieldPath;
}

/** Every such name, by policy and field. */
export function identityNames(evidence: Evidence): readonly IdentityName[] {
  return evidence.authorizationPolicies.flatMap((policy) => conditionsOf(policy).flatMap((condition) =>
    condition.values.map((value, index) => ({ policy, condition, value, field: [...condition.field, index] }))));
}

/** Each list once, also that of a `when`, which counts for every source. */
function conditionsOf({ alternatives }: AuthorizationPolicy): readonly Condition[] {
  const conditions = alternatives.flatMap((one) => one.conditions.filter(isOfCertificate));
  return [...new Map(conditions.map((condition) => [fieldText(condition.field), condition])).values()];
}
