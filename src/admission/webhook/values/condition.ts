import { Objections } from '../objections';
import { judgeIpBlocks } from './ip';
import { judgeNoneEmpty, judgePortTexts, judgeWildcards } from './match-value';
import { judgeServiceAccounts } from './service-account';
import { shown } from '../../../findings/safe-text';

type JudgeValues = (at: Objections, values: readonly string[] | undefined) => void;

/** The attributes of a condition that are one word, and what their values must be beyond not empty. */
const ATTRIBUTES: { readonly [key: string]: JudgeValues } = {
  'source.ip': judgeIpBlocks,
  'remote.ip': judgeIpBlocks,
  'source.namespace': judgeNoneEmpty,
  'source.serviceAccount': judgeServiceAccounts,
  'source.principal': judgeNoneEmpty,
  'source.trustDomain': judgeWildcards,
  'request.auth.principal': judgeNoneEmpty,
  'request.auth.audiences': judgeNoneEmpty,
  'request.auth.presenter': judgeNoneEmpty,
  'destination.ip': judgeIpBlocks,
  'destination.port': judgePortTexts,
  'connection.sni': judgeNoneEmpty,
};

/** The attributes that name an entry in brackets. */
const MAPS = ['request.headers', 'request.auth.claims', 'experimental.envoy.filters.'];

const REPLACED: { readonly [key: string]: string } = {
  'destination.namespace': 'create the policy in that namespace',
  'destination.name': 'select the workloads by their labels with \'selector\'',
  'destination.user': 'select the workloads by their labels with \'selector\'',
};

/** Objects to a condition of a rule: a key that is no attribute, no values, or values that the attribute can't have. */
export function judgeCondition(at: Objections, condition: any): void {
  const { key = '', values, notValues } = condition;
  if (key === '') {
    objectToKey(at.at('key'), 'empty', 'write the attribute, for example \'request.headers[x-team]\'');
  } else if (!values?.length && !notValues?.length) {
    at.error({
      code: 'ADMIT467',
      actual: `a condition on ${shown(key)} without values`,
      expected: '\'values\' or \'notValues\' with at least one entry',
      because: 'a condition compares an attribute with values',
      fix: 'list the values',
    });
  } else if (judgeKey(at.at('key'), key)) {
    const judgeValues = Object.hasOwn(ATTRIBUTES, key) ? ATTRIBUTES[key] : judgeNoneEmpty;
    judgeValues(at.at('values'), values);
    judgeValues(at.at('notValues'), notValues);
  }
}

/** Whether the key is an attribute; objects to it if not. */
function judgeKey(at: Objections, key: string): boolean {
  if (Object.hasOwn(ATTRIBUTES, key)) return true;
  if (MAPS.some((map) => key.startsWith(map))) return judgeMapKey(at, key);
  objectToKey(at, shown(key), fixForKey(key));
  return false;
}

function judgeMapKey(at: Objections, key: string): boolean {
  const open = key.indexOf('[');
  if (key.endsWith(']') && open > 0 && open < key.length - 2) return true;
  objectToKey(at, shown(key), `name the entry in brackets: '${/^[^[]*/.exec(key)}[name]'`);
  return false;
}

function fixForKey(key: string): string {
  if (Object.hasOwn(REPLACED, key)) return REPLACED[key];
  if (key.startsWith('destination.labels')) return 'select the workloads by their labels with \'selector\'';
  const word = key.toLowerCase();
  const meant = [...Object.keys(ATTRIBUTES), ...MAPS.slice(0, 2).map((map) => `${map}[…]`)]
    .find((attribute) => attribute.toLowerCase() === word || attribute.toLowerCase().startsWith(word.slice(0, -2)));
  return meant ? `write '${meant}'` : `write one of ${Object.keys(ATTRIBUTES).join(', ')}, request.headers[…] or request.auth.claims[…]`;
}

function objectToKey(at: Objections, actual: string, fix: string): void {
  at.error({ code: 'ADMIT466', actual, expected: 'an attribute of the connection or the request', because: 'Istio can compare nothing else', fix });
}
