import { adopted, inOrder, synthOf } from '../support/adopted';
import { randomMeshes } from '../support/random-meshes';
import { removeFolders } from '../support/scratch';
import { TIMES } from '../support/times';

const SEED = Number(process.env.SEED);

afterAll(removeFolders);

const nameOf = ({ kind, metadata: { namespace, name } }: any) => `${kind} ${[namespace, name].filter(Boolean).join('/')}`;

/** An object without what a server says of it: when it was made, and a Service's address outside of the cluster. */
const asApplied = ({ status: _, metadata: { creationTimestamp: _too, ...metadata }, ...rest }: any) => ({ ...rest, metadata });

test('the programs of random meshes write their objects, but for those that are named as left out', () => {
  const counts: Record<string, number> = {};
  for (const { id, objects } of randomMeshes(SEED, 30 * TIMES)) {
    const { program, constructs, leftOut, raw } = adopted(objects);
    const without = new Set(leftOut.map(({ object }) => object));
    const kept = objects.filter((object) => !without.has(nameOf(object)));
    expect([id, inOrder(synthOf(program))]).toEqual([id, inOrder(kept.map(asApplied))]);
    for (const { why } of leftOut) expect(why).toMatch(/ would reject it \[ADMIT\d+\]$/);
    const written = Object.values(constructs).reduce((sum, count) => sum + count, 0);
    expect(written + raw + leftOut.length).toBe(objects.length);
    for (const [name, count] of Object.entries(constructs)) counts[name] = (counts[name] ?? 0) + count;
  }
  expect(Object.keys(counts)).toEqual(expect.arrayContaining(['Destination', 'NamespaceOverride', 'WorkloadOverride']));
});
