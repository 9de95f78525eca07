import { removeFolders } from '../support/command/scratch';
import { adopted, inOrder, synthOf } from '../support/constructs/adopted';
import { recordedMeshes } from '../support/meshes/kept-meshes';
import { casesOf } from '../support/random/cases';
import { RandomMesh, randomMeshes } from '../support/random/random-meshes';

const { seed, count } = casesOf('adoption');

afterAll(removeFolders);

const nameOf = ({ kind, metadata: { namespace, name } }: any) => `${kind} ${[namespace, name].filter(Boolean).join('/')}`;

/** An object without what a server says of it: when it was made, and a Service's address outside of the cluster. */
const asApplied = ({ status: _, metadata: { creationTimestamp: _too, ...metadata }, ...rest }: any) => ({ ...rest, metadata });

/** Adopts some meshes, and gives the constructs that were written. */
function expectWritten(meshes: readonly RandomMesh[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { id, objects } of meshes) {
    const { program, constructs, leftOut, raw } = adopted(objects);
    const without = new Set(leftOut.map(({ object }) => object));
    const kept = objects.filter((object) => !without.has(nameOf(object)));
    expect([id, inOrder(synthOf(program))]).toEqual([id, inOrder(kept.map(asApplied))]);
    for (const { why } of leftOut) expect(why).toMatch(/ would reject it \[ADMIT\d+\]$/);
    const written = Object.values(constructs).reduce((sum, number) => sum + number, 0);
    expect(written + raw + leftOut.length).toBe(objects.length);
    for (const name of Object.keys(constructs)) names.add(name);
  }
  return names;
}

test('the programs of recorded meshes write their objects, but for those that are named as left out', () => {
  expect([...expectWritten(recordedMeshes)]).toEqual(expect.arrayContaining(['Destination', 'NamespaceOverride', 'WorkloadOverride']));
});

test('so do those of random meshes', () => {
  expectWritten(randomMeshes(seed, count(30)));
});
