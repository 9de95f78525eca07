import { fc } from './fast-check';
import { authorizationPolicy } from '../meshes/mesh';
import { SeenCall } from '../meshes/naive-authorization';

/** Of the mesh's own trust domain, an alias, and one that is neither. */
const TRUST_DOMAINS = ['cluster.local', 'old.example', 'new.example', 'other'];
const NAMESPACES = ['shop', 'shop2', 'ns', 'sa'];
const ACCOUNTS = ['web', 'webs', 'sa'];

/** Values that policies list, by attribute: names of callers and parts of requests below, and patterns that match some, all or none. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  principals: [
    '*', 'cluster.local/ns/shop/sa/web', 'old.example/ns/shop/sa/web', 'new.example/ns/shop*', 'old.example/ns/shop/*', '*/ns/shop/sa/web', '*.example/ns/shop/sa/web', '*/sa/web',
    'old*/ns/shop/sa/webs', 'other/ns/shop/sa/web', 'cluster.local/ns/*/sa/web', 'spiffe://cluster.local/ns/shop/sa/web', 'cluster.local/*', 'old.example/ns/shop/sa/we*',
  ],
  namespaces: ['*', 'shop', 's*', '*2', 'ns', 'sa', '*a', 's*2', 'shop*a'],
  serviceAccounts: ['web', 'shop/web', 'shop2/sa', 'ns/sa', 'root/web', '/web'],
  trustDomains: ['*', 'cluster.local', 'old.example', 'new.example', '*.example', 'o*', 'n*e'],
  requestPrincipals: ['*', 'https://issuer/ann', 'https://issuer/*', '*/ann', 'https://*', '*n', 'https://issuer/a*', 'ann'],
  hosts: ['*', 'ratings', 'RATINGS:80', 'ratings*', '*:80'],
  methods: ['*', 'GET', 'get', 'P*', '*T'],
  paths: ['*', '/api', '/api/*', '*.js', '/api/{*}', '/{**}/a', '/files/{**}', '/{*}/a.js'],
  ports: ['8080', '9000', '08080'],
};

const WHEN: Readonly<Record<string, readonly string[]>> = {
  'source.principal': VALUES.principals,
  'source.namespace': VALUES.namespaces,
  'source.serviceAccount': VALUES.serviceAccounts,
  'source.trustDomain': VALUES.trustDomains,
  'destination.port': VALUES.ports,
  'connection.sni': ['*', 'outbound_.80_._.ratings', 'outbound_*', '*ratings', 'x'],
  'request.auth.principal': VALUES.requestPrincipals,
  'request.auth.audiences': ['*', 'app', 'a*'],
  'request.auth.presenter': ['*', 'client', '*nt'],
  'request.auth.claims[group]': ['*', 'admin', 'ad*'],
  'request.auth.claims[realm][role]': ['*', 'admin'],
  'request.headers[X-Id]': ['*', '1', '1*'],
};

const listOf = (values: readonly string[]) => fc.uniqueArray(fc.constantFrom(...values), { maxLength: 2 });

const negated = (name: string) => `not${name[0].toUpperCase()}${name.slice(1)}`;
const namedList = (name: string) => fc.tuple(fc.boolean(), listOf(VALUES[name]))
  .map(([not, values]) => [not ? negated(name) : name, values] as const);

/** An entry of `from` or `to`: a few of the lists, some of them negated, some of them empty. */
const entryOf = (names: readonly string[]) => fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 2 })
  .chain((some) => fc.tuple(...some.map(namedList))).map((lists) => Object.fromEntries(lists));
const source = entryOf(['principals', 'namespaces', 'serviceAccounts', 'trustDomains', 'requestPrincipals']).map((one) => ({ source: one }));
const operation = entryOf(['hosts', 'methods', 'paths', 'ports']).map((one) => ({ operation: one }));
const condition = fc.constantFrom(...Object.keys(WHEN)).chain((key) => fc.record({
  key: fc.constant(key),
  values: listOf(WHEN[key]),
  notValues: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, listOf(WHEN[key])),
}));

const rule = fc.record({
  from: fc.array(source, { maxLength: 2 }),
  to: fc.array(operation, { maxLength: 2 }),
  when: fc.array(condition, { maxLength: 1 }),
}, { requiredKeys: [] });

/** AuthorizationPolicies that all select a server. */
export const randomPolicies = fc.array(
  fc.record({
    namespace: fc.constantFrom('root', 'shop'),
    spec: fc.record({ action: fc.constantFrom('ALLOW', 'ALLOW', 'ALLOW', 'DENY', 'DENY', 'AUDIT'), rules: fc.array(rule, { maxLength: 3 }) }, { requiredKeys: ['rules'] }),
  }),
  { minLength: 1, maxLength: 3 },
).map((policies) => policies.map(({ namespace, spec }, index) => authorizationPolicy(`${namespace}/p${index}`, spec)));

const identity = fc.tuple(fc.constantFrom(...TRUST_DOMAINS), fc.constantFrom(...NAMESPACES), fc.constantFrom(...ACCOUNTS))
  .map(([trustDomain, namespace, account]) => `spiffe://${trustDomain}/ns/${namespace}/sa/${account}`);
const claims = fc.record({
  iss: fc.constantFrom('https://issuer', 'https://other', '', 'ann'),
  sub: fc.constantFrom('ann', 'bob', ''),
  aud: fc.constantFrom('app', ['app', 'other'], ['other']),
  azp: fc.constantFrom('client', 'other'),
  group: fc.constantFrom('admin', ['user', 'admin'], 'user', 7),
  realm: fc.constantFrom({ role: 'admin' }, { role: ['user'] }, 'admin'),
}, { requiredKeys: [] });

const HEADERS: readonly SeenCall['headers'][] = [{}, { 'x-id': '1' }, { 'x-id': '12' }, { 'x-id': '' }];

export const randomCalls: fc.Arbitrary<SeenCall> = fc.record({
  isHttp: fc.boolean(),
  port: fc.constantFrom(8080, 9000),
  uri: fc.oneof({ weight: 3, arbitrary: identity }, fc.constant('')),
  sni: fc.constantFrom('', 'outbound_.80_._.ratings', 'x'),
  method: fc.constantFrom('GET', 'POST', 'PUT'),
  host: fc.constantFrom('ratings', 'ratings:80', 'Ratings:80', 'other'),
  path: fc.constantFrom('/', '/api', '/api/', '/api/a', '/api/a/b', '/a.js', '/files/', '/files', '/x/a', '/x/a.js'),
  headers: fc.constantFrom(...HEADERS),
  claims: fc.oneof(fc.constant({}), claims),
});

/** The trust domain and the aliases of meshes. */
export const randomTrustDomains = fc.constantFrom(['cluster.local'], ['new.example', 'old.example'], ['old.example'], ['cluster.local', 'new.example', 'old.example'], ['new.example', 'old*']);
