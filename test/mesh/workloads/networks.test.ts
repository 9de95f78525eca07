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
const words = (...more: unknown[]) => connections(world(...more)).filter(({ client: { namespace: space } }) => space === 'a')
  .map(({ outcome, undecidedBecause }: Connection) => undecidedBecause ?? outcome);
const injector = (values: object, name = 'istio-sidecar-injector') => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'istio-system' }, data: { values: JSON.stringify(values) } });

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
  // Whether the server's proxy is on its pod's network is unknown too.
  expect(mesh(world(client(), server(on('n2')))).missingFacts()).toEqual([{ need: 'model', subject: 'Deployment b/server', connections: 2 }]);
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
  ['another revision\'s injector doesn\'t set the network', [client(), server(on('n2')), injector({ global: { network: 'n2' } }, 'istio-sidecar-injector-canary')], 'other-network'],
  ['the label of a client with a sidecar doesn\'t set its network', [deployment('a/client', { labels: on('n2') }), server(on('n2'))], 'other-network'],
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
