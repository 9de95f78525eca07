import { Objection, Objections } from '../objection';
import { judgeIpBlocks } from './values/addresses';
import { judgeCondition, judgeNoneEmpty, judgePathTemplate, judgePortTexts, judgeServiceAccounts, judgeTrustDomains } from './values/matches';
import { judgeTargetRefs, judgeWorkloadSelector } from './values/selectors';
import { shown } from '../../findings/shown';

/** What istiod has against an AuthorizationPolicy. */
export function authorizationPolicyObjections({ spec = {} }: any): Objection[] {
  const at = new Objections(['spec']);
  judgeWorkloadSelector(at.at('selector'), spec.selector);
  judgeTargetRefs(at, spec);
  judgeAction(at, spec);
  (spec.rules ?? []).forEach((rule: any, index: number) => {
    const place = at.at('rules', index);
    judgeRule(place, rule);
    if (spec.action === 'CUSTOM') judgeCustomRule(place, rule);
    if (spec.action === 'DENY') warnOfHttpOnlyDeny(place, rule);
  });
  return [...at.all];
}

/** Objects to an action that its rules and provider don't fit. */
function judgeAction(at: Objections, spec: any): void {
  const action = spec.action ?? 'ALLOW';
  if (['CUSTOM', 'DENY'].includes(action) && !spec.rules?.length) {
    at.at('rules').error({
      code: 'ADMIT458',
      actual: spec.rules ? 'empty' : 'missing',
      expected: `at least one rule with action ${action}`,
      because: `a ${action} policy without rules never applies to a request`,
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

type JudgeList = (at: Objections, values: readonly string[] | undefined) => void;

/** What each list of a source must hold; `notX` is judged as `x`. */
const SOURCE: { readonly [field: string]: JudgeList } = {
  principals: judgeNoneEmpty,
  requestPrincipals: judgeNoneEmpty,
  namespaces: judgeNoneEmpty,
  serviceAccounts: judgeServiceAccounts,
  trustDomains: judgeTrustDomains,
  ipBlocks: judgeIpBlocks,
  remoteIpBlocks: judgeIpBlocks,
};

const OPERATION: { readonly [field: string]: JudgeList } = {
  hosts: judgeNoneEmpty,
  ports: judgePortTexts,
  methods: judgeNoneEmpty,
  paths: judgePaths,
};

/** Objects to what is wrong with a rule whatever its action. */
function judgeRule(at: Objections, rule: any): void {
  (rule.from ?? []).forEach((from: any, index: number) => judgeLists(at.at('from', index, 'source'), from.source, SOURCE));
  (rule.to ?? []).forEach((to: any, index: number) => judgeLists(at.at('to', index, 'operation'), to.operation, OPERATION));
  (rule.when ?? []).forEach((condition: any, index: number) => judgeCondition(at.at('when', index), condition));
}

function judgeLists(at: Objections, lists: any, judges: { readonly [field: string]: JudgeList }): void {
  const fields = Object.keys(judges).flatMap((field) => [field, `not${field[0].toUpperCase()}${field.slice(1)}`]);
  if (!fields.some((field) => lists?.[field]?.length)) {
    at.error({
      code: 'ADMIT461',
      actual: lists ? 'without values' : 'missing',
      expected: 'at least one value to match',
      because: 'an entry that matches nothing in particular is more likely a mistake than a wish',
      fix: 'write what to match, or remove the entry to match everything',
    });
    return;
  }
  Object.values(judges).forEach((judge, index) => [0, 1].forEach((negated) => {
    const field = fields[2 * index + negated];
    judge(at.at(field), lists[field]);
  }));
}

function judgePaths(at: Objections, paths: readonly string[] | undefined): void {
  judgeNoneEmpty(at, paths);
  (paths ?? []).forEach((path, index) => judgePathTemplate(at.at(index), path));
}

const SOURCE_FIELDS = [
  'namespaces', 'notNamespaces', 'serviceAccounts', 'notServiceAccounts', 'trustDomains', 'notTrustDomains',
  'principals', 'notPrincipals', 'requestPrincipals', 'notRequestPrincipals',
];
const ATTRIBUTES = ['source.namespace', 'source.serviceAccount', 'source.trustDomain', 'source.principal'];

/** Objects to what a rule can't match before an external provider decides: identities. */
function judgeCustomRule(at: Objections, rule: any): void {
  (rule.from ?? []).forEach(({ source = {} }: any, index: number) => {
    SOURCE_FIELDS.filter((field) => source[field]?.length).forEach((field) => {
      objectToIdentity(at.at('from', index, 'source', field), shown(source[field]));
    });
  });
  (rule.when ?? []).forEach(({ key = '' }: any, index: number) => {
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

/** The fields of a source that a plain TCP connection has too. */
const TCP_SOURCE = [
  'principals', 'notPrincipals', 'ipBlocks', 'notIpBlocks', 'namespaces', 'notNamespaces', 'remoteIpBlocks',
  'notRemoteIpBlocks', 'serviceAccounts', 'notServiceAccounts',
];
const TCP_OPERATION = ['ports', 'notPorts'];

/** Tells of a rule of a DENY policy that, since only HTTP has what it matches, denies all plain TCP. */
function warnOfHttpOnlyDeny(at: Objections, rule: any): void {
  const sources = present(rule.from, 'source');
  const operations = present(rule.to, 'operation');
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

function present(list: any[] | undefined, field: string): any[] {
  return (list ?? []).map((entry) => entry[field]).filter((value) => value !== undefined);
}

function hasAny(object: any, fields: readonly string[]): boolean {
  return fields.some((field) => object[field]?.length);
}
