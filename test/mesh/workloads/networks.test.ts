// The networks of pods and proxies, and which calls pass an east-west gateway, or may.
import { Connection } from '../../../src/mesh/calls/connections';
import { injectorConfigMap, meshConfigMap } from '../../../src/mesh/config/control-plane-facts';
import { connections, deployment, injected, meshConfig, mesh, namespace, peerAuthentication, mode, service, serviceEntry, workloadEntry } from '../../support/meshes/mesh';

const on = (network: string) => ({ 'topology.istio.io/network': network });
const told = (network: string) => ({ 'proxy.istio.io/config': JSON.stringify({ proxyMetadata: { ISTIO_META_NETWORK: network } }) });
const proxies = (network: string) => meshConfig({ defaultConfig: { proxyMetadata: { ISTIO_META_NETWORK: network } } });
const client = (annotations: object = {}) => deployment('a/client', { annotations });
const server = (labels: object = {}) => deployment('b/server', { labels: { app: 'server', ...labels } });
const world = (...more: unknown[]) => [injected('a', 'b'), service('b/server'), more];
const words = (...more: unknown[]) => connections(world(...more)).filter(({ client: { namespace: space }, requested: { host } }) => space === 'a' && host.startsWith('server.'))
  .map(({ outcome, undecidedBecause }: Connection) => undecidedBecause ?? outcome);
const injector = (values: object, name = 'istio-sidecar-injector') => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'istio-system' }, data: { values: JSON.stringify(values) } });

const labelled = (network: string, annotations: object = {}) => deployment('a/client', { labels: on(network), annotations });
const ofContainer = (container: object, network: string) =>
  deployment('a/client', { spec: { containers: [{ name: 'istio-proxy', ...container, env: [{ name: 'ISTIO_META_NETWORK', value: network }] }] } });
const eastWest = { ...service('istio-system/eastwest'), metadata: { name: 'eastwest', namespace: 'istio-system', labels: on('n1') } };

const proxyConfig = (space: string) =>
  ({ apiVersion: 'networking.istio.io/v1beta1', kind: 'ProxyConfig', metadata: { name: 'p', namespace: space }, spec: { environmentVariables: { ISTIO_META_NETWORK: 'n1' } } });

const ISTIOD = { namespace: 'istio-system' };

test('without any setting there is one network', () => {
  expect(words(client(), server())).toEqual(['mtls']);
});

test('a server on a network that its client isn\'t known to be on is undecided, with that reason', () => {
  expect(connections(world(client(), server(on('n2')), peerAuthentication('b/p', mode('STRICT'))))[0]).toMatchObject({
    clientTls: 'UNKNOWN',
    outcome: 'undecided',
    undecidedBecause: 'other-network',
    because: expect.arrayContaining([expect.objectContaining({ kind: 'Deployment', name: 'server', field: 'spec.template.metadata.labels[topology.istio.io/network]', effect: 'sets network \'n2\', and the client may be on another network' })]),
  });
  expect(mesh(world(client(), server(on('n2')))).missingFacts()).toEqual([{ need: 'model', subject: 'Deployment b/server', connections: 1 }]);
});

test('the network\'s source is the injector\'s values', () => {
  const { workloads } = mesh(world(client(), server(), injector({ global: {} })));
  const { location: { callsFrom } } = workloads.find(({ name }) => name === 'client')!;
  expect(callsFrom).toMatchObject({ name: '', at: { object: { kind: 'ConfigMap', name: 'istio-sidecar-injector' }, field: ['data', 'values'] } });
});

test.each<[string, unknown[], string]>([
  ['a client with an annotation reaches a server on the same network', [client(told('n2')), server(on('n2'))], 'mtls'],
  ['a client with an annotation for another network doesn\'t surely reach a server', [client(told('n1')), server(on('n2'))], 'other-network'],
  ['the mesh config sets a client\'s network', [client(), server(on('n2')), proxies('n2')], 'mtls'],
  ['the annotation overrides the mesh config', [client(told('n1')), server(on('n2')), proxies('n2')], 'other-network'],
  ['a container istio-proxy of the pod sets the network', [deployment('a/client', { spec: { containers: [{ name: 'istio-proxy', args: ['proxy', 'sidecar'], env: [{ name: 'ISTIO_META_NETWORK', value: 'n2' }] }] } }), server(on('n2'))], 'mtls'],
  ['the injector\'s values set a client\'s network', [client(), server(on('n2')), injector({ global: { network: 'n2' } })], 'mtls'],
  ['the injector\'s values set no network', [client(), server(on('n2')), injector({ global: {} })], 'other-network'],
  ['an unknown injector may override the mesh config where another one sets a network', [client(), server(on('n2')), injector({ global: { network: 'n1' } }, 'istio-sidecar-injector-canary'), proxies('n2')], 'other-network'],
  ['an unknown injector overrides nothing where no other sets a network', [client(), server(on('n2')), injector({ global: {} }, 'istio-sidecar-injector-canary'), proxies('n2')], 'mtls'],
  ['another revision\'s injector doesn\'t set the network', [client(), server(on('n2')), injector({ global: { network: 'n2' } }, 'istio-sidecar-injector-canary')], 'other-network'],
  ['the label of a client with a sidecar sets its network', [labelled('n2'), server(on('n2'))], 'mtls'],
  ['the label of a client overrides its annotation', [labelled('n1', told('n2')), server(on('n2'))], 'other-network'],
  ['the label of a client overrides the injector\'s values', [labelled('n2'), server(on('n2')), injector({ global: { network: 'n1' } })], 'mtls'],
  ['an empty label hides the injector\'s values from an annotation', [labelled('', told('n2')), server(on('n2')), injector({ global: { network: 'n1' } })], 'mtls'],
  ['an empty label doesn\'t hide them where nothing else sets the network', [labelled(''), server(on('n2')), injector({ global: { network: 'n2' } })], 'mtls'],
  ['the injector\'s values override an annotation', [client(told('n1')), server(on('n2')), injector({ global: { network: 'n2' } })], 'mtls'],
  ['the injector\'s values override the mesh config', [client(), server(on('n2')), injector({ global: { network: 'n1' } }), proxies('n2')], 'other-network'],
  ['the injector\'s values override a container without a proxy of its own', [ofContainer({ image: 'auto' }, 'n1'), server(on('n2')), injector({ global: { network: 'n2' } })], 'mtls'],
  ['the injector\'s values don\'t override the container of an injected pod', [ofContainer({ args: ['proxy', 'sidecar'] }, 'n1'), server(on('n2')), injector({ global: { network: 'n2' } })], 'other-network'],
  ['the injector\'s values set the network of servers, too', [labelled('n2'), server(), injector({ global: { network: 'n2' } }), namespace('istio-system', on('n1'))], 'mtls'],
  ['the network of the injector\'s values isn\'t that of a client with a label', [labelled('n1'), server(), injector({ global: { network: 'n2' } }), namespace('istio-system')], 'other-network'],
  ['an injector whose values aren\'t known may set the network of servers', [labelled('n1'), server(), namespace('istio-system')], 'other-network'],
  ['an injector that sets none leaves servers without a network', [labelled('n1'), server(), namespace('istio-system'), injector({ global: {} })], 'mtls'],
  ['an injector that sets none leaves servers on that of istiod\'s namespace', [labelled('n1'), server(), namespace('istio-system', on('n1')), injector({ global: {} })], 'mtls'],
  ['a ProxyConfig may set the network of a client', [client(), server(on('n2')), proxies('n2'), proxyConfig('a')], 'other-network'],
  ['a ProxyConfig in the root namespace may, too', [client(), server(on('n2')), proxies('n2'), proxyConfig('istio-system')], 'other-network'],
  ['a ProxyConfig of another namespace doesn\'t', [client(), server(on('n2')), proxies('n2'), proxyConfig('c')], 'mtls'],
  ['an annotation overrides a ProxyConfig', [client(told('n2')), server(on('n2')), proxyConfig('a')], 'mtls'],
  ['clients without a sidecar reach servers on the injector\'s network', [deployment('a/client', { labels: { 'sidecar.istio.io/inject': 'false' } }), server(), injector({ global: { network: 'n2' } }), namespace('istio-system')], 'plaintext'],
  ['clients without a sidecar reach servers on the same unknown network', [deployment('a/client', { labels: { 'sidecar.istio.io/inject': 'false' } }), server(), eastWest], 'plaintext'],
  ['the label of a client without a sidecar sets its network', [deployment('a/client', { labels: { ...on('n2'), 'sidecar.istio.io/inject': 'false' } }), server(on('n2'))], 'plaintext'],
  ['the label of istiod\'s namespace sets the network of servers', [client(told('n1')), server(), namespace('istio-system', on('n1'))], 'mtls'],
  ['the label of istiod\'s namespace doesn\'t set a client\'s network', [client(), server(), namespace('istio-system', on('n1'))], 'other-network'],
  ['istiod\'s namespace without a label sets no network', [client(told('n1')), server(), namespace('istio-system')], 'mtls'],
  ['an unknown namespace of istiod leaves networks undecided', [client(told('n1')), server()], 'other-network'],
  ['meshNetworks leave networks undecided', [client(told('n1')), server(), { ...meshConfig({}), data: { mesh: '{}', meshNetworks: '{"networks":{"n1":{}}}' } }], 'other-network'],
  ['empty meshNetworks leave networks decided', [client(), server(), { ...meshConfig({}), data: { mesh: '{}', meshNetworks: '{"networks":{}}' } }], 'mtls'],
])('%s', (_, objects, expected) => {
  expect(words(...objects)).toEqual([expected]);
});

const meshNetworks = { n1: { endpoints: [{ fromRegistry: 'Kubernetes' }] } };
const entries = [
  workloadEntry('b/m', { address: '1.2.3.4', network: 'n1' }),
  workloadEntry('b/m', { address: '1.2.3.4', labels: on('n1') }),
  serviceEntry('b/e', { hosts: ['m.example.com'], ports: [{ number: 80, name: 'tcp', protocol: 'TCP' }], resolution: 'STATIC', endpoints: [{ address: '1.2.3.4', network: 'n1' }] }),
];
const group = (spec: object) => ({ apiVersion: 'networking.istio.io/v1', kind: 'WorkloadGroup', metadata: { name: 'g', namespace: 'b' }, spec });

test.each<[string, unknown]>([
  ['a gateway between networks', eastWest],
  ['a gateway of the Gateway API', { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway', metadata: { name: 'g', namespace: 'istio-system', labels: on('n1') }, spec: {} }],
  ['the label of other pods', deployment('b/other', { labels: on('n1') })],
  ['the annotation of other pods', deployment('b/other', { annotations: told('n1') })],
  ['the network of a WorkloadEntry', entries[0]],
  ['the label of a WorkloadEntry', entries[1]],
  ['the network of an endpoint', entries[2]],
  ['the network of a WorkloadGroup', group({ template: { network: 'n1' } })],
  ['the label of a WorkloadGroup\'s machines', group({ metadata: { labels: on('n1') }, template: {} })],
  ['the injector of another revision', injector({ global: { network: 'n1' } }, 'istio-sidecar-injector-canary')],
  ['networks in the values of another revision\'s injector', injector({ global: { meshNetworks } }, 'istio-sidecar-injector-canary')],
  ['the mesh config of another revision', { ...proxies('n1'), metadata: { name: 'istio-canary', namespace: 'istio-system' } }],
  ['the networks of another revision', { ...meshConfig({}), metadata: { name: 'istio-canary', namespace: 'istio-system' }, data: { mesh: '{}', meshNetworks: JSON.stringify({ networks: meshNetworks }) } }],
  ['a ProxyConfig', proxyConfig('c')],
])('without istiod\'s namespace, there may be several networks if anything names one: %s', (_, naming) => {
  const none = injector({ global: { network: '' } });
  const charts = { ...meshConfig({}), data: { mesh: '{}', meshNetworks: 'networks: {}' } };
  expect(words(client(), server(), none, charts)).toEqual(['mtls']);
  expect(words(client(), server(), none, charts, naming)).toEqual(['other-network']);
  expect(words(client(), server(), charts, naming)).toEqual(['other-network']);
  expect(words(client(), server(), none, charts, naming, namespace('istio-system'))).toEqual(['mtls']);
});

test('what names a network is named where neither the client nor the server does', () => {
  const { because } = connections(world(client(), server(), eastWest)).find(({ undecidedBecause }) => undecidedBecause === 'other-network')!;
  expect(because).toContainEqual(expect.objectContaining({
    kind: 'Service',
    name: 'eastwest',
    field: 'metadata.labels[topology.istio.io/network]',
    effect: 'sets network \'n1\', and the client and the server may be on different ones',
  }));
});

test('with an installation by revision only, the revision\'s mesh config has the networks, and its namespace is istiod\'s', () => {
  const spaces = ['a', 'b'].map((name) => namespace(name, { 'istio.io/rev': 'canary' }));
  const outcome = (...more: unknown[]) => connections([spaces, client(told('n1')), service('b/server'), server(), more])
    .filter((one) => one.client.namespace === 'a').map((one) => one.undecidedBecause ?? one.outcome);
  const canary = meshConfig({}, 'istio-canary');
  expect(outcome({ ...canary, data: { mesh: '{}', meshNetworks: '{"networks":{"n1":{}}}' } }, namespace('istio-system'))).toEqual(['other-network']);
  const elsewhere = { ...canary, metadata: { name: 'istio-canary', namespace: 'mesh' } };
  expect([outcome(elsewhere, namespace('mesh')), outcome(elsewhere, namespace('istio-system'))]).toEqual([['mtls'], ['other-network']]);
});

test('a WorkloadEntry sets its network by a field or a label', () => {
  const machine = (spec: object) => [
    workloadEntry('b/m', { address: '1.2.3.4', labels: { app: 'm', ...spec }, serviceAccount: 'm' }),
    serviceEntry('b/e', { hosts: ['m.example.com'], ports: [{ number: 80, name: 'tcp', protocol: 'TCP' }], location: 'MESH_INTERNAL', resolution: 'STATIC', workloadSelector: { labels: { app: 'm' } } }),
  ];
  const outcomes = (...more: unknown[]) => connections(world(client(told('n1')), namespace('istio-system'), more)).filter(({ requested }) => requested.host === 'm.example.com')
    .map(({ outcome, undecidedBecause }) => undecidedBecause ?? outcome);
  expect(outcomes(machine({}))).toEqual(['mtls']);
  expect(outcomes(machine(on('n2')))).toEqual(['other-network']);
  const [entry, ofEntry] = machine({});
  expect(outcomes({ ...entry, spec: { ...entry.spec, network: 'n1' } }, ofEntry)).toEqual(['mtls']);
  expect(outcomes({ ...entry, spec: { ...entry.spec, network: 'n2' } }, ofEntry)).toEqual(['other-network']);
});

test('the installer\'s input sets networks if there is no ConfigMap', () => {
  const said = (more: object) => ({ meshConfigs: [{ saidBy: 'v.yaml', manifest: meshConfigMap({}, ISTIOD), ...more }] });
  const reasons = (objects: unknown[], options: object) =>
    [...mesh(world(...objects), options).connections()].map(({ outcome, undecidedBecause }) => undecidedBecause ?? outcome);
  const values = said({ injector: injectorConfigMap({ global: { network: 'n2' } }, ISTIOD) });
  expect(reasons([client(), server(on('n2'))], values)).toContain('mtls');
  expect(reasons([client(), server(on('n2')), injector({ global: { network: 'n1' } })], values)).not.toContain('mtls');
  const networks = { meshConfigs: [{ saidBy: 'v.yaml', manifest: meshConfigMap({}, ISTIOD, { n1: { endpoints: [] } }) }] };
  expect([new Set(reasons([client(), server()], {})), new Set(reasons([client(), server()], networks))]).toEqual([new Set(['mtls']), new Set(['other-network'])]);
});

test('each of several clients on a network is told what sets its own', () => {
  const clients = ['one', 'other'].map((name) => deployment(`a/${name}`, { labels: on('n1'), annotations: { 'sidecar.istio.io/inject': 'false' } }));
  // A machine without a network: the client's label is what leaves the call undecided.
  const machine = workloadEntry('b/vm', { address: '192.0.2.9', labels: { app: 'vm' } });
  const entry = serviceEntry('b/e', { hosts: ['x.example.com'], resolution: 'STATIC', location: 'MESH_INTERNAL', ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], workloadSelector: { labels: { app: 'vm' } } });
  const sources = connections([namespace('a'), namespace('b'), clients, machine, entry, eastWest]).filter(({ requested: { host } }) => host === 'x.example.com').map(({ client: { name }, because }) => (
    `${name}: ${because.filter(({ effect }) => effect.includes('network')).map((reason) => reason.name).join()}`));
  expect(sources).toEqual(['one: one', 'other: other']);
});
