import { removeFolders } from '../../support/command/scratch';
import { authenticationText as authentication, authorizationText as authorization, body, documents, proven } from '../../support/constructs/adopted';

afterAll(removeFolders);

const DRY_RUN = ', annotations: {istio.io/dry-run: "true", team: a}';
const SELECTOR = 'selector: {matchLabels: {app: web}}';
const allow = (rule: string) => authorization('web', `{${SELECTOR}, action: ALLOW, rules: [{${rule}}]}`);
const FROM = 'from: [{source: {namespaces: [bank]}}]';

describe('AuthorizationPolicies', () => {
  test('that allow callers are AllowedCallers', () => {
    const from = 'from: [{source: {principals: [cluster.local/ns/bank/sa/web, "*"]}}, {source: {namespaces: [bank]}}]';
    const to = 'to: [{operation: {ports: ["80"], methods: [GET], paths: [/a], hosts: [a.example, "a.example:*", "*.b.example"]}}]';
    const when = 'when: [{key: "request.headers[x-a]", values: [b]}, {key: "request.auth.claims[iss]", values: [c]}]';
    const { program } = proven(documents(allow(`${from}, ${to}, ${when}`), authentication('web', `{${SELECTOR}, jwtRules: [{issuer: c, jwksUri: "https://c.example"}]}`)));
    expect(program).toContain([
      'new AllowedCallers(shop, \'web-authorization-policy\', {', '  name: \'web\',', '  workload: Pods.withLabels({ app: \'web\' }),',
      '  callers: [Caller.serviceAccount(\'bank\', \'web\'), Caller.anyIdentity(), Caller.namespace(\'bank\')],',
      '  ports: [80],', '  methods: [\'GET\'],', '  paths: [\'/a\'],', '  hosts: [\'a.example\', \'*.b.example\'],', '  headers: { \'x-a\': [\'b\'] },', '  claims: { iss: [\'c\'] },', '});', '',
    ].join('\n'));
  });

  test('depend on the trust domain', () => {
    const text = allow('from: [{source: {principals: [corp.example/ns/a/sa/b]}}]');
    expect(proven(text, { trustDomain: 'corp.example' }).constructs).toEqual({ AllowedCallers: 1 });
    expect(proven(text).program).toContain('// No construct: it has principals that aren\'t service accounts of trust domain \'cluster.local\'\n');
  });

  test.each([
    ['of a namespace', authorization('default-deny', '{}'), 'new DefaultDeny(shop, \'default-deny-authorization-policy\', { iUnderstandThatCallersWithoutAPolicyAreLockedOut: true });'],
    ['of a namespace, under a name', authorization('none', '{}', 'shop', DRY_RUN), [
      'const noneAuthorizationPolicy = new DefaultDeny(shop, \'none-authorization-policy\', { name: \'none\' });', 'noneAuthorizationPolicy.metadata.addAnnotation(\'team\', \'a\');',
    ].join('\n')],
    ['of the mesh', authorization('default-deny', '{}', 'istio-system', ', annotations: {istio.io/dry-run: "true"}'), 'new DefaultDeny(istioSystem, \'default-deny-authorization-policy\', { wholeMesh: true });'],
  ])('that allow nothing are DefaultDeny: %s', (_, text, expected) => {
    expect(body(proven(text).program)).toBe(expected);
  });

  test('that are dry runs are so by a property', () => {
    const { program } = proven(authorization('web', `{${SELECTOR}, action: ALLOW, rules: [{${FROM}}]}`, 'shop', DRY_RUN));
    expect(program).toContain('  dryRun: true,\n');
    expect(program).not.toContain('istio.io/dry-run');
  });

  test.each([
    ['deny', authorization('web', `{${SELECTOR}, action: DENY, rules: [{}]}`), 'its action is DENY, but AllowedCallers allows'],
    ['have no selector', authorization('web', `{action: ALLOW, rules: [{${FROM}}]}`), 'it has no selector, but AllowedCallers requires one'],
    ['don\'t say that they allow', authorization('web', `{${SELECTOR}, rules: [{${FROM}}]}`), 'AllowedCallers would add spec.action'],
    ['have what isn\'t adopted', allow('from: [{source: {ipBlocks: [1.2.3.4]}}]'), 'adopt knows no property of AllowedCallers for spec.rules[0].from[0].source.ipBlocks'],
    ['have two rules', authorization('web', `{${SELECTOR}, action: ALLOW, rules: [{${FROM}}, {${FROM}}]}`), 'it doesn\'t have exactly one rule, as AllowedCallers does'],
    ['have two operations', allow(`${FROM}, to: [{operation: {ports: ["80"]}}, {operation: {ports: ["81"]}}]`), 'it has several operations, but AllowedCallers has one'],
    ['have other conditions', allow(`${FROM}, when: [{key: source.ip, values: [1.2.3.4]}]`), 'it has conditions that are neither headers nor claims with values'],
    ['have conditions by what they aren\'t', allow(`${FROM}, when: [{key: "request.headers[a]", notValues: [b]}]`), 'adopt knows no property of AllowedCallers for spec.rules[0].when[0].notValues'],
    ['allow everybody', allow(''), 'AllowedCallers refuses it: callers is empty; expected at least one caller [API801]'],
    ['name a host without any port', allow(`${FROM}, to: [{operation: {hosts: [a.example]}}]`), expect.stringMatching(/^spec\.rules\[0\]\.to\[0\]\.operation\.hosts is /)],
  ])('that %s stay ApiObjects', (_, text, why) => {
    const { program } = proven(text);
    expect(/\/\/ No construct: (.*)\nnew ApiObject\(/.exec(program)![1]).toEqual(why);
  });
});

describe('RequestAuthentications', () => {
  const ISSUERS = '[{issuer: a, jwksUri: "https://a.example", audiences: [x], forwardOriginalToken: true}, {issuer: b, jwksUri: "https://b.example"}]';
  const checked = (name: string, metadata = '') => authentication(name, `{${SELECTOR}, jwtRules: ${ISSUERS}}`, 'shop', metadata);
  const required = (name: string, to = '', metadata = '') => authorization(name, `{${SELECTOR}, action: DENY, rules: [{from: [{source: {notRequestPrincipals: [a/*, b/*]}}]${to}}]}`, 'shop', metadata);

  test('with the policy that requires their tokens are RequiredTokens, whichever comes first', () => {
    const to = ', to: [{operation: {notPorts: ["9090"], notPaths: [/healthz], notMethods: [OPTIONS]}}]';
    const texts = [required('require', to, DRY_RUN), checked('users', ', labels: {team: a}')];
    for (const text of [documents(...texts), documents(...[...texts].reverse())]) {
      const { program, constructs, raw } = proven(text);
      expect([constructs, raw]).toEqual([{ RequiredToken: 2 }, 0]);
      expect(body(program)).toBe([
        'const usersRequestAuthentication = new RequiredToken(shop, \'users-request-authentication\', {', '  name: \'users\',', '  policyName: \'require\',', '  workload: Pods.withLabels({ app: \'web\' }),',
        '  issuers: [', '    { issuer: \'a\', jwksUri: \'https://a.example\', audiences: [\'x\'], forwardToken: true },', '    { issuer: \'b\', jwksUri: \'https://b.example\' },', '  ],',
        '  exceptPaths: [\'/healthz\'],', '  exceptPorts: [9090],', '  exceptPreflight: true,', '  dryRun: true,', '});',
        'usersRequestAuthentication.authentication.metadata.addLabel(\'team\', \'a\');', 'usersRequestAuthentication.policy.metadata.addAnnotation(\'team\', \'a\');',
      ].join('\n'));
    }
  });

  test('with the same name as their policy omit policyName', () => {
    expect(proven(documents(checked('users'), required('users'))).program).not.toContain('policyName');
  });

  test('become one RequiredTokens for each pair with its policy', () => {
    const other = (text: string) => text.replace('app: web', 'app: other').replace('name: ', 'name: other-');
    expect(proven(documents(checked('users'), other(required('users')), other(checked('users')), required('users'))).constructs).toEqual({ RequiredToken: 4 });
  });

  const NONE = 'no AuthorizationPolicy requires its tokens the way RequiredToken does';
  test.each([
    ['without a policy', checked('users'), NONE],
    ['with a policy for other labels', documents(checked('users'), required('users').replace('app: web', 'app: other')), NONE],
    ['with a policy for other issuers', documents(checked('users'), required('users').replace(', b/*', '')), NONE],
    ['with a policy in another namespace', documents(checked('users'), required('users').replace('namespace: shop', 'namespace: bank')), NONE],
    ['with a policy that says more', documents(checked('users'), required('users', ', to: [{operation: {notHosts: [a]}}]')), 'RequiredToken would leave out spec.rules[0].to'],
    ['that say more', documents(checked('users').replace('issuer: b,', 'issuer: b, fromParams: [x],'), required('users')), 'RequiredToken would leave out spec.jwtRules[1].fromParams'],
    ['for everything', documents(checked('users'), required('users', ', to: [{operation: {notPaths: ["/*"]}}]')), 'RequiredToken refuses it: exceptPaths is \'/*\'; expected only some paths [API814]'],
  ])('%s stay ApiObjects', (_, text, why) => {
    const { program, constructs } = proven(text);
    expect(constructs).toEqual({});
    expect(program).toContain(`// No construct: ${why}\nnew ApiObject(shop, 'users-request-authentication'`);
  });

  test('whose metadata constructs can\'t write stay ApiObjects, without patches for a construct', () => {
    const { program } = proven(documents(checked('users', ', ownerReferences: null').replace('issuer: b,', 'issuer: b, fromParams: [x],'), required('users', '', ', ownerReferences: null')));
    expect(program.match(/JsonPatch\.add/g)).toHaveLength(2);
  });
});
