import { ApiObject, App, Chart, Testing } from 'cdk8s';
import { AllowedCallers, Caller, DefaultDeny, MtlsAnalysis, MtlsMode, NamespaceOverride, Pods, RequiredToken } from '../../../src/index';
import { readYaml } from '../../../src/manifests/yaml/read-yaml';
import { ruleProtocolsOf } from '../../../src/mesh/authorization/normal-form';
import { plaintextAt } from '../../../src/mesh/authorization/open';
import { Mesh } from '../../../src/mesh/mesh';
import { passes, SeenRequest } from '../../support/meshes/authorization';

const ISSUER = 'https://login.example.com';
const ENFORCED = { iUnderstandThatCallersWithoutAPolicyAreLockedOut: true };

/** web, job and cart call ratings, which serves HTTP on 8080 and TCP on 9000; an old client has no sidecar. */
class SmallMesh {
  readonly app = new App();
  readonly chart = new Chart(this.app, 'shop', { namespace: 'shop' });
  readonly legacy = new Chart(this.app, 'legacy', { namespace: 'legacy' });
  readonly ratings: Pods;
  readonly web: Pods;

  constructor() {
    for (const [chart, labels] of [[this.chart, { 'istio-injection': 'enabled' }], [this.legacy, {}]] as const) {
      new ApiObject(chart, 'namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: chart.namespace, labels } });
    }
    this.ratings = deployment(this.chart, 'ratings');
    this.web = deployment(this.chart, 'web');
    deployment(this.chart, 'job');
    deployment(this.legacy, 'old');
    const ports = [{ name: 'http', port: 80, targetPort: 8080 }, { name: 'tcp', port: 9000 }];
    new ApiObject(this.chart, 'service', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'ratings' }, spec: { selector: { app: 'ratings' }, ports } });
    new NamespaceOverride(this.chart, 'mode', { mode: MtlsMode.PERMISSIVE });
  }

  get objects(): any[] {
    return [this.chart, this.legacy].flatMap((chart) => Testing.synth(chart));
  }

  /** Whether the policies that select ratings' pods let a request pass. */
  passes(request: SeenRequest): boolean {
    const policies = this.objects.filter(({ kind, spec }) => kind === 'AuthorizationPolicy' && (spec.selector?.matchLabels.app ?? 'ratings') === 'ratings');
    return passes(policies, request);
  }

  /** Of the requests in plaintext to a port of ratings, the engine's word. */
  plaintextAt(port: number): string {
    const mesh = Mesh.of(this.objects, { parseYaml: readYaml });
    const ratings = mesh.workloads.find(({ name }) => name === 'ratings')!;
    expect(mesh.dataPlanes.accept(ratings, port).mode).toBe('PERMISSIVE');
    const [protocol] = ruleProtocolsOf(mesh.dataPlanes.accept(ratings, port).protocol);
    return plaintextAt(mesh.planes.of(ratings.proxy.revision).authorization, ratings, port, protocol);
  }

  /** The analysis' findings on the policies. */
  get findings(): string[] {
    return MtlsAnalysis.of(this.app).findings.map(({ code }) => code).filter((code) => code.startsWith('MTLS5'));
  }
}

function deployment(chart: Chart, name: string): Pods {
  const metadata = { labels: { app: name } };
  return Pods.of(new ApiObject(chart, name, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { selector: { matchLabels: metadata.labels }, template: { metadata, spec: { serviceAccountName: name, containers: [{ name: 'app', image: 'app:1', ports: [{ containerPort: 8080 }, { containerPort: 9000 }] }] } } },
  }));
}

const as = (account: string, namespace = 'shop') => `cluster.local/ns/${namespace}/sa/${account}`;
const get = (principal: string | undefined, path = '/ratings/1', more: object = {}): SeenRequest => ({ port: 8080, principal, http: { method: 'GET', path, host: 'ratings', ...more } });
const tcp = (principal: string | undefined): SeenRequest => ({ port: 9000, principal });

test('without a policy all calls pass, so the following refusals come from policies', () => {
  const mesh = new SmallMesh();
  expect([get(as('job')), get(undefined), tcp(undefined)].map((request) => mesh.passes(request))).toEqual([true, true, true]);
  expect([8080, 9000].map((port) => mesh.plaintextAt(port))).toEqual(['all', 'all']);
});

describe('AllowedCallers', () => {
  test('allows only the named workload, and no plaintext', () => {
    const mesh = new SmallMesh();
    new AllowedCallers(mesh.chart, 'callers', { workload: mesh.ratings, callers: [Caller.workload(mesh.web)] });
    expect([get(as('web')), tcp(as('web'))].map((request) => mesh.passes(request))).toEqual([true, true]);
    expect([get(as('job')), get(as('web', 'legacy')), get('other.example/ns/shop/sa/web'), get(undefined), tcp(as('job')), tcp(undefined)].map((request) => mesh.passes(request)))
      .toEqual([false, false, false, false, false, false]);
    expect([8080, 9000].map((port) => mesh.plaintextAt(port))).toEqual(['none', 'none']);
    expect(mesh.findings).toEqual([]);
  });

  test('allows all service accounts of a namespace', () => {
    const mesh = new SmallMesh();
    new AllowedCallers(mesh.chart, 'callers', { workload: mesh.ratings, callers: [Caller.namespace('shop'), Caller.serviceAccount('ops', 'admin')] });
    expect([get(as('web')), get(as('job')), get(as('admin', 'ops'))].map((request) => mesh.passes(request))).toEqual([true, true, true]);
    expect([get(as('other', 'ops')), get(as('web', 'shop2')), get(undefined)].map((request) => mesh.passes(request))).toEqual([false, false, false]);
    expect(mesh.plaintextAt(8080)).toBe('none');
  });

  test('any identity excludes plaintext', () => {
    const mesh = new SmallMesh();
    new AllowedCallers(mesh.chart, 'callers', { workload: mesh.ratings, callers: [Caller.anyIdentity()] });
    expect([get(as('job')), get('other.example/ns/shop/sa/web'), get(undefined)].map((request) => mesh.passes(request))).toEqual([true, true, false]);
    expect(mesh.plaintextAt(8080)).toBe('none');
  });

  test('conditions limit the calls, and several policies add up', () => {
    const mesh = new SmallMesh();
    new AllowedCallers(mesh.chart, 'http', { workload: mesh.ratings, callers: [Caller.workload(mesh.web)], ports: [8080], methods: ['GET'], paths: ['/ratings/*'], hosts: ['ratings'] });
    const http = [get(as('web')), get(as('web'), '/ratings/1', { host: 'ratings:80' })];
    expect(http.map((request) => mesh.passes(request))).toEqual([true, true]);
    const others = [get(as('web'), '/admin'), get(as('web'), '/ratings/1', { method: 'POST' }), get(as('web'), '/ratings/1', { host: 'other' }), { ...get(as('web')), port: 9000 }, tcp(as('web'))];
    expect(others.map((request) => mesh.passes(request))).toEqual([false, false, false, false, false]);
    new AllowedCallers(mesh.chart, 'tcp', { workload: mesh.ratings, callers: [Caller.serviceAccount('shop', 'job')], ports: [9000] });
    expect([tcp(as('job')), get(as('web')), get(as('job')), tcp(as('web'))].map((request) => mesh.passes(request))).toEqual([true, true, false, false]);
    expect([8080, 9000].map((port) => mesh.plaintextAt(port))).toEqual(['none', 'none']);
  });

  test('a dry run refuses no calls', () => {
    const mesh = new SmallMesh();
    new AllowedCallers(mesh.chart, 'callers', { workload: mesh.ratings, callers: [Caller.workload(mesh.web)], dryRun: true });
    expect(mesh.passes(get(undefined))).toBe(true);
    expect(mesh.plaintextAt(8080)).toBe('all');
  });
});

describe('DefaultDeny', () => {
  test('refuses all except callers of AllowedCallers, if enforced', () => {
    const mesh = new SmallMesh();
    new DefaultDeny(mesh.chart, 'deny', ENFORCED);
    expect([get(as('web')), get(undefined), tcp(as('web'))].map((request) => mesh.passes(request))).toEqual([false, false, false]);
    expect(mesh.plaintextAt(8080)).toBe('none');
    new AllowedCallers(mesh.chart, 'callers', { workload: mesh.ratings, callers: [Caller.workload(mesh.web)] });
    expect([get(as('web')), get(as('job'))].map((request) => mesh.passes(request))).toEqual([true, false]);
  });

  test('refuses no calls unless enforced', () => {
    const mesh = new SmallMesh();
    new DefaultDeny(mesh.chart, 'deny');
    expect([get(as('web')), get(undefined)].map((request) => mesh.passes(request))).toEqual([true, true]);
    expect(mesh.plaintextAt(8080)).toBe('all');
  });
});

describe('RequiredToken', () => {
  const user = (more: object = {}) => ({ token: { iss: ISSUER, sub: 'ann', ...more } });
  const issuers = [{ issuer: ISSUER, jwksUri: `${ISSUER}/keys` }];

  test('refuses whoever has no token of the issuer, with or without an identity', () => {
    const mesh = new SmallMesh();
    new RequiredToken(mesh.chart, 'users', { workload: mesh.ratings, issuers, exceptPorts: [9000] });
    expect([get(as('web'), '/', user()), get(undefined, '/', user())].map((request) => mesh.passes(request))).toEqual([true, true]);
    expect([get(as('web')), get(undefined), get(as('web'), '/', user({ iss: `${ISSUER}/other` }))].map((request) => mesh.passes(request))).toEqual([false, false, false]);
    expect([get(undefined, '/', user({ sub: '' })), get(undefined, '/', user({ iss: '' }))].map((request) => mesh.passes(request))).toEqual([false, false]);
    expect(mesh.passes(tcp(undefined))).toBe(true);
  });

  test('requires a token except on exempt ports and paths', () => {
    const mesh = new SmallMesh();
    new RequiredToken(mesh.chart, 'users', { workload: mesh.ratings, issuers, exceptPorts: [9000], exceptPaths: ['/healthz'], exceptPreflight: true });
    expect([get(undefined, '/healthz'), get(undefined, '/', { method: 'OPTIONS' }), tcp(undefined)].map((request) => mesh.passes(request))).toEqual([true, true, true]);
    expect([get(undefined, '/healthz/'), get(undefined, '/HEALTHZ'), get(undefined)].map((request) => mesh.passes(request))).toEqual([false, false, false]);
  });

  test('closes ports that aren\'t known to be TCP', () => {
    const mesh = new SmallMesh();
    new RequiredToken(mesh.chart, 'users', { workload: mesh.ratings, issuers, exceptPorts: [9000], exceptPaths: ['/healthz'] });
    expect(mesh.passes({ port: 7000, principal: as('web') })).toBe(false);
  });

  test('applies together with AllowedCallers: both must allow a request', () => {
    const mesh = new SmallMesh();
    new RequiredToken(mesh.chart, 'users', { workload: mesh.ratings, issuers, exceptPorts: [9000] });
    new AllowedCallers(mesh.chart, 'callers', { workload: mesh.ratings, callers: [Caller.workload(mesh.web)], ports: [8080], claims: { groups: ['admins'] } });
    const admin = user({ groups: 'admins' });
    expect(mesh.passes(get(as('web'), '/', admin))).toBe(true);
    expect([get(as('web'), '/', user()), get(as('web')), get(as('job'), '/', admin), get(undefined, '/', admin)].map((request) => mesh.passes(request))).toEqual([false, false, false, false]);
  });
});
