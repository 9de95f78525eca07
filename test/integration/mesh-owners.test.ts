import { Construct, IConstruct } from 'constructs';
import { MeshOwners } from '../../src/integration/mesh-owners';

/** `a/b/c` and `a/d` below a root. */
function tree() {
  const root = new Construct(undefined as any, '');
  const a = new Construct(root, 'a');
  const b = new Construct(a, 'b');
  return { root, a, b, c: new Construct(b, 'c'), d: new Construct(a, 'd') };
}

const [UNOWNED, ONE, TWO] = ['unowned', 'one', 'two'].map((name) => ({ name }));
const paths = (constructs: readonly IConstruct[]) => constructs.map(({ node }) => node.path);

test('the nearest owner of a construct counts, whichever came first', () => {
  const { root, a, b, c, d } = tree();
  const owners = new MeshOwners(root, UNOWNED);
  expect([owners.of(c), owners.of(root)]).toEqual([UNOWNED, UNOWNED]);
  owners.claim(b, TWO);
  owners.claim(a, ONE);
  expect([root, a, b, c, d].map((construct) => owners.of(construct).name)).toEqual(['unowned', 'one', 'two', 'two', 'one']);
  expect([owners.claimedAt(a), owners.claimedAt(c)]).toEqual([ONE, undefined]);
});

test('a scope names the meshes at or below it, otherwise the one around it', () => {
  const { root, a, b, c, d } = tree();
  const owners = new MeshOwners(root, UNOWNED);
  expect([owners.namedBy(root), owners.meshes, owners.areSeveral]).toEqual([[UNOWNED], [], false]);
  owners.claim(a, ONE);
  expect([owners.meshes, owners.areSeveral]).toEqual([[ONE], false]);
  owners.claim(b, TWO);
  const named = (scope: IConstruct) => owners.namedBy(scope).map(({ name }) => name);
  expect([root, a, b, c, d].map(named)).toEqual([['one', 'two'], ['one', 'two'], ['two'], ['two'], ['one']]);
  expect([a, c, d].map((scope) => owners.isNamedBy(scope, TWO))).toEqual([true, true, false]);
  expect(owners.isNamedBy(root, UNOWNED)).toBe(false);
  expect([owners.meshes, owners.areSeveral]).toEqual([[ONE, TWO], true]);
});

test('a mesh has its constructs once, without those of others, and the rest is unowned', () => {
  const { root, a, b, c, d } = tree();
  const owners = new MeshOwners(root, UNOWNED);
  expect(paths(owners.constructsOf(UNOWNED))).toEqual(paths(root.node.findAll()));
  owners.claim(b, TWO);
  expect([UNOWNED, TWO].map((mesh) => paths(owners.constructsOf(mesh)))).toEqual([['', 'a', 'a/d'], ['a/b', 'a/b/c']]);
  owners.claim(a, ONE);
  owners.claim(d, ONE); // already within a
  owners.claim(c, ONE); // within another's
  expect([UNOWNED, ONE, TWO].map((mesh) => paths(owners.constructsOf(mesh)))).toEqual([[''], ['a', 'a/d', 'a/b/c'], ['a/b']]);
  owners.claim(root, TWO);
  expect([UNOWNED, TWO].map((mesh) => paths(owners.constructsOf(mesh)))).toEqual([[], ['a/b', '']]);
});
