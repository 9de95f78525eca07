import { calls, deployment, destinationRule, injected, meshConfig, service, tls, words } from '../../support/meshes/mesh';

const HOST = 'server.b.svc.cluster.local';
const world = (...more: unknown[]) => [injected('a', 'b', 'c', 'istio-system'), ['a', 'b', 'c', 'istio-system'].map((ns) => deployment(`${ns}/client`)),
  deployment('b/server'), service('b/server'), more];
/** The TLS that clients send to `b/server`. */
const sent = (rules: unknown[], client = 'a', ...more: unknown[]) => words(world(rules, more), `${client}/client`, 'server.b')[0].split(' ')[0];
const rule = (path: string, host: string, mode?: string, more = {}) => destinationRule(path, { host, ...(mode ? tls(mode) : {}), ...more });

describe('the hosts of rules', () => {
  test.each([
    ['b', 'server', 'SIMPLE'], ['a', 'server', 'ISTIO_MUTUAL'], ['b', 'server.b', 'ISTIO_MUTUAL'], ['a', HOST, 'SIMPLE'],
    ['a', '*.b.svc.cluster.local', 'SIMPLE'], ['a', '*.local', 'SIMPLE'], ['a', '*', 'SIMPLE'], ['a', '*.c.svc.cluster.local', 'ISTIO_MUTUAL'], ['a', 'er.b.svc.cluster.local', 'ISTIO_MUTUAL'],
  ])('from namespace %s: the host %s finds rules for %s', (namespace, host, expected) => {
    expect(sent([rule(`${namespace}/d`, host, 'SIMPLE')])).toBe(expected);
  });

  test('within a namespace the longest host applies', () => {
    expect(sent([rule('a/x', '*', 'DISABLE'), rule('a/y', '*.b.svc.cluster.local', 'SIMPLE'), rule('a/z', '*.cluster.local', 'DISABLE')])).toBe('SIMPLE');
    expect(sent([rule('a/x', '*.b.svc.cluster.local', 'DISABLE'), rule('a/y', HOST, 'SIMPLE')])).toBe('SIMPLE');
  });

  test('a rule for the exact host hides a wildcard rule\'s TLS, even if it sets none', () => {
    expect(sent([rule('a/x', '*', 'SIMPLE'), rule('a/y', HOST)])).toBe('ISTIO_MUTUAL');
  });
});

describe('lookup', () => {
  const [client, server, root] = [rule('a/d', '*.local', 'DISABLE'), rule('b/d', HOST, 'SIMPLE'), rule('istio-system/d', HOST, 'MUTUAL', {})];
  const mutual = destinationRule('istio-system/d', { host: HOST, ...tls('MUTUAL', { clientCertificate: '/c', privateKey: '/k' }) });

  test('the client\'s namespace precedes the service\'s, and that the root namespace', () => {
    expect(sent([client, server, mutual])).toBe('PLAINTEXT');
    expect(sent([server, mutual])).toBe('SIMPLE');
    expect(sent([mutual])).toBe('MUTUAL');
    expect(root).toBeDefined();
  });

  test('clients of the root namespace first ignore its public rules', () => {
    expect(sent([rule('istio-system/d', '*', 'DISABLE'), server], 'istio-system')).toBe('SIMPLE');
    expect(sent([rule('istio-system/d', '*', 'DISABLE', { exportTo: ['.'] }), server], 'istio-system')).toBe('PLAINTEXT');
    expect(sent([rule('istio-system/d', '*', 'DISABLE')], 'istio-system')).toBe('PLAINTEXT');
  });

  test('a private rule, or one for other namespaces, doesn\'t apply elsewhere', () => {
    expect(sent([rule('b/d', 'server', 'SIMPLE', { exportTo: ['.'] })])).toBe('ISTIO_MUTUAL');
    expect(sent([rule('b/d', 'server', 'SIMPLE', { exportTo: ['b'] })])).toBe('ISTIO_MUTUAL');
    expect(sent([rule('b/d', 'server', 'SIMPLE', { exportTo: ['c'] })])).toBe('ISTIO_MUTUAL');
    expect(sent([rule('b/d', 'server', 'SIMPLE', { exportTo: ['a', 'c'] })])).toBe('SIMPLE');
    expect(sent([rule('b/d', 'server', 'SIMPLE', { exportTo: ['.'] })], 'b')).toBe('SIMPLE');
  });

  test('a rule exported only to other namespaces doesn\'t apply in its own', () => {
    expect(sent([rule('a/d', HOST, 'SIMPLE', { exportTo: ['c'] })])).toBe('ISTIO_MUTUAL');
    expect(sent([rule('a/d', HOST, 'SIMPLE', { exportTo: ['a', 'c'] })])).toBe('SIMPLE');
  });

  test('the longest host is selected before exportTo is checked', () => {
    const hidden = rule('b/x', 'server', 'SIMPLE', { exportTo: ['c', 'b'] });
    expect(sent([hidden, rule('b/y', '*.local', 'DISABLE')])).toBe('ISTIO_MUTUAL');
    expect(sent([hidden, rule('istio-system/d', '*', 'DISABLE')])).toBe('PLAINTEXT');
    expect(sent([rule('b/x', 'server', 'SIMPLE', { exportTo: ['.'] }), rule('b/y', '*.local', 'DISABLE')])).toBe('PLAINTEXT');
  });

  test('the mesh config can make rules private', () => {
    const config = meshConfig({ defaultDestinationRuleExportTo: ['.'] });
    expect(sent([rule('b/d', 'server', 'SIMPLE')], 'a', config)).toBe('ISTIO_MUTUAL');
    expect(sent([rule('b/d', 'server', 'SIMPLE')], 'b', config)).toBe('SIMPLE');
    expect(sent([rule('b/d', 'server', 'SIMPLE', { exportTo: ['*'] })], 'a', config)).toBe('SIMPLE');
  });
});

describe('several rules for one host', () => {
  test('the first policy applies as a whole: a later rule\'s TLS is dropped', () => {
    const first = destinationRule('b/x', { host: 'server', trafficPolicy: { loadBalancer: { simple: 'RANDOM' } } });
    expect(sent([first, rule('b/y', 'server', 'SIMPLE')])).toBe('ISTIO_MUTUAL');
    expect(sent([rule('b/x', 'server'), rule('b/y', 'server', 'SIMPLE')])).toBe('SIMPLE');
  });

  test('rules with different exportTo don\'t merge, and the last applies', () => {
    expect(sent([rule('b/x', 'server', 'SIMPLE', { exportTo: ['*'] }), rule('b/y', 'server', 'DISABLE')])).toBe('PLAINTEXT');
    expect(sent([rule('b/x', 'server', 'SIMPLE'), rule('b/y', 'server', undefined, { exportTo: ['*'] })])).toBe('ISTIO_MUTUAL');
  });

  test('a rule merges into an earlier one whose exportTo is a subset of its own', () => {
    expect(sent([rule('b/x', 'server', 'SIMPLE', { exportTo: ['a'] }), rule('b/y', 'server', 'DISABLE', { exportTo: ['a', 'c'] })])).toBe('SIMPLE');
  });
});

describe('workload selectors', () => {
  const selecting = (app: string, mode?: string, path = 'a/s') => rule(path, HOST, mode, { workloadSelector: { matchLabels: { app } } });

  test('a rule that selects the client precedes one for all clients', () => {
    expect(sent([rule('a/d', HOST, 'DISABLE'), selecting('client', 'SIMPLE')])).toBe('SIMPLE');
    expect(sent([rule('a/d', HOST, 'DISABLE'), selecting('other', 'SIMPLE')])).toBe('PLAINTEXT');
  });

  test('a rule that selects others still hides the service\'s namespace', () => {
    expect(sent([selecting('other', 'DISABLE'), rule('b/d', 'server', 'SIMPLE')])).toBe('ISTIO_MUTUAL');
  });

  test('a rule with a workloadSelector applies only in its own namespace', () => {
    expect(sent([selecting('client', 'SIMPLE', 'b/s')])).toBe('ISTIO_MUTUAL');
    expect(sent([selecting('client', 'SIMPLE', 'b/s')], 'b')).toBe('SIMPLE');
  });

  test('only rules with the same selector merge', () => {
    expect(sent([selecting('client', undefined, 'a/s1'), selecting('client', 'SIMPLE', 'a/s2')])).toBe('SIMPLE');
    expect(sent([selecting('other', 'DISABLE', 'a/s1'), selecting('client', 'SIMPLE', 'a/s2')])).toBe('SIMPLE');
  });

  test('a private rule for all clients merges into one with a selector, and then applies only to the selected clients', () => {
    const everybody = rule('a/d', HOST, 'SIMPLE', { exportTo: ['.'] });
    expect(sent([selecting('other'), everybody])).toBe('ISTIO_MUTUAL');
    expect(sent([selecting('client'), everybody])).toBe('SIMPLE');
  });

  test('an empty selector selects all', () => {
    expect(sent([rule('a/s', HOST, 'SIMPLE', { workloadSelector: {} })])).toBe('SIMPLE');
  });
});

test('the port of a rule is that of the service, not of the container', () => {
  const ports = { trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, tls: { mode: 'SIMPLE' } }, { port: { number: 8080 }, tls: { mode: 'DISABLE' } }] } };
  const objects = world(destinationRule('b/d', { host: 'server', ...ports }), service('b/server', [{ port: 80, targetPort: 8080 }]));
  expect(calls(objects, 'a/client', 'server.b')).toEqual(['server.b:80 → b/server:8080 SIMPLE PERMISSIVE tls']);
});
