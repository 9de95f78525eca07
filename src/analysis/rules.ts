import { Rule } from './rule';
import { plaintextRuleStrictServer } from './rules/mtls101-plaintext-rule-strict-server';
import { secondNamespacePolicy } from './rules/mtls201-second-namespace-policy';

/** Every rule of the analysis, by code. A new one is added here. */
export const RULES: readonly Rule[] = [
  plaintextRuleStrictServer,
  secondNamespacePolicy,
];

/** Codes that rules once had, and that none gets again. */
export const RETIRED_CODES: readonly string[] = [];
