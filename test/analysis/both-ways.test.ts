// Findings where it isn't known who has a sidecar.
import { analyze, Judged } from '../../src/analysis/analysis';
import { Condition, conditionsText } from '../../src/findings/condition';
import { readYaml } from '../../src/manifests/yaml/read-yaml';
import { MeshChange } from '../../src/mesh/change/mesh-change';
import { deployment, destinationRule, injected, mesh, mode, peerAuthentication, service, sidecar, tls } from '../support/meshes/mesh';

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
const BROKEN = { code: 'MTLS101', reason: 'it goes away in March' };

test.each<[string, unknown[], string[], string[]]>([
  ['in a case that only the rule knows is unexpected', [peerAuthentication('istio-system/default', mode('STRICT'))], [],
    ['error MTLS101 if shop has sidecars']],
  ['in a case that policies suggest is a warning', [STRICT], ['warning MTLS101 if shop has sidecars, weak'], []],
  ['in a case that a Sidecar expects is an error', [STRICT, sidecar('shop/s', { egress: [{ hosts: ['*/*'] }] })], ['error MTLS101 if shop has sidecars, strong'], []],
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

test('a change is charged with the findings that it causes', () => {
  const change = MeshChange.of(flat([SHOP[3]]), flat([SHOP.slice(0, 3), STRICT]), { parseYaml: readYaml });
  expect(told(change).findings.filter((text) => text.includes('MTLS101'))).toEqual(['warning MTLS101 if shop has sidecars, weak']);
});

test('a fix works in every case', () => {
  const [finding] = analyze(mesh([SHOP, STRICT])).findings.filter(({ code }) => code === 'MTLS101');
  expect(finding).toMatchObject({ fix: 'remove spec.trafficPolicy', change: { object: { kind: 'DestinationRule', name: 'api' } } });
});

test('several facts are named together', () => {
  const other = [deployment('pay/web'), peerAuthentication('pay/default', mode('STRICT'))];
  expect(told(mesh([SHOP, STRICT, other])).findings).toContain('warning MTLS101 if pay and shop have sidecars, weak');
});
