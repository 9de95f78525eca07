// The stated number of connections that an option decides equals that of the mesh with the option.
import { awaitedTexts, optionsText, saysMore, Telling, undecidedLines, undecidedMessage, waitingText, wouldDecide } from '../../src/analysis/would-decide';
import { readYaml } from '../../src/manifests/yaml/read-yaml';
import { meaningOf } from '../../src/mesh/calls/undecided-meanings';
import { MeshChange } from '../../src/mesh/change/mesh-change';
import { JudgedMesh, MeshOptions } from '../../src/mesh/mesh';
import { partialChanges } from '../support/meshes/changes';
import { recordedMeshes } from '../support/meshes/kept-meshes';
import { deployment, injected, mesh, meshConfig, namespace, service } from '../support/meshes/mesh';
import { casesOf, someOf } from '../support/random/cases';
import { partialMeshes, partsOf, RandomMesh } from '../support/random/random-meshes';

const undecidedIn = (one: JudgedMesh): number => [...one.connections()].filter(({ outcome }) => outcome === 'undecided').length;

/** The options of a user who adds the suggested ones. */
function added(telling: Telling, { injectedNamespaces = [], installedRevisions = [] }: Partial<MeshOptions>): Partial<MeshOptions> {
  const revisions = [...installedRevisions, ...telling.installedRevisions];
  const namespaces = [...injectedNamespaces, ...telling.injectedNamespaces];
  return { injectedNamespaces: namespaces, ...revisions.length > 0 ? { installedRevisions: revisions } : {} };
}

const OPTIONS: readonly Partial<MeshOptions>[] = [{}, { installedRevisions: ['stable'] }, { injectedNamespaces: ['a'] }];
const { seed, count } = casesOf('rules');
const withOptions = (meshes: readonly RandomMesh[]) => meshes.map((one, number) => ({ ...one, options: OPTIONS[number % OPTIONS.length] }));

/** Applies the suggested options to meshes, and sums the connections that they decide. */
function expectTrue(meshes: readonly RandomMesh[]) {
  const sums = { alone: 0, together: 0, revisions: 0 };
  for (const { id, objects, options } of withOptions(meshes)) {
    const before = undecidedIn(mesh(objects, options));
    const { facts, together } = wouldDecide(mesh(objects, options));
    for (const telling of [...facts.map((fact) => fact.telling), together]) {
      if (!telling) continue;
      const after = undecidedIn(mesh(objects, added(telling, options)));
      expect([id, telling, telling.decides]).toEqual([id, telling, Math.max(0, before - after)]);
      sums[telling === together ? 'together' : 'alone'] += telling.decides;
      sums.revisions += telling.installedRevisions.length;
    }
  }
  return sums;
}

test('suggested options decide as many connections as stated, in recorded meshes', () => {
  expect(Object.values(expectTrue(partsOf(recordedMeshes))).every((sum) => sum > 0)).toBe(true);
});

test('suggested options decide as many connections as stated, in random meshes', () => {
  expectTrue(partialMeshes(seed, count(110)));
});

test('the library\'s text has reasons, and the options that decide', () => {
  const lines = (...objects: unknown[]) => {
    const one = mesh([injected('a'), deployment('a/client'), objects]);
    return undecidedLines(one.summary(), wouldDecide(one));
  };
  expect(lines(deployment('a/x'), service('a/x'))).toEqual([]);
  expect(lines(['b', 'c'].map((space) => [deployment(`${space}/x`), service(`${space}/x`)]))).toEqual([
    '2 undecided: the manifests don\'t show whether the client has a sidecar (client-proxy-unknown)',
    '2 undecided: the manifests don\'t show whether the server has a sidecar (server-proxy-unknown)',
    ...['b', 'c'].map((space) => `3 wait for Namespace ${space}, which isn't in the manifests; injectedNamespaces: ['${space}'] decides 1`),
    "together, injectedNamespaces: ['b', 'c'] decides 4",
  ]);
});

test('suggested options of a change decide as many of its connections as stated', () => {
  const sums = { alone: 0, together: 0, revisions: 0 };
  someOf(partialChanges(20261129)).forEach(({ own, existing }, number) => {
    const options = OPTIONS[number % OPTIONS.length];
    const changeOf = (told: Partial<MeshOptions>) => MeshChange.of(own, existing, { parseYaml: readYaml, ...options, ...told });
    const before = undecidedIn(changeOf({}));
    const { facts, together } = wouldDecide(changeOf({}));
    for (const telling of [...facts.map((fact) => fact.telling), together]) {
      if (!telling) continue;
      expect([number, telling, telling.decides]).toEqual([number, telling, Math.max(0, before - undecidedIn(changeOf(added(telling, options))))]);
      sums[telling === together ? 'together' : 'alone'] += telling.decides;
      sums.revisions += telling.installedRevisions.length;
    }
  });
  expect(Object.values(sums)).not.toContain(0);
});

test('a suggested revision comes with those that the mesh names before a change', () => {
  const existing = [namespace('x', { 'istio.io/rev': 'stable' }), deployment('x/web'), deployment('x/b'), service('x/b'), meshConfig({}, 'istio-stable')];
  const moved = MeshChange.of([namespace('x', { 'istio.io/rev': 'canary' })], existing as object[], { parseYaml: readYaml });
  expect(wouldDecide(moved).facts[0].telling).toEqual({ injectedNamespaces: [], installedRevisions: ['canary', 'stable'], decides: 1 });
});

test('the suggested options together leave no missing namespace or revision', () => {
  for (const { id, objects, options } of withOptions([...partsOf(recordedMeshes), ...partialMeshes(seed, count(110))])) {
    const { together } = wouldDecide(mesh(objects, options));
    const left = together ? mesh(objects, added(together, options)).missingFacts().map(({ need }) => need) : [];
    expect([id, left.filter((need) => need === 'namespace' || need === 'revision')]).toEqual([id, []]);
  }
});

test('a connection with two unknown ends needs both options', () => {
  const answer = wouldDecide(mesh([deployment('x/web'), deployment('y/b'), service('y/b')]));
  expect(answer.facts.map(({ subject, telling }) => [subject, telling?.decides])).toEqual([['x', 0], ['y', 0]]);
  expect(answer.together).toEqual({ injectedNamespaces: ['x', 'y'], installedRevisions: [], decides: 1 });
});

test('no fact is tried until its effect is asked for, and then once', () => {
  const one = mesh([deployment('x/web'), deployment('y/b'), service('y/b')]);
  const given = jest.spyOn(one, 'given');
  const wanted = wouldDecide(one);
  expect(wanted.facts.map(({ connections }) => connections)).toEqual([1, 1]);
  expect(given).not.toHaveBeenCalled();
  for (let times = 0; times < 2; times++) {
    expect([...wanted.facts.map(({ telling }) => telling?.decides), wanted.together?.decides]).toEqual([0, 0, 1]);
  }
  expect(given).toHaveBeenCalledTimes(3);
});

test('a suggested revision comes with those that the mesh names, since stated revisions exclude others', () => {
  const objects = [
    namespace('x', { 'istio.io/rev': 'canary' }), deployment('x/web'), namespace('y', { 'istio.io/rev': 'stable' }), deployment('y/b'), service('y/b'), meshConfig({}, 'istio-stable'),
  ];
  expect(wouldDecide(mesh(objects)).facts[0].telling).toEqual({ injectedNamespaces: [], installedRevisions: ['canary', 'stable'], decides: 1 });
  expect(wouldDecide(mesh(objects, { installedRevisions: ['stable'] })).facts[0].telling).toEqual({ injectedNamespaces: [], installedRevisions: ['canary'], decides: 1 });
});

test('a name that no option accepts isn\'t suggested', () => {
  const [fact] = wouldDecide(mesh([...injected('a'), deployment('a/b'), service('a/b'), deployment('x y/web')])).facts;
  expect([fact.subject, fact.telling]).toEqual(['x y', undefined]);
});

test('a decided mesh has no suggestions', () => {
  expect(wouldDecide(mesh([...injected('a'), deployment('a/web'), deployment('a/b'), service('a/b')]))).toEqual({ facts: [] });
});

test.each([
  ['namespace', 'shop', 'wait for Namespace shop, which isn\'t in the manifests'],
  ['revision', 'canary', 'wait for revision canary, which isn\'t known to be installed'],
  ['template', 'custom', 'wait for the effect of injection template custom, which isn\'t known'],
  ['injector', 'ConfigMap istio-system/istio-sidecar-injector', 'wait for the sidecars that ConfigMap istio-system/istio-sidecar-injector injects, which aren\'t known'],
  ['pod-template', 'Rollout shop/web', 'wait for the pod template of Rollout shop/web, which isn\'t in the manifests'],
  ['discovery', 'shop', 'wait for the labels of Namespace shop, which decide whether istiod reads it'],
  ['proxy', 'shop/web', 'wait for the proxy of a server of shop/web, which is configured elsewhere'],
  ['servers', 'shop/web', 'wait for a workload or address that serves shop/web'],
  ['destination', 'a.example.com', 'wait for the Service or ServiceEntry for a.example.com'],
  ['subset', 'v1 of web', 'wait for the DestinationRule with subset v1 of web'],
  ['certificates', 'shop/web', 'wait for ISTIO_MUTUAL in DestinationRule shop/web: no manifest shows who signed custom certificates'],
  ['one-owner', 'web', 'wait for a single object for web: of several, it is uncertain which applies'],
  ['export', 'shop/web', 'wait for an exportTo other than ~ for Service shop/web'],
  ['routes', 'web', 'wait for routes to web that the client\'s sidecar doesn\'t refuse (MTLS120)'],
  ['model', 'own-listener', 'are undecided: an egress listener of the client\'s Sidecar, or a port of its proxy, takes the call'],
] as const)('the text for a missing %s', (need, subject, text) => {
  expect(waitingText({ need, subject, connections: 2 })).toBe(text);
});

describe('facts that say more than the counted reasons', () => {
  const waitsFor = (need: 'model' | 'namespace', subject: string) => ({ facts: [{ need, subject, connections: 2, telling: undefined }], together: undefined });

  test.each([
    ['an unmodelled case that its reason names says no more', waitsFor('model', 'own-listener'), false],
    ['an object that isn\'t modelled says more', waitsFor('model', 'EnvoyFilter shop/web'), true],
    ['a fact that the user can supply says more', waitsFor('namespace', 'shop'), true],
  ])('%s', (_, facts, expected) => {
    expect(saysMore(facts, { undecided: { 'own-listener': 2 } })).toBe(expected);
  });
});

test('the text for a single connection', () => {
  expect(waitingText({ need: 'namespace', subject: 'shop', connections: 1 })).toBe('waits for Namespace shop, which isn\'t in the manifests');
  expect(waitingText({ need: 'model', subject: 'delegate', connections: 1 })).toBe('is undecided: another VirtualService completes the route');
});

describe('the message of a synth that fails for undecided connections', () => {
  const undecided = (connections: number) => ({ connections: 9, outcomes: { undecided: connections } }) as any;
  const fact = (subject: string, telling?: object) => ({ need: 'namespace', subject, connections: 2, telling }) as any;

  test('has the missing fact, and the option that decides', () => {
    const telling = { injectedNamespaces: ['shop'], installedRevisions: [], decides: 2 };
    expect(undecidedMessage(undecided(1), { facts: [fact('shop', telling)] } as any)).toBe(
      '1 of 9 connections is undecided; expected none, because failOn says so: 2 wait for Namespace shop, which isn\'t in the manifests (injectedNamespaces: [\'shop\'] decides 2)');
  });

  test('counts further facts, and has the options that decide together', () => {
    const together = { injectedNamespaces: ['a', 'b'], installedRevisions: ['canary'], decides: 8 };
    expect(undecidedMessage(undecided(8), { facts: ['a', 'b', 'c', 'd'].map((name) => fact(name)), together } as any)).toMatch(
      /^8 of 9 connections are undecided; .*; 1 more to wait for; together injectedNamespaces: \['a', 'b'\] and installedRevisions: \['canary'\] decide 8$/);
  });
});

test('optionsText repeats the option for each namespace and revision', () => {
  expect(optionsText({ injectedNamespaces: ['a', 'b'], installedRevisions: ['canary'] })).toBe('--injected-namespace a --injected-namespace b --installed-revision canary');
});

test('optionsText quotes names for a shell where they need it', () => {
  expect(optionsText({ injectedNamespaces: ['$E2E_NS'], installedRevisions: ['a;b'] })).toBe('--injected-namespace \'$E2E_NS\' --installed-revision \'a;b\'');
});

test.each([
  ['all that are called undecided', 6, 6, ['{meaning}']],
  ['some of them', 6, 8, ['6 because {meaning}']],
  ['of which nothing was said', 6, undefined, ['6 are undecided: {meaning}']],
  ['of workloads without connections', 0, 0, ['{meaning}']],
])('why connections are undecided, %s', (_, connections, undecided, texts) => {
  const facts = [{ need: 'model', subject: 'no-endpoints', connections }] as const;
  expect(awaitedTexts(facts, undecided)).toEqual(texts.map((text) => text.replace('{meaning}', meaningOf('no-endpoints'))));
});
