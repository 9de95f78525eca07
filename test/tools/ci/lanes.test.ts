import { inLanes, secondsInLanes } from '../../../tools/ci/lanes.cjs';

const ROOM = { cores: 2, memory: 1000 };
const step = (name: string, { cores = 1, memory = 100, after = [] as string[], seconds = 10 } = {}) => ({ name, cores, memory, after, seconds });

/** Which steps run at each moment, as they end in the order of their seconds. */
async function moments(steps: readonly ReturnType<typeof step>[]): Promise<readonly string[]> {
  const running = new Set<string>();
  const seen: string[] = [];
  const ends: { at: number; end: () => void }[] = [];
  let now = 0;
  const all = inLanes(steps, ROOM, ({ name, seconds }: any) => new Promise<void>((resolve) => {
    running.add(name);
    ends.push({ at: now + seconds, end: () => { running.delete(name); resolve(); } });
  }));
  for (;;) {
    await new Promise(setImmediate);
    if (ends.length === 0) break;
    seen.push([...running].join(' + '));
    ends.sort((left, right) => left.at - right.at);
    const { at, end } = ends.shift()!;
    now = at;
    end();
  }
  await all;
  return seen;
}

test('two single-core steps run in parallel', async () => {
  expect(await moments([step('a'), step('b', { seconds: 20 }), step('c', { seconds: 5 })])).toEqual(['a + b', 'b + c', 'b']);
});

test('a two-core step runs alone, and others overtake it while it waits', async () => {
  expect(await moments([step('a'), step('both', { cores: 2 }), step('c', { seconds: 20 })])).toEqual(['a + c', 'c', 'both']);
});

test('steps that together exceed the memory don\'t run in parallel', async () => {
  expect(await moments([step('a', { memory: 600 }), step('b', { memory: 600 }), step('c', { memory: 400, seconds: 5 })])).toEqual(['a + c', 'a', 'b']);
});

test('a step that takes more memory than there is at all runs by itself', async () => {
  expect(await moments([step('a'), step('b', { memory: 2000 })])).toEqual(['a', 'b']);
});

test('a step starts after its dependencies, whatever the order of the list', async () => {
  expect(await moments([step('b', { after: ['a'] }), step('a'), step('c', { seconds: 5 })])).toEqual(['a + c', 'a', 'b']);
});

test('steps don\'t wait for a dependency that isn\'t run', async () => {
  expect(await moments([step('b', { after: ['a'] })])).toEqual(['b']);
});

test('steps that wait for each other are refused', async () => {
  await expect(inLanes([step('a', { after: ['b'] }), step('b', { after: ['a'] })], ROOM, async () => {})).rejects.toThrow('a, b: each starts after another of them');
});

test('the total duration is that of the longer lane', async () => {
  const steps = [step('a', { cores: 2 }), step('b', { after: ['a'], seconds: 30 }), step('c', { after: ['b'], seconds: 5 }), step('d', { seconds: 50 }), step('e', { cores: 2, seconds: 7 })];
  expect(await secondsInLanes(steps, ROOM, ({ seconds }: any) => seconds)).toBe(67);
});
