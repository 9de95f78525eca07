import { isStrictHeaderName } from '../../admission/webhook/values/headers';
import { withArticle } from '../../findings/refusal';
import { Refuse } from '../refuse';

/** What of HTTP a request must have. */
export interface RequestConditions {
  readonly methods?: string[];
  readonly paths?: string[];
  readonly hosts?: string[];
  readonly headers?: { [name: string]: string[] };
  readonly claims?: { [claim: string]: string[] };
}

/** One of the conditions of a rule's `when`. */
interface When {
  readonly key: string;
  readonly values: readonly string[];
}

/** The same in the words of an AuthorizationPolicy. */
export interface RenderedConditions {
  readonly operation: { readonly methods?: readonly string[]; readonly paths?: readonly string[]; readonly hosts?: readonly string[] };
  readonly when: readonly When[];
  /** The first field that only HTTP has; undefined: there is none. */
  readonly ofHttp?: string;
  /** Whether one is read from a token. */
  readonly ofToken: boolean;
}

/** Checks conditions, and writes them as Istio has them. */
export function renderConditions({ methods, paths, hosts, headers, claims }: RequestConditions, refuse: Refuse): RenderedConditions {
  const operation = {
    methods: checkedList('methods', methods, METHOD, refuse),
    paths: checkedPaths('paths', paths, refuse),
    hosts: checkedList('hosts', hosts, HOST, refuse)?.flatMap(withAnyPort),
  };
  const ofHeaders = whenOf('headers', 'request.headers', headers, HEADER, refuse);
  const ofClaims = whenOf('claims', 'request.auth.claims', claims, CLAIM, refuse);
  const ofOperation = (['methods', 'paths', 'hosts'] as const).find((field) => operation[field] !== undefined);
  return {
    operation,
    when: [...ofHeaders, ...ofClaims],
    ofHttp: ofOperation ?? (ofHeaders.length > 0 ? 'headers' : ofClaims.length > 0 ? 'claims' : undefined),
    ofToken: ofClaims.length > 0,
  };
}

/** What the entries of a list must be. */
interface Words {
  readonly isRight: (value: string) => boolean;
  readonly expected: string;
  readonly because: string;
}

const METHOD: Words = {
  isRight: (method) => /^[A-Z]+(-[A-Z]+)*$/.test(method),
  expected: "a method in capital letters, such as 'GET'",
  because: 'no request has another, and case counts',
};

const HOST: Words = {
  isRight: (host) => /^(\*|\*[^*\s/]+|[^*\s/]+\*?)$/.test(host),
  expected: "a host, with at most one '*', first or last",
  because: 'no request has another',
};

const PATH: Words = {
  isRight: isPath,
  expected: "a path such as '/api/info', '/api/*', '*/info' or '/api/{*}/info', without a query",
  because: 'no request has another: queries are left out before, a * within a path stands for itself, and Envoy supports no other template',
};

const HEADER: Words = {
  isRight: isStrictHeaderName,
  expected: "a header of letters, digits, '-' and '_'",
  because: 'it is looked up by that name',
};

const CLAIM: Words = {
  isRight: (claim) => /^[^[\]]+$/.test(claim),
  expected: 'the name of a claim, without brackets',
  because: 'Istio reads brackets as claims within claims',
};

const VALUE: Words = {
  isRight: (value) => value !== '',
  expected: "a value, or '*' for any",
  because: 'an empty one fits no request',
};

/** Paths as a policy compares them. */
export function checkedPaths(field: string, paths: readonly string[] | undefined, refuse: Refuse): readonly string[] | undefined {
  return checkedList(field, paths, PATH, refuse);
}

function isPath(path: string): boolean {
  if (!/^[/*]/.test(path) || /[?#\s\\|]/.test(path)) return false;
  if (!/[{}]/.test(path)) return /^(\*|\*[^*]+|[^*]+\*?)$/.test(path);
  const plain = path.replace(/\/\{\*\}(?=\/|$)/g, '/x').replace(/\/\{\*\*\}(?=\/|$)/, '/x');
  return path.startsWith('/') && !/[{}*]|\/\//.test(plain);
}

/** Refuses an empty list: Istio would read it as no condition at all. */
export function checkedList(field: string, values: readonly string[] | undefined, words: Words, refuse: Refuse): readonly string[] | undefined {
  if (values === undefined || values === null) return undefined;
  if (!Array.isArray(values) || values.length === 0) throw emptyList(field, refuse);
  for (const value of values) if (typeof value !== 'string' || !words.isRight(value)) throw wrongValue(field, value, words, refuse);
  return [...new Set(values)];
}

export function emptyList(field: string, refuse: Refuse): Error {
  return refuse({
    code: 'MTLS804',
    field,
    actual: 'empty',
    expected: 'at least one entry, or nothing at all',
    because: 'Istio takes an empty list for no condition, so that everything would fit',
    fix: 'leave it out if everything is meant, or list what is',
  });
}

/** Never the value of a header or a claim, which may be a secret. */
function wrongValue(field: string, value: unknown, { expected, because }: Words, refuse: Refuse): Error {
  const shown = typeof value === 'string' && value.length <= 100 && !field.includes('[') ? `'${value}'` : withArticle(typeof value);
  return refuse({ code: 'MTLS805', field, actual: value === '' ? 'empty' : shown, expected, because, fix: 'correct it' });
}

function whenOf(field: string, key: string, conditions: { [name: string]: string[] } | undefined, words: Words, refuse: Refuse): When[] {
  if (conditions === undefined || conditions === null) return [];
  const names = Object.keys(conditions);
  if (names.length === 0) throw emptyList(field, refuse);
  return names.map((name) => {
    if (!words.isRight(name)) throw wrongValue(field, name, words, refuse);
    const values = checkedList(`${field}[${name}]`, conditions[name], VALUE, refuse);
    if (!values) throw emptyList(`${field}[${name}]`, refuse);
    return { key: `${key}[${name}]`, values };
  });
}

/** Requests name the port, too, unless it is their scheme's own. */
function withAnyPort(host: string): string[] {
  return /[*:]/.test(host) ? [host] : [host, `${host}:*`];
}
