import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Exploration, ExplorationOptions } from '../../exploration/exploration';
import { readRecord, SeedsRecord, textOf } from '../../exploration/record';
import { Progress } from '../../exploration/schedule';
import { SUITE_NAMES } from '../../exploration/suites';
import { countsOf, Unavailable } from '../../exploration/turn';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'exploration-'));
  file = join(folder, 'seeds.json');
  writeFileSync(file, textOf(Object.fromEntries(SUITE_NAMES.map((name) => [name, { seed: 1 }])) as SeedsRecord));
});

afterEach(() => rmSync(folder, { recursive: true }));

type TurnOf = Required<ExplorationOptions>['turn'];

const sound: TurnOf = async (_, seed, asked) => ({ seed, asked, count: asked, differences: 0, withoutVerdict: 0, unsteady: 0, text: [] });

interface Explored {
  readonly exploration: Exploration;
  readonly printed: string[];
  readonly record: SeedsRecord;
}

async function explored(options: Partial<ExplorationOptions>): Promise<Explored> {
  const printed: string[] = [];
  let seed = 100;
  const exploration = new Exploration({ suites: [new Progress('fuzz', 1200)], lanes: 2, seed: () => seed++, print: (text) => printed.push(text), file, turn: sound, ...options });
  await exploration.run();
  return { exploration, printed, record: readRecord(file) };
}

test('runs turns, each with its own seed, until the requested number of cases', async () => {
  const { record, exploration, printed } = await explored({});
  expect(record.fuzz.explored).toMatchObject({ count: 1200, differences: 0, seeds: { 100: 500, 101: 500, 102: 200 } });
  expect(exploration.differences).toBe(0);
  expect(printed[2]).toMatch(/^fuzz: 200 changed manifests of seed 102, 0 differences; 1200 and 0 so far; 0 s$/);
});

test('prints and records a difference, and how to repeat it', async () => {
  const { record, exploration, printed } = await explored({
    suites: [new Progress('fuzz', 500)], turn: async (...args) => ({ ...await sound(...args), differences: 2, text: ['case 3:', '  a stack trace'] }),
  });
  expect(exploration.differences).toBe(2);
  expect(record.fuzz.found).toMatchObject([{ seed: 100, count: 500, text: ['case 3:', '  a stack trace'] }]);
  expect(printed).toEqual(expect.arrayContaining(['  case 3:', '    a stack trace', '  again: npm run explore -- --suite fuzz=500 --seed 100']));
});

test('keeps recorded turns if a later one fails', async () => {
  let turns = 0;
  const failing: TurnOf = async (...args) => {
    turns += 1;
    if (turns === 2) throw new Error('no memory');
    return sound(...args);
  };
  await expect(explored({ lanes: 1, turn: failing })).rejects.toThrow('no memory');
  expect(readRecord(file).fuzz.explored).toMatchObject({ count: 500 });
});

test('doesn\'t record a stopped turn, and starts no other', async () => {
  const exploration: Exploration = new Exploration({
    suites: [new Progress('fuzz')],
    lanes: 1,
    print: () => undefined,
    file,
    turn: async (...args) => {
      exploration.stop();
      return sound(...args);
    },
  });
  const before = readFileSync(file, 'utf8');
  await exploration.run();
  expect(readFileSync(file, 'utf8')).toBe(before);
});

test('names a suite that can\'t run here, and continues with the others', async () => {
  const { exploration, printed, record } = await explored({
    suites: [new Progress('fuzz', 1), new Progress('data-plane', 1)],
    turn: async (suite, ...args) => {
      if (suite.unit === 'meshes that run') throw new Unavailable('it needs root');
      return sound(suite, ...args);
    },
  });
  expect([...exploration.unavailable]).toEqual([['data-plane', 'it needs root']]);
  expect(printed).toContain('data-plane: not explored: it needs root');
  expect([record.fuzz.explored?.count, record['data-plane'].explored]).toEqual([1, undefined]);
});

test('no turn begins after the time is over', async () => {
  expect((await explored({ until: Date.now() - 1 })).record.fuzz.explored).toBeUndefined();
});

test.each([
  [{ meshes: 95, meshesWithoutVerdict: { late: 3, crashed: 2 }, unsteady: ['7/1'] }, [95, 5, 1]],
  [{ meshes: 400, fixes: 200, unjudgedMeshes: 3 }, [200, 0, 0]],
  [{ plans: [{}, {}], unsteady: 1, plansWithoutReport: { late: 1 } }, [2, 1, 1]],
  [{ sidecars: 3, rotations: [{}], rotationsWithoutReport: {} }, [1, 0, 0]],
  [{ objects: 2000 }, [2000, 0, 0]],
])('counts cases, those without a verdict and unsteady ones of the facts %j', (facts, expected) => {
  const { count, withoutVerdict, unsteady, differences } = countsOf({ failed: 4, facts });
  expect([count, withoutVerdict, unsteady, differences]).toEqual([...expected, 4]);
});
