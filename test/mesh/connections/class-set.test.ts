import { ClassSet } from '../../../src/mesh/connections/class-set';
import { ClientClass } from '../../../src/mesh/connections/client-class';

const classOf = (clients: number) => ({ workloads: Array(clients).fill({}) }) as unknown as ClientClass;

test('a set of classes knows its members and their clients, without those that are left out', () => {
  const [one, two, other] = [classOf(1), classOf(2), classOf(4)];
  const all = ClassSet.of([one, two]);
  expect([all.clients, all.one, [...all], all.has(one), all.has(other)]).toEqual([3, one, [one, two], true, false]);
  const some = all.without(new Set([one]));
  expect([some.clients, some.one, [...some], some.has(one), some.has(two), some.has(other)]).toEqual([2, two, [two], false, true, false]);
  const none = all.without(new Set([one, two]));
  expect([none.clients, none.one, [...none]]).toEqual([0, undefined, []]);
});
