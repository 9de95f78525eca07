import { ApiObject, App, Chart, JsonPatch } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import * as kplus33 from 'cdk8s-plus-33';
import { Construct } from 'constructs';
import { AllowedCallers, AllowedCallersProps, Caller, IstioMesh, IWorkload, Pods } from '../../../src/index';
import { chartIn, only, synth } from '../../support/constructs/charts';

const RATINGS = Pods.withLabels({ app: 'ratings' });
const containers = [{ image: 'app:1', portNumber: 9080 }];
const WEB = Caller.serviceAccount('shop', 'web');

/** The one rule of the policy. */
function ruleOf(props: Partial<AllowedCallersProps>, chart = chartIn('shop')): any {
  new AllowedCallers(chart, 'callers', { workload: RATINGS, callers: [WEB], ...props });
  const { spec } = only(synth(chart), 'AuthorizationPolicy');
  expect(spec.rules).toHaveLength(1);
  return spec.rules[0];
}

function sourcesOf(callers: Caller[], chart = chartIn('shop')): any {
  return ruleOf({ callers }, chart).from.map(({ source }: any) => source);
}

function raw(scope: Construct, kind: string, spec: object, namespace = 'shop'): ApiObject {
  const apiVersion = { Pod: 'v1', CronJob: 'batch/v1', Rollout: 'argoproj.io/v1alpha1' }[kind] ?? 'apps/v1';
  return new ApiObject(scope, 'caller', { apiVersion, kind, metadata: { namespace, name: 'caller' }, spec });
}

test('allows only the named callers, by certificate', () => {
  const chart = chartIn('shop');
  new AllowedCallers(chart, 'callers', { workload: RATINGS, callers: [WEB], name: 'ratings' });
  expect(synth(chart)).toEqual([{
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name: 'ratings', namespace: 'shop' },
    spec: {
      selector: { matchLabels: { app: 'ratings' } },
      action: 'ALLOW',
      rules: [{ from: [{ source: { principals: ['cluster.local/ns/shop/sa/web'] } }] }],
    },
  }]);
});

test('snapshot', () => {
  const chart = chartIn('shop');
  const account = new kplus.ServiceAccount(chart, 'account');
  const web = new kplus.Deployment(chart, 'web', { containers, serviceAccount: account });
  const workload = new kplus.Deployment(chart, 'ratings', { containers });
  new AllowedCallers(chart, 'callers', {
    workload, callers: [Caller.workload(web), Caller.namespace('reports')], ports: [9080], methods: ['GET'], paths: ['/ratings/*'], hosts: ['ratings'], headers: { 'x-team': ['a', 'b'] },
  });
  expect(only(synth(chart), 'AuthorizationPolicy')).toMatchSnapshot();
});

test('dryRun sets an annotation, and is off by default', () => {
  const chart = chartIn('shop');
  new AllowedCallers(chart, 'dry', { workload: RATINGS, callers: [WEB], dryRun: true });
  new AllowedCallers(chart, 'wet', { workload: RATINGS, callers: [WEB] });
  expect(synth(chart).map(({ metadata: { annotations } }) => annotations)).toEqual([{ 'istio.io/dry-run': 'true' }, undefined]);
});

describe('callers', () => {
  test('have the trust domain of the app\'s mesh', () => {
    const chart = chartIn('shop');
    new IstioMesh(chart, 'mesh', { namespace: 'istio-system', trustDomain: 'corp.example' });
    expect(sourcesOf([WEB], chart)).toEqual([{ principals: ['corp.example/ns/shop/sa/web'] }]);
  });

  test('by principal and by namespace are separate sources, since all fields of one source must match', () => {
    expect(sourcesOf([WEB, Caller.namespace('reports'), Caller.serviceAccount('ops', 'a.b'), WEB, Caller.namespace('reports')])).toEqual([
      { principals: ['cluster.local/ns/shop/sa/web', 'cluster.local/ns/ops/sa/a.b'] },
      { namespaces: ['reports'] },
    ]);
  });

  test('of any identity are principal *, which excludes plaintext', () => {
    expect(sourcesOf([Caller.anyIdentity()])).toEqual([{ principals: ['*'] }]);
  });

  const template = (spec: object) => ({ template: { metadata: { labels: { app: 'caller' } }, spec } });
  const workloads: [string, (chart: Chart) => IWorkload, string][] = [
    ['a Deployment of cdk8s-plus', (chart) => new kplus.Deployment(chart, 'web', { containers, serviceAccount: kplus.ServiceAccount.fromServiceAccountName(chart, 'account', 'web') }), 'web'],
    ['a Deployment of cdk8s-plus without a service account', (chart) => new kplus.Deployment(chart, 'web', { containers }), 'default'],
    ['a raw CronJob', (chart) => Pods.of(raw(chart, 'CronJob', { jobTemplate: { spec: template({ serviceAccountName: 'night' }) } })), 'night'],
    ['a raw Pod', (chart) => Pods.of(raw(chart, 'Pod', { serviceAccountName: 'pod' })), 'pod'],
    ['a raw StatefulSet with the deprecated field serviceAccount', (chart) => Pods.of(raw(chart, 'StatefulSet', template({ serviceAccount: 'old' }))), 'old'],
    ['a raw Rollout', (chart) => Pods.of(raw(chart, 'Rollout', template({ serviceAccountName: 'rollout' }))), 'rollout'],
  ];

  test.each(workloads)('given as %s are allowed by its service account', (_, create, account) => {
    const chart = chartIn('shop');
    expect(sourcesOf([Caller.workload(create(chart))], chart)).toEqual([{ principals: [`cluster.local/ns/shop/sa/${account}`] }]);
  });

  test.each<[string, (chart: Chart) => Construct]>([
    ['cdk8s-plus 28', (chart) => new kplus.ServiceAccount(chart, 'account', { metadata: { name: 'web' } })],
    ['cdk8s-plus 33', (chart) => new kplus33.ServiceAccount(chart, 'account', { metadata: { name: 'web' } })],
    ['cdk8s', (chart) => new ApiObject(chart, 'account', { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'web' } })],
  ])('given as a ServiceAccount of %s are allowed by its names', (_, create) => {
    const app = new App();
    const account = create(new Chart(app, 'front', { namespace: 'front' }));
    expect(sourcesOf([Caller.ofServiceAccount(account)], new Chart(app, 'shop', { namespace: 'shop' }))).toEqual([{ principals: ['cluster.local/ns/front/sa/web'] }]);
  });

  test('of another chart have that chart\'s namespace', () => {
    const app = new App();
    const web = new kplus.Deployment(new Chart(app, 'front', { namespace: 'front' }), 'web', { containers });
    expect(sourcesOf([Caller.workload(web)], new Chart(app, 'shop', { namespace: 'shop' }))).toEqual([{ principals: ['cluster.local/ns/front/sa/default'] }]);
  });

  test('have the service account that a JSON patch sets', () => {
    const chart = chartIn('shop');
    const web = new kplus.Deployment(chart, 'web', { containers });
    const callers = [Caller.workload(web)];
    ApiObject.of(web).addJsonPatch(JsonPatch.add('/spec/template/spec/serviceAccountName', 'late'));
    expect(sourcesOf(callers, chart)).toEqual([{ principals: ['cluster.local/ns/shop/sa/late'] }]);
  });

  const refused: [string, () => AllowedCallersProps, string][] = [
    ['an empty list', () => ({ workload: RATINGS, callers: [] }), 'API801'],
    ['a missing list', () => ({ workload: RATINGS } as any), 'API801'],
    ['Istio\'s YAML', () => ({ workload: RATINGS, callers: [{ principals: ['*'] }] as any }), 'API019'],
    ['a namespace that can\'t exist', () => ({ workload: RATINGS, callers: [Caller.namespace('*')] }), 'API018'],
    ['a service account in a namespace that can\'t exist', () => ({ workload: RATINGS, callers: [Caller.serviceAccount('a/b', 'web')] }), 'API018'],
    ['a pattern of service accounts', () => ({ workload: RATINGS, callers: [Caller.serviceAccount('shop', '*')] }), 'API803'],
    ['a service account that is no string', () => ({ workload: RATINGS, callers: [Caller.serviceAccount('shop', undefined as any)] }), 'API803'],
    ['a construct that is no workload', () => ({ workload: RATINGS, callers: [Caller.workload(new Chart(new App(), 'chart') as any)] }), 'API008'],
    ['a Deployment as a ServiceAccount', () => ({ workload: RATINGS, callers: [Caller.ofServiceAccount(new kplus.Deployment(chartIn('shop'), 'web', { containers }))] }), 'API803'],
    ['a ServiceAccount that is missing', () => ({ workload: RATINGS, callers: [Caller.ofServiceAccount(undefined as any)] }), 'API803'],
    ['a ServiceAccount without a namespace', () => ({ workload: RATINGS, callers: [Caller.ofServiceAccount(new kplus.ServiceAccount(chartIn(), 'web'))] }), 'API004'],
    ['a workload without a namespace', () => ({ workload: RATINGS, callers: [Caller.workload(new kplus.Deployment(chartIn(), 'web', { containers }))] }), 'API004'],
  ];

  test.each(refused)('can\'t be given as %s', (_, props, code) => {
    expect(() => new AllowedCallers(chartIn('shop'), 'callers', props())).toThrow(new RegExp(`^AuthorizationPolicy .*test/callers.*\\[${code}\\]$`));
  });

  test('can\'t be given as a workload whose pod template is in another object', () => {
    const chart = chartIn('shop');
    const rollout = raw(chart, 'Rollout', { workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } });
    new AllowedCallers(chart, 'callers', { workload: RATINGS, callers: [Caller.workload(Pods.of(rollout))] });
    expect(() => synth(chart)).toThrow(/callers\[0\] is Rollout caller, whose pod template is in another object.*\[API803\]/);
  });
});

describe('conditions', () => {
  test('are absent by default', () => {
    expect(Object.keys(ruleOf({}))).toEqual(['from']);
  });

  test('on ports, methods and paths are in one operation', () => {
    expect(ruleOf({ ports: [9080, 9090], methods: ['GET', 'HEAD'], paths: ['/a', '*/b', '/c/*', '/d/{*}/e', '/f/{**}'] }).to).toEqual([
      { operation: { ports: ['9080', '9090'], methods: ['GET', 'HEAD'], paths: ['/a', '*/b', '/c/*', '/d/{*}/e', '/f/{**}'] } },
    ]);
  });

  test('on an exact host match it with and without a port, since requests may have either', () => {
    expect(ruleOf({ hosts: ['ratings', 'ratings:9080', '*.shop', 'api.*'] }).to).toEqual([
      { operation: { hosts: ['ratings', 'ratings:*', 'ratings:9080', '*.shop', 'api.*'] } },
    ]);
  });

  test('on headers are in the rule\'s when', () => {
    expect(ruleOf({ headers: { 'x-team': ['a', 'b*'], 'x-any': ['*'] } }).when).toEqual([
      { key: 'request.headers[x-team]', values: ['a', 'b*'] }, { key: 'request.headers[x-any]', values: ['*'] },
    ]);
  });

  test('that are null, which JavaScript may pass, are absent', () => {
    expect(Object.keys(ruleOf({ ports: null, methods: null, paths: null, hosts: null, headers: null, claims: null } as any))).toEqual(['from']);
  });

  const refused: [string, object, string][] = [
    ['an empty list of ports', { ports: [] }, 'API804'],
    ['an empty list of methods', { methods: [] }, 'API804'],
    ['an empty list of paths', { paths: [] }, 'API804'],
    ['an empty list of hosts', { hosts: [] }, 'API804'],
    ['headers without a name', { headers: {} }, 'API804'],
    ['an empty list of a header\'s values', { headers: { 'x-team': [] } }, 'API804'],
    ['a header without values', { headers: { 'x-team': undefined } }, 'API804'],
    ['claims without a name', { claims: {} }, 'API804'],
    ['a string instead of a list', { paths: '/a' }, 'API804'],
    ['port 0', { ports: [0] }, 'API006'],
    ['a port twice', { ports: [80, 80] }, 'API010'],
    ['a method in lowercase', { methods: ['get'] }, 'API805'],
    ['a method that is no string', { methods: [1] }, 'API805'],
    ['a path without a slash', { paths: ['a'] }, 'API805'],
    ['a path with a query', { paths: ['/a?b'] }, 'API805'],
    ['a path with a * in the middle', { paths: ['/a/*/b'] }, 'API805'],
    ['a path with a * at both ends', { paths: ['*a*'] }, 'API805'],
    ['a path with a template beside a *', { paths: ['/{*}/*'] }, 'API805'],
    ['a path with a template that Envoy rejects', { paths: ['//{*}'] }, 'API805'],
    ['a path with a template that doesn\'t begin with a slash', { paths: ['{**}'] }, 'API805'],
    ['a path with a template for part of a segment', { paths: ['/a{*}'] }, 'API805'],
    ['a host with a path', { hosts: ['a/b'] }, 'API805'],
    ['an empty host', { hosts: [''] }, 'API805'],
    ['a host with a * in the middle', { hosts: ['a*b'] }, 'API805'],
    ['an invalid header name', { headers: { 'x team': ['a'] } }, 'API805'],
    ['an empty value of a header', { headers: { 'x-team': [''] } }, 'API805'],
    ['a claim with brackets', { claims: { 'a][b': ['c'] } }, 'API805'],
  ];

  test.each(refused)('can\'t have %s', (_, props, code) => {
    expect(() => new AllowedCallers(chartIn('shop'), 'callers', { workload: RATINGS, callers: [WEB], ...props })).toThrow(new RegExp(`\\[${code}\\]$`));
  });

  test('on headers are refused without printing their values, which may be secret', () => {
    const headers = { 'x-key': ['s3cret', 5 as any] };
    expect(() => new AllowedCallers(chartIn('shop'), 'callers', { workload: RATINGS, callers: [WEB], headers })).toThrow(/headers\[x-key\] is a number/);
    expect(() => new AllowedCallers(chartIn('shop'), 'callers', { workload: RATINGS, callers: [WEB], headers })).not.toThrow(/s3cret/);
  });
});

test('refuses a missing workload, empty labels, and labels without a namespace, as WorkloadOverride does', () => {
  expect(() => new AllowedCallers(chartIn('shop'), 'callers', { callers: [WEB] } as any)).toThrow('API009');
  expect(() => new AllowedCallers(chartIn('shop'), 'callers', { callers: [WEB], workload: Pods.withLabels({}) })).toThrow('API003');
  expect(() => new AllowedCallers(chartIn(), 'callers', { callers: [WEB], workload: RATINGS })).toThrow('API004');
});
