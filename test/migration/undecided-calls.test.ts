import { migrationOf } from '../../src/migration/migration';
import { TargetMode } from '../../src/migration/target';
import { deployment, injected, mesh, meshConfig, mode, namespace, peerAuthentication, service, serviceEntry } from '../support/meshes/mesh';

const GATEWAY = { annotations: { 'inject.istio.io/templates': 'gateway' } };
const strict = (space: string) => peerAuthentication(`${space}/default`, mode('STRICT'));
const served = (path: string) => [deployment(path, { ports: [{ containerPort: 9080 }] }), service(path, [9080])];
const undecidedTo = (target: TargetMode, objects: any[], scope?: string) => migrationOf(mesh(objects), { mode: target, scope }).undecided;
const calling = (value: string) => ({ spec: { containers: [{ name: 'app', env: [{ name: 'UPSTREAM', value }] }] } });

const EDGE = [...injected('shop', 'pay', 'edge'), deployment('edge/gateway', GATEWAY)];

test('a gateway\'s calls to servers that become STRICT are undecided', () => {
  expect(undecidedTo('STRICT', [...EDGE, ...served('shop/cart')])).toBe(1);
  expect(undecidedTo('STRICT', [...EDGE, ...served('shop/cart'), ...served('pay/charge'), strict('pay')])).toBe(1);
  expect(undecidedTo('STRICT', [...EDGE, ...served('shop/cart'), ...served('pay/charge')], 'shop')).toBe(1);
  expect(undecidedTo('STRICT', [...EDGE, ...served('shop/cart'), ...served('shop/stock')], 'shop/cart')).toBe(1);
  expect(undecidedTo('STRICT', [...EDGE, ...served('pay/charge'), strict('pay')])).toBe(0);
});

test('PERMISSIVE cuts off no calls, DISABLE may', () => {
  const objects = [...EDGE, ...served('shop/cart'), strict('shop')];
  expect([undecidedTo('PERMISSIVE', objects), undecidedTo('DISABLE', objects)]).toEqual([0, 1]);
});

test('gateways, servers without a proxy and external hosts have no mode that changes', () => {
  const unproxied = [namespace('old'), ...served('old/stock'), ...injected('edge'), deployment('edge/gateway', GATEWAY)];
  expect(undecidedTo('STRICT', [...injected('shop'), deployment('shop/web'), deployment('shop/gateway', { ...GATEWAY, ports: [{ containerPort: 80 }] }), service('shop/gateway')])).toBe(0);
  expect(undecidedTo('STRICT', unproxied)).toBe(0);
  expect(undecidedTo('STRICT', [...EDGE, serviceEntry('pay/bank', { hosts: ['bank.example'], location: 'MESH_EXTERNAL', resolution: 'DNS', ports: [{ number: 443, name: 'tls', protocol: 'TLS' }] })])).toBe(0);
});

test('servers outside the manifests get the mode of their namespace\'s policies', () => {
  const objects = [...injected('shop', 'pay'), deployment('shop/web'), service('pay/charge')];
  expect([undecidedTo('STRICT', objects), undecidedTo('STRICT', objects, 'shop'), undecidedTo('STRICT', [...objects, strict('pay')])]).toEqual([1, 0, 0]);
});

test('servers in a namespace that istiod may ignore count', () => {
  const stock = deployment('elsewhere/stock', { labels: { 'app': 'stock', 'sidecar.istio.io/inject': 'true' }, ports: [{ containerPort: 9080 }] });
  const objects = [
    meshConfig({ discoverySelectors: [{ matchLabels: { mesh: 'on' } }] }), ...injected('edge'), deployment('edge/gateway', GATEWAY), stock, service('elsewhere/stock', [9080]), strict('elsewhere'),
  ];
  expect(undecidedTo('STRICT', objects)).toBeGreaterThan(0);
});

test('calls from and to a client that gets a sidecar count, whatever mode the server has', () => {
  const shop = [...injected('shop'), ...served('shop/cart')];
  const batch = [namespace('batch'), deployment('batch/report', calling('http://cart.shop:9080'))];
  const gateway = [deployment('shop/gateway', { ...GATEWAY, ports: [{ containerPort: 80 }] }), service('shop/gateway')];
  // The gateway's call to cart, and the report's call to the gateway once it has a sidecar; not cart's call to the gateway.
  expect(undecidedTo('STRICT', [...shop, ...batch, ...gateway])).toBe(2);
  expect(undecidedTo('STRICT', [...shop, ...batch, ...gateway, service('batch/report', [9080])])).toBe(3);
});

test('calls that a new client rule affects count', () => {
  const version = (name: string, more: object = {}) => deployment(`shop/${name}`, { ...more, labels: { app: 'stock', version: name }, ports: [{ containerPort: 9080 }] });
  const grpc = version('grpc', { annotations: { 'inject.istio.io/templates': 'grpc-agent' } });
  const objects = [...injected('shop'), deployment('shop/web', calling('http://stock:9080')), version('stock'), grpc, service('shop/stock', [9080])];
  const migration = migrationOf(mesh(objects, { meshConfigs: [{ manifest: meshConfig({ enableAutoMtls: false }), saidBy: 'config.yaml' }] }), { mode: 'STRICT', scope: 'shop/stock' });
  // The calls of web and stock to the agent, and the agent's call to stock.
  expect([migration.blockers.map(({ remedy }) => remedy), migration.undecided]).toEqual([['rule-with-mutual-tls'], 3]);
});

test('a change of auto mTLS may affect every call', () => {
  const gateway = [deployment('shop/gateway', { ...GATEWAY, ports: [{ containerPort: 80 }] }), service('shop/gateway')];
  const objects = [meshConfig({ enableAutoMtls: false }), ...injected('shop'), deployment('shop/web', calling('http://cart:9080')), ...served('shop/cart'), ...gateway];
  expect(undecidedTo('STRICT', objects)).toBe(3);
});
