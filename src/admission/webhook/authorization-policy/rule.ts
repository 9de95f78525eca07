import { Objections } from '../objections';
import { judgeCondition } from '../values/condition';
import { judgeIpBlocks } from '../values/ip';
import { judgeNoneEmpty, judgePortTexts, judgeTrustDomains } from '../values/match-value';
import { judgePathTemplate } from '../values/path-template';
import { judgeServiceAccounts } from '../values/service-account';

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
export function judgeRule(at: Objections, rule: any): void {
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
