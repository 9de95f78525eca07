import { AllowedCallers, CallEnforcement, Caller, Calls, MtlsMode, WorkloadOverride } from '../../../src/index';
import { DeclaringShop } from '../../support/constructs/declaring-shop';

/** A shop in which web calls cart, and both declare their calls. */
function shopWith(calls?: CallEnforcement): { shop: DeclaringShop; cart: ReturnType<DeclaringShop['service']> } {
  const shop = new DeclaringShop({ calls });
  const server = shop.deployment('cart');
  const cart = shop.service('cart', server);
  Calls.of(server);
  Calls.of(shop.deployment('web')).to(cart);
  return { shop, cart };
}

test('nothing to warn of', () => {
  expect(shopWith().shop.warnings).toEqual([]);
});

describe('a workload that names a Service and doesn\'t declare the call', () => {
  test.each([CallEnforcement.POLICIES, CallEnforcement.DRY_RUN])('with %s', (calls) => {
    const { shop } = shopWith(calls);
    Calls.of(shop.deployment('jobs', { env: { CART_URL: 'http://cart.shop:80/items' } }));
    expect(shop.warnings).toEqual([expect.stringMatching(/^Calls \(shop\/jobs\/Resource\): to\(shop\/cart\) is not declared, though env CART_URL of Deployment shop\/jobs names the Service; expected a declared call, because AuthorizationPolicy shop\/\S+ denies all others\. Fix: declare the call\. \[API857\]$/)]);
  });

  test('is told once, if it declares nothing', () => {
    const { shop } = shopWith();
    shop.deployment('jobs', { args: ['--cart=cart:80'] });
    expect(shop.warnings).toEqual([expect.stringMatching(/though args of .*\[API857\]$/)]);
  });

  test('isn\'t told without policies', () => {
    const { shop } = shopWith(CallEnforcement.NONE);
    Calls.of(shop.deployment('jobs', { env: { CART_URL: 'http://cart.shop:80/items' } }));
    shop.deployment('other');
    expect(shop.warnings).toEqual([]);
  });
});

describe('workloads that declare nothing', () => {
  test('are told at once, with the Services that deny them', () => {
    const { shop, cart } = shopWith();
    const orders = shop.server('orders');
    Calls.of(shop.chart.node.findChild('web') as any).to(orders);
    for (const name of ['a', 'b', 'c']) shop.deployment(name);
    expect(cart.name).toBe('cart');
    expect(shop.warnings).toEqual([expect.stringMatching(/^Calls \(shop\/a\/Resource\): client is Deployment shop\/a, Deployment shop\/b, Deployment shop\/c and 1 other, which declare no calls and which the AuthorizationPolicies of Services shop\/cart and shop\/orders deny; expected .*\[API858\]$/)]);
  });

  test.each<[string, (shop: DeclaringShop, cart: any) => unknown]>([
    ['a call by its service account', (_, cart) => Calls.by(Caller.serviceAccount('shop', 'jobs')).to(cart)],
    ['a call by its namespace', (_, cart) => Calls.by(Caller.namespace('shop')).to(cart)],
    ['some requests', (_, cart) => Calls.by(Caller.anyIdentity()).to(cart, { methods: ['GET'] })],
    ['another policy', (shop) => new AllowedCallers(shop.chart, 'more', { workload: shop.chart.node.findChild('cart') as any, callers: [Caller.serviceAccount('shop', 'jobs')] })],
  ])('aren\'t told if they are let in by %s', (_, admit) => {
    const { shop, cart } = shopWith();
    shop.deployment('jobs');
    admit(shop, cart);
    expect(shop.warnings).toEqual([]);
  });

  test('aren\'t told of their own Service, nor if another policy denies them', () => {
    const shop = new DeclaringShop();
    const server = shop.deployment('cart');
    const cart = shop.service('cart', server);
    Calls.of(shop.deployment('web')).to(cart);
    expect(shop.warnings).toEqual([]);
    shop.deployment('jobs');
    shop.object('deny', 'security.istio.io/v1', 'AuthorizationPolicy', 'deny', { action: 'DENY', rules: [{ from: [{ source: { principals: ['*/sa/jobs'] } }] }] });
    expect(shop.warnings).toEqual([]);
  });

  test('are told without a sidecar, too, but for an open port', () => {
    const { shop, cart } = shopWith();
    shop.deployment('prometheus', { inject: 'false' });
    expect(shop.warnings).toEqual([expect.stringMatching(/client is Deployment shop\/prometheus, which declares no calls .*\[API858\]$/)]);
    new WorkloadOverride(shop.chart, 'open', { workload: shop.chart.node.findChild('cart') as any, ports: [{ port: 8080, mode: MtlsMode.PERMISSIVE }] });
    Calls.of(shop.deployment('scraper', { inject: 'false' })).to(cart, { port: 80, withoutIdentity: true });
    expect(shop.warnings).toEqual([]);
  });
});

test('accounts that are shared are told as well', () => {
  const { shop, cart } = shopWith();
  Calls.of(shop.deployment('jobs', { account: 'jobs' })).to(cart);
  Calls.of(shop.deployment('mail', { account: 'jobs' }));
  expect(shop.warnings).toEqual([expect.stringMatching(/\[API859\]$/)]);
});
