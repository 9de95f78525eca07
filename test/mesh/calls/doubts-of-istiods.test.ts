import { servedPorts } from '../../../src/mesh/queries/served-ports';
import { connections, deployment, destinationRule, injected, mesh, mode, namespace, peerAuthentication, service, serviceEntry, sidecar, tls, toHost, virtualService, words, workloadEntry } from '../../support/meshes/mesh';

// Which calls are undecided because istiod's flags or version differ from the modelled ones.

const world = (...more: object[]) => [injected('a', 'b'), deployment('a/client'), deployment('b/server', { ports: [{ containerPort: 80 }, { containerPort: 90 }] }),
  service('b/server', ['http:80', 'tcp:90']), ...more];

/** The calls of a/client that are undecided for an istiod's sake, by host and port. */
function touched(options: { istiodEnv?: Record<string, string>; istioVersion?: string }, ...more: object[]): string[] {
  const found = [...mesh(world(...more), options).connections()].filter(({ undecidedBecause }) => undecidedBecause === 'istiod-flag' || undecidedBecause === 'istio-version');
  return [...new Set(found.filter(({ client }) => client.name === 'client').map(({ requested: { host, port } }) => `${host.split('.')[0]}:${port}`))].sort();
}

const on = (flag: string, value = 'true') => ({ istiodEnv: { [flag]: value } });
const entry = (more: object) => serviceEntry('a/e', { hosts: ['ext.example.com'], ports: [{ number: 90, name: 't', protocol: 'TCP' }], resolution: 'DNS', ...more });

test('a flag, or a version, is reported with istiod\'s Deployment', () => {
  const headless = service('b/server', ['http:80'], { clusterIP: 'None' });
  const objects = [injected('a', 'b'), deployment('a/client'), deployment('b/server'), headless];
  const flag = mesh(objects, on('PILOT_ENABLE_EDS_FOR_HEADLESS_SERVICES'));
  const field = 'spec.template.spec.containers[discovery].env[PILOT_ENABLE_EDS_FOR_HEADLESS_SERVICES]';
  expect([...flag.connections()][0]).toMatchObject({
    clientTls: 'UNKNOWN',
    outcome: 'undecided',
    undecidedBecause: 'istiod-flag',
    because: expect.arrayContaining([{ kind: 'Deployment', namespace: 'istio-system', name: 'istiod', field, effect: 'is "true": calls to a headless Service may end at any of its pods' }]),
  });
  expect(flag.missingFacts()).toEqual([{ need: 'model', subject: `Deployment istio-system/istiod, ${field}`, connections: expect.any(Number) }]);
  const alias = service('a/alias', ['http:80'], { type: 'ExternalName', externalName: 'server.b.svc.cluster.local', selector: undefined });
  expect(connections([objects, alias])[0].outcome).toBe('mtls');
  expect([...mesh([objects, alias], { istioVersion: '1.20' }).connections()][0]).toMatchObject({ undecidedBecause: 'istio-version', because: expect.arrayContaining([expect.objectContaining({ effect: expect.stringMatching(/^is 1\.20: an ExternalName/) })]) });
});

test('one flag may redirect a workload\'s call to itself, even if another one affects the server', () => {
  const objects = [
    injected('a'), deployment('a/w'), service('a/w', [{ port: 80, targetPort: 'none' }], { clusterIP: 'None' }),
    sidecar('a/s', { egress: [{ port: { number: 80 }, hosts: ['*/*'] }], ingress: [{ port: { number: 90 } }] }),
  ];
  const env = { PILOT_ENABLE_EDS_FOR_HEADLESS_SERVICES: 'true', PILOT_ALLOW_SIDECAR_SERVICE_INBOUND_LISTENER_MERGE: 'true' };
  expect([...mesh(objects, { istiodEnv: env }).connections()]).toMatchObject([{ client: { name: 'w' }, server: null, outcome: 'undecided' }]);
  expect([...mesh(objects).connections()]).toEqual([]);
});

test('a workload\'s call to itself is undecided because of settings for clients, not because of those for servers', () => {
  const objects = [
    injected('b'), namespace('istio-system', { 'topology.istio.io/network': 'n1' }), deployment('b/server'), service('b/server', ['http:80']),
    sidecar('b/s', { ingress: [{ port: { number: 80, name: 'in', protocol: 'HTTPS' }, defaultEndpoint: '127.0.0.1:80', tls: { mode: 'SIMPLE' } }] }),
  ];
  const found = [...mesh(objects, on('ENABLE_TLS_ON_SIDECAR_INGRESS')).connections()];
  expect(found.map(({ server, undecidedBecause }) => [server?.name, undecidedBecause])).toEqual([[undefined, 'other-network']]);
});

test('a flag of unknown value leaves all calls from and to sidecars undecided', () => {
  const flag = 'ENABLE_ENHANCED_DESTINATIONRULE_MERGE';
  const env = [{ name: flag, valueFrom: { configMapKeyRef: { name: 'flags', key: 'merge' } } }];
  const objects = world(namespace('c', {}), deployment('c/plain'), deployment('istio-system/istiod', { spec: { containers: [{ name: 'discovery', env }] } }));
  const found = [...mesh(objects).connections()].filter(({ client }) => client.name !== 'istiod');
  expect(new Set(found.map(({ undecidedBecause }) => undecidedBecause))).toEqual(new Set(['istiod-flag']));
  expect(found[0].because).toContainEqual(expect.objectContaining({
    field: `spec.template.spec.containers[discovery].env[${flag}]`,
    effect: 'is set to a value that the manifests don\'t contain: perhaps it merges DestinationRules for the same host regardless of exportTo',
  }));
  expect(new Set([...mesh(objects, on(flag)).connections()].map(({ undecidedBecause }) => undecidedBecause))).not.toContain('istiod-flag');
});

describe('a flag or a minor of istiod leaves undecided only', () => {
  const headless = service('b/headless', ['http:80'], { clusterIP: 'None', selector: { app: 'server' } });
  const ingress = (more: object) => sidecar('b/s', { ingress: [{ port: { number: 80, name: 'in', protocol: 'HTTPS' }, defaultEndpoint: '127.0.0.1:80', ...more }] });
  const redis = service('b/cache', [{ name: 'redis', port: 6379 }], { selector: { app: 'server' } });
  const dual = service('b/dual', ['http:80'], { selector: { app: 'server' }, ipFamilyPolicy: 'PreferDualStack' });
  const dualEntry = entry({ location: 'MESH_INTERNAL', addresses: ['240.0.0.9', '2001:db8::1'] });
  const alias = service('a/alias', ['http:81'], { type: 'ExternalName', externalName: 'server.b.svc.cluster.local', selector: undefined });
  const ALL = ['server:80', 'server:90'];
  test.each<[string, Parameters<typeof touched>[0], object[], string[]]>([
    ['calls to a headless Service', on('PILOT_ENABLE_EDS_FOR_HEADLESS_SERVICES'), [headless], ['headless:80']],
    ['calls to an external host with a DestinationRule', on('PREFER_DESTINATIONRULE_TLS_FOR_EXTERNAL_SERVICES', 'false'), [entry({}), destinationRule('a/r', { host: 'ext.example.com', ...tls('SIMPLE') })], ['ext:90']],
    ['no calls to an external host without a DestinationRule', on('PREFER_DESTINATIONRULE_TLS_FOR_EXTERNAL_SERVICES', 'false'), [entry({}), destinationRule('a/r', { host: 'server.b.svc.cluster.local', ...tls('SIMPLE') })], []],
    ['ports that a Sidecar\'s ingress omits', on('PILOT_ALLOW_SIDECAR_SERVICE_INBOUND_LISTENER_MERGE'), [ingress({})], ['server:90']],
    ['no ports of a Sidecar without ingress', on('PILOT_ALLOW_SIDECAR_SERVICE_INBOUND_LISTENER_MERGE'), [sidecar('b/s', { egress: [{ hosts: ['*/*'] }] })], []],
    ['ports whose ingress listener has TLS', on('ENABLE_TLS_ON_SIDECAR_INGRESS'), [ingress({ tls: { mode: 'SIMPLE' } })], ['server:80']],
    ['no ports whose ingress listener has no TLS', on('ENABLE_TLS_ON_SIDECAR_INGRESS'), [ingress({})], []],
    ['calls to a dual-stack Service', on('ISTIO_DUAL_STACK'), [dual], ['dual:80']],
    ['calls to a dual-stack ServiceEntry', on('PILOT_ENABLE_AMBIENT'), [dualEntry], ['ext:90']],
    ['calls to pods with sidecars', on('PILOT_PREFER_SENDING_HBONE'), [entry({})], ALL],
    ['calls to a Redis port', on('PILOT_ENABLE_REDIS_FILTER'), [redis], ['cache:6379']],
    ['calls to a ServiceEntry\'s Redis port', on('PILOT_ENABLE_REDIS_FILTER'), [entry({ ports: [{ number: 91, name: 'x', protocol: 'Redis' }] })], ['ext:91']],
    ['calls that a route sends to a Redis port', on('PILOT_ENABLE_REDIS_FILTER'), [redis, virtualService('b/v', { hosts: ['server'], tcp: [{ match: [{ port: 90 }], ...toHost('cache', { port: { number: 6379 } }) }] })], ['cache:6379', 'server:90']],
    ['calls to hosts in clusterset.local', on('ENABLE_MCS_HOST'), [serviceEntry('a/e', { hosts: ['x.b.svc.clusterset.local'], ports: [{ number: 91, name: 't', protocol: 'TCP' }], resolution: 'DNS' })], ['x:91']],
    ['all calls of sidecars, with other watched namespaces', on('ISTIO_WATCH_NAMESPACE', 'a'), [], ALL],
    ['all calls of sidecars, with another mesh config', on('SHARED_MESH_CONFIG', 'shared'), [], ALL],
    ['all calls of sidecars, without an injector', on('INJECT_ENABLED', 'false'), [], ALL],
    ['all calls of sidecars, with ignored kinds', on('PILOT_IGNORE_RESOURCES', '*.networking.istio.io'), [destinationRule('c/r', { host: 'x' })], ALL],
    ['calls to an ExternalName in an old minor', { istioVersion: '1.20' }, [alias], ['alias:81']],
    ['calls that a route sends to an ExternalName in an old minor', { istioVersion: '1.20' }, [alias, virtualService('b/v', { hosts: ['server'], http: [toHost('alias.a.svc.cluster.local', { port: { number: 81 } })] })], ['alias:81', 'server:80']],
    ['no calls in an older minor that is modelled', { istioVersion: '1.29' }, [headless, alias, redis, dual], []],
  ])('%s', (_, options, more, expected) => {
    expect(touched(options, ...more)).toEqual(expected);
  });
});

describe('a server\'s filter for Redis', () => {
  const FLAG = 'PILOT_ENABLE_REDIS_FILTER';
  const pods = { selector: { app: 'server' } };
  const plain = (...more: unknown[]) => [injected('b'), namespace('c', {}), deployment('c/client'), deployment('b/server', { ports: [{ containerPort: 6379 }] }), ...more];
  const cache = service('b/cache', [{ name: 'redis', port: 6379 }], pods);
  const outcomes = (objects: unknown[], env: Record<string, string> = { [FLAG]: 'true' }) =>
    [...mesh(objects, { istiodEnv: env }).connections()].filter(({ client }) => client.name === 'client')
      .map(({ requested: { host, port }, clientTls, serverMode, outcome, undecidedBecause = '' }) => [`${host.split('.')[0]}:${port}`, clientTls, serverMode, outcome, undecidedBecause].join(' ').trim());

  test('leaves calls of clients without a sidecar undecided', () => {
    expect(outcomes(plain(cache))).toEqual(['cache:6379 UNKNOWN PERMISSIVE undecided istiod-flag']);
    expect(outcomes(plain(cache), {})).toEqual(['cache:6379 PLAINTEXT PERMISSIVE plaintext']);
    expect(outcomes(plain(cache), { [FLAG]: 'false' })).toEqual(['cache:6379 PLAINTEXT PERMISSIVE plaintext']);
  });

  test('is reported with the flag', () => {
    const [found] = mesh(plain(cache), { istiodEnv: { [FLAG]: 'true' } }).connections();
    expect(found.because[0]).toMatchObject({ kind: 'Deployment', name: 'istiod', field: `spec.template.spec.containers[discovery].env[${FLAG}]`, effect: 'is "true": a filter that answers only Redis handles calls to Redis ports' });
  });

  test.each<[string, unknown[], string]>([
    ['appProtocol redis', [service('b/cache', [{ name: 'tcp', port: 6379, appProtocol: 'redis' }], pods)], 'undecided'],
    ['appProtocol tcp with the name redis', [service('b/cache', [{ name: 'redis', port: 6379, appProtocol: 'tcp' }], pods)], 'plaintext'],
    ['appProtocol null with a name of redis', [service('b/cache', [{ name: 'redis-main', port: 6379, appProtocol: null }], pods)], 'undecided'],
    ['a name that only begins with redis', [service('b/cache', [{ name: 'rediss', port: 6379 }], pods)], 'plaintext'],
    ['a port without a name', [service('b/cache', [{ port: 6379 }], pods)], 'plaintext'],
    ['the name of a UDP port', [service('b/cache', [{ name: 'redis', port: 6379, protocol: 'UDP' }, { name: 'tcp', port: 6379 }], pods)], 'plaintext'],
    ['a Redis port of a Sidecar\'s ingress', [service('b/cache', ['tcp:6379'], pods), sidecar('b/s', { ingress: [{ port: { number: 6379, name: 'in', protocol: 'REDIS' }, defaultEndpoint: '127.0.0.1:1' }] })], 'undecided'],
    ['a TCP port of a Sidecar\'s ingress', [cache, sidecar('b/s', { ingress: [{ port: { number: 6379, name: 'in', protocol: 'TCP' }, defaultEndpoint: '127.0.0.1:1' }] })], 'plaintext'],
  ])('depends on the protocol of the port: %s', (_, more, outcome) => {
    expect(outcomes(plain(...more)).map((line) => line.split(' ')[3])).toEqual([outcome]);
  });

  test('applies if the Service that sets the protocol says so: of two equally old ones the first by host', () => {
    const both = (first: string, second: string) => plain(
      service('b/cache', [{ name: first, port: 6379 }], pods), service('b/other', [{ name: second, port: 90, targetPort: 6379 }], pods));
    expect(outcomes(both('redis', 'http'))).toEqual(['cache:6379 UNKNOWN PERMISSIVE undecided istiod-flag', 'other:90 UNKNOWN PERMISSIVE undecided istiod-flag']);
    expect(outcomes(both('tcp', 'redis'))).toEqual(['cache:6379 PLAINTEXT PERMISSIVE plaintext', 'other:90 PLAINTEXT PERMISSIVE plaintext']);
  });

  test('handles calls that sidecars send through another Service\'s port', () => {
    const other = service('b/other', [{ name: 'tcp', port: 90, targetPort: 6379 }], pods);
    expect(outcomes([injected('b'), deployment('b/client'), deployment('b/server'), cache, other])).toEqual([
      'cache:6379 UNKNOWN PERMISSIVE undecided istiod-flag', 'other:90 UNKNOWN PERMISSIVE undecided istiod-flag',
    ]);
  });

  test('doesn\'t affect calls that the proxy rejects, and needs a sidecar', () => {
    expect(outcomes(plain(cache, peerAuthentication('b/p', mode('STRICT'))))).toEqual(['cache:6379 PLAINTEXT STRICT broken']);
    expect(outcomes([namespace('b', {}), ...plain(cache).slice(1)])).toEqual(['cache:6379 PLAINTEXT NO_PROXY plaintext']);
  });

  test('doesn\'t change the port\'s mTLS mode', () => {
    const known = mesh(plain(cache, peerAuthentication('b/p', mode('STRICT'))), { istiodEnv: { [FLAG]: 'true' } });
    expect(servedPorts(known).find(({ server, port }) => server.name === 'server' && port === 6379)).toMatchObject({ mode: 'STRICT', undecidedBecause: undefined });
  });

  test('handles calls to a WorkloadEntry through either of two ports with its targetPort', () => {
    const machine = workloadEntry('b/m', { address: '198.51.100.1', labels: { app: 'vm' }, serviceAccount: 'vm' });
    const port = (number: number, protocol: string) => ({ number, name: `p-${number}`, protocol, targetPort: 6379 });
    const call91 = (...more: unknown[]) => outcomes([injected('b'), deployment('b/client'), machine, ...more]).filter((line) => line.includes(':91 '));
    const of = (...ports: object[]) => call91(serviceEntry('b/e', {
      hosts: ['vm.example.com'], addresses: ['240.0.0.1'], location: 'MESH_INTERNAL', resolution: 'STATIC', workloadSelector: { labels: { app: 'vm' } }, ports,
    }));
    expect(of(port(91, 'TCP'), port(90, 'REDIS'))).toEqual(['vm:91 UNKNOWN PERMISSIVE undecided istiod-flag']);
    expect(of(port(90, 'Redis'), port(91, 'TCP'))).toEqual(['vm:91 UNKNOWN PERMISSIVE undecided istiod-flag']);
    expect(of(port(90, 'TCP'), port(91, 'TCP'))).toEqual(['vm:91 ISTIO_MUTUAL PERMISSIVE mtls']);
    const services = (first: string, second: string) => call91(
      service('b/cache', [{ name: first, port: 90, targetPort: 6379 }], { selector: { app: 'vm' } }),
      service('b/other', [{ name: second, port: 91, targetPort: 6379 }], { selector: { app: 'vm' } }));
    expect(services('redis', 'tcp')).toEqual(['other:91 UNKNOWN PERMISSIVE undecided istiod-flag']);
    expect(services('tcp', 'tcp')).toEqual(['other:91 ISTIO_MUTUAL PERMISSIVE mtls']);
  });
});

test('a call without a sidecar on either side stays decided', () => {
  const plain = [injected('a'), deployment('a/client', { labels: { 'app': 'client', 'sidecar.istio.io/inject': 'false' } }), deployment('a/server', { labels: { 'app': 'server', 'sidecar.istio.io/inject': 'false' } }), service('a/server')];
  expect(mesh(plain, on('ISTIO_WATCH_NAMESPACE', 'x')).summary().outcomes).toMatchObject({ plaintext: 1, undecided: 0 });
});

describe('flags that are modelled', () => {
  const call = (options: object, ...more: object[]) => words(world(...more), 'a/client', 'server.b.svc.cluster.local', options);

  test('rules merge regardless of exportTo in an older istiod, or with its flag', () => {
    const rules = [destinationRule('b/1', { host: 'server', exportTo: ['*'], ...tls('DISABLE') }), destinationRule('b/2', { host: 'server', ...tls('SIMPLE') })];
    expect([call({}, ...rules), call(on('ENABLE_ENHANCED_DESTINATIONRULE_MERGE', 'false'), ...rules), call({ istioVersion: '1.23' }, ...rules)])
      .toEqual([['SIMPLE PERMISSIVE broken'], ['PLAINTEXT PERMISSIVE plaintext'], ['PLAINTEXT PERMISSIVE plaintext']].map((all) => expect.arrayContaining(all)));
  });

  test('Services select no WorkloadEntries', () => {
    const machine = workloadEntry('b/m', { address: '198.51.100.1', labels: { app: 'server' } });
    const servers = (options: object) => [...new Set([...mesh(world(machine), options).connections()].map(({ server }) => server?.kind))].sort();
    expect([servers({}), servers(on('PILOT_ENABLE_K8S_SELECT_WORKLOAD_ENTRIES', 'false'))]).toEqual([['Deployment', 'WorkloadEntry'], ['Deployment']]);
  });

  test('a flag stops ServiceEntries from selecting pods; if istiods differ in it, calls are undecided', () => {
    const selecting = serviceEntry('b/e', { hosts: ['ext.example.com'], ports: [{ number: 90, name: 't', protocol: 'TCP' }], location: 'MESH_INTERNAL', resolution: 'STATIC', workloadSelector: { labels: { app: 'server' } } });
    const outcome = (options: object, ...more: object[]) => [...mesh(world(selecting, ...more), options).connections()]
      .filter(({ client, requested }) => client.name === 'client' && requested.host === 'ext.example.com').map(({ undecidedBecause, server }) => undecidedBecause ?? server?.name);
    expect([outcome({}), outcome(on('PILOT_ENABLE_SERVICEENTRY_SELECT_PODS', 'false'))]).toEqual([['server'], ['no-endpoints']]);
    const canary = deployment('istio-system/istiod-canary', { spec: { containers: [{ name: 'discovery', env: [{ name: 'PILOT_ENABLE_SERVICEENTRY_SELECT_PODS', value: 'false' }] }] } });
    const reasons = (client: string) => [...mesh(world(selecting, canary, deployment('istio-system/istiod'), namespace('c', { 'istio.io/rev': 'canary' }), deployment(client))).connections()]
      .filter(({ client: { name } }) => name === client.slice(2)).map(({ undecidedBecause }) => undecidedBecause);
    // Of workloads by namespace and name, the first has the word.
    expect([new Set(reasons('c/zz')), new Set(reasons('a/client'))]).toEqual([new Set(['istiod-flag']), new Set([undefined])]);
    const first = [namespace('0', { 'istio.io/rev': 'canary' }), deployment('0/aa'), canary, deployment('istio-system/istiod')];
    expect(new Set([...mesh(world(selecting, ...first)).connections()].filter(({ client }) => client.name === 'client').map(({ undecidedBecause }) => undecidedBecause))).toEqual(new Set(['istiod-flag']));
  });
});

test('a note lists where an istiod decides differently', () => {
  expect(mesh(world(), on('ENABLE_MCS_HOST')).notes).toEqual([expect.stringContaining('ENABLE_MCS_HOST')]);
  expect(mesh(world()).notes).toEqual([]);
});
