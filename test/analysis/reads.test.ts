// Each rule declares the kinds that it reads: a recorder verifies that with the rule's examples.
import { loadAll } from 'js-yaml';
import { Evidence } from '../../src/analysis/evidence';
import { Found } from '../../src/analysis/mesh-finding';
import { changedObject } from '../../src/analysis/remedies';
import { ReadKind, Rule } from '../../src/analysis/rule';
import { RULES } from '../../src/analysis/rules';
import { readYaml } from '../../src/manifests/yaml/read-yaml';
import { Mesh } from '../../src/mesh/mesh';
import { exportToAt } from '../../src/mesh/services/service';
import { exampleTexts, examplesOf } from '../support/documents/examples-of-rules';
import { Readings } from '../support/meshes/readings';

const readingsOf = (text: string) => new Readings(Mesh.of(loadAll(text), { parseYaml: readYaml }));

/** The kinds that each rule reads, by manifests. */
const recorded = new Map<string, { readonly readings: Readings; readonly kinds: Map<Rule, ReadonlySet<ReadKind>> }>();

/** The kinds that a rule reads, recorded once for all tests. */
function kindsRead(text: string, rule: Rule): ReadonlySet<ReadKind> {
  const { readings, kinds } = recorded.get(text) ?? { readings: readingsOf(text), kinds: new Map() };
  recorded.set(text, { readings, kinds });
  const read = kinds.get(rule) ?? readings.of(rule);
  kinds.set(rule, read);
  return read;
}

describe('the recorder of kinds', () => {
  const text = exampleTexts.find((one) => /kind: Service\n/.test(one) && /kind: DestinationRule\n/.test(one) && /kind: Deployment\n/.test(one))!;
  const kindsReadBy = (find: (evidence: Evidence) => Iterable<Found> | void) =>
    [...readingsOf(text).of({ find: (evidence: Evidence) => find(evidence) ?? [] } as Rule)].sort();

  test('records kinds requested by name, even without such objects', () => {
    expect(kindsReadBy((evidence) => void evidence.objects('Sidecar'))).toEqual(['Sidecar']);
  });

  test('records kinds whose contents a helper reads', () => {
    expect(kindsReadBy(({ mesh }) => mesh.registry.services.forEach((service) => void exportToAt(service)))).toEqual([]);
    expect(kindsReadBy(({ mesh }) => mesh.registry.services.forEach((service) => void changedObject(service.object)))).toEqual(['Service']);
  });

  test('records kinds of reported objects', () => {
    expect(kindsReadBy(({ mesh }) => mesh.workloads.map(({ object }) => ({ object }) as Found))).toEqual(['workload']);
  });

  test('doesn\'t record what the model reads to decide', () => {
    expect(kindsReadBy(({ mesh, planes }) => void [mesh.summary(), ...[...planes.keys()].map(({ authorization }) => authorization.all)])).toEqual([]);
  });
});

describe.each(RULES.map((rule) => [rule.code, rule] as const))('%s', (_, rule) => {
  const read = new Set(examplesOf(rule).flatMap((text) => [...kindsRead(text, rule)]));

  test('reads exactly the kinds that it declares', () => {
    if (rule.reads[0] === 'any') expect(read.size).toBeGreaterThan(4);
    else expect([...read].sort()).toEqual([...rule.reads].sort());
  });
});

test('no rule reads undeclared kinds in the examples of other rules', () => {
  const undeclared = exampleTexts.flatMap((text) => RULES.filter(({ reads }) => reads[0] !== 'any')
    .flatMap((rule) => [...kindsRead(text, rule)].filter((kind) => !rule.reads.includes(kind)).map((kind) => `${rule.code} ${kind}`)));
  expect([...new Set(undeclared)]).toEqual([]);
});

test('a rule that reads any kind declares no other', () => {
  expect(RULES.filter(({ reads }) => reads.includes('any') && reads.length > 1)).toEqual([]);
});
