import { Mesh } from '../../../src/mesh/mesh';
import { AffectedCallsIndex } from '../../../src/mesh/plan/affected-calls';
import { planOf } from '../../../src/mesh/plan/plan';
import { StageCheck } from '../../../src/mesh/plan/stage-check';
import { deployment, injected, mesh, mode, peerAuthentication, service, sidecar } from '../../support/meshes/mesh';

const SHOP = [...injected('shop'), deployment('shop/web', { ports: [{ containerPort: 80 }] }), service('shop/web', ['http:80'])];
const policy = (value: string) => peerAuthentication('shop/default', mode(value));

test('states are cached until they are forgotten, those before and after the change longer, and verdicts are repeated', () => {
  const { before, after, units } = planOf(mesh([...SHOP, policy('DISABLE')]), [...SHOP, policy('STRICT'), sidecar('shop/own', { egress: [{ hosts: ['*/*'] }] })]);
  const check = new StageCheck(before, after, units, new AffectedCallsIndex([before, after], units));
  const running = jest.spyOn(Mesh.prototype, 'running');
  const checked = () => {
    running.mockClear();
    const verdict = check.check(units.map(() => 0), units.map(({ goal }, unit) => ({ unit, from: 0, to: goal })));
    return { verdict, meshes: running.mock.calls.length };
  };
  const [first, again] = [checked(), checked()];
  expect([first.meshes > 0, again.meshes]).toEqual([true, 0]);
  check.forget();
  expect(checked()).toEqual(first);
  running.mockRestore();
});
