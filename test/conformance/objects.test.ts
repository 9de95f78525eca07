// The generator of the conformance suite's admission part: what needs no referee of it.
import { sampleObjects } from '../../conformance/generators/objects/objects';

describe('objects for admission', () => {
  const objects = sampleObjects(7, 600);

  test('a seed makes the same objects, however many are asked for', () => {
    expect(sampleObjects(7, 100)).toEqual(objects.slice(0, 100));
    expect(sampleObjects(8, 100)).not.toEqual(objects.slice(0, 100));
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
