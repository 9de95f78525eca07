/** A call as the server's proxy sees it, with all facts known. */
export interface SeenCall {
  readonly isHttp: boolean;
  readonly port: number;
  /** In the caller's certificate; '': none. */
  readonly uri: string;
  readonly sni: string;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The claims of a valid token that a RequestAuthentication checks; empty without one. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Whether a request passes policies that all select the server, by istiod's matchers, one regular expression a value. */
export function isAdmitted(policies: readonly any[], call: SeenCall, trustDomains: readonly string[]): boolean {
  const matching = (action: string) => policies.some((policy) => (policy.spec.action ?? 'ALLOW') === action && isMatched(policy, call, trustDomains));
  const isAnyNeeded = policies.some(({ spec }) => (spec.action ?? 'ALLOW') === 'ALLOW');
  return !matching('DENY') && (!isAnyNeeded || matching('ALLOW'));
}

/** Whether any rule of a policy matches. */
export function isMatched({ metadata: { namespace }, spec: { action = 'ALLOW', rules = [] } }: any, call: SeenCall, trustDomains: readonly string[]): boolean {
  return rules.some(({ from = [], to = [], when = [] }: any) => {
    const [sources, operations] = [from.map(({ source }: any) => listsOf(source)), to.map(({ operation }: any) => listsOf(operation))];
    const asked = [sources, operations, [when.flatMap(listsOfCondition)]];
    if (!call.isHttp && action === 'ALLOW' && asked.flat(2).some(({ key }: Asked) => isOfHttp(key))) return false;
    const holds = (lists: Asked[]) => lists.filter(({ key }) => call.isHttp || !isOfHttp(key))
      .every(({ key, not, values }) => values.some((value) => matches(key, value, call, trustDomains, namespace)) !== not);
    return asked.every((entries) => entries.length === 0 || entries.some(holds));
  });
}

/** A list that isn't empty. */
interface Asked {
  readonly key: string;
  readonly not: boolean;
  readonly values: readonly string[];
}

function listsOf(entry: Record<string, string[]>): Asked[] {
  return Object.entries(entry).filter(([, { length }]) => length > 0).map(([name, values]) => {
    const not = name.startsWith('not');
    return { key: not ? name[3].toLowerCase() + name.slice(4) : name, not, values };
  });
}

function listsOfCondition({ key, values = [], notValues = [] }: any): Asked[] {
  return [{ key, not: false, values }, { key, not: true, values: notValues }].filter(({ values: { length } }) => length > 0);
}

const OF_HTTP = ['hosts', 'methods', 'paths', 'requestPrincipals'];
const isOfHttp = (key: string) => OF_HTTP.includes(key) || key.startsWith('request.');

const quoted = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const whole = (pattern: string, flags = '') => new RegExp(`^${pattern}$`, flags);

/** The four forms of most values, as a regular expression. */
function form(value: string): string {
  if (value === '*') return '.+';
  if (value.startsWith('*')) return `.*${quoted(value.slice(1))}`;
  return value.endsWith('*') ? `${quoted(value.slice(0, -1))}.*` : quoted(value);
}

/** `{*}` is one segment, `{**}` any rest. */
function template(value: string): string {
  return quoted(value).replaceAll('\\{\\*\\}', '[^/]+').replaceAll('\\{\\*\\*\\}', '.*');
}

function matches(key: string, value: string, call: SeenCall, trustDomains: readonly string[], namespace: string): boolean {
  const { uri, claims: token } = call;
  switch (key) {
    case 'principals': case 'source.principal': return inAll(value, trustDomains).some((one) => whole(`spiffe://${form(one)}`).test(uri));
    case 'namespaces': case 'source.namespace': return whole(`.*/ns/${value.split('*').map(quoted).join('.*')}/.*`).test(uri);
    case 'serviceAccounts': case 'source.serviceAccount': {
      const [, of = namespace, account] = /^(?:([^/]*)\/)?([^]*)$/.exec(value)!;
      return whole(`spiffe://.+/ns/${quoted(of)}/(.+/|)sa/${quoted(account)}(/.+)?`).test(uri);
    }
    case 'trustDomains': case 'source.trustDomain':
      return (trustDomains.includes(value) ? trustDomains : [value]).some((one) => whole(`spiffe://${one.split('*').map(quoted).join('[^/]*')}/.*`).test(uri));
    case 'ports': case 'destination.port': return Number(value) === call.port;
    case 'connection.sni': return whole(form(value)).test(call.sni);
    case 'methods': return whole(form(value)).test(call.method);
    case 'hosts': return whole(form(value), 'i').test(call.host);
    case 'paths': return whole(/\{\*\*?\}/.test(value) ? template(value) : form(value)).test(call.path);
    case 'requestPrincipals': case 'request.auth.principal': return isPrincipalOf(token, value);
    case 'request.auth.audiences': return isIn(token.aud, value);
    case 'request.auth.presenter': return isIn(token.azp, value);
  }
  const [, name, inner] = /\[([^\]]+)\](?:\[([^\]]+)\])?$/.exec(key)!;
  if (key.startsWith('request.auth.claims')) return isIn(inner === undefined ? token[name] : (token[name] as any)?.[inner], value);
  const header = call.headers[name.toLowerCase()];
  return header !== undefined && (value === '*' || whole(form(value)).test(header));
}

/** A principal of five parts whose trust domain is one of the mesh's is one in each of these. */
function inAll(value: string, trustDomains: readonly string[]): readonly string[] {
  const [own, ...rest] = value.split('/');
  if (rest.length !== 4 || own === '*') return [value];
  const isOwn = own === 'cluster.local' || trustDomains.some((one) => whole(form(own)).test(one) || whole(form(one)).test(own));
  if (!isOwn) return [value];
  return trustDomains.map((one) => (own.startsWith('*') && one.endsWith(own.slice(1)) ? value : [one, ...rest].join('/')));
}

function isIn(claim: unknown, value: string): boolean {
  return [claim].flat().some((one) => typeof one === 'string' && whole(form(value)).test(one));
}

/** The issuer and the subject, apart at the last slash: one of them may be a pattern. */
function isPrincipalOf({ iss, sub }: Readonly<Record<string, unknown>>, value: string): boolean {
  if (typeof iss !== 'string' || typeof sub !== 'string') return false;
  if (value === '*') return iss.length > 0 && sub.length > 0;
  const [, issuer, subject] = /^(.*)\/([^/]*)$/.exec(value) ?? [];
  if (issuer === undefined) {
    if (value.startsWith('*')) return iss.length > 0 && sub.endsWith(value.slice(1));
    return value.endsWith('*') ? iss.startsWith(value.slice(0, -1)) && sub.length > 0 : iss === value && sub === '';
  }
  if (value.startsWith('*')) return whole(form(issuer)).test(iss) && sub === subject;
  return value.endsWith('*') ? iss === issuer && whole(form(subject)).test(sub) : iss === issuer && sub === subject;
}
