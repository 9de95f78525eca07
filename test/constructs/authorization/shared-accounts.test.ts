import { CallOptions, Caller, Calls } from '../../../src/index';
import { DeclaringShop } from '../../support/constructs/declaring-shop';

/** The warnings of a shop in which jobs and mail share an account, and cart declares that it calls nothing. */
function warningsOf(declare: (shop: DeclaringShop, made: { jobs: any; mail: any; cart: any; server: any }) => unknown, account = 'shared', inject?: string): string[] {
  const shop = new DeclaringShop();
  const server = shop.deployment('cart');
  const cart = shop.service('cart', server, [{ port: 80, targetPort: 8080, name: 'http' }, { port: 90, targetPort: 9090, name: 'http-admin' }]);
  Calls.of(server);
  const [jobs, mail] = [shop.deployment('jobs', { account }), shop.deployment('mail', { account, inject })];
  for (const one of [jobs, mail]) Calls.of(one);
  declare(shop, { jobs, mail, cart, server });
  return shop.warnings;
}

test('a workload that shares the account of a caller', () => {
  expect(warningsOf((_, { jobs, cart }) => Calls.of(jobs).to(cart))).toEqual([
    'Calls (shop/jobs/Resource): serviceAccountName is shop/shared for Deployment shop/jobs and Deployment shop/mail, which lets Deployment shop/mail make '
      + 'undeclared calls to Service shop/cart; expected a service account for each client, because policies know callers by their service accounts. '
      + 'Fix: give each client a service account of its own, or declare the same calls for all of them. [API859]',
  ]);
});

test('the account of all pods without one is named as such, once for all Services', () => {
  expect(warningsOf((shop, { jobs, cart }) => {
    const orders = shop.deployment('orders');
    Calls.of(orders);
    Calls.of(jobs).to(cart).to(shop.service('orders', orders));
  }, 'default')).toEqual([
    expect.stringMatching(/is shop\/default, which all pods without one run as, for .* calls to Services shop\/cart and shop\/orders; .*\[API859\]$/),
  ]);
});

const NOT_COVERED: [CallOptions, CallOptions][] = [
  [{}, { port: 80 }], [{ port: 80 }, { port: 90 }], [{}, { methods: ['GET'] }], [{ methods: ['GET', 'POST'] }, { methods: ['GET'] }],
  [{ methods: ['GET'] }, { methods: ['GET'], paths: ['/a'] }], [{ paths: ['/a'] }, { paths: ['/b'] }],
];

test.each(NOT_COVERED)('declared calls of the other that don\'t include %j: %j', (asked, declared) => {
  expect(warningsOf((_, { jobs, mail, cart }) => [Calls.of(jobs).to(cart, asked), Calls.of(mail).to(cart, declared)])[0]).toMatch(/which lets .*\bDeployment shop\/mail\b.* make undeclared calls .*\[API859\]$/);
});

const COVERED: [CallOptions, CallOptions][] = [
  [{}, {}], [{ port: 80 }, {}], [{ methods: ['GET'] }, {}], [{ methods: ['GET'], port: 80 }, { methods: ['GET', 'POST'] }],
];

test.each(COVERED)('declared calls of the other that include %j: %j', (asked, declared) => {
  const warnings = warningsOf((_, { jobs, mail, cart }) => [Calls.of(jobs).to(cart, asked), Calls.of(mail).to(cart, declared)]);
  expect(warnings.filter((text) => /lets .*shop\/mail.* make/.test(text))).toEqual([]);
});

describe('no warning', () => {
  test.each<[string, Parameters<typeof warningsOf>[0]]>([
    ['if all of the account may call', (_, { jobs, cart }) => [Calls.of(jobs).to(cart), Calls.by(Caller.serviceAccount('shop', 'shared')).to(cart)]],
    ['if all of the namespace may call', (_, { jobs, cart }) => [Calls.of(jobs).to(cart), Calls.by(Caller.namespace('shop')).to(cart)]],
    ['if anybody with a certificate may call', (_, { jobs, cart }) => [Calls.of(jobs).to(cart), Calls.by(Caller.anyIdentity()).to(cart)]],
    ['of a server\'s own account', (shop, { cart, server }) => Calls.of(shop.deployment('twin', { account: 'cart' })).to(cart) && Calls.of(server)],
    ['of callers that aren\'t in the app', (_, { cart }) => Calls.by(Caller.serviceAccount('shop', 'shared')).to(cart)],
  ])('%s', (_, declare) => {
    expect(warningsOf(declare)).toEqual([]);
  });

  test('of a workload without a sidecar, which has no certificate', () => {
    expect(warningsOf((_, { jobs, cart }) => Calls.of(jobs).to(cart), 'shared', 'false')).toEqual([]);
  });
});
