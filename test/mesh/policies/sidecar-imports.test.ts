import { readObject } from '../../../src/mesh/inventory/object';
import { HostImports, importsOf, readSidecar, SidecarResources } from '../../../src/mesh/policies/sidecar';
import { sidecar } from '../../support/meshes/mesh';

const of = (...entries: string[]) => HostImports.of(entries, 'a');
const X = 'x.example.com';

test.each([
  [['*/*'], true, true], [['./*'], true, false], [['b/*'], false, true], [['b/x.example.com'], false, true], [['b/y.example.com'], false, false], [['*/*.example.com'], true, true],
  [['*/*', '~b/*'], true, false], [['*/*', '~./*'], false, true], [['*/*', '~/x.example.com'], false, false], [['*/*', '~/y.example.com'], true, true], [['*/*', '~*/*.example.com'], false, false],
  [['b/*', 'b/y.example.com'], false, true], [['b/y.example.com', 'b/x.example.com'], false, true], [['b/y.example.com', '*/x.example.com'], true, true],
  [['*'], false, false], [['b/x.example.com/y'], false, false], [[], false, false],
])('egress hosts %j import the host of namespace a: %p, of b: %p', (entries, fromA, fromB) => {
  const imports = of(...entries);
  expect(['a', 'b'].map((namespace) => imports.service({ namespace, host: X }))).toEqual([fromA, fromB]);
  expect(['a', 'b'].map((namespace) => imports.service({ namespace, host: X }))).toEqual([fromA, fromB]);
});

test.each([
  [['b/x.example.com'], ['x.example.com'], true], [['b/x.example.com'], ['*.example.com'], true], [['b/*.example.com'], ['x.example.com'], true],
  [['b/x.example.com'], ['y.example.com'], false], [['b/x.example.com'], ['y.example.com', 'x.example.com'], true], [['a/x.example.com'], ['x.example.com'], false],
  [['b/*', '~b/x.example.com'], ['x.example.com'], false], [['b/*', '~b/x.example.com'], ['*.example.com'], true], [['b/*', '~b/x.example.com'], ['x.example.com', 'y.example.com'], true],
  [['b/*', '~b/*'], ['x.example.com'], false], [['b/*'], [], false],
])('egress hosts %j import a route of namespace b for %j: %p', (entries, hosts, expected) => {
  expect(of(...entries).route({ namespace: 'b', hosts })).toBe(expected);
});

test.each([
  [['b/x.example.com', './y.example.com'], true], [['b/x.example.com', '~b/*'], true], [[], true], [['b/x.example.com', 'b/*.example.com'], false], [['b/*'], false], [['*/x.example.com'], false],
])('egress hosts %j are only single hosts: %p', (entries, expected) => {
  expect(of(...entries).areNames).toBe(expected);
});

const [Y, ALIAS] = ['y.example.com', 'alias.c.svc.cluster.local'];

test.each([
  ['with any name', ['b/*'], true], ['but not with this name', ['b/x.example.com'], false], ['with this name', ['b/x.example.com', `b/${ALIAS}`], true],
  ['from anywhere with any name', ['*/*'], true], ['from its namespace, and from anywhere with this name', ['b/x.example.com', `*/${ALIAS}`], false],
  ['from anywhere, and from its namespace with this name', ['*/x.example.com', `b/${ALIAS}`], false], ['from anywhere, as others from its namespace', [`b/${Y}`, '*/*'], true],
  ['with this name excluded', ['b/*', `~b/${ALIAS}`], true], ['by nothing', [], false],
])('a service of namespace b is imported %s, by egress hosts %j: its other name is imported: %p', (_, entries, expected) => {
  expect(of(...entries).name(ALIAS, { namespace: 'b', host: X })).toBe(expected);
});

test('lists the namespaces that it imports from, unless it may import from any', () => {
  expect([of('b/*', './x', '~c/*').namespaces, of('b/*', '*/x').namespaces, of().namespaces]).toEqual([['b', 'a'], undefined, []]);
});

describe('a Sidecar\'s imports', () => {
  const read = (spec: object) => readSidecar(readObject(sidecar('a/s', spec))!);
  const imports = (spec: object | undefined) => importsOf(spec && read(spec), 'a', true).service({ namespace: 'b', host: X });

  test.each([
    [undefined, true], [{}, true], [{ egress: [] }, true], [{ egress: [{}] }, false], [{ egress: [{ hosts: [] }] }, false], [{ egress: [{ hosts: ['b/*'] }] }, true],
    [{ egress: [{ hosts: ['./*'] }] }, false], [{ egress: [{ hosts: ['./*'] }, { hosts: ['b/*'] }] }, true],
  ])('a Sidecar with spec %j imports another namespace: %p', (spec, expected) => {
    expect(imports(spec)).toBe(expected);
  });

  test('is read with its listeners, its selector and its policy for the rest', () => {
    expect(read({
      workloadSelector: { labels: { app: 'x' } },
      egress: [{ hosts: ['*/*'] }, { hosts: ['./*'], captureMode: 'NONE' }, { bind: '127.0.0.1' }, { port: { number: 80 } }, { captureMode: 'DEFAULT', bind: '' }],
      ingress: [{ port: { number: 80, protocol: 'HTTP' } }, {}],
      outboundTrafficPolicy: { mode: 'REGISTRY_ONLY', egressProxy: {} },
    })).toMatchObject({
      selector: { app: 'x' },
      egress: [
        { hosts: ['*/*'], port: undefined, boundElsewhere: false }, { hosts: ['./*'], boundElsewhere: true }, { hosts: [], boundElsewhere: true },
        { port: { number: 80, protocol: '' }, boundElsewhere: false }, { boundElsewhere: false },
      ],
      ingress: [{ number: 80, protocol: 'HTTP' }, { number: NaN, protocol: '' }],
      outbound: 'REGISTRY_ONLY',
      egressProxy: true,
    });
    expect(read({})).toMatchObject({ selector: undefined, egress: [], ingress: [], outbound: undefined, egressProxy: false });
    expect(read({ outboundTrafficPolicy: {} }).egressProxy).toBe(false);
  });
});

test('the Sidecar that selects a workload applies, else the namespace\'s, else the root namespace\'s without a selector', () => {
  const selecting = (path: string, app: string) => sidecar(path, { workloadSelector: { labels: { app } } });
  const all = [sidecar('a/wide', {}), selecting('a/for-x', 'x'), selecting('a/for-y', 'y'), selecting('b/for-x', 'x'), selecting('root/for-z', 'z'), sidecar('root/wide', {}), sidecar('c/wide', {})];
  const resources = new SidecarResources(all.map((object) => readSidecar(readObject(object)!)), 'root');
  const holds = (namespace: string, app: string) => resources.of({ namespace, labels: { app } })?.object.name;
  expect([holds('a', 'x'), holds('a', 'y'), holds('a', 'z'), holds('b', 'x'), holds('b', 'z'), holds('root', 'z'), holds('d', 'z')])
    .toEqual(['for-x', 'for-y', 'wide', 'for-x', 'wide', 'for-z', 'wide']);
  expect(['a', 'b', 'c', 'd'].map((namespace) => resources.selectorsOf(namespace))).toEqual([[{ app: 'x' }, { app: 'y' }], [{ app: 'x' }], [], []]);
  expect(new SidecarResources([], 'root').of({ namespace: 'a', labels: {} })).toBeUndefined();
});
