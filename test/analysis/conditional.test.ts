import { analyze } from '../../src/analysis/analysis';
import { conditionalTexts, dependingOnInjection, dependingText, presumptionTexts, statingText } from '../../src/analysis/conditional';
import { brokenIfStrict } from '../../src/analysis/mesh-mode';
import { wouldDecide } from '../../src/analysis/would-decide';
import { conditionText, conditionsText, whetherText } from '../../src/findings/condition';
import { readYaml } from '../../src/manifests/yaml/read-yaml';
import { MeshChange } from '../../src/mesh/change/mesh-change';
import { deployment, destinationRule, injected, mesh, mode, namespace, peerAuthentication, service, sidecar, tls } from '../support/meshes/mesh';

const expecting = (name: string, strength: 'strong' | 'weak', objects = 1) =>
  ({ fact: 'namespace' as const, name, expectedBy: { strength, objects, example: { kind: 'Sidecar', namespace: name, name: 'own' } } });

test.each([
  ['one object', [expecting('shop', 'strong')], ['Judged as if shop has sidecars, as Sidecar shop/own expects.']],
  ['several', [expecting('shop', 'strong', 6)], ['Judged as if shop has sidecars, as 6 objects expect, such as Sidecar shop/own.']],
  ['strong and weak expectations', [expecting('pay', 'weak'), expecting('shop', 'strong', 2), expecting('web', 'strong')], [
    'Judged as if shop and web have sidecars, as 3 objects expect, such as Sidecar shop/own.',
    'Judged as if pay has sidecars, as Sidecar pay/own suggests; errors that depend on it are warnings.',
  ]],
  ['no finding', [{ fact: 'namespace' as const, name: 'shop' }], []],
])('the conditions of findings depend on %s', (_, facts, texts) => {
  expect(presumptionTexts(facts)).toEqual(texts);
});

test('conditions are worded with their facts', () => {
  const of = (names: string[], holds: boolean, fact: 'namespace' | 'revision' = 'namespace') => names.map((name) => ({ fact, name, holds }));
  expect(conditionText(of(['shop'], true))).toBe('if shop has sidecars');
  expect(conditionsText([...of(['a', 'b', 'c'], true), ...of(['d'], false)])).toBe('a, b and c have sidecars and d has none');
  expect(conditionsText(of(['a', 'b', 'c', 'd'], true))).toBe('a and 3 other namespaces have sidecars');
  expect(conditionsText([...of(['x'], true, 'revision'), ...of(['y', 'z'], false, 'revision')])).toBe('revision x is installed and revisions y and z aren\'t installed');
  expect(whetherText(of(['shop'], false))).toBe('whether shop has sidecars');
});

test('names in suggested options are quoted where a shell would read them otherwise', () => {
  const facts = [{ fact: 'namespace' as const, name: '$E2E_NS' }, { fact: 'revision' as const, name: 'a;b' }];
  expect(statingText(facts)).toBe(
    '--injected-namespace \'$E2E_NS\' or --uninjected-namespace \'$E2E_NS\'; --installed-revision \'a;b\', or add the Namespace');
  expect(statingText([{ fact: 'namespace', name: 'shop' }])).toBe('--injected-namespace shop or --uninjected-namespace shop, or add the Namespace');
});

test('findings that depend on missing facts are counted', () => {
  const shop = [deployment('shop/web'), deployment('shop/api', { ports: [{ containerPort: 80 }] }), service('shop/api', ['http:80']),
    destinationRule('shop/api', { host: 'api', ...tls('DISABLE') }), peerAuthentication('shop/default', mode('STRICT'))];
  const texts = (objects: unknown[]) => {
    const made = mesh(objects);
    const { worlds, findings, unexpected } = analyze(made);
    return conditionalTexts({ facts: worlds!.facts, depending: dependingOnInjection(made, wouldDecide(made)), findings, unexpected });
  };
  expect(texts(shop)).toEqual(['1 finding depends on whether shop has sidecars', '1 connection depends on whether shop has sidecars']);
  expect(texts([deployment('shop/web'), sidecar('shop/s', { egress: [{ hosts: ['*/*'] }] })])).toEqual([]);
  expect(texts([...shop, deployment('shop/other')])).toEqual(['1 finding depends on whether shop has sidecars', '2 connections depend on whether shop has sidecars']);
});

test('connections that come to the same either way aren\'t counted', () => {
  const same = [injected('a'), deployment('a/web'), deployment('shop/api'), service('shop/api', ['http:80']), destinationRule('shop/api', { host: 'api', ...tls('DISABLE') })];
  const made = mesh(same);
  expect(made.summary().outcomes.undecided).toBe(1);
  expect(dependingOnInjection(made, wouldDecide(made))).toEqual({ connections: 0, isBound: false });
});

test('of too many connections to decide, as many may depend on a fact as wait for it', () => {
  const made = mesh(Array.from({ length: 90 }, (_, index) => [deployment(`n${index}/web`), service(`n${index}/web`, ['http:80'])]));
  const depending = dependingOnInjection(made, wouldDecide(made));
  expect([depending.isBound, dependingText(depending)]).toEqual([true, '178 connections may depend']);
});

test('the connections that a STRICT mesh would break are counted', () => {
  const server = [injected('a'), deployment('a/api', { ports: [{ containerPort: 80 }] }), service('a/api', ['http:80'])];
  const old = [namespace('b'), deployment('b/old')];
  const broken = (objects: unknown[]) => brokenIfStrict(mesh(objects), mesh(objects));
  expect(broken([server, old])).toBe(1);
  expect(broken([server, deployment('a/new')])).toBeUndefined();
  const change = MeshChange.of(old as object[], server.flat() as object[], { parseYaml: readYaml });
  expect([brokenIfStrict(change, change.after), change.before.summary().connections]).toEqual([1, 0]);
  expect(change.inMode('STRICT').before.summary().connections).toBe(0);
  expect(broken([server, old, peerAuthentication('istio-system/default', mode('PERMISSIVE'))])).toBeUndefined();
  expect(broken([server, old, peerAuthentication('istio-system/default', { ...mode('STRICT'), selector: { matchLabels: { app: 'x' } } })])).toBe(1);
});
