import { readObject } from '../../../src/mesh/inventory/object';
import { inOrderFor, RouteIndex, VisibleRoute } from '../../../src/mesh/routes/route-index';
import { virtualServiceRoute } from '../../../src/mesh/routes/virtual-service';
import { virtualService } from '../../support/meshes/mesh';

type Given = readonly [path: string, hosts: string[], exportTo?: string[]];
const index = (...routes: Given[]) => new RouteIndex(routes.map(([path, hosts, exportTo]) => virtualServiceRoute(readObject(virtualService(path, { hosts, exportTo }))!)!), ['*']);
const names = (found: readonly VisibleRoute[]) => found.map(({ route }) => route.object.name).join();

test.each([
  ['x.b.local', 'exact,wide,all'], ['y.b.local', 'wide,all'], ['x.c.local', 'all'], ['z', ''],
  ['*.b.local', 'exact,wide,all'], ['*.c.local', 'all'], ['*', 'exact,wide,all,twice'], ['p.q', 'twice'],
])('finds the routes that touch %s, the preferred first: %s', (host, expected) => {
  const routes = index(['a/exact', ['x.b.local']], ['a/wide', ['*.b.local']], ['a/all', ['*.local', 'x.b.local']], ['a/twice', ['p.q', '*.q', 'p.q']]);
  expect(names(routes.touching(host))).toBe(expected);
  expect(names(routes.every())).toBe('exact,wide,all,twice');
});

test('finds no routes in an empty index', () => {
  expect([index().touching('x'), index().touching('*')]).toEqual([[], []]);
});

test('orders a namespace\'s own private routes first, then those exported to it, then public ones', () => {
  const routes = index(['a/p1', ['x']], ['b/p2', ['x'], ['*']], ['b/for-a', ['x'], ['a']], ['a/own', ['x'], ['.']], ['a/own-2', ['x'], ['a', 'c']], ['c/for-a-2', ['x'], ['c', 'a']]).every();
  expect(names(inOrderFor('a', routes))).toBe('own,own-2,for-a,for-a-2,p1,p2');
  expect(names(inOrderFor('a', [...routes].reverse()))).toBe('own,own-2,for-a,for-a-2,p1,p2');
  expect(names(inOrderFor('a', routes.slice(0, 1)))).toBe('p1');
});
