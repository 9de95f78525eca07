import { planAtOnce } from '../../../src/mesh/plan/plan';
import { deployment, injected, mesh, mode, peerAuthentication, service } from '../../support/meshes/mesh';

const pods = (version: string) => [
  ...injected('shop'), deployment('shop/web', { labels: { app: 'web', version }, ports: [{ containerPort: 80 }] }), service('shop/web', ['http:80']), deployment('shop/client'),
];
const strict = (version: string) => peerAuthentication(`shop/${version}`, { selector: { matchLabels: { version } }, ...mode('STRICT') });

test.each([
  ['new pods, before the policy that selects them is added', [strict('one')], [strict('one'), strict('two')]],
  ['old pods, after the policy that selected them is removed', [strict('one'), strict('two')], [strict('two')]],
])('a port that is STRICT before and after is temporarily opened by %s', (_, before, after) => {
  const { verdict, witness } = planAtOnce(mesh([...pods('one'), ...before]), [...pods('two'), ...after]).atOnce;
  expect([verdict, witness]).toEqual(['unsafe', expect.objectContaining({ kind: 'port', mode: 'PERMISSIVE', server: expect.objectContaining({ name: 'web' }) })]);
});

test('a port keeps its mode if policies select both old and new pods throughout', () => {
  const both = [strict('one'), strict('two')];
  expect(planAtOnce(mesh([...pods('one'), ...both]), [...pods('two'), ...both]).atOnce.verdict).toBe('safe');
});
