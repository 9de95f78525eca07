// The parts of the conformance suite's object generator that need no referee.
import { KIND_NAMES } from '../../conformance/generators/objects/kinds';
import { MUTATIONS } from '../../conformance/generators/objects/mutations';
import { sampleObjects } from '../../conformance/generators/objects/objects';

describe('objects for admission', () => {
  const objects = sampleObjects(7, 600);

  test('a seed gives the same objects for any count', () => {
    expect(sampleObjects(7, 100)).toEqual(objects.slice(0, 100));
    expect(sampleObjects(8, 100)).not.toEqual(objects.slice(0, 100));
  });

  test('each object has its kind and at most three known mutations', () => {
    expect(objects.filter(({ kind, object }) => object.kind !== kind || !KIND_NAMES.includes(kind))).toEqual([]);
    expect(objects.filter(({ mutations }) => mutations.length > 3 || mutations.some((name) => !(name in MUTATIONS)))).toEqual([]);
  });

  test('all of Istio\'s kinds can be drawn, and each mistake', () => {
    expect(KIND_NAMES).toHaveLength(15);
    expect(Object.keys(MUTATIONS)).toHaveLength(18);
  });
});
