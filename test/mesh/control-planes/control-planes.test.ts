import { connections, deployment, destinationRule, injected, mesh, meshConfig, mode, namespace, peerAuthentication, service, serviceEntry, tls, toHost, virtualService, workloadEntry } from '../../support/meshes/mesh';

const REV = 'istio.io/rev';
const canary = { labels: { [REV]: 'canary' } };

/** Clients of both revisions call a server of one of them. */
const world = (server: Record<string, string>, ...more: unknown[]) => [
  injected('a'), namespace('b', { [REV]: 'canary' }), namespace('s', server), deployment('a/stable'), deployment('b/canary'), deployment('s/server'), service('s/server', ['http:80']), more,
];
const outcomes = (objects: unknown[], host = 'server.s.svc.cluster.local') => Object.fromEntries(connections(objects)
  .filter(({ requested, client }) => requested.host === host && client.namespace !== 's').map(({ client, clientTls, serverMode, outcome }) => [client.name, `${clientTls} ${serverMode} ${outcome}`]));

test('an object that is labelled for a revision is for its istiod alone', () => {
  const rule = destinationRule('s/d', { host: 'server', ...tls('DISABLE') }, canary);
  expect(outcomes(world({ 'istio-injection': 'enabled' }, rule))).toEqual({ stable: 'ISTIO_MUTUAL PERMISSIVE mtls', canary: 'PLAINTEXT PERMISSIVE plaintext' });
  const policy = peerAuthentication('s/p', mode('STRICT'), canary);
  expect(outcomes(world({ 'istio-injection': 'enabled' }, policy))).toEqual({ stable: 'ISTIO_MUTUAL PERMISSIVE mtls', canary: 'ISTIO_MUTUAL PERMISSIVE mtls' });
  expect(outcomes(world({ [REV]: 'canary' }, policy))).toEqual({ stable: 'ISTIO_MUTUAL STRICT mtls', canary: 'ISTIO_MUTUAL STRICT mtls' });
});

test('objects can be labelled for the default revision; a label for a missing revision makes an object unread', () => {
  const labelled = (revision: string) => destinationRule('s/d', { host: 'server', ...tls('DISABLE') }, { labels: { [REV]: revision } });
  expect(outcomes(world({ 'istio-injection': 'enabled' }, labelled('default')))).toMatchObject({ stable: 'PLAINTEXT PERMISSIVE plaintext', canary: 'ISTIO_MUTUAL PERMISSIVE mtls' });
  expect(outcomes(world({ 'istio-injection': 'enabled' }, labelled('old')))).toMatchObject({ stable: 'ISTIO_MUTUAL PERMISSIVE mtls', canary: 'ISTIO_MUTUAL PERMISSIVE mtls' });
});

test('every revision reads a Service, whatever its labels; a ServiceEntry\'s revision label applies', () => {
  const labelled = { ...service('s/other', ['http:80'], { selector: { app: 'server' } }), metadata: { namespace: 's', name: 'other', ...canary } };
  expect(outcomes(world({ 'istio-injection': 'enabled' }, labelled), 'other.s.svc.cluster.local')).toEqual({ stable: 'ISTIO_MUTUAL PERMISSIVE mtls', canary: 'ISTIO_MUTUAL PERMISSIVE mtls' });
  const entry = serviceEntry('s/e', { hosts: ['ext.example.com'], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], resolution: 'DNS' }, canary);
  const rule = destinationRule('s/d', { host: 'ext.example.com', ...tls('SIMPLE') });
  expect(outcomes(world({ 'istio-injection': 'enabled' }, entry, rule), 'ext.example.com')).toEqual({ stable: 'PLAINTEXT NO_PROXY plaintext', canary: 'SIMPLE NO_PROXY tls' });
  const [hidden] = mesh(world({ 'istio-injection': 'enabled' }, entry)).connections({ client: ({ name }) => name === 'stable', requested: ({ host }) => host === 'ext.example.com' });
  expect(hidden.because).toEqual([{ kind: 'ServiceEntry', namespace: 's', name: 'e', field: 'metadata.labels[istio.io/rev]', effect: 'hides ext.example.com from the client' }]);
});

test.each([
  ['of another revision', canary, {}], ['in a namespace that isn\'t discovered', {}, { discoverySelectors: [{ matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['x'] }] }] }],
])('a service %s isn\'t the destination of a route', (_, fields, config) => {
  const entry = serviceEntry('x/e', { hosts: ['ext.example.com'], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], resolution: 'DNS' }, fields);
  const route = virtualService('s/r', { hosts: ['server'], http: [toHost('ext.example.com')] });
  const all = world({ 'istio-injection': 'enabled' }, namespace('x'), meshConfig(config), entry, route);
  const [found] = mesh(all).connections({ client: ({ name }) => name === 'stable', requested: ({ host }) => host === 'server.s.svc.cluster.local' });
  expect(found.outcome).toBe('broken');
});

describe('objects in a namespace that istiod may not discover leave calls undecided', () => {
  const discovery = meshConfig({ discoverySelectors: [{ matchLabels: { mesh: 'yes' } }] });
  const inMesh = { 'istio-injection': 'enabled', 'mesh': 'yes' };
  const known = [discovery, namespace('a', inMesh), namespace('b', { mesh: 'yes' }), deployment('a/client'), deployment('b/bare'), deployment('a/server'), service('a/server', ['http:80'])];
  const strict = peerAuthentication('istio-system/default', mode('STRICT'));
  const results = (...more: unknown[]) => Object.fromEntries(connections([known, more])
    .filter(({ requested, client }) => requested.host === 'server.a.svc.cluster.local' && client.name !== 'server').map(({ client, outcome, undecidedBecause }) => [client.name, undecidedBecause ?? outcome]));

  test('the root namespace, if it has objects', () => {
    expect(results()).toEqual({ client: 'mtls', bare: 'plaintext' });
    expect(results(strict)).toEqual({ client: 'unknown-discovery', bare: 'unknown-discovery' });
    expect(results(strict, namespace('istio-system'))).toEqual({ client: 'mtls', bare: 'plaintext' });
    expect(results(strict, namespace('istio-system', { mesh: 'yes' }))).toEqual({ client: 'mtls', bare: 'broken' });
  });

  test('the namespaces of a route and of its destination', () => {
    const route = (at: string, host: string) => virtualService(`${at}/r`, { hosts: ['server.a.svc.cluster.local'], http: [toHost(host)] });
    expect(results(route('a', 'server'))).toEqual({ client: 'mtls', bare: 'plaintext' });
    expect(results(route('x', 'server.a.svc.cluster.local'))).toEqual({ client: 'unknown-discovery', bare: 'plaintext' });
    expect(results(route('a', 'other.x.svc.cluster.local'), service('x/other', ['http:80']))).toMatchObject({ client: 'unknown-discovery' });
  });

  test('where a pod\'s call to itself goes, if there may be HTTP on its port', () => {
    const headless = service('a/self', [{ name: 'main', port: 90, targetPort: 'missing' }], { clusterIP: 'None', selector: { app: 'server' } });
    const own = (...more: unknown[]) => connections([known, headless, more])
      .filter(({ requested, client }) => requested.host === 'self.a.svc.cluster.local' && client.name === 'server').map(({ server, undecidedBecause }) => [server, undecidedBecause]);
    expect(own()).toEqual([]);
    expect(own(service('x/http', ['http:90']))).toEqual([[null, 'unknown-discovery']]);
    expect(own(service('x/http', ['http:90']), namespace('x'))).toEqual([]);
  });

  test('except calls without a proxy on either side, which are plaintext', () => {
    expect(results(strict, deployment('a/server', { labels: { 'app': 'server', 'sidecar.istio.io/inject': 'false' } }))).toEqual({ client: 'unknown-discovery', bare: 'plaintext' });
  });
});

describe('the known istiods', () => {
  const inUse = (objects: unknown[], revisions: string[] = []) => [...mesh(objects).planes.inUse(revisions).values()];
  const labelled = peerAuthentication('s/p', mode('STRICT'), canary);
  const config = (name: string) => meshConfig({}, name);

  test('are the default one if no object names another', () => expect(inUse([])).toEqual([['default']]));
  test('are those of workloads', () => expect(inUse([], ['canary'])).toEqual([['canary']]));
  test('are those of objects, and the default one', () => expect(inUse([labelled])).toEqual([['default'], ['canary']]));
  test('are those of mesh configs', () => expect(inUse([config('istio-b'), config('istio-a'), config('istio')])).toEqual([['default'], ['a'], ['b']]));
  test('are only those of mesh configs if there are any', () => expect(inUse([labelled, config('istio-a')])).toEqual([['a']]));
  test('are shared by revisions with the same configuration', () => expect(inUse([], ['canary', 'stable'])).toEqual([['canary', 'stable']]));
});

describe('the istiod of a machine', () => {
  const revision = { [REV]: 'canary' };
  const vm = [
    serviceEntry('s/vm', { hosts: ['vm.example.com'], location: 'MESH_INTERNAL', ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], resolution: 'STATIC', workloadSelector: { labels: { app: 'vm' } } }),
    workloadEntry('s/vm', { address: '10.0.0.7', labels: { app: 'vm' }, serviceAccount: 'vm' }),
  ];
  const corp = meshConfig({ trustDomain: 'corp', rootNamespace: 'root' }, 'istio-canary');
  const strict = peerAuthentication('root/default', mode('STRICT'));
  const calls = (...more: unknown[]) => connections([namespace('b', revision), namespace('s', revision), deployment('b/canary'), vm, strict, more])
    .filter(({ requested, client }) => requested.host === 'vm.example.com' && client.name === 'canary').map(({ serverMode, outcome }) => `${serverMode} ${outcome}`);

  test('is the only one, with its trust domain and policies, whichever revision it has', () => {
    expect(calls(corp)).toEqual(['STRICT mtls']);
    expect(calls(corp, peerAuthentication('root/default', mode('DISABLE')))).toEqual(['DISABLE plaintext']);
  });

  test('is the default one, if there are several', () => {
    expect(calls(corp, meshConfig({}))).toEqual(['PERMISSIVE broken']); // its certificate is of another trust domain
    expect(calls(corp, meshConfig({ trustDomain: 'corp' }))).toEqual(['PERMISSIVE mtls']);
  });

  test('decides as a sidecar\'s of that istiod does', () => {
    const { planes } = mesh([namespace('s', revision), deployment('s/server'), vm, corp]);
    expect([planes.ofServer(undefined), planes.ofServer(undefined).config.trustDomain]).toEqual([planes.of('canary'), 'corp']);
  });
});
