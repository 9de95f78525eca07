import { ExplanationsBothWays } from '../../src/explain/both-ways';
import { CallExplanation, explain, PresumedFact } from '../../src/explain/explanation';
import { explanationText } from '../../src/explain/text/explanation-text';
import { UNPAINTED } from '../../src/explain/text/paint';
import { Mesh } from '../../src/mesh/mesh';
import { factKey } from '../../src/mesh/workloads/missing-injection';
import { Branches } from '../../src/mesh/worlds/branches';
import { Worlds } from '../../src/mesh/worlds/worlds';
import { deployment, injected, mesh, mode, namespace, peerAuthentication, service, sidecar } from '../support/meshes/mesh';
import { casesOf } from '../support/random/cases';
import { partialMeshes } from '../support/random/random-meshes';

const { seed, count } = casesOf('explanations');

const SHOP = [deployment('shop/web'), deployment('shop/ratings', { ports: [{ containerPort: 9080 }] }), service('shop/ratings', ['http:9080'])];
const strict = peerAuthentication('shop/default', mode('STRICT'));
const teller = deployment('bank/teller');

function explained(client: string, ...objects: unknown[]): CallExplanation {
  const one = mesh(objects);
  const both = ExplanationsBothWays.of(one)!;
  return both.explain(one.callers.find(({ name }) => name === client)!, one.decisions.calls[0], []);
}

/** The first line, and what the explanation says of the cases. */
function casesIn(explanation: CallExplanation): readonly string[] {
  const [head, , ...lines] = explanationText(explanation, { colours: UNPAINTED, width: Infinity }).split('\n');
  return [head.slice(head.indexOf(': ') + 2), ...lines.slice(0, lines.findIndex((line) => line.startsWith('  call '))).map((line) => line.trim())];
}

test.each<[string, string, readonly unknown[], readonly string[]]>([
  ['with the sidecars that objects expect', 'web', [SHOP, strict], [
    'mtls if shop has sidecars', 'presumes   shop has sidecars, as PeerAuthentication shop/default suggests', 'otherwise  plaintext if shop has none',
    'state it   --injected-namespace shop or --uninjected-namespace shop, or add the Namespace',
  ]],
  ['with those alone', 'teller', [SHOP, sidecar('shop/default', {}), strict, teller], [
    'broken if shop has sidecars and bank has none', 'presumes   shop has sidecars, as Sidecar shop/default expects; bank has none',
    'otherwise  mtls if bank and shop have sidecars', 'plaintext if bank has sidecars and shop has none', 'plaintext if bank and shop have none',
    'state it   --injected-namespace bank --injected-namespace shop or --uninjected-namespace bank', '--uninjected-namespace shop, or add the Namespaces',
  ]],
  ['with sidecars if nothing expects any', 'web', [SHOP], [
    'mtls if shop has sidecars', 'presumes   shop has sidecars, which nothing in the manifests expects', 'otherwise  plaintext if shop has none',
    'state it   --injected-namespace shop or --uninjected-namespace shop, or add the Namespace',
  ]],
  ['with a condition though the outcome is the same', 'teller', [namespace('shop'), SHOP, strict, teller], [
    'plaintext', 'presumes   bank has sidecars, which nothing in the manifests expects', 'otherwise  the same outcome',
    'state it   --injected-namespace bank or --uninjected-namespace bank, or add the Namespace',
  ]],
])('a call is explained %s', (_, client, objects, expected) => {
  expect(casesIn(explained(client, ...objects))).toEqual(expected);
});

test('cases name their server if the call has several with different cases', () => {
  const pods = (name: string) => deployment(`shop/${name}`, { labels: { app: 'ratings', version: name }, ports: [{ containerPort: 9080 }] });
  const objects = [pods('one'), pods('two'), service('shop/ratings', ['http:9080']), injected('bank'), teller];
  expect(casesIn(explained('teller', ...objects))[2]).toBe('otherwise  plaintext if shop has none');
  const [, , ...lines] = casesIn(explained('teller', ...objects, peerAuthentication('shop/two', { selector: { matchLabels: { version: 'two' } }, ...mode('DISABLE') })));
  expect(lines.slice(0, 2)).toEqual(['otherwise  Deployment shop/one:9080: plaintext if shop has none', expect.stringContaining('state it')]);
});

test('a call between known ends is explained as it is, whatever isn\'t known of others', () => {
  const objects = [injected('shop'), SHOP, strict, teller];
  const one = mesh(objects);
  const [web, call] = [one.callers.find(({ name }) => name === 'web')!, one.decisions.calls[0]];
  expect(ExplanationsBothWays.of(one)!.explain(web, call, [])).toEqual(explain(one, web, call));
  expect(ExplanationsBothWays.of(mesh([injected('shop'), SHOP]))).toBeUndefined();
});

/** The mesh with the presumed values stated; all other facts are false. */
function stated(one: Mesh, worlds: Worlds, presumes: readonly PresumedFact[]): Mesh {
  const holding = new Set(presumes.filter(({ holds }) => holds).map(factKey));
  const valuesOf = (wanted: string) =>
    new Map(worlds.facts.filter(({ fact }) => fact === wanted).map((fact) => [fact.name, holding.has(factKey(fact))]));
  return one.given({ assumed: { namespaces: valuesOf('namespace'), revisions: valuesOf('revision') } });
}

test('an explanation has the outcomes of the mesh in which all that it presumes is stated, and the cases of the connections', () => {
  let presumed = 0;
  for (const { objects } of partialMeshes(seed + 3, count(40))) {
    const one = mesh(objects);
    const [both, worlds] = [ExplanationsBothWays.of(one), Worlds.of(one)];
    if (!both || !worlds) continue;
    const branches = new Branches(one, worlds);
    for (const client of one.callers) {
      for (const call of one.decisions.calls) {
        const { presumes, conditional = [], connections } = both.explain(client, call, []);
        const dependent = branches.of(client, call).filter(({ branches: all }) => all.length > 1);
        expect(conditional.map((server) => server.branches.map(({ outcome }) => outcome))).toEqual(
          presumes || conditional.length > 0 ? dependent.map(({ branches: all }) => all.map(({ outcome }) => outcome)) : []);
        if (!presumes) continue;
        presumed += 1;
        const full = stated(one, worlds, presumes);
        const there = full.decisions.calls.find(({ key }) => key === call.key)!;
        const decided = explain(full, full.callers.find(({ object }) => object === client.object)!, there);
        expect(connections.map(({ transport }) => transport.outcome)).toEqual(decided.connections.map(({ transport }) => transport.outcome));
      }
    }
  }
  expect(presumed).toBeGreaterThan(0);
});

test('a call that depends on a case that isn\'t judged is undecided, with what is known of it', () => {
  const spaces = Array.from({ length: 130 }, (_, index) => `n${index}`);
  const explanation = explained('client', deployment('n0/client'), peerAuthentication('n0/default', mode('STRICT')), spaces.slice(1).map((space) => deployment(`${space}/server`)), service('n1/server', ['http:80']));
  expect(casesIn(explanation)).toEqual([
    'undecided', 'depends    mtls if n0 and n1 have sidecars', 'undecided if n0 has sidecars and n1 has none', 'undecided if n1 has sidecars and n0 has none', 'plaintext if n0 and n1 have none',
  ]);
  expect([explanation.presumes, explanation.connections[0].transport.outcome]).toEqual([undefined, 'undecided']);
});
