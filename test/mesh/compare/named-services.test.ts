import { connectionChanges } from '../../../src/mesh/compare/connection-changes';
import { diffOf } from '../../../src/mesh/compare/diff';
import { NamedServices } from '../../../src/mesh/compare/named-services';
import { inventoryChange, objectChanges, objectOf, unreadChanges } from '../../../src/mesh/compare/object-changes';
import { Inventory } from '../../../src/mesh/inventory/inventory';
import { objectText } from '../../../src/mesh/inventory/object';
import { planOf } from '../../../src/mesh/plan/plan';
import { deployment, injected, mesh, service, toHost, virtualService } from '../../support/meshes/mesh';

/** A client whose route leads to a Service that only Strimzi creates. */
const SHOP = [
  injected('shop'), deployment('shop/client'), deployment('shop/web', { ports: [{ containerPort: 80 }] }), service('shop/web', ['http:80']),
  virtualService('shop/web', { hosts: ['web'], http: [toHost('orders-kafka-bootstrap')] }),
].flat();
const kafka = (name: string, spec: object = {}) => ({ apiVersion: 'kafka.strimzi.io/v1', kind: 'Kafka', metadata: { namespace: 'shop', name }, spec });
const ORDERS = kafka('orders');

const inventory = (objects: readonly unknown[]) => Inventory.of(objects);
const changesBetween = (before: readonly unknown[], after: readonly unknown[]) =>
  [objectChanges, unreadChanges].map((find) => find(inventory(before), inventory(after)).map((change) => objectText(objectOf(change))));

test.each<[string, readonly unknown[], readonly unknown[], readonly string[][]]>([
  ['that appears', SHOP, [...SHOP, ORDERS], [['Kafka shop/orders'], []]],
  ['that goes', [...SHOP, ORDERS], SHOP, [['Kafka shop/orders'], []]],
  ['that nothing names', SHOP, [...SHOP, kafka('other')], [[], ['Kafka shop/other']]],
  ['that creates the same Services as before', [...SHOP, ORDERS], [...SHOP, kafka('orders', { kafka: { replicas: 3 } })], [[], ['Kafka shop/orders']]],
  ['beside a route away from it', [...SHOP, ORDERS], [...SHOP.slice(0, -1), virtualService('shop/web', { hosts: ['web'], http: [toHost('web')] })],
    [['Kafka shop/orders', 'VirtualService shop/web'], []]],
])('an object of a controller %s', (_, before, after, expected) => {
  expect(changesBetween(before, after)).toEqual(expected);
});

test('an ExternalName names a Service, too', () => {
  const alias = service('shop/alias', ['http:80'], { type: 'ExternalName', externalName: 'orders-kafka-bootstrap.shop.svc.cluster.local' });
  const named = new NamedServices([inventory([alias])]);
  const [after] = [...inventory([ORDERS]).unread.values()];
  expect([named.areOf({ after }), named.areOf({ before: after }), named.areOf({ before: after, after })]).toEqual([true, true, false]);
});

test('calls that lead to a Service that a controller no longer creates break, and the diff and the plan say so', () => {
  const [before, after] = [[...SHOP, ORDERS], SHOP];
  const { groups, unread, withoutEffect } = diffOf(mesh(before), after);
  expect(groups.map(({ from, to, count, causes }) => [from, to, count, causes.map((one) => objectText(objectOf(one)))]))
    .toEqual([['undecided', 'broken', 2, ['Kafka shop/orders']]]);
  expect([unread, withoutEffect]).toEqual([[], []]);
  const { units, others, atOnce } = planOf(mesh(before), after);
  expect([units.map(({ object }) => objectText(object)), others, atOnce.verdict]).toEqual([['Kafka shop/orders'], [], 'unproven']);
});

test('the state that changes make is the state that is read anew', () => {
  for (const [before, after] of [[SHOP, [...SHOP, ORDERS]], [[...SHOP, ORDERS], SHOP]]) {
    const [from, to] = [mesh(before), mesh(after)];
    const made = from.with(...objectChanges(from.objects, to.objects).map(inventoryChange));
    expect(connectionChanges(made, to).changes).toEqual([]);
    expect([...made.objects.unread.keys()]).toEqual([...to.objects.unread.keys()]);
  }
});
