import { isMisread, Outcome, outcomeOf, worst } from '../../../src/mesh/model/transport';
import { connections, deployment, destinationRule, injected, peerAuthentication, service, serviceEntry, tls } from '../../support/meshes/mesh';

const MODES = ['PERMISSIVE', 'STRICT', 'DISABLE', 'NO_PROXY'] as const;
const OPAQUE = ['TCP', 'MONGO', 'MYSQL', 'TLS', 'AUTO'] as const;

test.each([
  ['PLAINTEXT', 'http', 'plaintext', 'broken', 'plaintext', 'plaintext'],
  ['PLAINTEXT', 'tcp', 'plaintext', 'broken', 'plaintext', 'plaintext'],
  ['PLAINTEXT', 'tls', 'tls', 'broken', 'tls', 'tls'],
  ['ISTIO_MUTUAL', 'http', 'mtls', 'mtls', 'broken', 'broken'],
  ['ISTIO_MUTUAL', 'tcp', 'mtls', 'mtls', 'broken', 'broken'],
  ['ISTIO_MUTUAL', 'tls', 'mtls', 'mtls', 'broken', 'broken'],
  ['SIMPLE', 'http', 'tls', 'broken', 'tls', 'tls'],
  ['SIMPLE', 'tcp', 'tls', 'broken', 'tls', 'tls'],
  ['SIMPLE', 'tls', 'tls', 'broken', 'tls', 'tls'],
  ['MUTUAL', 'http', 'tls', 'undecided', 'tls', 'tls'],
  ['MUTUAL', 'tcp', 'tls', 'undecided', 'tls', 'tls'],
  ['MUTUAL', 'tls', 'tls', 'undecided', 'tls', 'tls'],
] as const)('the outcomes of %s with %s to PERMISSIVE, STRICT, DISABLE and no proxy', (client, kind, ...expected) => {
  for (const protocol of OPAQUE) {
    expect(MODES.map((mode) => outcomeOf(client, { mode, protocol }, kind))).toEqual(expected);
    expect(MODES.some((mode) => isMisread(client, { mode, protocol }, kind))).toBe(false);
    expect(outcomeOf(client, { mode: 'UNKNOWN', protocol }, kind)).toBe('undecided');
    expect(outcomeOf('UNKNOWN', { mode: 'PERMISSIVE', protocol }, kind)).toBe('undecided');
  }
});

test.each([
  ['PLAINTEXT', 'http', 'plaintext', 'broken', 'plaintext', 'plaintext'],
  ['ISTIO_MUTUAL', 'http', 'mtls', 'mtls', 'broken', 'broken'],
  ['SIMPLE', 'http', 'broken', 'broken', 'broken', 'tls'],
  ['MUTUAL', 'http', 'broken', 'undecided', 'broken', 'tls'],
  ['PLAINTEXT', 'tcp', 'misread', 'broken', 'misread', 'plaintext'],
  ['PLAINTEXT', 'tls', 'misread', 'broken', 'misread', 'tls'],
  ['ISTIO_MUTUAL', 'tcp', 'misread', 'misread', 'broken', 'broken'],
  ['ISTIO_MUTUAL', 'tls', 'misread', 'misread', 'broken', 'broken'],
  ['SIMPLE', 'tcp', 'misread', 'broken', 'misread', 'tls'],
  ['MUTUAL', 'tls', 'misread', 'misread', 'misread', 'tls'],
] as const)('the outcomes of %s with %s to a sidecar that expects HTTP', (client, kind, ...expected) => {
  const found = MODES.map((mode) => {
    const server = { mode, protocol: 'HTTP' } as const;
    return isMisread(client, server, kind) ? 'misread' : outcomeOf(client, server, kind);
  });
  expect(found).toEqual(expected);
  expect(MODES.filter((mode) => isMisread(client, { mode, protocol: 'HTTP' }, kind)).map((mode) => outcomeOf(client, { mode, protocol: 'HTTP' }, kind)).every((outcome) => outcome === 'broken')).toBe(true);
});

test('a call isn\'t misread if the client\'s or server\'s TLS is unknown', () => {
  expect([outcomeOf('UNKNOWN', { mode: 'STRICT', protocol: 'HTTP' }, 'tcp'), outcomeOf('PLAINTEXT', { mode: 'UNKNOWN', protocol: 'HTTP' }, 'tcp')]).toEqual(['undecided', 'undecided']);
});

test.each<[Outcome[], Outcome]>([
  [['mtls', 'mtls'], 'mtls'], [['mtls', 'tls'], 'tls'], [['plaintext', 'tls'], 'plaintext'], [['plaintext', 'undecided'], 'undecided'], [['undecided', 'broken', 'mtls'], 'broken'],
])('hops with outcomes %s have the outcome %s', (outcomes, outcome) => {
  expect(worst(outcomes.map((each) => ({ outcome: each })))).toEqual({ outcome });
});

test('returns the worst transport, of equal ones the first', () => {
  expect(worst([{ outcome: 'tls' }, { outcome: 'broken', brokenBecause: 'other-protocol' }, { outcome: 'broken' }, { outcome: 'mtls' }]).brokenBecause).toBe('other-protocol');
});

describe('a server\'s port with two protocols', () => {
  const twoServices = (...names: string[]) => [injected('a', 'b'), deployment('b/client'), deployment('a/server'), ...names.map((name, index) => service(`a/s${index}`, [{ name, port: 80, targetPort: 8080 }], { selector: { app: 'server' } }))];
  const called = (...objects: unknown[]) => connections(objects).filter(({ client }) => client.name === 'client').map(({ service: { name }, outcome }) => `${name} ${outcome}`);

  test('has the first Service\'s protocol', () => {
    expect(called(twoServices('http', 'tcp'))).toEqual(['s0 mtls', 's1 broken']);
    expect(called(twoServices('tcp', 'http'))).toEqual(['s0 mtls', 's1 mtls']);
    expect(called(twoServices('grpc', 'https'))).toEqual(['s0 mtls', 's1 broken']);
  });

  test('has two answers where a call may be HTTP or not', () => {
    expect(called(twoServices('http', 'what'))).toEqual(['s0 mtls', 's1 mtls', 's1 broken']);
    expect(called(twoServices('what', 'http'))).toEqual(['s0 mtls', 's1 mtls']);
  });

  test('names the deciding Service', () => {
    expect(connections(twoServices('http', 'tcp')).find(({ outcome }) => outcome === 'broken')!.because)
      .toEqual([{ kind: 'Service', namespace: 'a', name: 's0', field: 'spec.ports', effect: 'makes the server\'s proxy expect HTTP' }]);
  });
});

test('either of two ServiceEntry ports with the same targetPort may set the protocol', () => {
  const port = (number: number, protocol: string) => ({ number, name: `p-${number}`, protocol, targetPort: 8080 });
  const entry = (...ports: object[]) => serviceEntry('a/e', { hosts: ['x.a.example.com'], location: 'MESH_INTERNAL', resolution: 'STATIC', ports, workloadSelector: { labels: { app: 'server' } } });
  const called = (...objects: unknown[]) => connections([injected('a'), deployment('a/client'), deployment('a/server'), objects])
    .filter((one) => one.client.name === 'client' && one.service.name === 'e').map((one) => `${one.service.port} ${one.undecidedBecause ?? one.outcome}`);
  expect(called(entry(port(80, 'HTTP'), port(81, 'TCP')))).toEqual(['80 mtls', '81 ambiguous-protocol']);
  expect(called(entry(port(80, 'TCP'), port(81, 'HTTP')))).toEqual(['80 ambiguous-protocol', '81 mtls']);
  expect(called(entry(port(80, 'TCP'), port(81, 'TLS'), port(82, 'HTTP')))).toEqual(['80 ambiguous-protocol', '81 ambiguous-protocol', '82 mtls']);
  expect(called(entry(port(80, 'TCP'), port(81, 'TLS')))).toEqual(['80 mtls', '81 mtls']);
  // An earlier Service decides.
  expect(called(entry(port(80, 'HTTP'), port(81, 'TCP')), service('a/a', [{ name: 'tcp', port: 80, targetPort: 8080 }], { selector: { app: 'server' } }))).toEqual(['80 mtls', '81 mtls']);
});

describe('TLS of the application', () => {
  const outcomes = (...objects: unknown[]) => connections([injected('a'), deployment('a/client'), objects]).filter(({ client }) => client.name === 'client').map(({ clientTls, outcome }) => `${clientTls} ${outcome}`);
  const outside = (protocol: string, number = 443) => serviceEntry('a/e', { hosts: ['x.example.com'], resolution: 'DNS', ports: [{ number, name: 'p', protocol }] });

  test.each([['HTTPS', 'tls'], ['TLS', 'tls'], ['HTTP', 'plaintext'], ['TCP', 'plaintext']])('leaves for an external host on a port of %s: %s', (protocol, outcome) => {
    expect(outcomes(outside(protocol))).toEqual([`PLAINTEXT ${outcome}`]);
  });

  test('passes a sidecar that accepts plaintext, and not one that is STRICT', () => {
    const inside = (mode: string) => outcomes(deployment('a/server'), service('a/server', ['https:443']), peerAuthentication('a/p', { mtls: { mode } }));
    expect(['PERMISSIVE', 'DISABLE', 'STRICT'].map(inside)).toEqual([['ISTIO_MUTUAL mtls'], ['PLAINTEXT tls'], ['ISTIO_MUTUAL mtls']]);
  });

  test('is explained in the reasons', () => {
    const rule = destinationRule('a/d', { host: 'server', ...tls('DISABLE') });
    const [{ because }] = connections([injected('a'), deployment('a/client'), deployment('a/server'), service('a/server', ['https:443']), rule]);
    expect(because.map(({ effect }) => effect)).toEqual(['the client adds no TLS to the application\'s own']);
    expect(connections([injected('a'), deployment('a/client'), outside('TLS')])[0].because.map(({ effect }) => effect)[0]).toBe('is absent, which means outside the mesh, so auto mTLS adds no TLS to the application\'s own');
  });
});
