import { fieldNaming } from '../../../src/constructs/authorization/named-hosts';
import { deployment, mesh } from '../../support/meshes/mesh';

const CART = { namespace: 'shop', name: 'cart', ports: [80, 8443], clusterDomain: 'cluster.local' };

/** Where a client names the Service. */
function naming(container: object, namespace = 'shop', kind: 'containers' | 'initContainers' = 'containers'): string | undefined {
  const [client] = mesh([deployment(`${namespace}/web`, { spec: { [kind]: [{ name: 'app', ...container }] } })]).workloads;
  return fieldNaming(client, CART);
}

describe.each([
  ['shop', ['http://cart', 'http://cart/items', 'https://cart:8443', 'cart:80', 'grpc://user:secret@cart:80', 'a,cart:80,b', 'HTTP://CART/']],
  ['bank', []],
])('a short name, in namespace %s,', (namespace, found) => {
  test.each(['http://cart', 'http://cart/items', 'https://cart:8443', 'cart:80', 'grpc://user:secret@cart:80', 'a,cart:80,b', 'HTTP://CART/'])('in %s', (value) => {
    expect(naming({ env: [{ name: 'URL', value }] }, namespace)).toBe(found.includes(value) ? 'env URL' : undefined);
  });
});

test.each([
  'http://cart.shop', 'http://cart.shop/items', 'cart.shop:80', 'cart.shop.svc', 'cart.shop.svc.cluster.local', 'jdbc:sql://cart.shop.svc.cluster.local:3306/cart',
])('a longer name in any namespace, in %s', (value) => {
  expect(naming({ env: [{ name: 'URL', value }] }, 'bank')).toBe('env URL');
});

test.each(['cart', 'cart.shop', 'cart:81', 'shopping-cart:80', 'http://cart-db', 'http://cart.example', 'cart.bank.svc', '/cart:80x', 'my.cart.shop.svc', ''])('no name in %s', (value) => {
  expect(naming({ env: [{ name: 'URL', value }] })).toBeUndefined();
});

test('arguments and commands, of init containers too', () => {
  expect([
    naming({ args: ['--cart', 'http://cart'] }), naming({ command: ['wait', 'cart:80'] }), naming({ args: ['cart:80'] }, 'shop', 'initContainers'),
    naming({ env: [{ name: 'FROM', valueFrom: {} }, { value: 'cart:80' }, 'odd'], args: 'odd', command: [1] }),
  ]).toEqual(['args', 'command', 'args', 'env ']);
});
