import { Calls, MtlsAnalysis } from '../../src/index';
import { BROKEN } from '../cli/meshes';
import { DeclaringShop } from '../support/constructs/declaring-shop';

const NAMESPACE = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: other}\n---\n';
const STRICT = `${NAMESPACE}apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: mesh-wide, namespace: istio-system}\nspec: {mtls: {mode: STRICT}}`;

/** The objects that decide a shop's only connection, with their constructs. */
function decidingIn(analysis: MtlsAnalysis): unknown[] {
  const [{ because, hops }] = analysis.connections();
  expect(hops![0].because).toEqual(because);
  return because.map(({ kind, name, constructPath }) => [kind, name, constructPath]);
}

function shopWithRule(): DeclaringShop {
  const shop = new DeclaringShop();
  Calls.of(shop.deployment('web')).to(shop.server('cart'));
  Calls.of(shop.chart.node.findChild('cart') as any);
  shop.object('rule', 'networking.istio.io/v1', 'DestinationRule', 'cart', { host: 'cart', trafficPolicy: { tls: { mode: 'DISABLE' } } });
  return shop;
}

test('the objects that decide a connection name the constructs that emit them', () => {
  const shop = shopWithRule();
  shop.object('strict', 'security.istio.io/v1', 'PeerAuthentication', 'default', { mtls: { mode: 'STRICT' } });
  expect(decidingIn(MtlsAnalysis.of(shop.app))).toEqual([['DestinationRule', 'cart', 'shop/rule'], ['PeerAuthentication', 'default', 'shop/strict']]);
});

test('objects of facts and of a text have none', () => {
  expect(decidingIn(MtlsAnalysis.of(shopWithRule().app, { facts: [STRICT] }))).toEqual([
    ['DestinationRule', 'cart', 'shop/rule'], ['PeerAuthentication', 'mesh-wide', undefined],
  ]);
  const [{ because }] = MtlsAnalysis.ofYaml(BROKEN).connections();
  expect(because.map(({ constructPath }) => constructPath)).toEqual(because.map(() => undefined));
});
