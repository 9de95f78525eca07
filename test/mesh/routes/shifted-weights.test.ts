import { calls, deployment, injected, service, virtualService } from '../../support/meshes/mesh';

const weighted = (...weights: (number | undefined)[]) => ({ route: ['one', 'two'].map((host, index) => ({ destination: { host }, weight: weights[index] })) });
const rollout = (istio: object, namespace = 'a') => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Rollout',
  metadata: { namespace, name: 'r' },
  spec: { strategy: { canary: { trafficRouting: { istio } } }, template: { metadata: { labels: { app: 'r' } }, spec: {} } },
});
/** The servers of calls to port 80, HTTP, and 81, TCP. */
const servers = (spec: object, ...rollouts: unknown[]) => {
  const objects = [injected('a', 'b'), deployment('a/client'), ...['one', 'two'].flatMap((name) => [deployment(`a/${name}`), service(`a/${name}`, ['http:80', 'tcp:81'])])];
  return [80, 81].map((port) => calls([objects, virtualService('a/v', { hosts: ['one'], ...spec }), rollouts], 'a/client', `one.a:${port}`).map((line) => line.split(' ')[2].split(/[/:]/)[1]));
};
const HTTP = { http: [{ name: 'primary', ...weighted(100, 0) }], tcp: [weighted(100, 0)] };
const BOTH = ['one', 'two'];

test.each<[string, unknown[], string[][]]>([
  ['no Rollout', [], [['one'], ['one']]],
  ['a Rollout without routes', [rollout({})], [['one'], ['one']]],
  ['a Rollout that names the VirtualService', [rollout({ virtualService: { name: 'v' } })], [BOTH, BOTH]],
  ['a Rollout that names several VirtualServices', [rollout({ virtualServices: [{ name: 'x' }, { name: 'v' }] })], [BOTH, BOTH]],
  ['a Rollout that names the VirtualService with its namespace', [rollout({ virtualService: { name: 'v.a' } }, 'b')], [BOTH, BOTH]],
  ['a Rollout of another namespace', [rollout({ virtualService: { name: 'v' } }, 'b')], [['one'], ['one']]],
  ['a Rollout that names the route', [rollout({ virtualService: { name: 'v', routes: ['primary'] } })], [BOTH, ['one']]],
  ['a Rollout that names another route', [rollout({ virtualService: { name: 'v', routes: ['other'] } })], [['one'], ['one']]],
  ['two Rollouts, of which one names the route', [rollout({ virtualService: { name: 'v', routes: ['primary'] } }), { ...rollout({ virtualService: { name: 'v', routes: ['other'] } }), metadata: { namespace: 'a', name: 's' } }], [BOTH, ['one']]],
  ['a Rollout that names routes for TCP', [rollout({ virtualService: { name: 'v', routes: ['other'], tcpRoutes: [{ port: 81 }] } })], [['one'], BOTH]],
])('a destination of weight 0 gets calls only if an Argo Rollout shifts traffic to it: %s', (_, rollouts, expected) => {
  expect(servers(HTTP, ...rollouts)).toEqual(expected);
});
