import { nextOf, Progress } from '../../exploration/schedule';
import { suiteOf } from '../../exploration/suites';

/** Schedules turns of a minute each, one after the other, and counts them. */
function turnsOf(suites: readonly Progress[], turns: number): Record<string, number> {
  const counts: Record<string, number> = Object.fromEntries(suites.map(({ name }) => [name, 0]));
  for (let turn = 0; turn < turns; turn++) {
    const next = nextOf(suites, [], 2)!;
    next.begin();
    next.end(60, 1);
    counts[next.name] += 1;
  }
  return counts;
}

test('suites share the time by their shares, and all have a turn first', () => {
  const suites = [new Progress('yaml'), new Progress('connections'), new Progress('cas')];
  expect(turnsOf(suites, 3)).toEqual({ yaml: 1, connections: 1, cas: 1 });
  expect(turnsOf(suites, 57)).toEqual({ yaml: 9, connections: 39, cas: 9 });
});

test('a suite with a count ends there, and its last turn has the remaining cases', () => {
  const one = new Progress('connections', suiteOf('connections').turn + 20);
  expect([one.begin(), one.begin(), one.hasWork]).toEqual([500, 20, false]);
  expect(nextOf([one], [], 2)).toBeUndefined();
});

test('of jest the cases are counted when a turn ends', () => {
  const plans = new Progress('plans-in-process', 500);
  expect([plans.begin(), plans.hasWork]).toEqual([suiteOf('plans-in-process').turn, true]);
  plans.end(60, 400);
  expect(plans.hasWork).toBe(true);
  plans.begin();
  plans.end(60, 400);
  expect(plans.hasWork).toBe(false);
});

test('a repetition is a single turn with all cases', () => {
  const plans = new Progress('plans-in-process', 5, true);
  const meshes = new Progress('connections', 3000, true);
  expect([plans.begin(), plans.hasWork, meshes.begin(), meshes.hasWork]).toEqual([5, false, 3000, false]);
});

test('runs one turn a lane, and none parallel to one that needs all processors', () => {
  const suites = [new Progress('yaml')];
  expect(nextOf(suites, ['cas'], 2)?.name).toBe('yaml');
  expect(nextOf(suites, ['cas', 'yaml'], 2)).toBeUndefined();
  expect(nextOf(suites, ['data-plane'], 2)).toBeUndefined();
  const alone = [new Progress('data-plane')];
  expect([nextOf(alone, ['cas'], 2), nextOf(alone, [], 2)?.name]).toEqual([undefined, 'data-plane']);
});

test('a suite that can\'t run here gets no more turns', () => {
  const one = new Progress('data-plane');
  one.begin();
  one.giveUp();
  expect(nextOf([one], [], 2)).toBeUndefined();
});
