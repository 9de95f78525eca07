import { removeFolders } from '../support/command/scratch';
import { adopted, inOrder, synthOf } from '../support/constructs/adopted';
import { recordedMeshes } from '../support/meshes/kept-meshes';
import { casesOf } from '../support/random/cases';
import { RandomMesh, randomMeshes } from '../support/random/random-meshes';

const { seed, count } = casesOf('adoption');

afterAll(removeFolders);

const nameOf = ({ kind, metadata: { namespace, name } }: any) => `${kind} ${[namespace, name].filter(Boolean).join('/')}`;

/** An object without fields that the server sets: its status and creation time. */
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

test('programs for recorded meshes write all objects except those reported as left out', () => {
  expect([...expectWritten(recordedMeshes)]).toEqual(expect.arrayContaining(['Destination', 'NamespaceOverride', 'WorkloadOverride']));
});

test('programs for random meshes write all objects except those reported as left out', () => {
  expectWritten(randomMeshes(seed, count(30)));
});
