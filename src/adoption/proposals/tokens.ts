import { dryRunOf } from './callers';
import { podSelection, Proposal, textList, stringOf, unless } from './proposal';
import { Mapping, mapping, mappings } from '../../manifests/mapping';
import { isSame } from '../comparison';
import { FieldExpressions } from '../expression';

/** Whether a policy requires the tokens that a RequestAuthentication checks, as far as it must before that is tried. */
export function requiresTokensOf(authentication: Mapping, policy: Mapping): boolean {
  const [{ jwtRules, selector }, spec] = [mapping(authentication.spec), mapping(policy.spec)];
  const [rule] = mappings(spec.rules);
  const [source] = mappings(mapping(rule).from);
  return mapping(authentication.metadata).namespace === mapping(policy.metadata).namespace
    && selector !== undefined
    && isSame(selector, spec.selector)
    && spec.action === 'DENY'
    && isSame(mapping(mapping(source).source).notRequestPrincipals, mappings(jwtRules).map(({ issuer }) => `${String(issuer)}/*`));
}

/** What writes both, each as a member of it. */
export function tokenProposals(authentication: Mapping, policy: Mapping): readonly [ofAuthentication: Proposal, ofPolicy: Proposal] {
  const { jwtRules, selector } = mapping(authentication.spec);
  const { notPaths, notPorts, notMethods } = mapping(mapping(mappings(mapping(mappings(mapping(policy.spec).rules)[0]).to)[0]).operation);
  const [name, policyName] = [authentication, policy].map(({ metadata }) => stringOf(mapping(metadata).name));
  const { props: { dryRun }, ownAnnotations } = dryRunOf(policy);
  const props = {
    name,
    policyName: unless(name!, policyName),
    workload: podSelection(selector),
    issuers: mappings(jwtRules).map(issuerOf),
    exceptPaths: textList(notPaths),
    exceptPorts: textList(notPorts)?.map(Number),
    exceptPreflight: notMethods === undefined ? undefined : true,
    dryRun,
  };
  return [
    { construct: 'RequiredToken', props, member: 'authentication' }, { construct: 'RequiredToken', member: 'policy', ownAnnotations },
  ];
}

function issuerOf({ issuer, jwksUri, jwks, audiences, forwardOriginalToken }: Mapping): FieldExpressions {
  return {
    issuer: stringOf(issuer),
    jwksUri: stringOf(jwksUri),
    jwks: stringOf(jwks),
    audiences: textList(audiences),
    forwardToken: forwardOriginalToken === true ? true : undefined,
  };
}
