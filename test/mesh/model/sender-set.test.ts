import { Sender, SenderSet } from '../../../src/mesh/model/sender';

const senderOf = (clients: number) => ({ members: Array(clients).fill({}) }) as unknown as Sender;

test('a set of senders has its members and counts their clients, without excluded ones', () => {
  const [one, two, other] = [senderOf(1), senderOf(2), senderOf(4)];
  const all = SenderSet.of([one, two]);
  expect([all.clients, all.one, [...all], all.has(one), all.has(other)]).toEqual([3, one, [one, two], true, false]);
  const some = all.without(new Set([one]));
  expect([some.clients, some.one, [...some], some.has(one), some.has(two), some.has(other)]).toEqual([2, two, [two], false, true, false]);
  const none = all.without(new Set([one, two]));
  expect([none.clients, none.one, [...none]]).toEqual([0, undefined, []]);
});
