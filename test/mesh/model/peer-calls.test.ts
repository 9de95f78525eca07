import { Hop } from '../../../src/mesh/model/hop';
import { PeerCalls } from '../../../src/mesh/model/peer-calls';
import { workloadEndpoint } from '../../../src/mesh/services/endpoint';
import { deployment, injected, mesh } from '../../support/meshes/mesh';

const [cart, web] = mesh([injected('shop'), deployment('shop/web'), deployment('shop/cart')]).workloads;
const to = (received: Hop['received']) => ({ travel: 'service', received }) as Hop;

test('hops are marked whose server declares the call itself', () => {
  const peers = PeerCalls.of([[web, ['web:80', 'cart:80']], [cart, ['web:80']]]);
  const hops = [to({ endpoint: workloadEndpoint(web, 80) }), to({ endpoint: workloadEndpoint(cart, 80) }), to({})];
  const marked = (key: string) => peers.among(hops, { key }).map(({ isDeclaredByServer }) => isDeclaredByServer ?? false);
  expect([marked('web:80'), marked('cart:80'), marked('orders:80')]).toEqual([[true, true, false], [true, false, false], [false, false, false]]);
  expect(peers.among(hops, { key: 'orders:80' })).toBe(hops);
  expect([peers.has(web, { key: 'cart:80' }), peers.has(cart, { key: 'cart:80' })]).toEqual([true, false]);
});
