// What would decide undecided connections is true: held against the connections themselves, one by one, of random meshes.
import { Telling, wouldDecide } from '../../src/analysis/would-decide';
import { Fact } from '../../src/mesh/connections/missing-facts';
import { Mesh, MeshOptions } from '../../src/mesh/mesh';
import { Workload } from '../../src/mesh/workloads/workload';
import { deployment, destinationRule, injected, mesh, meshConfig, namespace, service, serviceEntry, tls, toHost, virtualService } from '../support/mesh';
import { randomMeshes } from '../support/random-meshes';

const undecidedIn = (one: Mesh): number => [...one.connections()].filter(({ outcome }) => outcome === 'undecided').length;
const answerOf = (one: Mesh) => wouldDecide(one, one.summary());
const factsOf = (objects: unknown[], options: Partial<MeshOptions> = {}) => answerOf(mesh(objects, options)).facts.map(({ need, subject, connections }) => [need, subject, connections]);

/** What a user would tell who adds the options to those that are there. */
function added(telling: Telling, { injectedNamespaces = [], installedRevisions = [] }: Partial<MeshOptions>): Partial<MeshOptions> {
  const revisions = [...installedRevisions, ...telling.installedRevisions];
  return { injectedNamespaces: [...injectedNamespaces, ...telling.injectedNamespaces], ...revisions.length > 0 ? { installedRevisions: revisions } : {} };
}

/** Some namespaces are left out, and some name revisions. */
function partOf(objects: readonly any[], number: number): any[] {
  return objects.filter(({ kind }, index) => kind !== 'Namespace' || (index + number) % 3 !== 0)
    .map((object, index) => (object.kind === 'Namespace' && (index + number) % 2 === 0 ? namespace(object.metadata.name, { 'istio.io/rev': number % 4 < 2 ? 'canary' : 'stable' }) : object));
}

const OPTIONS: readonly Partial<MeshOptions>[] = [{}, { installedRevisions: ['stable'] }, { injectedNamespaces: ['a'] }];
const CASES = randomMeshes(20261126, 150).map(({ id, objects }, number) => ({ id, objects: partOf(objects, number), options: OPTIONS[number % OPTIONS.length] }));

test('what is told decides as many connections as is said', () => {
  const sums = { alone: 0, together: 0, revisions: 0 };
  for (const { id, objects, options } of CASES) {
    const before = undecidedIn(mesh(objects, options));
    const { facts, together } = answerOf(mesh(objects, options));
    for (const telling of [...facts.map((fact) => fact.telling), together]) {
      if (!telling) continue;
      const after = undecidedIn(mesh(objects, added(telling, options)));
      expect([id, telling, telling.decides]).toEqual([id, telling, Math.max(0, before - after)]);
      sums[telling === together ? 'together' : 'alone'] += telling.decides;
      sums.revisions += telling.installedRevisions.length;
    }
  }
  expect(sums.alone).toBeGreaterThan(100);
  expect(sums.together).toBeGreaterThan(100);
  expect(sums.revisions).toBeGreaterThan(20);
});

test('what was told together is waited for no more', () => {
  for (const { id, objects, options } of CASES) {
    const { together } = answerOf(mesh(objects, options));
    const left = together ? mesh(objects, added(together, options)).missingFacts().map(({ need }) => need) : [];
    expect([id, left.filter((need) => need === 'namespace' || need === 'revision')]).toEqual([id, []]);
  }
});

test('as many connections wait for a proxy\'s fact as have an end with such a proxy', () => {
  let counted = 0;
  for (const { id, objects, options } of CASES) {
    const one = mesh(objects, options);
    const byName = new Map(one.workloads.map((workload) => [`${workload.kind}/${workload.namespace}/${workload.name}`, workload]));
    const expected = new Map<string, number>();
    for (const { client, server, undecidedBecause } of one.connections()) {
      if (undecidedBecause !== 'client-proxy-unknown' && undecidedBecause !== 'server-proxy-unknown') continue;
      const ends = [undecidedBecause === 'client-proxy-unknown' ? client : undefined, server ?? undefined]
        .flatMap((end) => keyOf(end && byName.get(`${end.kind}/${end.namespace}/${end.name}`)));
      for (const key of new Set(ends)) expected.set(key, (expected.get(key) ?? 0) + 1);
    }
    const told = one.missingFacts().filter(({ need }) => ['namespace', 'revision', 'template'].includes(need));
    expect([id, Object.fromEntries(told.map((fact) => [textOf(fact), fact.connections]))]).toEqual([id, Object.fromEntries(expected)]);
    counted += expected.size;
  }
  expect(counted).toBeGreaterThan(100);
});

test('every undecided connection waits for something, and none that is decided does', () => {
  for (const { id, objects, options } of CASES) {
    const one = mesh(objects, options);
    const undecided = undecidedIn(one);
    const facts = one.missingFacts();
    expect([id, facts.every(({ connections }) => connections > 0 && connections <= undecided)]).toEqual([id, true]);
    expect(facts.reduce((sum, { connections }) => sum + connections, 0)).toBeGreaterThanOrEqual(undecided);
  }
});

function keyOf(workload: Workload | undefined): string[] {
  const lacks = workload?.proxy.lacks;
  return lacks ? [`${lacks.fact} ${lacks.name}`] : [];
}

function textOf({ need, subject }: Fact): string {
  return `${need} ${subject}`;
}

describe('each reason names what it waits for', () => {
  const WEB = [...injected('a'), deployment('a/web')];
  const SERVED = [deployment('a/b', { ports: [{ containerPort: 80 }] }), service('a/b', ['http:80'])];
  const routed = (...http: unknown[]) => virtualService('a/b', { hosts: ['b'], http });

  test.each<[string, unknown[], unknown[]]>([
    ['a client\'s namespace', [deployment('x/web'), ...injected('a'), ...SERVED], ['namespace', 'x', 1]],
    ['a server\'s namespace', [...WEB, deployment('x/b'), service('x/b')], ['namespace', 'x', 1]],
    ['a revision', [namespace('x', { 'istio.io/rev': 'canary' }), deployment('x/web'), ...injected('a'), ...SERVED, meshConfig({}, 'istio-stable')], ['revision', 'canary', 1]],
    ['a template of somebody\'s own', [...WEB, deployment('a/b', { annotations: { 'inject.istio.io/templates': 'mine' } }), service('a/b')], ['template', 'mine', 1]],
    ['servers', [...WEB, service('x/gone')], ['servers', 'x/gone', 1]],
    ['a host', [...WEB, ...SERVED, routed(toHost('other.elsewhere.svc.cluster.local'))], ['destination', 'other.elsewhere.svc.cluster.local', 2]],
    ['certificates', [...WEB, ...SERVED, meshWide('STRICT'), destinationRule('a/own', { host: 'b', ...tls('MUTUAL', { clientCertificate: 'c', privateKey: 'k', caCertificates: 'a' }) })], ['certificates', 'a/own', 1]],
    ['labels by which istiod reads namespaces', [...WEB, ...injected('b'), deployment('x/b', { labels: { 'app': 'b', 'sidecar.istio.io/inject': 'false' } }), service('x/b'), meshConfig({ discoverySelectors: [{ matchLabels: { team: 'a' } }, { matchLabels: { 'kubernetes.io/metadata.name': 'a' } }] })], ['discovery', 'x', 1]],
    ['a Service that is for nobody', [...WEB, deployment('a/b'), service('a/b', ['http:80'], { annotations: { 'networking.istio.io/exportTo': '~' } }), service('a/c', ['http:80']), virtualService('a/c', { hosts: ['c'], http: [toHost('b', { port: { number: 80 } })] })], ['export', 'a/b', expect.any(Number)]],
    ['nothing that a manifest could say', [...WEB, ...SERVED, routed({ directResponse: { status: 200 } })], ['model', 'answered-by-proxy', 1]],
    ['an owner of a host', [...WEB, ...['one', 'two'].map((name) => serviceEntry(`a/${name}`, { hosts: ['x.example'], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], resolution: 'DNS' }))], ['one-owner', 'x.example', 1]],
  ])('%s', (_, objects, fact) => {
    expect(factsOf(objects)).toContainEqual(fact);
  });

  function meshWide(mode: string): unknown {
    return { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name: 'default', namespace: 'istio-system' }, spec: { mtls: { mode } } };
  }
});

test('two unknown ends are decided only together', () => {
  const answer = answerOf(mesh([deployment('x/web'), deployment('y/b'), service('y/b')]));
  expect(answer.facts.map(({ subject, telling }) => [subject, telling?.decides])).toEqual([['x', 0], ['y', 0]]);
  expect(answer.together).toEqual({ injectedNamespaces: ['x', 'y'], installedRevisions: [], decides: 1 });
});

test('a revision is told with those that the mesh names already: once told, no others are installed', () => {
  const objects = [
    namespace('x', { 'istio.io/rev': 'canary' }), deployment('x/web'), namespace('y', { 'istio.io/rev': 'stable' }), deployment('y/b'), service('y/b'), meshConfig({}, 'istio-stable'),
  ];
  expect(answerOf(mesh(objects)).facts[0].telling).toEqual({ injectedNamespaces: [], installedRevisions: ['canary', 'stable'], decides: 1 });
  expect(answerOf(mesh(objects, { installedRevisions: ['stable'] })).facts[0].telling).toEqual({ injectedNamespaces: [], installedRevisions: ['canary'], decides: 1 });
});

test('what no option takes is not offered as one', () => {
  const [fact] = answerOf(mesh([...injected('a'), deployment('a/b'), service('a/b'), deployment('x y/web')])).facts;
  expect([fact.subject, fact.telling]).toEqual(['x y', undefined]);
});

test('of a decided mesh nothing is asked', () => {
  expect(answerOf(mesh([...injected('a'), deployment('a/web'), deployment('a/b'), service('a/b')]))).toEqual({ facts: [] });
});
