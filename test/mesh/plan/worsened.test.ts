import { planOf } from '../../../src/mesh/plan/plan';
import { worsened } from '../../../src/mesh/plan/worsened';
import { deployment, destinationRule, injected, mesh, mode, namespace, peerAuthentication, service, tls } from '../../support/meshes/mesh';

const PODS = [...injected('shop'), deployment('shop/web'), deployment('shop/ratings', { ports: [{ containerPort: 9080 }] })];
const RATINGS = service('shop/ratings', [9080]);
const OUTSIDE = deployment('shop/web', { labels: { 'app': 'web', 'sidecar.istio.io/inject': 'false' } });
const plaintext = destinationRule('shop/ratings', { host: 'ratings', ...tls('DISABLE') });
const policy = (value: string) => peerAuthentication('shop/default', mode(value));
const NOTHING = { broken: 0, plaintext: 0, undecided: 0, lost: 0, exposed: 0 };

test.each<[string, unknown[], unknown[], object]>([
  ['a broken connection', [RATINGS, policy('STRICT')], [RATINGS, policy('STRICT'), plaintext], { broken: 1 }],
  ['a broken connection of a client without a sidecar', [RATINGS, OUTSIDE, policy('PERMISSIVE')], [RATINGS, OUTSIDE, policy('STRICT')], { broken: 1 }],
  ['plaintext', [RATINGS, policy('PERMISSIVE')], [RATINGS, policy('PERMISSIVE'), plaintext], { plaintext: 1 }],
  ['plaintext of what was broken, and open ports', [RATINGS, policy('STRICT'), plaintext], [RATINGS, policy('PERMISSIVE'), plaintext], { plaintext: 1, exposed: 2 }],
  ['a call that ends, because its Service is deleted', [RATINGS], [], { lost: 1 }],
  ['no loss of what was broken', [RATINGS, policy('STRICT'), plaintext], [policy('STRICT'), plaintext], {}],
  ['STRICT ports that open', [RATINGS, policy('STRICT')], [RATINGS, policy('PERMISSIVE')], { exposed: 2 }],
  ['nothing of ports that close', [RATINGS, policy('PERMISSIVE')], [RATINGS, policy('STRICT')], {}],
  ['nothing of a new Service', [policy('STRICT'), plaintext], [RATINGS, policy('STRICT'), plaintext], {}],
])('what a change itself makes worse: %s', (_, before, after, expected) => {
  expect(worsened(planOf(mesh([...PODS, ...before]), [...PODS, ...after]))).toEqual({ ...NOTHING, ...expected });
});

test('what a change itself makes worse: a connection that is undecided afterwards, but not one that was undecided', () => {
  const states = [injected('shop'), [namespace('shop', { 'istio.io/dataplane-mode': 'ambient' })]].map((own) => [
    ...own, ...injected('web'), deployment('web/web'), deployment('shop/ratings', { ports: [{ containerPort: 9080 }] }), RATINGS,
  ].flat());
  const counted = (before: unknown[], after: unknown[]) => worsened(planOf(mesh(before), after));
  expect(counted(states[0], states[1])).toEqual({ ...NOTHING, undecided: 1 });
  expect(counted(states[1], [...states[1], peerAuthentication('shop/default', mode('STRICT'))])).toMatchObject({ undecided: 0 });
});
