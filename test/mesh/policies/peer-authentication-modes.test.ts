import { deployment, injected, mesh as meshOf, meshConfig, mode, peerAuthentication, service, words } from '../../support/meshes/mesh';

/** The mode of `a/server` on port 80, as calls with and without a sidecar show it. */
function modeOf(policies: unknown[], more: unknown[] = [], labels = { app: 'server', tier: 'back' }): string {
  const objects = [injected('a', 'istio-system'), deployment('a/client'), deployment('a/server', { labels }), service('a/server'), policies, more];
  return words(objects, 'a/client', 'server.a')[0].split(' ')[1];
}
const selecting = (labels: Record<string, string>, value?: string, ports?: Record<number, string>) => ({
  selector: { matchLabels: labels },
  mtls: value && { mode: value },
  portLevelMtls: ports && Object.fromEntries(Object.entries(ports).map(([port, mtls]) => [port, { mode: mtls }])),
});

test('without any policy a port is PERMISSIVE', () => {
  expect(modeOf([])).toBe('PERMISSIVE');
});

test('a policy without selector in the root namespace applies to the whole mesh', () => {
  expect(modeOf([peerAuthentication('istio-system/p', mode('STRICT'))])).toBe('STRICT');
});

test('the root namespace is the mesh config\'s', () => {
  const policies = [peerAuthentication('istio-system/p', mode('STRICT')), peerAuthentication('root/p', mode('DISABLE'))];
  expect(modeOf(policies, [meshConfig({ rootNamespace: 'root' })])).toBe('DISABLE');
});

test('a namespace overrides the mesh, a workload the namespace', () => {
  const mesh = peerAuthentication('istio-system/p', mode('STRICT'));
  const namespace = peerAuthentication('a/n', mode('DISABLE'));
  const workload = peerAuthentication('a/w', selecting({ app: 'server' }, 'PERMISSIVE'));
  expect(modeOf([mesh, namespace])).toBe('DISABLE');
  expect(modeOf([mesh, namespace, workload])).toBe('PERMISSIVE');
});

test.each([[{}], [{ mtls: {} }], [mode('UNSET')]])('a policy without a mode inherits: %j', (spec) => {
  expect(modeOf([peerAuthentication('istio-system/p', mode('STRICT')), peerAuthentication('a/n', spec)])).toBe('STRICT');
});

test('a workload policy without a mode inherits the namespace\'s', () => {
  expect(modeOf([peerAuthentication('a/n', mode('STRICT')), peerAuthentication('a/w', selecting({ app: 'server' }))])).toBe('STRICT');
});

test.each([[{}], [{ matchLabels: {} }]])('an empty selector means the whole namespace: %j', (selector) => {
  expect(modeOf([peerAuthentication('a/p', { selector, ...mode('STRICT') })])).toBe('STRICT');
});

test('of two policies for a namespace the first by name applies', () => {
  expect(modeOf([peerAuthentication('a/y', mode('STRICT')), peerAuthentication('a/x', mode('DISABLE'))])).toBe('DISABLE');
});

test('an older policy precedes the first by name', () => {
  const old = peerAuthentication('a/y', mode('STRICT'), { creationTimestamp: '2020-01-01T00:00:00Z' });
  const young = peerAuthentication('a/x', mode('DISABLE'), { creationTimestamp: '2021-01-01T00:00:00Z' });
  expect(modeOf([young, old])).toBe('STRICT');
});

test('of two policies for a workload the first applies as a whole, including its ports', () => {
  const policies = [
    peerAuthentication('a/y', selecting({ app: 'server' }, 'STRICT', { 80: 'PERMISSIVE' })),
    peerAuthentication('a/x', selecting({ tier: 'back' }, 'DISABLE')),
  ];
  expect(modeOf(policies)).toBe('DISABLE');
});

test('a policy selects by all of its labels', () => {
  expect(modeOf([peerAuthentication('a/p', selecting({ app: 'server', tier: 'front' }, 'STRICT'))])).toBe('PERMISSIVE');
  expect(modeOf([peerAuthentication('a/p', selecting({ app: 'server', tier: 'back' }, 'STRICT'))])).toBe('STRICT');
});

test('a policy with a selector in the root namespace is never applied', () => {
  expect(modeOf([peerAuthentication('istio-system/p', selecting({ app: 'server' }, 'STRICT'))])).toBe('PERMISSIVE');
});

test('a policy of another namespace doesn\'t apply', () => {
  expect(modeOf([peerAuthentication('b/n', mode('STRICT')), peerAuthentication('b/w', selecting({ app: 'server' }, 'STRICT'))])).toBe('PERMISSIVE');
});

test('portLevelMtls overrides the workload\'s mode, unless it is UNSET', () => {
  expect(modeOf([peerAuthentication('a/p', selecting({ app: 'server' }, 'STRICT', { 80: 'DISABLE' }))])).toBe('DISABLE');
  expect(modeOf([peerAuthentication('a/p', selecting({ app: 'server' }, 'STRICT', { 80: 'UNSET' }))])).toBe('STRICT');
  expect(modeOf([peerAuthentication('a/p', selecting({ app: 'server' }, 'STRICT', { 81: 'DISABLE' }))])).toBe('STRICT');
});

test('portLevelMtls refers to container ports, not Service ports', () => {
  const objects = [injected('a'), deployment('a/client'), deployment('a/server', { ports: [{ containerPort: 8080, name: 'http' }] }),
    service('a/server', [{ port: 80, targetPort: 'http' }]),
    peerAuthentication('a/p', selecting({ app: 'server' }, 'STRICT', { 80: 'DISABLE', 8080: 'PERMISSIVE' }))];
  expect(words(objects, 'a/client', 'server.a')).toEqual(['ISTIO_MUTUAL PERMISSIVE mtls']);
});

test('port modes in a namespace-wide policy have no effect', () => {
  expect(modeOf([peerAuthentication('a/p', { ...mode('STRICT'), portLevelMtls: { 80: { mode: 'DISABLE' } } })])).toBe('STRICT');
});

test.each([
  ['default', []], ['mesh', [peerAuthentication('istio-system/p', mode('STRICT'))]], ['namespace', [peerAuthentication('a/p', mode('STRICT'))]],
  ['workload', [peerAuthentication('a/p', selecting({ app: 'server' }, 'STRICT'))]], ['port', [peerAuthentication('a/p', selecting({ app: 'server' }, 'STRICT', { 80: 'DISABLE' }))]],
])('names the source of the mode: %s', (level, policies) => {
  const whole = meshOf([injected('a'), deployment('a/server'), policies]);
  expect(whole.dataPlanes.accept(whole.workloads[0], 80).enforced).toMatchObject({ level, ...(policies.length > 0 ? { by: { object: { name: 'p' } } } : {}) });
});

test('a policy can select the label that the injector adds', () => {
  expect(modeOf([peerAuthentication('a/p', selecting({ 'security.istio.io/tlsMode': 'istio' }, 'STRICT'))])).toBe('STRICT');
});
