import { PlainPlaces } from '../../src/manifests/plain-places';
import { startOf, YamlTree } from '../../src/manifests/yaml-tree';

const TEXT = `---
# first

kind: Deployment
"9090": 'a'
metadata:
  name: web

spec:
  # second
  containers:
  - name: app
    args: []
    ports:
      - 8080
      - "x: y"
  more:
    - a:
        b: 1
      c: {}
  last:`;

type Path = readonly (string | number)[];

function* pathsOf(value: unknown, path: Path = []): Generator<Path> {
  yield path;
  yield [...path, 'missing'];
  yield [...path, 7, 'deeper'];
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value)) yield* pathsOf(child, [...path, Array.isArray(value) ? Number(key) : key]);
}

function byTree(tree: YamlTree, path: Path) {
  let node = tree.rootOf(0);
  let offset = startOf(node) ?? 0;
  for (const step of path) {
    const child = tree.childOf(node, step, 0);
    if (!child) break;
    offset = child.offset ?? offset;
    node = child.node;
  }
  return tree.placeOf(offset);
}

test('places of a simple text are those that the parser finds', () => {
  const [places, tree] = [PlainPlaces.of(TEXT)!, new YamlTree(TEXT)];
  const paths = [...pathsOf({
    kind: 'Deployment',
    9090: 'a',
    metadata: { name: 'web' },
    spec: { containers: [{ name: 'app', args: [], ports: [8080, 'x: y'] }], more: [{ a: { b: 1 }, c: {} }], last: null },
  })];
  expect(paths.map((path) => [path, places.of(path)])).toEqual(paths.map((path) => [path, byTree(tree, path)]));
  expect(places.of(['spec', 'containers', 0, 'ports', 1])).toEqual({ line: 15, column: 8 });
});

test('a text that is not simple has none', () => {
  expect(PlainPlaces.of('a: [b]\n')).toBeUndefined();
});
