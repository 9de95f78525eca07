import { Fact } from '../../../src/mesh/calls/missing-facts';
import { MeshOptions } from '../../../src/mesh/mesh';
import { Workload } from '../../../src/mesh/workloads/workload';
import { recordedMeshes } from '../../support/meshes/kept-meshes';
import { deployment, destinationRule, injected, mesh, meshConfig, namespace, service, serviceEntry, tls, toHost, virtualService, workloadEntry } from '../../support/meshes/mesh';
import { casesOf } from '../../support/random/cases';
import { partialMeshes, partsOf } from '../../support/random/random-meshes';

// Compares missing facts with the undecided connections of random meshes, one by one.

const { seed, count } = casesOf('decisions');
const FIXED = partsOf(recordedMeshes);
const CASES = [...FIXED, ...partialMeshes(seed, count(110))].map((one, number) => ({ ...one, options: number % 3 === 0 ? { installedRevisions: ['stable'] } : {} }));
const factsOf = (objects: unknown[], options: Partial<MeshOptions> = {}) => (
  mesh(objects, options).missingFacts().map(({ need, subject, connections }) => [need, subject, connections]));

test('a missing fact about a proxy counts the connections from or to that proxy', () => {
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
    if (FIXED.some((other) => other.id === id)) counted += expected.size;
  }
  expect(counted).toBeGreaterThan(0);
});

test('every undecided connection has a missing fact, and no decided one', () => {
  for (const { id, objects, options } of CASES) {
    const one = mesh(objects, options);
    const undecided = [...one.connections()].filter(({ outcome }) => outcome === 'undecided').length;
    const facts = one.missingFacts();
    expect([id, facts.every(({ connections }) => connections > 0 && connections <= undecided)]).toEqual([id, true]);
    expect(facts.reduce((sum, { connections }) => sum + connections, 0)).toBeGreaterThanOrEqual(undecided);
    expect([id, facts.filter(({ subject }) => subject === '')]).toEqual([id, []]);
  }
});

function keyOf(workload: Workload | undefined): string[] {
  const lacks = workload?.proxy.lacks;
  return lacks ? [`${lacks.fact} ${lacks.name}`] : [];
}

function textOf({ need, subject }: Fact): string {
  return `${need} ${subject}`;
}

describe('each undecided reason names its missing fact', () => {
  const WEB = [...injected('a'), deployment('a/web')];
  const SERVED = [deployment('a/b', { ports: [{ containerPort: 80 }] }), service('a/b', ['http:80'])];
  const routed = (...http: unknown[]) => virtualService('a/b', { hosts: ['b'], http });

  test.each<[string, unknown[], unknown[]]>([
    ['the namespace of a client', [deployment('x/web'), ...injected('a'), ...SERVED], ['namespace', 'x', 1]],
    ['the namespace of a server', [...WEB, deployment('x/b'), service('x/b')], ['namespace', 'x', 1]],
    ['a revision', [namespace('x', { 'istio.io/rev': 'canary' }), deployment('x/web'), ...injected('a'), ...SERVED, meshConfig({}, 'istio-stable')], ['revision', 'canary', 1]],
    ['a template of somebody\'s own', [...WEB, deployment('a/b', { annotations: { 'inject.istio.io/templates': 'mine' } }), service('a/b')], ['template', 'mine', 1]],
    ['servers', [...WEB, service('x/gone')], ['servers', 'x/gone', 1]],
    ['a host', [...WEB, ...SERVED, routed(toHost('other.elsewhere.svc.cluster.local'))], ['destination', 'other.elsewhere.svc.cluster.local', 2]],
    ['certificates', [...WEB, ...SERVED, meshWide('STRICT'), destinationRule('a/own', { host: 'b', ...tls('MUTUAL', { clientCertificate: 'c', privateKey: 'k', caCertificates: 'a' }) })], ['certificates', 'a/own', 1]],
    ['labels by which istiod reads namespaces', [...WEB, ...injected('b'), deployment('x/b', { labels: { 'app': 'b', 'sidecar.istio.io/inject': 'false' } }), service('x/b'), meshConfig({ discoverySelectors: [{ matchLabels: { team: 'a' } }, { matchLabels: { 'kubernetes.io/metadata.name': 'a' } }] })], ['discovery', 'x', 1]],
    ['labels by which istiod reads a WorkloadEntry at a pod\'s address', [...WEB, podAt('10.130.0.1'), service('a/http', ['http:80'], { selector: { app: 'pod' } }), service('a/tcp', ['tcp:80'], { selector: { app: 'pod' } }), workloadEntry('x/m', { address: '10.130.0.1', labels: { app: 'm' } }), meshConfig({ discoverySelectors: [{ matchLabels: { 'istio-injection': 'enabled' } }] })], ['discovery', 'x', 1]],
    ['labels by which istiod reads a pod that a slice of another namespace lists, for each server beside it', [...WEB, ...listedElsewhere('10.130.0.1'), meshConfig({ discoverySelectors: [{ matchLabels: { 'istio-injection': 'enabled' } }] })], ['discovery', 'x', 2]],
    ['a Service that is for nobody', [...WEB, deployment('a/b'), service('a/b', ['http:80'], { annotations: { 'networking.istio.io/exportTo': '~' } }), service('a/c', ['http:80']), virtualService('a/c', { hosts: ['c'], http: [toHost('b', { port: { number: 80 } })] })], ['export', 'a/b', expect.any(Number)]],
    ['routes', [...WEB, ...SERVED, serviceEntry('a/all', { hosts: ['*.a.svc.cluster.local'], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], resolution: 'NONE' })], ['routes', 'b.a.svc.cluster.local', expect.any(Number)]],
    ['a proxy that is configured elsewhere', [...WEB, serviceEntry('a/far', { hosts: ['far.example'], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], resolution: 'STATIC', endpoints: [{ address: '10.0.0.9', labels: { 'security.istio.io/tlsMode': 'istio' } }] })], ['proxy', 'a/far', 1]],
    ['nothing that a manifest could contain', [...WEB, ...SERVED, routed({ directResponse: { status: 200 } })], ['model', 'answered-by-proxy', 1]],
    ['which of several objects owns a host', [...WEB, ...['one', 'two'].map((name) => serviceEntry(`a/${name}`, { hosts: ['x.example'], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], resolution: 'DNS' }))], ['one-owner', 'x.example', 1]],
  ])('the missing fact is %s', (_, objects, fact) => {
    expect(factsOf(objects)).toContainEqual(fact);
  });

  test('the host is missing before its subset', () => {
    expect(factsOf([...WEB, ...SERVED, routed(toHost('other.x.svc.cluster.local', { subset: 'v1' }))])).toContainEqual(['destination', 'other.x.svc.cluster.local', 2]);
  });

  test('the subset of a known host is missing', () => {
    const objects = [...WEB, ...SERVED, service('x/other', ['http:80']), routed(toHost('other.x.svc.cluster.local', { subset: 'v1' }))];
    expect(factsOf(objects, { partialNamespaces: ['x'] })).toContainEqual(['subset', 'v1 of other.x.svc.cluster.local', 2]);
  });

  function podAt(podIP: string): unknown {
    return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'pod', namespace: 'a', labels: { app: 'pod' } }, spec: {}, status: { podIP } };
  }

  /** A headless Service, with a pod of another namespace and an address outside as its servers. */
  function listedElsewhere(podIP: string): readonly unknown[] {
    const far = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'far', namespace: 'x', labels: { 'sidecar.istio.io/inject': 'false' } }, spec: {}, status: { podIP } };
    const slice = {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 'b-1', namespace: 'a', labels: { 'kubernetes.io/service-name': 'b' } },
      addressType: 'IPv4',
      endpoints: [{ addresses: [podIP], targetRef: { kind: 'Pod', namespace: 'x', name: 'far' } }, { addresses: ['100.127.1.1'] }],
      ports: [{ name: 'http', port: 80 }],
    };
    return [far, slice, service('a/b', ['http:80'], { clusterIP: 'None', selector: undefined })];
  }

  function meshWide(mode: string): unknown {
    return { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name: 'default', namespace: 'istio-system' }, spec: { mtls: { mode } } };
  }
});
