import { connections, deployment, destinationRule, gatewayApi, injected, mesh, meshConfig, service, serviceEntry, tls } from '../../support/meshes/mesh';

// Policies of the Gateway API: which calls use the DestinationRule that istiod generates from them.

const world = (...more: unknown[]) => [injected('a', 'b'), deployment('a/client'), deployment('b/near'), deployment('b/server'), service('b/server', ['http:80', 'tcp:90']), more];
const target = (name = 'server', more = {}) => ({ targetRefs: [{ group: '', kind: 'Service', name, ...more }], validation: { hostname: 'x', wellKnownCACertificates: 'System' } });
const policy = gatewayApi('BackendTLSPolicy', 'b/p', target());

/** The clients whose calls a backend policy affects. */
const touched = (objects: unknown[]) => connections(objects).filter(({ undecidedBecause }) => undecidedBecause === 'backend-policy')
  .map(({ client, requested, server }) => `${client.namespace}/${client.name}:${requested.port} ${server?.name}`).sort();

test.each(['BackendTLSPolicy', 'XBackendTrafficPolicy'])('a %s affects all clients of its target, on every port', (kind) => {
  const objects = world(gatewayApi(kind, 'b/p', target('server', { sectionName: 'http' })));
  expect(touched(objects)).toEqual(['a/client:80 server', 'a/client:90 server', 'b/near:80 server', 'b/near:90 server']);
  expect(connections(objects)[0]).toMatchObject({
    clientTls: 'UNKNOWN',
    outcome: 'undecided',
    because: expect.arrayContaining([{ kind, namespace: 'b', name: 'p', field: 'spec.targetRefs', effect: 'configures how clients call the service' }]),
  });
  expect(mesh(objects).missingFacts()).toEqual([{ need: 'model', subject: `${kind} b/p`, connections: 4 }]);
});

test('a rule in the client\'s namespace overrides it, rules in the service\'s and the root namespace don\'t', () => {
  expect(touched(world(policy, destinationRule('a/d', { host: '*.local', ...tls('DISABLE') })))).toEqual(['b/near:80 server', 'b/near:90 server']);
  expect(touched(world(policy, destinationRule('b/d', { host: 'server', ...tls('ISTIO_MUTUAL') })))).toHaveLength(4);
  expect(touched(world(policy, destinationRule('istio-system/d', { host: '*.local', ...tls('DISABLE') })))).toHaveLength(4);
});

test('it precedes rules for all workloads, even if istiod merges rules with different exportTo', () => {
  const privateRule = destinationRule('b/d', { host: 'server', exportTo: ['c'], creationTimestamp: '2020-01-01T00:00:00Z' });
  const merging = { istiodEnv: { ENABLE_ENHANCED_DESTINATIONRULE_MERGE: 'false' } };
  const undecided = (...more: unknown[]) => [...mesh(world(policy, ...more), merging).connections()].filter(({ undecidedBecause }) => undecidedBecause === 'backend-policy').length;
  expect([undecided(), undecided(privateRule)]).toEqual([4, 4]);
});

test('defaultDestinationRuleExportTo applies to it', () => {
  expect(touched(world(policy, meshConfig({ defaultDestinationRuleExportTo: ['.'] })))).toEqual(['b/near:80 server', 'b/near:90 server']);
});

test('a policy with the ignore annotation, of another revision or with another target has no effect', () => {
  const others = [
    gatewayApi('BackendTLSPolicy', 'b/p', target(), { annotations: { 'istio.io/ignore-policy-attachment': 'True' } }),
    gatewayApi('BackendTLSPolicy', 'b/p', target(), { labels: { 'istio.io/rev': 'canary' } }),
    gatewayApi('BackendTLSPolicy', 'b/p', target('other')),
    gatewayApi('BackendTLSPolicy', 'b/p', { targetRefs: [{ group: 'x', kind: 'Service', name: 'server' }] }),
    gatewayApi('BackendTLSPolicy', 'a/p', target()),
  ];
  for (const other of others) expect(touched(world(other))).toEqual([]);
});

test('in the root namespace, it also applies to a ServiceEntry\'s hosts in other namespaces', () => {
  const entry = (space: string) => serviceEntry(`${space}/e`, { hosts: ['x.example.com'], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], resolution: 'DNS' });
  const ofEntry = gatewayApi('BackendTLSPolicy', 'istio-system/p', { targetRefs: [{ group: 'networking.istio.io', kind: 'ServiceEntry', name: 'e' }] });
  expect(touched(world(entry('b'), entry('istio-system'), ofEntry))).toEqual(['a/client:80 undefined', 'b/near:80 undefined', 'b/server:80 undefined']);
});
