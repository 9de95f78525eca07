import { expectationText } from '../../src/expectations/expectation';
import { readExpectations } from '../../src/expectations/expectations-file';
import { ExpectationJudge } from '../../src/expectations/judge';
import { ExpectationVerdict } from '../../src/expectations/verdict';
import { failureText, witnessOutcome, witnessName } from '../../src/expectations/wording';
import { Mesh } from '../../src/mesh/mesh';
import {
  deployment, destinationRule, gatewayApi, injected, mesh, mode, namespace, peerAuthentication, service, serviceEntry, tls, workloadEntry,
} from '../support/meshes/mesh';

const TODAY = '2026-06-30';

function verdictsOf(tests: string, of: Mesh): readonly ExpectationVerdict[] {
  const judge = new ExpectationJudge(of, TODAY);
  return readExpectations(`tests:\n${tests.trim().split('\n').map((line) => `  - {${line.trim()}}\n`).join('')}`, 'mesh-tests.yaml').expectations.map((one) => judge.verdict(one));
}

/** Why a test fails, in sentences; empty if it passes. */
function failuresOf(test: string, of: Mesh): readonly string[] {
  const [verdict] = verdictsOf(test, of);
  return verdict.failures.map((failure) => failureText(failure, verdict));
}

/** `held 3` or `failed 3`, with the number of connections or ports. */
function resultOf(test: string, of: Mesh): string {
  const [{ failures, count, excepted }] = verdictsOf(test, of);
  return `${failures.length === 0 ? 'held' : 'failed'} ${count}${excepted > 0 ? `, ${excepted} left out` : ''}`;
}

const port = (containerPort: number) => ({ ports: [{ containerPort }] });
const app = (path: string, number: number) => [deployment(path, port(number)), service(path, [number])];

/** Three applications in two namespaces with sidecars, and a client without. */
const SHOP = mesh([
  injected('shop', 'payments'), app('shop/web', 80), app('shop/ratings', 9080), app('payments/api', 8080),
  deployment('shop/job', { labels: { 'app': 'job', 'sidecar.istio.io/inject': 'false' } }),
  peerAuthentication('payments/default', mode('STRICT')),
  destinationRule('shop/ratings', { host: 'ratings', ...tls('DISABLE') }),
]);

test.each<[string, string]>([
  ['from: shop/web, to: payments/api:8080, is: mtls', 'held 1'],
  ['from: shop/web, to: payments/api:8080, is: tls', 'failed 1'],
  ['from: shop/web, to: payments/api:8080, never: mtls', 'failed 1'],
  ['from: shop/job, to: payments/api, is: broken', 'held 1'],
  ['from: shop/job, to: payments/api, atLeast: plaintext', 'failed 1'],
  ['from: shop/web, to: shop/ratings, is: plaintext', 'held 1'],
  ['from: shop/web, to: shop/ratings, atLeast: plaintext', 'held 1'],
  ['from: shop/web, to: shop/ratings, atLeast: tls', 'failed 1'],
  ['from: shop/web, to: payments/api, atLeast: tls', 'held 1'],
  ['to: payments/*, never: plaintext', 'held 3'],
  ['to: payments/*, never: broken', 'failed 3'],
  ['to: shop/*, never: plaintext', 'failed 6'],
  ['from: "*", to: "*", atLeast: mtls', 'failed 9'],
  ['from: shop/*, server: payments/*, never: plaintext', 'held 3'],
  ['server: payments/api:8080, never: plaintext', 'held 3'],
  ['from: deployment/shop/web, to: ratings.shop.svc.cluster.local:9080, is: plaintext', 'held 1'],
  ['from: "*/web", to: "*.payments.svc.cluster.local", is: mtls', 'held 1'],
  ['from: "*", to: "*:8080", never: plaintext', 'held 3'],
  ['from: "Dep*/sh*p/w*b", to: "*/a*i", is: mtls', 'held 1'],
  ['server: payments/*, accepts: STRICT', 'held 2'],
  ['server: payments/api:8080, accepts: STRICT', 'held 1'],
  ['server: payments/api, accepts: PERMISSIVE', 'failed 2'],
  ['server: shop/web, accepts: PERMISSIVE', 'held 2'],
  ['server: shop/job, accepts: DISABLE', 'failed 1'],
])('%s %s', (text, result) => {
  expect(resultOf(text, SHOP)).toBe(result);
});

test('a failure has counts, and a witness with its causes', () => {
  const [verdict] = verdictsOf('to: "*", atLeast: mtls', SHOP);
  expect(verdict.counts).toEqual({ mtls: 4, plaintext: 4, broken: 1 });
  expect(verdict.failures).toHaveLength(1);
  const [failure] = verdict.failures;
  expect(failureText(failure, verdict)).toBe('5 of 9 connections: 4 plaintext, 1 broken');
  const { witness } = failure as Extract<typeof failure, { kind: 'unmet' }>;
  expect([witnessName(witness), witnessOutcome(witness)]).toEqual([
    'shop/job → payments/api:8080, server payments/api:8080',
    { is: 'broken', because: 'Deployment shop/job proxy: sidecar.istio.io/inject is false; PeerAuthentication payments/default spec.mtls.mode: STRICT for the namespace' },
  ]);
});

test('the witness is the first matching client by name', () => {
  const witnessOf = (text: string) => verdictsOf(text, SHOP)[0].failures.flatMap((failure) => ('witness' in failure ? witnessName(failure.witness) : []));
  expect(witnessOf('to: shop/ratings, is: mtls')).toEqual(['payments/api → shop/ratings:9080, server shop/ratings:9080']);
  expect(witnessOf('from: shop/*, to: shop/ratings, is: mtls')).toEqual(['shop/job → shop/ratings:9080, server shop/ratings:9080']);
  expect(witnessOf('from: shop/*, to: shop/ratings, is: mtls, except: [{from: shop/job, reason: r}]')).toEqual(['shop/web → shop/ratings:9080, server shop/ratings:9080']);
  expect(witnessOf('server: payments/*, accepts: PERMISSIVE')).toEqual(['port 8080 of payments/api']);
  expect(witnessOf('server: payments/*, accepts: PERMISSIVE, except: [{server: "*:8080", reason: r}]')).toEqual(['unnamed ports of payments/api']);
});

test('a port\'s witness names the policy, or why there is no proxy', () => {
  const told = (text: string) => verdictsOf(text, SHOP).map((verdict) =>
    [failureText(verdict.failures[0], verdict), witnessOutcome((verdict.failures[0] as any).witness)]);
  expect(told('server: payments/api:8080, accepts: DISABLE')).toEqual([
    ['1 of 1 port accepts STRICT', { is: 'STRICT', because: 'PeerAuthentication payments/default spec.mtls.mode: STRICT for the namespace' }],
  ]);
  expect(told('server: shop/*, accepts: STRICT')[0]).toEqual(['5 of 5 ports: 4 PERMISSIVE, 1 NO_PROXY', expect.anything()]);
  expect(told('server: shop/job, accepts: STRICT')).toEqual([
    ['1 of 1 port has no proxy', { is: 'NO_PROXY', because: 'Deployment shop/job proxy: sidecar.istio.io/inject is false' }],
  ]);
});

test.each<[string, string]>([
  ['from: shop/wep, to: shop/ratings, is: mtls', 'from \'shop/wep\' is not a workload in these manifests. Fix: write shop/web'],
  ['from: CronJob/shop/web, to: shop/ratings, is: mtls', 'from \'CronJob/shop/web\' is not a workload in these manifests. Fix: check the name'],
  ['from: shop/web, to: shop/rating, is: mtls', 'to \'shop/rating\' is not a service in these manifests. Fix: write shop/ratings'],
  ['from: shop/web, to: shop/ratings:9081, is: mtls', 'to \'shop/ratings:9081\' has a port that the service lacks. Fix: write shop/ratings:9080'],
  ['from: shop/web, to: shop/r*:9081, is: mtls', 'to \'shop/r*:9081\' has a port that the service lacks. Fix: write shop/r*:9080'],
  ['to: bank/*, is: mtls', 'to \'bank/*\' is not a service in these manifests. Fix: check the name'],
  ['server: payments/apis, is: mtls', 'server \'payments/apis\' is not a workload in these manifests. Fix: write payments/api'],
  ['from: shop/job, server: shop/job, is: mtls', 'no connection matches, though each name exists in these manifests. Fix: list the connections with istio-mtls connections'],
  ['server: payments/apis, accepts: STRICT', 'server \'payments/apis\' is not a workload in these manifests. Fix: write payments/api'],
  ['server: payments/api:80, accepts: STRICT', 'server \'payments/api:80\' has a port that no manifest names. Fix: write 8080'],
  ['server: shop/job:80, accepts: STRICT', 'server \'shop/job:80\' has a port that no manifest names. Fix: leave the port out'],
])('%s: fails without a match', (text, failure) => {
  expect(failuresOf(text, SHOP)).toEqual([failure]);
});

test('of many ports, a fix names those that come nearest', () => {
  const ports = [80, 443, 8080, 8443, 9080, 9090];
  const many = mesh([injected('shop'), app('shop/web', 80), ports.map((one) => [app(`shop/s${one}`, one), service(`shop/s${one}`, [`http:${one}`])])]);
  expect(failuresOf('to: shop/s*:9000, is: mtls', many)).toEqual(['to \'shop/s*:9000\' has a port that the service lacks. Fix: write shop/s*:8443 or shop/s*:9080 or shop/s*:9090']);
  expect(failuresOf('server: shop/*:81, accepts: STRICT', many)).toEqual(['server \'shop/*:81\' has a port that no manifest names. Fix: write 80 or 443 or 8080']);
});

test('a service that accepts no connections is named as one', () => {
  const uncalled = mesh([injected('shop'), app('shop/web', 80), service('shop/dns', [{ name: 'dns', port: 53, protocol: 'UDP' }]), service('shop/alias', [], { type: 'ExternalName', externalName: 'x.example.com' })]);
  expect(failuresOf('to: shop/dns:53, is: mtls', uncalled)).toEqual(['to \'shop/dns:53\' has no TCP ports. Fix: name a service with TCP ports']);
  const mixed = mesh([injected('shop'), app('shop/web', 80), service('shop/web', [{ name: 'dns', port: 53, protocol: 'UDP' }, { name: 'http', port: 80 }])]);
  expect(failuresOf('to: shop/web:53, is: mtls', mixed)).toEqual(['to \'shop/web:53\' has a port that isn\'t TCP. Fix: write shop/web:80']);
  expect(failuresOf('to: shop/alias, is: mtls', uncalled)).toEqual(['to \'shop/alias\' has no TCP ports. Fix: name a service with TCP ports']);
});

test.each<[string, string, string?]>([
  ['to: ratings, is: mtls', 'to: shop/ratings, is: mtls'], ['to: "ratings.shop:9080", is: mtls', 'to: shop/ratings:9080, is: mtls'],
  ['from: web, to: shop/ratings, is: mtls', 'from: shop/web, to: shop/ratings, is: mtls'],
  ['server: api.payments, accepts: STRICT', 'server: payments/api, accepts: STRICT'], ['server: api:8080, accepts: STRICT', 'server: payments/api:8080, accepts: STRICT'],
  ['to: "*", never: broken, except: [{from: job, to: api.payments, reason: old}]', 'to: "*", never: broken, except: [{from: shop/job, to: payments/api, reason: old}]'],
])('%s equals %s', (short, full) => {
  expect(resultOf(short, SHOP)).toBe(resultOf(full, SHOP));
  expect(resultOf(full, SHOP)).not.toBe('failed 0');
});

test('a short name with several matches is refused', () => {
  const both = mesh([injected('a', 'b'), deployment('a/web'), deployment('b/web'), service('a/web')]);
  expect(failuresOf('from: web, to: a/web, is: mtls', both)).toEqual(['from \'web\' is not a workload in these manifests. Fix: write a/web']);
});

describe('exceptions', () => {
  test.each<[string, string]>([
    ['to: shop/*, never: plaintext, except: [{to: shop/ratings:9080, reason: old}]', 'failed 3, 3 left out'],
    ['to: shop/*, never: plaintext, except: [{to: shop/ratings, reason: old}, {from: shop/job, reason: old}]', 'held 2, 4 left out'],
    ['to: "*", never: plaintext, except: [{from: shop/job, reason: old}, {server: shop/ratings, reason: old}]', 'held 4, 5 left out'],
    ['to: "*", never: broken, except: [{from: shop/job, to: payments/*, reason: old}]', 'held 8, 1 left out'],
    ['from: shop/*, to: payments/*, is: mtls, except: [{from: "*/job", reason: old, until: 2026-06-30}]', 'held 2, 1 left out'],
    ['server: "*", accepts: STRICT, except: [{server: shop/*, reason: old}]', 'held 2, 5 left out'],
  ])('%s %s', (text, result) => {
    expect(resultOf(text, SHOP)).toBe(result);
  });

  test.each<[string, readonly string[]]>([
    ['to: payments/*, never: plaintext, except: [{to: shop/ratings, reason: old}]', ['except[0] (to shop/ratings: old) excludes nothing. Fix: delete it, or correct its names']],
    ['from: shop/web, to: payments/*, is: mtls, except: [{from: shop/job, reason: old}]', ['except[0] (from shop/job: old) excludes nothing. Fix: delete it, or correct its names']],
    ['server: payments/*, accepts: STRICT, except: [{server: "payments/*:9999", reason: old}]', ['except[0] (server payments/*:9999: old) excludes nothing. Fix: delete it, or correct its names']],
    ['to: payments/*, is: mtls, except: [{from: shop/job, reason: old, until: 2026-06-29}]', [
      '1 of 3 connections is broken', 'except[0] (from shop/job: old, until 2026-06-29) has expired. Fix: fix what it excludes and delete it, or write a later date',
    ]],
    ['to: payments/*, never: plaintext, except: [{from: shop/job, reason: old, until: 2026-06-29}]', [
      'except[0] (from shop/job: old, until 2026-06-29) has expired. Fix: fix what it excludes and delete it, or write a later date',
    ]],
    ['server: payments/*, accepts: STRICT, except: [{server: payments/api, reason: old, until: 2020-01-01}]', [
      'except[0] (server payments/api: old, until 2020-01-01) has expired. Fix: fix what it excludes and delete it, or write a later date',
    ]],
    ['from: shop/web, to: payments/*, is: mtls, except: [{to: "*", reason: old}]', ['its exceptions exclude the only connection. Fix: narrow the exceptions, or delete the test']],
    ['server: payments/api, accepts: STRICT, except: [{server: "*", reason: old}]', ['its exceptions exclude all 2 ports. Fix: narrow the exceptions, or delete the test']],
  ])('%s fails', (text, failures) => {
    expect(failuresOf(text, SHOP)).toEqual(failures);
  });

  test('an exception that another one covers isn\'t useless', () => {
    expect(resultOf('to: "*", never: plaintext, except: [{from: shop/job, reason: r}, {from: shop/*, reason: r}, {server: shop/ratings, reason: r}]', SHOP)).toBe('held 1, 8 left out');
  });
});

describe('undecided', () => {
  const UNKNOWN = mesh([
    injected('shop'), namespace('bank', { 'istio.io/dataplane-mode': 'ambient' }), app('shop/web', 80), app('shop/ratings', 9080), app('bank/api', 8080), service('shop/empty', [90]),
    peerAuthentication('shop/default', mode('STRICT')),
  ]);

  test.each<[string, readonly string[]]>([
    ['from: shop/web, to: bank/api, is: mtls', ['1 of 1 connection is undecided: calls to gateways, waypoints, gRPC agents, workloads in ambient mode and sidecars that don\'t intercept by iptables aren\'t decided yet (server-proxy-not-modelled)']],
    ['from: shop/web, to: bank/api, never: plaintext', ['1 of 1 connection is undecided: calls to gateways, waypoints, gRPC agents, workloads in ambient mode and sidecars that don\'t intercept by iptables aren\'t decided yet (server-proxy-not-modelled)']],
    ['from: shop/web, to: bank/api, atLeast: plaintext', ['1 of 1 connection is undecided: calls to gateways, waypoints, gRPC agents, workloads in ambient mode and sidecars that don\'t intercept by iptables aren\'t decided yet (server-proxy-not-modelled)']],
    ['from: shop/web, to: "*", never: broken', ['2 of 3 connections are undecided: 1: nothing in the manifests serves the port (no-endpoints); 1: calls to gateways, waypoints, gRPC agents, workloads in ambient mode and sidecars that don\'t intercept by iptables aren\'t decided yet (server-proxy-not-modelled)']],
    ['from: shop/web, to: "*", is: plaintext', ['1 of 3 connections is mtls', '2 of 3 connections are undecided: 1: nothing in the manifests serves the port (no-endpoints); 1: calls to gateways, waypoints, gRPC agents, workloads in ambient mode and sidecars that don\'t intercept by iptables aren\'t decided yet (server-proxy-not-modelled)']],
    ['server: bank/*, accepts: STRICT', ['2 of 2 ports are undecided: calls to gateways, waypoints, gRPC agents, workloads in ambient mode and sidecars that don\'t intercept by iptables aren\'t decided yet (server-proxy-not-modelled)']],
    ['server: bank/*, accepts: PERMISSIVE, except: [{server: "bank/api:8080", reason: r}]', ['1 of 1 port is undecided: calls to gateways, waypoints, gRPC agents, workloads in ambient mode and sidecars that don\'t intercept by iptables aren\'t decided yet (server-proxy-not-modelled)']],
  ])('%s fails', (text, failures) => {
    expect(failuresOf(text, UNKNOWN)).toEqual(failures);
  });

  test('a witness has the reason', () => {
    const [{ failures }] = verdictsOf('from: shop/web, to: bank/api, is: mtls', UNKNOWN);
    const { witness } = failures[0] as Extract<(typeof failures)[number], { kind: 'undecided' }>;
    expect([witnessName(witness), witnessOutcome(witness).is]).toEqual(['shop/web → bank/api:8080, server bank/api:8080', 'undecided']);
    expect(witnessOutcome(witness).because).toMatch(/^server-proxy-not-modelled; Deployment bank\/api proxy: /);
  });

  test('a call with an unknown destination matches any server, one to missing servers doesn\'t', () => {
    const route = gatewayApi('HTTPRoute', 'shop/r', { parentRefs: [{ group: '', kind: 'Service', name: 'ratings' }], rules: [{ backendRefs: [{ name: 'ratings', port: 9080 }] }] });
    const routed = mesh([injected('shop', 'payments'), app('shop/web', 80), app('shop/ratings', 9080), app('payments/api', 8080), service('shop/empty', [90]), route]);
    expect(failuresOf('from: shop/web, server: payments/*, is: mtls', routed)).toEqual(['1 of 2 connections is undecided: a Gateway API route may take the call (gateway-api-route)']);
    expect(failuresOf('from: shop/web, to: "*:8080", server: payments/*, is: mtls', routed)).toEqual([]);
    expect(failuresOf('from: shop/web, server: payments/*, is: mtls, except: [{server: payments/*, reason: r}]', routed)).toEqual(['1 of 1 connection is undecided: a Gateway API route may take the call (gateway-api-route)']);
  });
});

describe('names of several workloads', () => {
  const both = mesh([
    injected('shop'), app('shop/web', 80), app('shop/ratings', 9080), { ...deployment('shop/web'), apiVersion: 'apps/v1', kind: 'StatefulSet' },
    serviceEntry('shop/machines', { hosts: ['machines.shop'], location: 'MESH_INTERNAL', resolution: 'STATIC', ports: [{ number: 70, name: 'tcp' }], workloadSelector: { labels: { app: 'machine' } } }),
    workloadEntry('shop/ratings', { address: '10.0.0.7', labels: { app: 'machine' } }),
  ]);

  test.each<[string, readonly string[]]>([
    ['from: shop/web, to: shop/ratings, is: mtls', ['from \'shop/web\' matches 2 workloads. Fix: write Deployment/shop/web or StatefulSet/shop/web']],
    ['from: StatefulSet/shop/web, to: shop/ratings, is: mtls', []],
    ['from: "*/shop/web", to: shop/ratings, is: mtls', []],
    ['from: shop/*, to: shop/ratings, is: mtls', []],
    ['to: shop/ratings, is: mtls, except: [{from: shop/web, reason: r}]', ['except[0] (from shop/web: r) from \'shop/web\' matches 2 workloads. Fix: write Deployment/shop/web or StatefulSet/shop/web']],
    ['server: shop/ratings, is: mtls', ['server \'shop/ratings\' matches 2 workloads. Fix: write Deployment/shop/ratings or WorkloadEntry/shop/ratings']],
    ['server: shop/ratings, accepts: PERMISSIVE', ['server \'shop/ratings\' matches 2 workloads. Fix: write Deployment/shop/ratings or WorkloadEntry/shop/ratings']],
    ['from: Deployment/shop/web, server: WorkloadEntry/shop/ratings, is: plaintext', []],
    ['server: WorkloadEntry/shop/ratings:70, accepts: PERMISSIVE', ['1 of 1 port has no proxy']],
  ])('%s', (text, failures) => {
    expect(failuresOf(text, both)).toEqual(failures);
  });

  test('workloads with the same kind and generateName match together', () => {
    const pod = (number: number) => ({ apiVersion: 'batch/v1', kind: 'Job', metadata: { generateName: 'load-', namespace: 'shop' }, spec: { template: { metadata: { labels: { number: `${number}` } } } } });
    const jobs = mesh([injected('shop'), app('shop/web', 80), pod(1), pod(2)]);
    expect(resultOf('from: shop/load-, to: shop/web, is: mtls', jobs)).toBe('held 2');
  });
});

test('external hosts match by name', () => {
  const outside = mesh([
    injected('shop'), deployment('shop/web'), namespace('infra'),
    serviceEntry('infra/api', { hosts: ['api.example.com'], location: 'MESH_EXTERNAL', resolution: 'DNS', ports: [{ number: 443, name: 'tls', protocol: 'TLS' }, { number: 80, name: 'http', protocol: 'HTTP' }] }),
  ]);
  expect(['to: api.example.com:443, is: tls', 'to: "*.example.com:443", is: tls', 'to: infra/api:443, atLeast: tls', 'to: infra/*, atLeast: plaintext', 'to: api.example.com, atLeast: tls'].map((text) => resultOf(text, outside)))
    .toEqual(['held 1', 'held 1', 'held 1', 'held 2', 'failed 2']);
  expect(failuresOf('to: example.com, is: tls', outside)).toEqual(['to \'example.com\' is not a service in these manifests. Fix: check the name']);
});

test('expectationText is one line', () => {
  expect(verdictsOf('from: shop/web, to: shop/ratings, server: "*:9080", never: plaintext, except: [{to: a/b, reason: r}]', SHOP).map(({ expectation }) => expectationText(expectation)))
    .toEqual(['from shop/web to shop/ratings server *:9080: never plaintext']);
});
