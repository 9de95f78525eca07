import { removeFolders } from '../../support/command/scratch';
import { authorizationText as authorization, documents, entryText, proven } from '../../support/constructs/adopted';

afterAll(removeFolders);

const MESH = documents(
  'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio-injection: enabled}}\n',
  'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: default, namespace: istio-system}\nspec: {mtls: {mode: STRICT}}\n',
);

const deployment = (name: string, calls?: string, labels = `app: ${name}`) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: shop${calls === undefined ? '' : `, annotations: {calls.istio-mtls/to: "${calls}"}`}}
spec: {selector: {matchLabels: {app: ${name}}}, template: {metadata: {labels: {${labels}}}, spec: {serviceAccountName: ${name}, containers: [{name: a, ports: [{name: web, containerPort: 8080}, {containerPort: 9090}]}]}}}
`;

const service = (name: string, targetPort: number | string = 8080) => `apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: shop}
spec: {selector: {app: ${name}}, ports: [{name: http, port: 80, targetPort: ${targetPort}}, {name: http-admin, port: 9090}]}
`;

const from = (...names: string[]) => `from: [{source: {principals: [${names.map((name) => `cluster.local/ns/shop/sa/${name}`).join()}]}}]`;
const to = (ports = '"8080", "9090"', more = '') => `to: [{operation: {ports: [${ports}]${more}}}]`;
const policy = (rules: string, name = 'cart-callers', labels = 'app: cart', more = '') => authorization(name, `{selector: {matchLabels: {${labels}}}, action: ALLOW, rules: [${rules}]}`, 'shop', more);

const SHOP = documents(MESH, deployment('cart'), service('cart'));

/** The statements of a program that declare calls. */
const statements = (program: string) => program.split('\n').slice(program.split('\n').findIndex((line) => line.startsWith('Calls.'))).filter((line) => /Calls\.|^ +\.to/.test(line)).join('\n');

test.each<[string, string, string]>([
  ['a call', documents(SHOP, deployment('web', 'shop/cart'), policy(`{${from('web')}, ${to()}}`)),
    'Calls.of(Pods.of(webDeployment)).to(Services.of(cartService));'],
  ['a call of a port, whose target has a name', documents(MESH, deployment('cart'), service('cart', 'web'), deployment('web', 'shop/cart:80'), policy(`{${from('web')}, ${to('"8080"')}}`)),
    'Calls.of(Pods.of(webDeployment)).to(Services.of(cartService), { port: 80 });'],
  ['methods and paths', documents(SHOP, deployment('web', 'shop/cart'), policy(`{${from('web')}, ${to(undefined, ', methods: [GET], paths: ["/a/*"]')}}`)),
    'Calls.of(Pods.of(webDeployment)).to(Services.of(cartService), { methods: [\'GET\'], paths: [\'/a/*\'] });'],
  ['callers that declare nothing', documents(SHOP, policy(`{${from('gateway')}, ${to()}}, {from: [{source: {namespaces: [reports]}}], ${to('"9090"')}}`)), [
    'Calls.by(Caller.serviceAccount(\'shop\', \'gateway\')).to(Services.of(cartService));', 'Calls.by(Caller.namespace(\'reports\')).to(Services.of(cartService), { port: 9090 });',
  ].join('\n')],
  ['a workload that calls nothing', documents(SHOP, deployment('web', '')), 'Calls.of(Pods.of(webDeployment));'],
  ['a host outside', documents(SHOP, deployment('web', 'bank.example:443'), entryText('bank', '{hosts: [bank.example], location: MESH_EXTERNAL, ports: [{number: 443, name: tls, protocol: TLS}], resolution: DNS}')),
    'Calls.of(Pods.of(webDeployment)).to(bankServiceEntry, { port: 443 });'],
])('%s', (_, text, expected) => {
  const { program } = proven(text);
  expect(statements(program)).toBe(expected);
  expect(program).not.toContain('calls.istio-mtls/to');
});

test('of several Services and clients, each client\'s are one statement', () => {
  const text = documents(
    SHOP, deployment('orders', 'shop/cart'), service('orders'), deployment('web', 'shop/orders, shop/cart'),
    policy(`{${from('web', 'orders')}, ${to()}}`), policy(`{${from('web')}, ${to()}}`, 'orders-callers', 'app: orders'),
  );
  const { program, constructs } = proven(text);
  expect(constructs).toEqual({ Calls: 2, StrictMeshMtls: 1 });
  expect(statements(program)).toBe([
    'Calls.of(Pods.of(webDeployment)).to(Services.of(ordersService)).to(Services.of(cartService));', 'Calls.of(Pods.of(ordersDeployment)).to(Services.of(cartService));',
  ].join('\n'));
});

test('in an order that no program has, the annotation stays as it is', () => {
  const both = (first: string, second: string) => `{${from(first)}, ${to()}}, {${from(second)}, ${to('"9090"')}}`;
  const text = documents(
    SHOP, deployment('orders', 'shop/orders:9090, shop/cart'), service('orders'), deployment('web', 'shop/cart:9090, shop/orders'),
    policy(both('orders', 'web')), policy(both('web', 'orders'), 'orders-callers', 'app: orders'),
  );
  const { program, constructs } = proven(text);
  expect(constructs).toEqual({ Calls: 2, StrictMeshMtls: 1 });
  expect(program.match(/'calls\.istio-mtls\/to'/g)).not.toBeNull();
});

describe('stay AllowedCallers and annotations', () => {
  test.each<[string, string]>([
    ['under another name', documents(SHOP, deployment('web', 'shop/cart'), policy(`{${from('web')}, ${to()}}`, 'cart'))],
    ['for other pods', documents(SHOP, deployment('web', 'shop/cart'), policy(`{${from('web')}, ${to()}}`, 'cart-callers', 'app: other'))],
    ['for other ports', documents(SHOP, deployment('web', 'shop/cart'), policy(`{${from('web')}, ${to('"7070"')}}`))],
    ['with labels', documents(SHOP, deployment('web', 'shop/cart'), policy(`{${from('web')}, ${to()}}`, undefined, undefined, ', labels: {a: b}'))],
    ['where a declared call isn\'t allowed', documents(SHOP, deployment('web', 'shop/cart'), policy(`{${from('other')}, ${to()}}`))],
    ['where the call isn\'t mutual TLS', documents(SHOP, deployment('web', 'shop/cart', 'app: web, sidecar.istio.io/inject: "false"'), policy(`{${from('web')}, ${to()}}`))],
  ])('%s', (_, text) => {
    const { program, constructs } = proven(text);
    expect(constructs.Calls).toBeUndefined();
    expect(program).not.toContain('Calls.');
    expect(program).toContain("'calls.istio-mtls/to': 'shop/cart'");
  });

  test('where an entry is malformed', () => {
    const { program } = proven(documents(SHOP, deployment('web', 'shop/cart,shop/cart'), policy(`{${from('web')}, ${to()}}`)));
    expect(program).toContain("'calls.istio-mtls/to': 'shop/cart,shop/cart'");
  });
});
