import { readExpectations } from '../../src/expectations/expectations-file';
import { ExpectationJudge } from '../../src/expectations/judge';
import { exampleOf, ExpectationVerdict } from '../../src/expectations/verdict';
import { failureText, witnessName } from '../../src/expectations/wording';
import { MissingInjection } from '../../src/findings/condition';
import { Mesh } from '../../src/mesh/mesh';
import { factKey } from '../../src/mesh/workloads/missing-injection';
import { Worlds } from '../../src/mesh/worlds/worlds';
import { deployment, destinationRule, injected, mesh, mode, namespace, peerAuthentication, service, tls, virtualService } from '../support/meshes/mesh';
import { casesOf } from '../support/random/cases';
import { partialMeshes } from '../support/random/random-meshes';

const { seed, count } = casesOf('decisions');
const TODAY = '2026-06-30';

function verdictOf(test: string, of: Mesh): ExpectationVerdict {
  const [expectation] = readExpectations(`tests: [{${test}}]`, 'mesh-tests.yaml').expectations;
  return new ExpectationJudge(of, TODAY).verdict(expectation);
}

/** Why a test fails, in sentences, with its example; empty if it passes. */
const failuresOf = (test: string, of: Mesh) => {
  const verdict = verdictOf(test, of);
  return verdict.failures.map((failure) => [failureText(failure, verdict), ...[exampleOf(failure)].flatMap((witness) => (witness ? witnessName(witness) : []))].join(': '));
};

const SHOP = [deployment('shop/web'), deployment('shop/ratings', { ports: [{ containerPort: 9080 }] }), service('shop/ratings', ['http:9080'])];
const strict = peerAuthentication('shop/default', mode('STRICT'));
const teller = deployment('bank/teller');
const plain = destinationRule('shop/ratings', { host: 'ratings', ...tls('DISABLE') });
const RATINGS = 'shop/ratings:9080, server shop/ratings:9080';

test.each<[string, string, readonly unknown[], readonly string[]]>([
  ['passes if it holds either way', 'to: shop/*, atLeast: plaintext', [SHOP, strict], []],
  ['fails in one case alone', 'to: shop/*, is: mtls', [SHOP, strict], [`1 of 1 connection is plaintext if shop has none: shop/web → ${RATINGS}`]],
  ['names the facts that the example depends on', 'from: shop/web, to: shop/*, is: mtls', [SHOP, strict, teller], [`1 of 1 connection is plaintext if shop has none: shop/web → ${RATINGS}`]],
  ['fails where only some namespaces have sidecars', 'from: bank/*, never: broken', [SHOP, strict, teller], [
    `1 of 1 connection is broken if shop has sidecars and bank has none: bank/teller → ${RATINGS}`,
  ]],
  ['fails unconditionally if it fails alike in every case', 'to: shop/*, is: mtls', [SHOP, plain], [`1 of 1 connection is plaintext: shop/web → ${RATINGS}`]],
  ['fails by each case if these differ', 'to: shop/*, is: mtls', [SHOP, strict, plain], [
    `1 of 1 connection is broken if shop has sidecars: shop/web → ${RATINGS}`, `1 of 1 connection is plaintext if shop has none: shop/web → ${RATINGS}`,
  ]],
  ['about ports depends on the servers\' namespace alone', 'server: "shop/ratings:9080", accepts: STRICT', [SHOP, strict, teller], [
    '1 of 1 port has no proxy if shop has none: port 9080 of shop/ratings',
  ]],
  ['keeps what matches nothing', 'to: shop/rating, is: mtls', [SHOP], ['to \'shop/rating\' is not a service in these manifests. Fix: write shop/ratings']],
  ['keeps a failure of its exceptions', 'to: shop/*, atLeast: plaintext, except: [{ to: bank/*, reason: old }]', [SHOP], [
    'except[0] (to bank/*: old) excludes nothing. Fix: delete it, or correct its names',
  ]],
])('a test %s', (_, test, objects, expected) => {
  expect(failuresOf(test, mesh([...objects]))).toEqual(expected);
});

test('a case that fails for the same connections as every other isn\'t repeated, though it has fewer connections', () => {
  const api = (version: string) => deployment(`bank/api-${version}`, { labels: { app: 'api', version } });
  const of = mesh([deployment('shop/web'), namespace('out', {}), deployment('out/old'), injected('bank'), api('v1'), api('v2'), service('bank/api', ['http:80']),
    virtualService('bank/api', { hosts: ['api'], http: [{ route: [{ destination: { host: 'api', subset: 'v1' } }] }] }),
    destinationRule('bank/api', { host: 'api', subsets: [{ name: 'v1', labels: { version: 'v1' } }] })].flat());
  expect(failuresOf('to: bank/api, from: "*/*", never: plaintext', of).map((text) => text.replace(/:.*/, ''))).toEqual([
    '2 of 5 connections are plaintext', '4 of 5 connections are plaintext if shop has none',
  ]);
});

test('a test that passes either way has the numbers of the case with sidecars', () => {
  expect(verdictOf('to: shop/*, atLeast: plaintext', mesh([...SHOP, strict]))).toMatchObject({ count: 1, counts: { mtls: 1 }, failures: [] });
});

test('other names of a service mean it in every case', () => {
  expect(failuresOf('to: "ratings.shop:9080", atLeast: plaintext', mesh([...SHOP, strict]))).toEqual([]);
});

// Three facts: that the client's namespace has injection, and that two revisions are installed.
const pods = (name: string) => deployment(`b/${name}`, { labels: { 'app': 'web', 'istio.io/rev': name } });
const HEADLESS = [namespace('b'), pods('one'), pods('two'), service('b/web', ['http:80'], { clusterIP: 'None' }), deployment('a/client')];

test('a test that depends on more than is judged doesn\'t pass', () => {
  const of = mesh(HEADLESS, { installedRevisions: ['default'] });
  expect(Worlds.of(of)!.facts).toHaveLength(3);
  expect(failuresOf('from: a/client, to: b/*, never: tls', of)).toEqual([expect.stringContaining('are undecided')]);
  expect(failuresOf('from: a/client, to: b/*, never: tls', mesh([...HEADLESS, injected('a')], { installedRevisions: ['default'] }))).toEqual([]);
});

test('a test passes only if it passes with all facts stated, whatever they are', () => {
  const found = { passed: 0, failed: 0 };
  for (const { objects } of partialMeshes(seed + 5, count(80))) {
    const one = mesh(objects);
    const worlds = Worlds.of(one);
    if (!worlds || worlds.facts.length > 4) continue;
    const all = worlds.facts.reduce<readonly (readonly MissingInjection[])[]>((sets, fact) => sets.flatMap((set) => [set, [...set, fact]]), [[]]);
    const stated = all.map((holding) => {
      const keys = new Set(holding.map(factKey));
      const of = (wanted: string) => worlds.facts.filter(({ fact }) => fact === wanted);
      const valuesOf = (wanted: string) => new Map(of(wanted).map((fact) => [fact.name, keys.has(factKey(fact))]));
      return one.given({ assumed: { namespaces: valuesOf('namespace'), revisions: valuesOf('revision') } });
    });
    for (const { host, port } of one.decisions.calls) {
      for (const demand of ['never: plaintext', 'never: broken', 'is: mtls', 'atLeast: plaintext']) {
        const test = `to: "${host}:${port}", ${demand}`;
        const [isHere, everywhere] = [verdictOf(test, one).failures.length === 0, stated.map((full) => verdictOf(test, full).failures.length === 0)];
        if (isHere) expect([test, ...everywhere]).toEqual([test, ...everywhere.map(() => true)]);
        found[isHere ? 'passed' : 'failed'] += 1;
      }
    }
  }
  expect(Math.min(found.passed, found.failed)).toBeGreaterThan(0);
});
