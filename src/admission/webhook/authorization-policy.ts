import { Decoded } from './decoded';
import { AuthorizationPolicySpec, Operation, Rule, Source } from '../../../imports/specs';
import { Objections } from '../objection';
import { judgeIpBlocks } from './values/addresses';
import { FieldJudges, judgeFields } from './values/fields';
import {
  judgeCondition, judgeNoneEmpty, judgePathTemplate, judgePortTexts, judgeServiceAccounts, judgeTrustDomains,
} from './values/matches';
import { judgeTargetRefs, judgeWorkloadSelector } from './values/selectors';
import { withArticle } from '../../findings/refusal';
import { shown } from '../../findings/safe-text';

/** Rejects what istiod rejects in an AuthorizationPolicy. */
export function judgeAuthorizationPolicy(objections: Objections, { spec }: Decoded<AuthorizationPolicySpec>): void {
  const at = objections.at('spec');
  judgeWorkloadSelector(at.at('selector'), spec.selector);
  judgeTargetRefs(at, spec);
  judgeAction(at, spec);
  spec.rules?.forEach((rule, index) => {
    const place = at.at('rules', index);
    judgeRule(place, rule);
    if (spec.action === 'CUSTOM') judgeCustomRule(place, rule);
    if (spec.action === 'DENY') warnOfHttpOnlyDeny(place, rule);
  });
}

/** Rejects an action that doesn't fit the rules and the provider. */
function judgeAction(at: Objections, spec: AuthorizationPolicySpec): void {
  const action = spec.action ?? 'ALLOW';
  if (['CUSTOM', 'DENY'].includes(action) && !spec.rules?.length) {
    at.at('rules').error({
      code: 'ADMIT458',
      actual: spec.rules ? 'empty' : 'missing',
      expected: `at least one rule with action ${action}`,
      because: `${withArticle(action)} policy without rules never applies to a request`,
      fix: 'write \'rules: [{}]\' to apply it to every request, or remove the policy',
    });
  } else if (action === 'CUSTOM' && !spec.provider?.name) {
    at.at('provider', 'name').error({
      code: 'ADMIT459',
      actual: spec.provider?.name === '' ? 'empty' : 'missing',
      expected: 'the name of an extension provider with action CUSTOM',
      because: 'the provider decides about the request',
      fix: 'name one of meshConfig.extensionProviders',
    });
  }
  if (spec.provider && action !== 'CUSTOM') {
    at.at('provider').error({
      code: 'ADMIT459',
      actual: `set with action ${shown(action)}`,
      expected: 'a provider with action CUSTOM only',
      because: 'Istio itself decides about every other action',
      fix: 'write \'action: CUSTOM\' or remove the provider',
    });
  }
}

const SOURCE: FieldJudges<Source> = {
  principals: judgeNoneEmpty,
  notPrincipals: judgeNoneEmpty,
  requestPrincipals: judgeNoneEmpty,
  notRequestPrincipals: judgeNoneEmpty,
  namespaces: judgeNoneEmpty,
  notNamespaces: judgeNoneEmpty,
  serviceAccounts: judgeServiceAccounts,
  notServiceAccounts: judgeServiceAccounts,
  trustDomains: judgeTrustDomains,
  notTrustDomains: judgeTrustDomains,
  ipBlocks: judgeIpBlocks,
  notIpBlocks: judgeIpBlocks,
  remoteIpBlocks: judgeIpBlocks,
  notRemoteIpBlocks: judgeIpBlocks,
};

const OPERATION: FieldJudges<Operation> = {
  hosts: judgeNoneEmpty,
  notHosts: judgeNoneEmpty,
  ports: judgePortTexts,
  notPorts: judgePortTexts,
  methods: judgeNoneEmpty,
  notMethods: judgeNoneEmpty,
  paths: judgePaths,
  notPaths: judgePaths,
};

/** Rejects faults in a rule, whatever its action. */
function judgeRule(at: Objections, rule: Rule): void {
  rule.from?.forEach(({ source }, index) => judgeLists(at.at('from', index, 'source'), source, SOURCE));
  rule.to?.forEach(({ operation }, index) => judgeLists(at.at('to', index, 'operation'), operation, OPERATION));
  rule.when?.forEach((condition, index) => judgeCondition(at.at('when', index), condition));
}

type Lists<Field extends string> = { readonly [field in Field]?: readonly string[] };

function judgeLists<Field extends string>(at: Objections, lists: Lists<Field> | undefined, judges: FieldJudges<Lists<Field>>): void {
  if (!lists || !hasAny(lists, Object.keys(judges) as Field[])) {
    at.error({
      code: 'ADMIT461',
      actual: lists ? 'without values' : 'missing',
      expected: 'at least one value to match',
      because: 'an entry that matches nothing in particular is probably a mistake',
      fix: 'write what to match, or remove the entry to match everything',
    });
    return;
  }
  judgeFields(at, lists, judges);
}

function judgePaths(at: Objections, paths: readonly string[] | undefined): void {
  judgeNoneEmpty(at, paths);
  (paths ?? []).forEach((path, index) => judgePathTemplate(at.at(index), path));
}

const IDENTITIES: readonly (keyof Source)[] = [
  'namespaces', 'notNamespaces', 'serviceAccounts', 'notServiceAccounts', 'trustDomains', 'notTrustDomains',
  'principals', 'notPrincipals', 'requestPrincipals', 'notRequestPrincipals',
];
const ATTRIBUTES = ['source.namespace', 'source.serviceAccount', 'source.trustDomain', 'source.principal'];

/** Rejects identities, which a rule can't match before an external provider decides. */
function judgeCustomRule(at: Objections, rule: Rule): void {
  rule.from?.forEach(({ source = {} }, index) => {
    IDENTITIES.filter((field) => source[field]?.length).forEach((field) => {
      objectToIdentity(at.at('from', index, 'source', field), shown(source[field]));
    });
  });
  rule.when?.forEach(({ key }, index) => {
    if (ATTRIBUTES.includes(key) || key.startsWith('request.auth.')) objectToIdentity(at.at('when', index, 'key'), shown(key));
  });
}

function objectToIdentity(at: Objections, actual: string): void {
  at.error({
    code: 'ADMIT460',
    actual,
    expected: 'no identity of the client in a rule with action CUSTOM',
    because: 'the provider is asked before Istio knows the identity',
    fix: 'match paths, methods, ports or addresses here, and identities in a policy with action ALLOW or DENY',
  });
}

/** The fields of a source that apply to plain TCP connections, too. */
const TCP_SOURCE: readonly (keyof Source)[] = [
  'principals', 'notPrincipals', 'ipBlocks', 'notIpBlocks', 'namespaces', 'notNamespaces', 'remoteIpBlocks',
  'notRemoteIpBlocks', 'serviceAccounts', 'notServiceAccounts',
];
const TCP_OPERATION: readonly (keyof Operation)[] = ['ports', 'notPorts'];

/** Reports a rule of a DENY policy that only matches HTTP attributes, and so denies all plain TCP. */
function warnOfHttpOnlyDeny(at: Objections, rule: Rule): void {
  const sources = (rule.from ?? []).flatMap(({ source }) => source ?? []);
  const operations = (rule.to ?? []).flatMap(({ operation }) => operation ?? []);
  const tcpOperation = operations.some((operation) => hasAny(operation, TCP_OPERATION));
  const tcpSource = sources.some((source) => hasAny(source, TCP_SOURCE));
  if (operations.length > 0 ? tcpOperation : sources.length === 0 || tcpSource) return;
  at.info({
    code: 'ADMIT468',
    actual: 'a rule of HTTP attributes only',
    expected: 'a port in a rule with action DENY',
    because: 'on TCP ports those attributes are ignored, so the policy denies all their traffic',
    fix: 'name the HTTP ports: add \'ports\' to the operation under \'to\'',
  });
}

function hasAny<Field extends string>(lists: Lists<Field>, fields: readonly Field[]): boolean {
  return fields.some((field) => lists[field]?.length);
}
