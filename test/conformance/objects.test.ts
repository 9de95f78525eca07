// The generator of the conformance suite's admission part: what needs no referee of it.
import { execFileSync } from 'node:child_process';

const GENERATOR = JSON.stringify(`${__dirname}/../../conformance/generators/objects/objects.mjs`);

interface Made {
  readonly id: string;
  readonly kind: string;
  readonly mutations: readonly string[];
  readonly object: any;
}

function made(seed: number, count: number): Made[] {
  const script = `import { sampleObjects } from ${GENERATOR}; console.log(JSON.stringify(sampleObjects(${seed}, ${count})));`;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', maxBuffer: 2 ** 28 }));
}

describe('objects for admission', () => {
  const objects = made(7, 600);

  test('a seed makes the same objects, however many are asked for', () => {
    expect(made(7, 100)).toEqual(objects.slice(0, 100));
    expect(made(8, 100)).not.toEqual(objects.slice(0, 100));
  });

  test('all of Istio\'s kinds are made', () => {
    expect(new Set(objects.map(({ kind }) => kind)).size).toBe(15);
    expect(objects.every(({ kind, object }) => object.kind === kind)).toBe(true);
  });

  test('some are left as they are, others have one to three mistakes', () => {
    expect(new Set(objects.map(({ mutations }) => mutations.length))).toEqual(new Set([0, 1, 2, 3]));
    expect(new Set(objects.flatMap(({ mutations }) => mutations)).size).toBe(18);
  });
});
