import { Mesh } from '../../../src/mesh/mesh';
import { concerns, transportOf } from '../../../src/mesh/model/path';
import { Branch, Branches, Condition } from '../../../src/mesh/worlds/branches';
import { MissingInjection } from '../../../src/mesh/workloads/missing-injection';
import { Worlds } from '../../../src/mesh/worlds/worlds';
import { mesh } from '../../support/meshes/mesh';
import { casesOf } from '../../support/random/cases';
import { partialMeshes } from '../../support/random/random-meshes';

const { seed, count } = casesOf('decisions');

/** Every combination of values of some facts. */
function assignments(facts: readonly MissingInjection[]): readonly (readonly Condition[])[] {
  return facts.reduce<readonly (readonly Condition[])[]>((all, fact) =>
    all.flatMap((some) => [true, false].map((holds) => [...some, { ...fact, holds }])), [[]]);
}

function givenAll(one: Mesh, values: readonly Condition[]): Mesh {
  const of = (wanted: string) => new Map(values.flatMap(({ fact, name, holds }) => (fact === wanted ? [[name, holds] as const] : [])));
  return one.given({ assumed: { namespaces: of('namespace'), revisions: of('revision') } });
}

const isIn = ({ conditions }: Branch, values: readonly Condition[]): boolean =>
  conditions.every(({ fact, name, holds }) => values.some((value) => value.fact === fact && value.name === name && value.holds === holds));

test('each branch is what the mesh with all facts stated says', () => {
  let [checked, open] = [0, 0];
  for (const { id, objects } of partialMeshes(seed, count(60))) {
    const one = mesh(objects);
    const worlds = Worlds.of(one);
    if (!worlds || worlds.facts.length > 4) continue;
    const branches = new Branches(one, worlds);
    const told = one.callers.flatMap((client) => one.decisions.calls.map((call) => ({ client, call, connections: branches.of(client, call) })));
    for (const values of assignments(worlds.facts)) {
      const full = givenAll(one, values);
      const callers = new Map(full.callers.map((caller) => [caller.object, caller]));
      const calls = new Map(full.decisions.calls.map((call) => [call.key, call]));
      for (const { client, call, connections } of told) {
        const own = callers.get(client.object)!;
        const there = calls.get(call.key)!;
        const paths = full.decisions.ofSender(there, full.decisions.senderOf(own))?.paths.filter((path) => concerns(path, own)) ?? [];
        const expected = paths.map((path) => transportOf(path).outcome).sort();
        const chosen = connections.map(({ branches: some }) => some.filter((branch) => isIn(branch, values)));
        expect({ id, values, one: chosen.map(({ length }) => length) }).toEqual({ id, values, one: chosen.map(() => 1) });
        const outcomes = chosen.flatMap(([{ outcome, taken }]) => (outcome === 'absent' ? [] : taken ? taken.paths.map((path) => transportOf(path).outcome) : ['open'])).sort();
        checked += outcomes.length;
        if (outcomes.includes('open')) { open += 1; continue; }
        if (JSON.stringify(outcomes) !== JSON.stringify(expected)) {
          console.log(id, JSON.stringify(values), client.name, call.key, outcomes, expected);
          expect({ id, values, client: client.name, call: call.key, outcomes }).toEqual({ id, values, client: client.name, call: call.key, outcomes: expected });
        }
      }
    }
  }
  console.log(checked, open);
});
