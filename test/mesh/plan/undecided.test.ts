import { planAtOnce, planOf } from '../../../src/mesh/plan/plan';
import { deployment, destinationRule, injected, mesh, mode, namespace, peerAuthentication, service, tls } from '../../support/meshes/mesh';

const at = (space: string) => [deployment(`${space}/client`), deployment(`${space}/server`, { ports: [{ containerPort: 80 }] }), service(`${space}/server`, ['http:80'])];
const AMBIENT = [...injected('known'), namespace('ambient', { 'istio.io/dataplane-mode': 'ambient' }), ...at('known'), ...at('ambient')];
const UNNAMED = [...injected('known'), ...at('known'), ...at('elsewhere')];

function told(cluster: any[], before: any[], after: any[]) {
  const { atOnce, stages } = planOf(mesh([...cluster, ...before]), [...cluster, ...after]);
  return [atOnce.verdict, ...(stages ?? []).map(({ verdict, witness }) => `${verdict} ${witness?.kind ?? ''}`.trim())];
}

test.each<[string, any[], any[]]>([
  ['STRICT on a namespace in ambient mode', AMBIENT, [peerAuthentication('ambient/default', mode('STRICT'))]],
  ['a rule in an unknown namespace', UNNAMED, [destinationRule('elsewhere/off', { host: 'server.known.svc.cluster.local', exportTo: ['.'], ...tls('DISABLE') })]],
  ['STRICT on an unknown namespace', UNNAMED, [peerAuthentication('elsewhere/default', mode('STRICT'))]],
])('%s isn\'t proven safe', (_, cluster, added) => {
  expect(told(cluster, [], added)).toEqual(['unproven', 'unproven undecided']);
  expect(told(cluster, added, [])).toEqual(['unproven', 'unproven undecided']);
});

test('the witness has the missing facts', () => {
  const { atOnce } = planAtOnce(mesh(UNNAMED), [...UNNAMED, peerAuthentication('elsewhere/default', mode('STRICT'))]);
  expect(atOnce.witness).toMatchObject({ kind: 'undecided', connections: 3, servers: 2, facts: [{ need: 'namespace', subject: 'elsewhere', connections: 3 }] });
});

test('a change that affects only decided connections is safe, whatever else is undecided', () => {
  const pool = destinationRule('known/server', { host: 'none.known.svc.cluster.local', ...tls('DISABLE') });
  expect(told(UNNAMED, [], [pool])).toEqual(['safe', 'safe']);
});

test('connections of added objects have no minimum protection', () => {
  expect(told([...injected('known'), ...at('known')], [], [deployment('elsewhere/client')])).toEqual(['safe', 'safe']);
});
