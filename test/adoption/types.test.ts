import { join } from 'node:path';
import { adopted } from '../support/adopted';
import { faultsIn } from '../support/compiler';
import { randomMeshes } from '../support/random-meshes';

const ROOT = join(__dirname, '..', '..');

/** A field of metadata or of an object, of any type. */
const VALUES = ['text', 1, true, null, [], {}, ['text', null], [1], { a: 'b' }, { a: 1 }, { a: null }, [{ apiVersion: 'v1', kind: 'A', name: 'a', uid: 'u' }], [{ name: 'a', x: 1 }]];

const ODD = ['labels', 'annotations', 'finalizers', 'ownerReferences', 'generation', 'managedFields'].flatMap((field) => VALUES.map((value, index) => (
  { apiVersion: 'example.com/v1', kind: 'A', metadata: { name: `a${index}`, namespace: 'a', [field]: value }, spec: value, [field]: value })));

test('programs compile, whatever the objects are', () => {
  const programs = [ODD, ...randomMeshes(Number(process.env.SEED), 12).map(({ objects }) => objects)].map((objects) => adopted(objects).program);
  expect(programs[0]).toContain('managedFields');
  const files = new Map(programs.map((program, index) => [join(ROOT, `adopted-${index}.ts`), program]));
  const wrong = join(ROOT, 'adopted-wrong.ts');
  const faultsOf = faultsIn(new Map([...files, [wrong, programs[0].replace('metadata: {', 'metadata: 5, x: {')]]));
  expect([...files.keys()].flatMap(faultsOf)).toEqual([]);
  expect(faultsOf(wrong)).not.toEqual([]);
});
