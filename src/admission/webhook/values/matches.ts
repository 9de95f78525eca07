import { judgeIpBlocks } from './addresses';
import { Condition } from '../../../../imports/specs';
import { shown } from '../../../findings/safe-text';
import { Objections } from '../../objection';

type JudgeValues = (at: Objections, values: readonly string[] | undefined) => void;

/** The condition attributes without brackets, with the checks of their values, which also mustn't be empty. */
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

/** Rejects a condition with an unknown key, no values, or values that the attribute can't have. */
export function judgeCondition(at: Objections, { key, values, notValues }: Condition): void {
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

/** Whether the key is an attribute; rejects it if not. */
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
  at.error({
    code: 'ADMIT466',
    actual,
    expected: 'an attribute of the connection or the request',
    because: 'Istio can only compare known attributes',
    fix,
  });
}

/** Rejects empty values in a list that a policy matches. */
export function judgeNoneEmpty(at: Objections, values: readonly string[] | undefined): void {
  (values ?? []).forEach((value, index) => {
    if (value !== '') return;
    at.at(index).error({
      code: 'ADMIT463',
      actual: 'empty',
      expected: 'a value, or \'*\' for any',
      because: 'an empty value would match no request',
      fix: 'write the value or remove the entry',
    });
  });
}

/** Rejects values whose `*` isn't alone, first or last. */
function judgeWildcards(at: Objections, values: readonly string[] | undefined): void {
  judgeNoneEmpty(at, values);
  (values ?? []).forEach((value, index) => {
    if (!/^(\*?[^*]*|[^*]*\*)$/.test(value)) {
      objectToValue(at.at(index), value, 'at most one \'*\', first or last', 'only a prefix or a suffix can be compared');
    }
  });
}

/** Rejects trust domains with a slash or a misplaced wildcard. */
export function judgeTrustDomains(at: Objections, values: readonly string[] | undefined): void {
  judgeWildcards(at, values);
  (values ?? []).forEach((value, index) => {
    if (value.includes('/')) {
      objectToValue(at.at(index), value, 'a trust domain without \'/\'', 'the rest of a SPIFFE identity isn\'t part of it');
    }
  });
}

function objectToValue(at: Objections, value: string, expected: string, because: string): void {
  at.error({
    code: 'ADMIT463', actual: shown(value), expected, because, fix: 'write a value such as \'cluster.local\', \'*.local\' or \'cluster.*\'',
  });
}

/** Rejects ports, written as text, that aren't valid; 0 passes. */
export function judgePortTexts(at: Objections, ports: readonly string[] | undefined): void {
  (ports ?? []).forEach((port, index) => {
    if (/^\d+$/.test(port) && Number(port) <= 65535) return;
    at.at(index).error({
      code: 'ADMIT453',
      actual: shown(port),
      expected: 'one port from 0 to 65535, in digits',
      because: 'policies match single ports',
      fix: 'list each port by its number, for example \'8080\'',
    });
  });
}

const MOST_ACCOUNTS = 16;
const LONGEST_ACCOUNT = 320;

/** Rejects entries that aren't `serviceAccount` or `namespace/serviceAccount`, and more than 16 of them. */
export function judgeServiceAccounts(at: Objections, accounts: readonly string[] | undefined): void {
  if ((accounts ?? []).length > MOST_ACCOUNTS) {
    objectToAccount(at, `${accounts?.length} values`, `at most ${MOST_ACCOUNTS}`, 'split the rule in two');
  }
  (accounts ?? []).forEach((account, index) => judgeServiceAccount(at.at(index), account));
}

function judgeServiceAccount(at: Objections, account: string): void {
  if (account.includes('*')) {
    objectToAccount(at, shown(account), 'a service account without \'*\'',
      'list each account, or match \'principals\', which allow a wildcard');
  } else if (!/^[^/]+(\/[^/]+)?$/.test(account)) {
    objectToAccount(at, shown(account), '\'serviceAccount\' or \'namespace/serviceAccount\'', 'write, for example, \'prod/frontend\'');
  } else if (Buffer.byteLength(account) > LONGEST_ACCOUNT) {
    objectToAccount(at, shown(account), `at most ${LONGEST_ACCOUNT} characters`, 'write the namespace and the account only');
  }
}

function objectToAccount(at: Objections, actual: string, expected: string, fix: string): void {
  at.error({ code: 'ADMIT464', actual, expected, because: 'each is compared with one Kubernetes service account', fix });
}

const ONE = '{*}';
const ANY = '{**}';
/** The characters that RFC 3986 allows in a path segment. */
const LITERAL = /^[a-zA-Z0-9-._~%!$&'()+,;:@=]+$/;

/** Rejects a path with braces other than the templates `{*}` and `{**}`, or with more templates after `{**}`. */
export function judgePathTemplate(at: Objections, path: string): void {
  const wrong = wrongInTemplate(path);
  if (!wrong) return;
  at.error({
    code: 'ADMIT465',
    actual: shown(path),
    expected: wrong,
    because: 'Envoy supports no other template and would reject the listener',
    fix: 'write a path such as \'/api/{*}/info\' or \'/api/{**}\', or a plain one such as \'/api/*\'',
  });
}

/** Without slashes at either end. A regular expression would try each of many slashes as the first of the last ones. */
function withoutSlashes(path: string): string {
  let [start, end] = [0, path.length];
  while (path[start] === '/') start++;
  while (end > start && path[end - 1] === '/') end--;
  return path.slice(start, end);
}

function wrongInTemplate(path: string): string | undefined {
  const templated = path.includes(ONE) || path.includes(ANY);
  let any = false;
  for (const segment of withoutSlashes(path).split('/')) {
    if (segment === ONE || segment === ANY) {
      if (any) return `no further template after '${ANY}'`;
      any = segment === ANY;
    } else if (/[{}]/.test(segment)) {
      return `braces only as whole segments '${ONE}' and '${ANY}'`;
    } else if (templated && !LITERAL.test(segment)) {
      return `beside templates only segments of letters, digits and -._~%!$&'()+,;:@=, not ${shown(segment)}`;
    }
  }
  return undefined;
}
