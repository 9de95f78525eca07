import { leftOutIn } from '../../../src/analysis/left-out';
import { DECLARED_CALLS } from '../../../src/manifests/kinds';
import { readYaml } from '../../../src/manifests/yaml/read-yaml';
import { grouped } from '../../../src/mesh/collections';
import { CallsInEither, narrowings } from '../../../src/mesh/compare/calls-in-either';
import { ChangeGroup, diffOf } from '../../../src/mesh/compare/diff';
import { objectOf } from '../../../src/mesh/compare/object-changes';
import { idKey } from '../../../src/mesh/inventory/object';
import { Mesh, MeshOptions } from '../../../src/mesh/mesh';
import { deployment, destinationRule, injected, mode, peerAuthentication, service, tls } from '../../support/meshes/mesh';
import { casesOf } from '../../support/random/cases';
import { withDeclaredCalls } from '../../support/random/declared-calls';
import { Random } from '../../support/random/random';
import { randomMeshes } from '../../support/random/random-meshes';

const cases = casesOf('comparisons');

const web = (value?: string, path = 'shop/web') => {
  const workload: any = deployment(path);
  return value === undefined ? workload : { ...workload, metadata: { ...workload.metadata, annotations: { [DECLARED_CALLS]: value } } };
};

const SHOP = [injected('shop'), ['cart', 'orders'].map((name) => [web('', `shop/${name}`), service(`shop/${name}`, ['http:80'])])].flat(3);
const meshOf = (objects: readonly unknown[], options: Partial<MeshOptions> = { onlyDeclaredCalls: true }) => (
  Mesh.of([...SHOP, ...objects.flat(4)], { parseYaml: readYaml, ...options }));

const diff = (before: unknown[], after: unknown[], options?: Partial<MeshOptions>) => (
  diffOf(meshOf(before, options), structuredClone([...SHOP, ...after.flat(4)])));

/** Breaks the calls to a Service. */
const broken = (name: string) => [destinationRule(`shop/${name}-off`, { host: name, ...tls('DISABLE') }), peerAuthentication('shop/p', mode('STRICT'))];

const textsOf = (groups: readonly Pick<ChangeGroup, 'kind' | 'from' | 'to' | 'count'>[]) => (
  [...grouped(groups, ({ kind, from, to }) => `${kind}: ${from ?? 'none'} → ${to ?? 'none'}`)].map(([key, some]) => `${some.reduce((sum, { count }) => sum + count, 0)} ${key}`));

function changesOf(before: string | undefined, after: string | undefined, options?: Partial<MeshOptions>) {
  const { groups, leftOut, narrowings: narrowed, withoutEffect } = diff([web(before)], [web(after), broken('cart'), broken('orders').slice(0, 1)], options);
  return {
    declared: textsOf(groups),
    leftOut: leftOut && textsOf(leftOut.groups),
    narrowed: narrowed.map(({ client: { name }, calls, example, declaredBefore }) => `${name} ${calls} ${example.split('.')[0]}${declaredBefore ? '' : ' of all'}`),
    harmless: withoutEffect!.map((change) => objectOf(change).name).filter((name) => name !== 'web'),
  };
}

test.each<[string, string | undefined, string | undefined, ReturnType<typeof changesOf>]>([
  ['that isn\'t declared is left out, and counted', 'shop/cart', 'shop/cart', { declared: ['1 changed: mtls → broken'], leftOut: ['3 changed: mtls → broken'], narrowed: [], harmless: [] }],
  ['that leaves the declaration is compared, and told', 'shop/cart, shop/orders', 'shop/cart', { declared: ['2 changed: mtls → broken'], leftOut: ['2 changed: mtls → broken'], narrowed: ['web 1 orders'], harmless: [] }],
  ['that is newly declared is compared', 'shop/cart', 'shop/cart, shop/orders', { declared: ['2 changed: mtls → broken'], leftOut: ['2 changed: mtls → broken'], narrowed: [], harmless: [] }],
  ['of a workload that newly declares is compared', undefined, '', { declared: ['2 changed: mtls → broken'], leftOut: ['2 changed: mtls → broken'], narrowed: ['web 2 cart of all'], harmless: [] }],
  ['of a workload that no longer declares is compared', '', undefined, { declared: ['2 changed: mtls → broken'], leftOut: ['2 changed: mtls → broken'], narrowed: [], harmless: [] }],
  ['of a workload that mends its declaration is compared', 'shop/crat', 'shop/cart', { declared: ['2 changed: mtls → broken'], leftOut: ['2 changed: mtls → broken'], narrowed: ['web 1 orders of all'], harmless: [] }],
])('a call %s', (_, before, after, expected) => {
  expect(changesOf(before, after)).toEqual(expected);
});

test('with all calls, every call is compared, and a narrowing is told all the same', () => {
  expect(changesOf('shop/cart, shop/orders', 'shop/cart', {})).toEqual({ declared: ['4 changed: mtls → broken'], leftOut: undefined, narrowed: ['web 1 orders'], harmless: [] });
});

test.each([{ onlyDeclaredCalls: true }, {}])('a workload that comes to declare a call to itself, or no longer does, calls itself in both states: %j', (options) => {
  const several = (to?: string): any => ({ ...web(to), spec: { ...web().spec, replicas: 2 } });
  const [own, off] = [service('shop/web', ['http:80']), destinationRule('shop/web', { host: 'web', ...tls('DISABLE') })];
  const strict = peerAuthentication('shop/p', mode('STRICT'));
  for (const [before, after] of [['shop/web', undefined], [undefined, 'shop/web'], ['shop/web', '']]) {
    const alike = diff([several(before), own], [several(after), own], options);
    expect([textsOf(alike.groups), alike.withoutEffect!.length]).toEqual([[], 1]);
    const changed = diff([several(before), own, strict], [several(after), own, strict, off], options);
    expect(changed.groups.flatMap(({ changes }) => changes.flatMap(({ clients }) => clients.map((client) => (client.after ?? client.before)!.name)))).toContain('web');
  }
});

test('a call to a Service that is gone is no narrowing, but lost', () => {
  const [gone, pods] = [service('shop/pay', ['http:80']), deployment('shop/pay')];
  const { groups, narrowings: narrowed } = diff([web('shop/pay'), gone, pods], [web(''), pods]);
  expect(textsOf(groups)).toEqual(['1 lost: mtls → none']);
  expect(narrowed).toEqual([]);
});

test('objects that affect only calls that nobody declares aren\'t without effect', () => {
  const { groups, withoutEffect, leftOut, otherEffects } = diff([web('')], [web(''), destinationRule('shop/cart-off', { host: 'cart', ...tls('DISABLE') }), peerAuthentication('else/p', mode('STRICT'))]);
  expect([groups, otherEffects]).toEqual([[], []]);
  expect(withoutEffect!.map((change) => objectOf(change).namespace)).toEqual(['else']);
  expect(leftOut!.objects.map((change) => objectOf(change).name)).toEqual(['cart-off']);
});

test('neither are those that may affect undecided calls that nobody declares', () => {
  const machine = deployment('mesh/machine', { labels: { 'istio.io/dataplane-mode': 'ambient' } });
  const pods = [injected('mesh'), machine, service('mesh/machine', ['http:80'])];
  const { unknownEffects, withoutEffect, leftOut } = diff([web(''), pods], [web(''), pods, destinationRule('shop/machine', { host: 'machine.mesh.svc.cluster.local', ...tls('DISABLE') })]);
  expect([unknownEffects, withoutEffect]).toEqual([[], []]);
  expect(leftOut!.objects.map((change) => objectOf(change).name)).toEqual(['machine']);
});

test('clients of one name that the API server makes share their calls', () => {
  const job = (calls: string | undefined) => ({
    apiVersion: 'batch/v1', kind: 'Job', metadata: { generateName: 'job-', namespace: 'shop', ...calls !== undefined && { annotations: { [DECLARED_CALLS]: calls } } }, spec: { template: { spec: { containers: [{ name: 'c', image: 'c' }] } } },
  });
  const [two, any] = [[job('shop/cart'), job('shop/orders')], [job('shop/cart'), job(undefined)]].map((jobs) => meshOf(jobs));
  const [client] = two.callers.filter(({ kind }) => kind === 'Job');
  expect(CallsInEither.of(two, two)!.of(client)!.size).toBe(2);
  expect(CallsInEither.of(two, any)!.of(client)).toBeUndefined();
  expect(narrowings(any, two)).toEqual([]);
  expect(narrowings(two, meshOf([job('shop/cart')])).map(({ calls }) => calls)).toEqual([1]);
});

test('a mesh whose workloads declare nothing has every call', () => {
  const mesh = Mesh.of([injected('shop'), deployment('shop/web')], { parseYaml: readYaml });
  expect(CallsInEither.of(mesh, mesh).isLimiting).toBe(false);
  expect(narrowings(mesh, mesh)).toEqual([]);
});

const meshes = randomMeshes(cases.seed, cases.count(120));

test.each(meshes.map(({ id, objects }, number) => [id, objects, number] as const))('%s: what is compared and what is left out are all changes', (_, objects, number) => {
  const random = new Random(cases.seed + number);
  const [before, after] = [0, 1].map(() => withDeclaredCalls(objects.filter(() => random.below(6) > 0), random).objects);
  const [declared, all] = [true, false].map((onlyDeclaredCalls) => (
    diffOf(Mesh.of(before, { parseYaml: readYaml, onlyDeclaredCalls }), structuredClone(after))));
  expect(textsOf([...declared.groups, ...declared.leftOut?.groups ?? []]).sort()).toEqual(textsOf(all.groups).sort());
  expect(declared.acceptances).toHaveLength(all.acceptances.length);
  expect(declared.narrowings.map(({ calls, example }) => [calls, example])).toEqual(all.narrowings.map(({ calls, example }) => [calls, example]));
  for (const change of declared.withoutEffect ?? []) {
    const causes = all.groups.flatMap((group) => group.causes).map((one) => idKey(objectOf(one)));
    expect(causes).not.toContain(idKey(objectOf(change)));
  }
  const made = CallsInEither.of(Mesh.of(before, { parseYaml: readYaml }), Mesh.of(after, { parseYaml: readYaml }));
  const left = declared.leftOut && leftOutIn(declared.leftOut.declared.after);
  const nameOf = ({ kind, namespace, name }: { kind: string; namespace: string; name: string }) => `${kind} ${namespace}/${name}`;
  const callers = new Map(all.after.callers.map((client) => [nameOf(client), client]));
  const expected = made ? [...all.after.connections()].filter(({ client, requested: { host, port } }) => !made.has(callers.get(nameOf(client))!, `${host}:${port}`)).length : 0;
  expect(left?.connections ?? 0).toBe(expected);
});
