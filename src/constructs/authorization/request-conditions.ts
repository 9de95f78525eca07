import { isStrictHeaderName } from '../../admission/webhook/values/headers';
import { withArticle } from '../../findings/refusal';
import { Refuse } from '../refuse';

/** The HTTP conditions of a policy. */
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

/** The conditions as fields of an AuthorizationPolicy. */
export interface RenderedConditions {
  readonly operation: { readonly methods?: readonly string[]; readonly paths?: readonly string[]; readonly hosts?: readonly string[] };
  readonly when: readonly When[];
  /** The first condition that only HTTP requests can meet; undefined if there is none. */
  readonly ofHttp?: string;
  /** Whether a condition reads a token. */
  readonly ofToken: boolean;
}

/** Checks conditions, and renders them with Istio's fields. */
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
  expected: "a method in uppercase, such as 'GET'",
  because: 'methods are case-sensitive, and no request has another one',
};

const HOST: Words = {
  isRight: (host) => /^(\*|\*[^*\s/]+|[^*\s/]+\*?)$/.test(host),
  expected: "a host, with at most one '*', at the start or end",
  because: 'no request has another host',
};

const PATH: Words = {
  isRight: isPath,
  expected: "a path such as '/api/info', '/api/*', '*/info' or '/api/{*}/info', without a query",
  because: 'no other path can match: Istio removes the query first, reads a * inside a path literally, '
    + 'and Envoy supports no other template',
};

const HEADER: Words = {
  isRight: isStrictHeaderName,
  expected: "a header name of letters, digits, '-' and '_'",
  because: 'Envoy looks up the header by this name',
};

const CLAIM: Words = {
  isRight: (claim) => /^[^[\]]+$/.test(claim),
  expected: 'the name of a claim, without brackets',
  because: 'Istio reads brackets as nested claims',
};

const VALUE: Words = {
  isRight: (value) => value !== '',
  expected: "a value, or '*' for any value",
  because: 'an empty value matches no request',
};

/** Checked paths of a policy. */
export function checkedPaths(field: string, paths: readonly string[] | undefined, refuse: Refuse): readonly string[] | undefined {
  return checkedList(field, paths, PATH, refuse);
}

function isPath(path: string): boolean {
  if (!/^[/*]/.test(path) || /[?#\s\\|]/.test(path)) return false;
  if (!/[{}]/.test(path)) return /^(\*|\*[^*]+|[^*]+\*?)$/.test(path);
  const plain = path.replace(/\/\{\*\}(?=\/|$)/g, '/x').replace(/\/\{\*\*\}(?=\/|$)/, '/x');
  return path.startsWith('/') && !/[{}*]|\/\//.test(plain);
}

/** Rejects an empty list: Istio reads it as no condition. */
function checkedList(field: string, values: readonly string[] | undefined, words: Words, refuse: Refuse): readonly string[] | undefined {
  if (values === undefined || values === null) return undefined;
  if (!Array.isArray(values) || values.length === 0) throw emptyList(field, refuse);
  for (const value of values) if (typeof value !== 'string' || !words.isRight(value)) throw wrongValue(field, value, words, refuse);
  return [...new Set(values)];
}

export function emptyList(field: string, refuse: Refuse): Error {
  return refuse({
    code: 'API804',
    field,
    actual: 'empty',
    expected: 'at least one entry, or no list',
    because: 'Istio reads an empty list as no condition, so everything would match',
    fix: 'list what should match, or remove the list to match everything',
  });
}

/** Never shows the value of a header or a claim, which may be a secret. */
function wrongValue(field: string, value: unknown, { expected, because }: Words, refuse: Refuse): Error {
  const shown = typeof value === 'string' && value.length <= 100 && !field.includes('[') ? `'${value}'` : withArticle(typeof value);
  return refuse({ code: 'API805', field, actual: value === '' ? 'empty' : shown, expected, because, fix: 'correct it' });
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

/** The Host header includes the port unless it is the scheme's default. */
function withAnyPort(host: string): string[] {
  return /[*:]/.test(host) ? [host] : [host, `${host}:*`];
}
