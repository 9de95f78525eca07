import { labelsAfterInjection } from '../../../src/mesh/workloads/injected-labels';
import { connections, deployment, injected, mode, peerAuthentication, service } from '../../support/meshes/mesh';

const [NAME, REVISION, TLS] = ['service.istio.io/canonical-name', 'service.istio.io/canonical-revision', 'security.istio.io/tlsMode'];

test.each([
  [{}, 'w', 'latest'], [{ app: 'a', version: 'v1' }, 'a', 'v1'], [{ 'app': 'a', 'app.kubernetes.io/name': 'n', 'version': 'v1', 'app.kubernetes.io/version': 'k1' }, 'n', 'k1'],
  [{ [NAME]: 'c', [REVISION]: 'r', 'app.kubernetes.io/name': 'n', 'app.kubernetes.io/version': 'k1' }, 'c', 'r'], [{ [NAME]: '', app: '', version: '' }, 'w', 'latest'],
])('pods with labels %j have the canonical name %s and revision %s', (labels, name, revision) => {
  expect(labelsAfterInjection(labels, 'w', 'sidecar')).toEqual({ ...labels, [NAME]: name, [REVISION]: revision, [TLS]: 'istio' });
});

test('a name is truncated to a valid label value', () => {
  const of = (name: string) => labelsAfterInjection({}, name, 'sidecar')[NAME];
  expect([of('x'.repeat(70)), of(`${'x'.repeat(62)}-y`)]).toEqual(['x'.repeat(63), 'x'.repeat(62)]);
});

test('only the sidecar template sets the TLS mode label, unless the pod has it', () => {
  expect([labelsAfterInjection({}, 'w', 'router')[TLS], labelsAfterInjection({ [TLS]: 'disabled' }, 'w', 'sidecar')[TLS], labelsAfterInjection({ [TLS]: '' }, 'w', 'sidecar')[TLS]]).toEqual([undefined, 'disabled', 'istio']);
  expect(labelsAfterInjection({}, 'w', 'router')[REVISION]).toBe('latest');
});

test.each(['none', 'ztunnel', 'unknown'] as const)('no pod template labels pods with proxy %s', (proxy) => {
  expect(labelsAfterInjection({ app: 'a' }, 'w', proxy)).toEqual({ app: 'a' });
});

test('policies and Services select by labels that the injector adds', () => {
  const objects = [injected('a'), deployment('a/client'), deployment('a/server'), service('a/server', ['http:80'], { selector: { [NAME]: 'server' } }), peerAuthentication('a/p', { selector: { matchLabels: { [NAME]: 'server' } }, ...mode('STRICT') })];
  expect(connections(objects).map(({ server, serverMode, outcome }) => [server?.name, serverMode, outcome])).toEqual([['server', 'STRICT', 'mtls']]);
});
