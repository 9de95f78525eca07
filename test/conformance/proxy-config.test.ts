// Which parts of istiod's proxy configuration the model must reproduce.
import { compareConfigs, undecidedKindsIn } from '../../conformance/connections/proxy-config';
import type { RefereeConfig, RefereeConnection } from '../../conformance/connections/verdict';
import { explainedWays } from '../../src/explain/explanation';
import { callsNamed, workloadsNamed } from '../../src/mesh/queries/selection';
import { deployment, injected, mesh, meshConfig, namespace, service, serviceEntry, toHost, virtualService } from '../support/meshes/mesh';

const OBJECTS = [
  injected('a'), deployment('a/web'), deployment('a/more', { labels: { app: 'web' } }), service('a/web', ['main:80'], { clusterIP: 'None' }),
  virtualService('a/v', { hosts: ['web.a.svc.cluster.local'], http: [toHost('gone.a.svc.cluster.local')] }),
  serviceEntry('b/other', { hosts: ['other.example.com'], ports: [{ number: 80, name: 'main' }] }),
  meshConfig({ discoverySelectors: [{ matchExpressions: [{ key: 'dataplane', operator: 'DoesNotExist' }] }] }),
];
const way = (config: Omit<RefereeConfig, 'kind'>): RefereeConfig => ({ kind: 'http', cluster: 'outbound|80||gone.a.svc.cluster.local', ...config });
const OWN_ROUTE = 'web.a.svc.cluster.local:80';
const TO_OTHER = way({ address: '10.0.0.2', listener: '10.0.0.2_80', route: OWN_ROUTE });
/** At the client's own address, its sidecar has no listener but that of the port, which exists for a ServiceEntry of namespace b. */
const TO_ITSELF = way({ address: '10.0.0.1', listener: '0.0.0.0_80', route: '80' });

/** The differences in the listeners for HTTP calls of `web`, which a route sends to a missing service. */
function differing(configs: RefereeConfig[], { more = [], unjudged = [] }: { more?: unknown[]; unjudged?: RefereeConfig[] } = {}): readonly string[] {
  const one = mesh([...OBJECTS, ...more]);
  const explained = explainedWays(one, workloadsNamed(one, 'a/web')[0], callsNamed(one, 'a/web:80')[0]).map(({ connection, steps }) => ({ ...steps, connection }));
  const connection: RefereeConnection = {
    client: { kind: 'Deployment', namespace: 'a', name: 'web' },
    requested: { host: 'web.a.svc.cluster.local', port: 80 },
    service: { namespace: '', name: '', host: 'gone.a.svc.cluster.local', port: 80 },
    server: null,
    clientTls: 'PLAINTEXT',
    serverMode: 'UNKNOWN',
    outcome: 'broken',
    configs,
  };
  const unjudgedBy = (config: RefereeConfig) => (
    { ...connection, service: { ...connection.service, host: 'other.example.com' }, configs: [config], why: 'a clash of protocols' });
  const verdict = { serverModes: [], connections: [connection], unjudged: unjudged.map(unjudgedBy), refused: [] };
  const { compared, differences } = compareConfigs(explained, verdict, undecidedKindsIn(explained));
  expect(compared).toBe(1);
  return differences.map(({ words }) => words);
}

test.each<[string, RefereeConfig[], string[]]>([
  ['a way that the model leaves undecided beside one that it names', [TO_OTHER, TO_ITSELF], []],
  ['only the way that it names', [TO_OTHER], []],
  ['another way from the address of one that it names', [TO_OTHER, { ...TO_OTHER, route: '80' }], ['configuration: route']],
  ['no way that it names', [TO_ITSELF], ['configuration: listener, route']],
])('where a listener may not exist, istiod has %s', (_, configs, expected) => {
  expect(differing(configs)).toEqual(expected);
});

test.each<[string, RefereeConfig[], string[]]>([
  ['both ways', [TO_OTHER, TO_ITSELF], []],
  ['one way only', [TO_OTHER], ['configuration: listener, route']],
  ['another way from its own address', [TO_OTHER, { ...TO_ITSELF, route: OWN_ROUTE }], ['configuration: listener']],
])('where the listener exists, istiod has %s', (_, configs, expected) => {
  expect(differing(configs, { more: [namespace('b')] })).toEqual(expected);
});

test.each<[string, RefereeConfig, string[]]>([
  ['where it leads', { kind: 'http', address: '10.0.0.1', listener: '0.0.0.0_80' }, []],
  ['where it leads in another way of talking', { kind: 'tcp', address: '10.0.0.1', listener: '0.0.0.0_80' }, ['configuration: listener, route']],
  ['where another one leads', { kind: 'http', address: '10.0.0.1', listener: '10.0.0.1_80' }, ['configuration: listener, route']],
  ['only what receives it', { ...TO_ITSELF, cluster: 'outbound|80||web.a.svc.cluster.local' }, ['configuration: listener, route']],
])('of the listener that istiod seems to lack, the referee doesn\'t know %s', (_, one, expected) => {
  expect(differing([TO_OTHER], { more: [namespace('b')], unjudged: [one] })).toEqual(expected);
});
