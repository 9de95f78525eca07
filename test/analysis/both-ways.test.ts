// Findings where it isn't known who has a sidecar.
import { analyze, Judged } from '../../src/analysis/analysis';
import { findingKey, MeshFinding } from '../../src/analysis/mesh-finding';
import { Condition, conditionsText, MissingInjection } from '../../src/findings/condition';
import { readYaml } from '../../src/manifests/yaml/read-yaml';
import { MeshChange } from '../../src/mesh/change/mesh-change';
import { Mesh } from '../../src/mesh/mesh';
import { assumed } from '../../src/mesh/workloads/missing-injection';
import { deployment, destinationRule, injected, mesh, mode, peerAuthentication, service, sidecar, tls } from '../support/meshes/mesh';
import { casesOf } from '../support/random/cases';
import { Random } from '../support/random/random';
import { partialMeshes } from '../support/random/random-meshes';

const conditionOf = (conditions: readonly Condition[] | undefined) => (conditions ? ` if ${conditionsText(conditions)}` : '');
const told = (judged: Judged, options = {}) => {
  const { findings, acknowledged, unexpected } = analyze(judged, options);
  return {
    findings: findings.map(({ severity, code, conditions, expectation }) => `${severity} ${code}${conditionOf(conditions)}${expectation ? `, ${expectation}` : ''}`),
    acknowledged: acknowledged.map(({ finding: { code, conditions } }) => `${code}${conditionOf(conditions)}`),
    unexpected: unexpected.map(({ severity, code, conditions }) => `${severity} ${code}${conditionOf(conditions)}`),
  };
};
const flat = (objects: unknown[]) => objects.flat(3) as object[];

// With sidecars, a client sends plaintext to a STRICT server.
const SHOP = [deployment('shop/web'), deployment('shop/api', { ports: [{ containerPort: 80 }] }), service('shop/api', ['http:80']),
  destinationRule('shop/api', { host: 'api', ...tls('DISABLE') })];
const STRICT = peerAuthentication('shop/default', mode('STRICT'));
const EXPECTED = sidecar('shop/s', { egress: [{ hosts: ['*/*'] }] });
const BROKEN = { code: 'MTLS101', reason: 'it goes away in March' };

test.each<[string, unknown[], string[], string[]]>([
  ['in a case that only the rule knows is unexpected', [peerAuthentication('istio-system/default', mode('STRICT'))], [],
    ['error MTLS101 if shop has sidecars']],
  ['in a case that policies suggest is a warning', [STRICT], ['warning MTLS101 if shop has sidecars, weak'], []],
  ['in a case that a Sidecar expects is an error', [STRICT, EXPECTED], ['error MTLS101 if shop has sidecars, strong'], []],
])('an error %s', (_, objects, findings, unexpected) => {
  const found = told(mesh([SHOP, objects]));
  expect(found.findings.filter((text) => text.includes('MTLS101'))).toEqual(findings);
  expect(found.unexpected.filter((text) => text.includes('MTLS101'))).toEqual(unexpected);
});

test('findings with the same conditions share one list', () => {
  const others = [deployment('shop/b', { ports: [{ containerPort: 80 }] }), service('shop/b', ['http:80']), destinationRule('shop/b', { host: 'b', ...tls('DISABLE') })];
  for (const policy of [STRICT, peerAuthentication('istio-system/default', mode('STRICT'))]) {
    const { findings, unexpected } = analyze(mesh([SHOP, others, policy]));
    const lists = [...findings, ...unexpected].filter(({ code }) => code === 'MTLS101').map(({ conditions }) => conditions);
    expect([lists.length, new Set(lists).size]).toEqual([2, 1]);
  }
});

test('a finding that holds either way has no condition', () => {
  const wrong = destinationRule('shop/wrong', { host: 'apj', ...tls('ISTIO_MUTUAL') });
  const { findings } = told(mesh([SHOP, wrong]));
  expect(findings.filter((text) => text.includes(' if '))).toEqual([]);
  expect(findings.length).toBeGreaterThan(0);
});

test('no finding is conditional if all facts are known', () => {
  const known = mesh([injected('shop'), SHOP, STRICT]);
  expect(analyze(known).worlds).toBeUndefined();
  expect(told(known)).toEqual({ findings: ['error MTLS101'], acknowledged: [], unexpected: [] });
});

test('an acknowledgement applies to a conditional finding, and is useless only if it is in every case', () => {
  const acknowledgements = [BROKEN];
  expect(told(mesh([SHOP, STRICT]), { acknowledgements })).toMatchObject({ acknowledged: ['MTLS101 if shop has sidecars'] });
  const unknown = told(mesh([SHOP, peerAuthentication('istio-system/default', mode('STRICT'))]), { acknowledgements });
  expect([unknown.acknowledged, unknown.findings.filter((text) => text.includes('MTLS901')), unknown.unexpected.filter((text) => text.includes('MTLS101'))]).toEqual([[], [], []]);
  expect(told(mesh([SHOP, STRICT]), { acknowledgements: [{ code: 'MTLS999', reason: 'x' }] }).findings).toContain('warning MTLS901');
});

test('an acknowledgement of what holds only without the expected sidecars isn\'t useless', () => {
  const found = told(mesh([SHOP, STRICT, EXPECTED]), { acknowledgements: [{ code: 'MTLS408', reason: 'other tools read it' }] });
  expect(found).toEqual({ findings: ['error MTLS101 if shop has sidecars, strong'], acknowledged: [], unexpected: [] });
});

test('a change is charged with the findings that it causes', () => {
  const change = MeshChange.of(flat([SHOP[3]]), flat([SHOP.slice(0, 3), STRICT]), { parseYaml: readYaml });
  expect(told(change).findings.filter((text) => text.includes('MTLS101'))).toEqual(['warning MTLS101 if shop has sidecars, weak']);
});

test('a fix works in every case', () => {
  const [finding] = analyze(mesh([SHOP, STRICT])).findings.filter(({ code }) => code === 'MTLS101');
  expect(finding).toMatchObject({ fix: 'remove spec.trafficPolicy', change: { object: { kind: 'DestinationRule', name: 'api' } } });
});

// Expected strongly: a pod with an annotation for a sidecar.
const OTHERS = ['a', 'b', 'c'].map((name) => deployment(`${name}/web`, { annotations: { 'proxy.istio.io/config': '{}' } }));

test.each<[string, unknown[], string]>([
  ['a policy suggests', [STRICT, deployment('pay/web'), peerAuthentication('pay/default', mode('STRICT'))], 'warning MTLS101 if shop has sidecars, weak'],
  ['a policy suggests beside a Sidecar', [STRICT, EXPECTED, deployment('pay/web'), peerAuthentication('pay/default', mode('STRICT'))], 'error MTLS101 if shop has sidecars, strong'],
  ['pods expect beside a policy', [STRICT, OTHERS], 'warning MTLS101 if shop has sidecars, weak'],
  ['pods expect beside a Sidecar', [STRICT, EXPECTED, OTHERS], 'error MTLS101 if shop has sidecars, strong'],
  ['nothing expects', [STRICT], 'warning MTLS101 if shop has sidecars, weak'],
])('a condition doesn\'t name what it doesn\'t depend on: what %s', (_, objects, expected) => {
  for (const others of [['plain'], ['plain', 'd', 'e', 'f']]) {
    const { findings } = told(mesh([SHOP, objects, others.map((name) => deployment(`${name}/web`))]));
    expect(findings.filter((text) => text.includes('MTLS101'))).toEqual([expected]);
  }
});

test('a condition names all facts that the finding depends on', () => {
  const client = [deployment('pay/web'), sidecar('pay/s', { egress: [{ hosts: ['*/*'] }] }), destinationRule('pay/api', { host: 'api.shop.svc.cluster.local', ...tls('DISABLE') })];
  const objects = [SHOP.slice(1, 3), STRICT, EXPECTED, client];
  for (const others of [[], OTHERS.slice(0, 1)]) {
    expect(told(mesh([objects, others])).findings.filter((text) => text.includes('MTLS101'))).toEqual(['error MTLS101 if pay and shop have sidecars, strong']);
  }
  expect(told(mesh([objects, OTHERS])).findings.filter((text) => text.includes('MTLS101'))).toEqual(['error MTLS101 if a and 4 other namespaces have sidecars, strong']);
});

/** Every combination of values of some facts. */
const assignments = (facts: readonly MissingInjection[]) => facts.reduce<readonly (readonly Condition[])[]>((all, fact) =>
  all.flatMap((some) => [true, false].map((holds) => [...some, { ...fact, holds }])), [[]]);

/** The findings of a mesh with all facts stated. */
const completed = (one: Mesh, values: readonly Condition[]) => {
  const { findings, worlds } = analyze(one.given({ assumed: assumed(values, (index) => values[index].holds) }));
  expect(worlds).toBeUndefined();
  return { values, findings };
};

const holdIn = (conditions: readonly Condition[] = [], values: readonly Condition[]) => conditions.every((one) => (
  values.some(({ fact, name, holds }) => fact === one.fact && name === one.name && holds === one.holds)));

/** How many findings are like another one. An error is like errors alone, and what was one may be a warning. */
const alike = (findings: readonly MeshFinding[], finding: MeshFinding) => findings.filter((one) => (
  findingKey(one) === findingKey(finding) && (finding.severity !== 'error' || one.severity === 'error'))).length;

const suggests = (space: string) => peerAuthentication(`${space}/p`, mode('STRICT'));
const expects = (space: string) => sidecar(`${space}/s`, { egress: [{ hosts: ['*/*'] }] });

/** Meshes of up to four namespaces, each of which may be shown or expected to have sidecars, and rules of clients in some for others. */
const expectingMeshes = (seed: number, count: number) => Array.from({ length: count }, (_, index) => {
  const random = new Random(seed + index);
  return ['a', 'b', 'c', 'd'].slice(0, random.of([3, 3, 3, 4])).flatMap((space, _index, spaces) => [
    deployment(`${space}/web`, { ports: [{ containerPort: 80 }] }),
    service(`${space}/web`, ['http:80']),
    ...random.below(8) === 0 ? injected(space) : [],
    ...random.of([[], [suggests(space)], [suggests(space)], [suggests(space), expects(space)], [suggests(space), expects(space)]]),
    ...random.some(spaces).map((other) => destinationRule(`${space}/${other}`, {
      host: `web.${other}.svc.cluster.local`, ...tls(random.of(['DISABLE', 'DISABLE', 'ISTIO_MUTUAL'])), ...random.below(2) === 0 && { exportTo: ['.'] },
    })),
  ]);
});

/** The findings that have conditions, where all combinations of values are judged; checks that each is true. */
const conditional = (one: Mesh) => {
  const { worlds, findings, unexpected } = analyze(one);
  if (!worlds || worlds.facts.length < 2 || worlds.facts.length > 4) return [];
  const cases = assignments(worlds.facts).map((values) => completed(one, values));
  const all = [...findings, ...unexpected];
  const isFalse = (conditions: readonly Condition[] | undefined, finding: MeshFinding) => cases.some((known) => (
    holdIn(conditions, known.values) && alike(known.findings, finding) === 0));
  const strong = worlds.facts.filter(({ expectedBy }) => expectedBy?.strength === 'strong').map((fact) => ({ ...fact, holds: true }));
  const weak = new Set(worlds.facts.filter(({ expectedBy }) => expectedBy?.strength === 'weak').map(({ name }) => name));
  for (const finding of all) expect({ finding, isFalse: isFalse(finding.conditions, finding) }).toEqual({ finding, isFalse: false });
  for (const { values, findings: found } of cases.filter((known) => holdIn(strong, known.values))) {
    const errors = found.filter((error) => error.severity === 'error' && !isFalse(strong, error) && alike(findings, error) === 0);
    expect({ values, errors }).toEqual({ values, errors: [] });
  }
  return all.filter(({ conditions }) => conditions).map((finding) => {
    const { conditions = [], expectation } = finding;
    const unneeded = conditions.filter((dropped) => !isFalse(conditions.filter((other) => other !== dropped), finding));
    expect({ finding, unneeded }).toEqual({ finding, unneeded: [] });
    if (expectation) expect({ finding, isWeak: conditions.some(({ name }) => weak.has(name)) }).toEqual({ finding, isWeak: expectation === 'weak' });
    return { expectation, facts: conditions.length, of: worlds.facts.length };
  });
};

test('a condition is true only where its finding holds, each of its facts is needed, and others don\'t change its severity', () => {
  const { seed, count } = casesOf('rules');
  const random = partialMeshes(seed, count(25)).map(({ objects }) => objects.filter(({ kind }, index) => kind !== 'Namespace' || index % 4 === 0));
  const found = [...random, ...expectingMeshes(seed, count(200))].flatMap((objects) => conditional(mesh(objects)));
  const shortened = new Set(found.filter(({ facts, of }) => facts < of).map(({ expectation, facts }) => `${expectation} ${facts}`));
  expect(shortened).toEqual(new Set([...shortened, 'strong 1', 'strong 2', 'weak 1', 'weak 2', 'undefined 1', 'undefined 2']));
});
