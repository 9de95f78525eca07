import { FirstBy } from '../../src/mesh/collections';

const numbered = (count: number) => Array.from({ length: count }, (_, number) => ({ number }));

test.each([3, 300])('finds the first of %d entries with a key', (count) => {
  const named = new FirstBy<{ number: number; name: string }, string>(({ name }) => name);
  const list = numbered(count).map(({ number }) => ({ number, name: number % 2 ? 'odd' : 'even' }));
  expect(named.in(list, 'odd')).toBe(list[1]);
  expect(named.in(list, 'none')).toBeUndefined();
});

test.each([3, 300])('omits those of %d entries without a key', (count) => {
  const found = new FirstBy<{ number: number }, string>(({ number }) => (number === 0 ? undefined : 'any'));
  expect(found.in(numbered(count), 'any')).toEqual({ number: 1 });
});

test('reads each entry of a long list only once', () => {
  let looks = 0;
  const found = new FirstBy<{ number: number }, number>(({ number }) => {
    looks++;
    return number;
  });
  const list = numbered(1000);
  for (const { number } of list) expect(found.in(list, number)).toBe(list[number]);
  expect(looks).toBe(1000);
});
