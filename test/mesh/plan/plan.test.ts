import { planOf } from '../../../src/mesh/plan/plan';
import { deployment, destinationRule, injected, mesh, mode, peerAuthentication, service } from '../../support/mesh';

const SHOP = [...injected('shop'), deployment('shop/web'), deployment('shop/ratings', { ports: [{ containerPort: 9080 }] }), service('shop/ratings', [9080])];
const plaintext = destinationRule('shop/ratings', { host: 'ratings', trafficPolicy: { tls: { mode: 'DISABLE' } } });
const policy = (value: string) => peerAuthentication('shop/default', mode(value));

function told(before: any[], after: any[]) {
  const plan = planOf(mesh([...SHOP, ...before]), [...SHOP, ...after]);
  return {
    atOnce: plan.atOnce.verdict,
    stages: plan.stages?.map(({ moves, verdict }) => `${verdict}: ${moves.map(({ unit, from, to }) => `${plan.units[unit].object.kind} ${from}→${to}`).join(', ')}`),
    stuck: plan.stuck,
  };
}

test.each([
  ['PERMISSIVE', 'STRICT'], ['STRICT', 'PERMISSIVE'], ['DISABLE', 'PERMISSIVE'], ['PERMISSIVE', 'DISABLE'], ['DISABLE', 'STRICT'], ['STRICT', 'DISABLE'],
])('%s to %s', (from, to) => {
  expect(told([policy(from)], [policy(to)])).toMatchSnapshot();
});

test('a rule goes before its policy becomes strict', () => {
  expect(told([policy('PERMISSIVE'), plaintext], [policy('STRICT')])).toMatchSnapshot();
});
