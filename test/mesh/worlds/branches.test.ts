// Compares branches with the mesh in which all facts are stated.
import { Condition, MissingInjection } from '../../../src/findings/condition';
import { Mesh } from '../../../src/mesh/mesh';
import { Call } from '../../../src/mesh/model/call';
import { concerns, transportOf } from '../../../src/mesh/model/path';
import { Workload } from '../../../src/mesh/workloads/workload';
import { Branch, Branches, dependsOnFacts } from '../../../src/mesh/worlds/branches';
import { Worlds } from '../../../src/mesh/worlds/worlds';
import { deployment, mesh, namespace, service } from '../../support/meshes/mesh';
import { casesOf } from '../../support/random/cases';
import { partialMeshes, RandomMesh } from '../../support/random/random-meshes';

const { seed, count } = casesOf('decisions');

/** Every combination of values of some facts. */
function assignments(facts: readonly MissingInjection[]): readonly (readonly Condition[])[] {
  return facts.reduce<readonly (readonly Condition[])[]>((all, fact) =>
    all.flatMap((some) => [true, false].map((holds) => [...some, { ...fact, holds }])), [[]]);
}

/** The mesh with all facts stated, as far as options can. */
function stated(one: Mesh, values: readonly Condition[]): Mesh {
  const named = (fact: string, wanted: boolean) => values.filter((value) => value.fact === fact && value.holds === wanted).map(({ name }) => name);
  const revisions = new Map(values.flatMap(({ fact, name, holds }) => (fact === 'revision' ? [[name, holds] as const] : [])));
  return one.given({
    injectedNamespaces: named('namespace', true), uninjectedNamespaces: named('namespace', false), assumed: { namespaces: new Map(), revisions },
  });
}

const isIn = ({ conditions }: Branch, values: readonly Condition[]): boolean =>
  conditions.every(({ fact, name, holds }) => values.some((value) => value.fact === fact && value.name === name && value.holds === holds));

/** The outcomes of a client's call; undefined if the mesh has no such call. */
function outcomesIn(one: Mesh, { object }: Workload, { key }: Call): readonly string[] {
  const client = one.callers.find((caller) => caller.object === object)!;
  const call = one.decisions.calls.find((other) => other.key === key)!;
  const paths = one.decisions.ofSender(call, one.decisions.senderOf(client))?.paths ?? [];
  return paths.filter((path) => concerns(path, client)).map((path) => transportOf(path).outcome).sort();
}

/** Half of the namespaces of each mesh are missing. */
function withoutNamespaces({ id, objects }: RandomMesh, number: number): RandomMesh {
  return { id, objects: objects.filter(({ kind }, index) => kind !== 'Namespace' || (index + number) % 2 === 0) };
}

/** Compares all branches of a mesh, and returns how many outcomes were the same and how many depend on other namespaces. */
function compared(one: Mesh, worlds: Worlds): readonly [same: number, elsewhere: number] {
  const branches = new Branches(one, worlds);
  let [same, elsewhere] = [0, 0];
  for (const values of assignments(worlds.facts)) {
    const full = stated(one, values);
    for (const client of one.callers) {
      for (const call of one.decisions.calls) {
        const chosen = branches.of(client, call).map((connection) => connection.branches.filter((branch) => isIn(branch, values)));
        expect(chosen.map(({ length }) => length)).toEqual(chosen.map(() => 1));
        const reached = chosen.flat().filter(({ outcome }) => outcome !== 'absent');
        if (reached.some(({ taken }) => !taken)) {
          elsewhere += 1;
          continue;
        }
        const outcomes = reached.flatMap(({ taken }) => taken!.paths.map((path) => transportOf(path).outcome)).sort();
        const place = { values, client: client.name, call: call.key };
        expect({ ...place, outcomes }).toEqual({ ...place, outcomes: outcomesIn(full, client, call) });
        same += outcomes.length;
      }
    }
  }
  return [same, elsewhere];
}

test.each<[string, readonly RandomMesh[]]>([
  ['namespaces and revisions', partialMeshes(seed, count(60))],
  ['half of the namespaces', partialMeshes(seed + 1, count(60)).map(withoutNamespaces)],
])('each branch equals the mesh with all facts stated: without %s', (_, meshes) => {
  const counts = meshes.flatMap(({ objects }) => {
    const one = mesh(objects);
    const worlds = Worlds.of(one);
    return worlds && worlds.facts.length <= 4 ? [compared(one, worlds)] : [];
  });
  const [same, elsewhere] = [0, 1].map((index) => counts.reduce((sum, one) => sum + one[index], 0));
  expect(same).toBeGreaterThan(100);
  expect(elsewhere).toBeLessThan(same / 50);
});

test('a branch of a call to a headless Service has the facts of all its servers, since auto mTLS depends on them', () => {
  const pods = (name: string) => deployment(`b/${name}`, { labels: { 'app': 'web', 'istio.io/rev': name } });
  const one = mesh([namespace('b'), pods('one'), pods('two'), service('b/web', ['http:80'], { clusterIP: 'None' }), deployment('a/client')], { installedRevisions: ['default'] });
  const worlds = Worlds.of(one)!;
  expect(worlds.facts.map(({ name }) => name)).toEqual(['a', 'one', 'two']);
  expect(compared(one, worlds)[0]).toBeGreaterThan(0);
  const branches = new Branches(one, worlds);
  expect(one.workloads.map(({ object }) => [object.name, ...branches.factsOf(object).map(({ name }) => name)])).toEqual([['client', 'a'], ['one', 'one'], ['two', 'two']]);
});

test.each<[string, Pick<Branch, 'outcome' | 'undecidedBecause'>[], boolean]>([
  ['on nothing', [{ outcome: 'mtls' }], false],
  ['on nothing, if it is undecided for several reasons', [{ outcome: 'undecided', undecidedBecause: 'envoy-filter' }, { outcome: 'undecided', undecidedBecause: 'no-endpoints' }], false],
  ['on its ends', [{ outcome: 'mtls' }, { outcome: 'plaintext' }], true],
  ['on others than its ends', [{ outcome: 'undecided' }], true],
])('a connection depends %s', (_, branches, expected) => {
  const [first, ...others] = branches.map((branch): Branch => ({ ...branch, conditions: [] }));
  expect(dependsOnFacts({ branches: [first, ...others] })).toBe(expected);
});
