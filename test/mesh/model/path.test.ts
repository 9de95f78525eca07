import { readObject } from '../../../src/mesh/inventory/object';
import { Hop, unserved } from '../../../src/mesh/model/hop';
import { concerns, decisiveHop, departureOf, destinationOf, Path, pathKey, resultKey, selfOf, serverOf, straight, transportOf, unified, withLast } from '../../../src/mesh/model/path';
import { addressEndpoint, Endpoint, machineEndpoint, workloadEndpoint } from '../../../src/mesh/services/endpoint';
import { machinesListedBy } from '../../../src/mesh/services/machine';
import { calls, deployment, injected, mesh, service, serviceEntry, toHost, virtualService } from '../../support/meshes/mesh';

const { workloads: [one, other], decisions } = mesh([injected('a'), deployment('a/one'), deployment('a/other')]);
const HOP: Hop = {
  sender: decisions.senderOf(one),
  travel: 'service',
  target: { host: 'x.example.com', port: 80 },
  sent: { tls: 'ISTIO_MUTUAL', reason: 'auto-mtls' },
  received: { endpoint: workloadEndpoint(one, 80) },
  outcome: 'mtls',
};
const PATH: Path = straight(HOP);

function machineEndpointAt(address: string): Endpoint {
  return machineEndpoint(machinesListedBy(readObject(serviceEntry('a/out', { endpoints: [{ address }] }))!)[0], 80);
}


describe('paths have the same key', () => {
  test.each<[string, Partial<Hop>]>([
    ['the reason for the client\'s TLS', { sent: { ...HOP.sent, reason: 'rule' } }],
    ['whether a service or no proxy sent it', { travel: 'direct' }],
  ])('even if hops differ in %s', (_, change) => {
    expect(pathKey(straight({ ...HOP, ...change }))).toBe(pathKey(PATH));
  });

  test.each<[string, Partial<Hop>]>([
    ['to the called address', { travel: 'address' }],
    ['to another host', { target: { host: 'y.example.com', port: 80 } }],
    ['to another port', { target: { host: 'x.example.com', port: 81 } }],
    ['to a subset', { target: { host: 'x.example.com', port: 80, subset: 'v1' } }],
    ['to another workload', { received: { endpoint: workloadEndpoint(other, 80) } }],
    ['to another port of the workload', { received: { endpoint: workloadEndpoint(one, 81) } }],
    ['to no server', { received: {} }],
    ['to a machine', { received: { endpoint: machineEndpointAt('192.0.2.1') } }],
    ['to a bare address', { received: { endpoint: addressEndpoint('192.0.2.2', 80) } }],
    ['in plaintext', { sent: { ...HOP.sent, tls: 'PLAINTEXT' } }],
    ['of another outcome', { outcome: 'broken' }],
    ['of another undecided reason', { undecidedBecause: 'delegate' }],
  ])('not if one hop is %s', (_, change) => {
    expect(pathKey(straight({ ...HOP, ...change }))).not.toBe(pathKey(PATH));
  });

  test('if they except different clients, but not if one is for only one client', () => {
    expect(pathKey({ ...PATH, except: other })).toBe(pathKey(PATH));
    expect(pathKey({ ...PATH, only: one })).not.toBe(pathKey(PATH));
  });

  test('servers without an object differ by their address', () => {
    const keys = ['192.0.2.1', '192.0.2.2'].flatMap((address) => [addressEndpoint(address, 80), machineEndpointAt(`${address}0`)])
      .map((endpoint) => pathKey(straight({ ...HOP, received: { endpoint } })));
    expect(new Set(keys).size).toBe(4);
  });
});

test('a path applies to a client unless it calls itself or is excepted; a path for one client only to that client', () => {
  const who = (change: Partial<Path>) => [one, other].filter((client) => concerns({ ...PATH, ...change }, client)).map(({ name }) => name);
  const { hops: nowhere } = straight({ ...HOP, received: {} });
  expect([who({}), who({ hops: nowhere }), who({ hops: nowhere, except: one }), who({ only: other }), who({ only: one })]).toEqual([['other'], ['one', 'other'], ['other'], ['other'], []]);
});

describe('a path of several hops', () => {
  const [first, second, third]: Hop[] = ['x', 'y', 'z'].map((host) => ({ ...HOP, target: { host, port: 80 } }));

  test('can get another last hop', () => {
    const broken: Hop = { ...third, outcome: 'broken' };
    expect(withLast({ hops: [first, second, third] }, broken).hops).toEqual([first, second, broken]);
    expect(withLast(PATH, broken).hops).toEqual([broken]);
  });

  test('starts with the client\'s hop, ends at the last hop\'s server, and the first broken or else worst hop decides it', () => {
    const at = (hop: Hop, outcome: Hop['outcome'], port: number): Hop => ({ ...hop, outcome, received: { endpoint: workloadEndpoint(other, port) } });
    const path: Path = { hops: [at(first, 'plaintext', 1), at(second, 'broken', 2), at(third, 'broken', 3)] };
    expect([departureOf(path), serverOf(path).endpoint?.port, destinationOf(path).host, decisiveHop(path)]).toEqual([path.hops[0], 3, 'z', path.hops[1]]);
    expect(decisiveHop({ hops: [at(first, 'mtls', 1), at(second, 'plaintext', 2), at(third, 'plaintext', 3)] }).target.host).toBe('y');
  });

  test('has the outcome of its worst hop', () => {
    expect(transportOf({ hops: [first, { ...second, outcome: 'plaintext' }, third] }).outcome).toBe('plaintext');
    expect(transportOf(PATH)).toBe(HOP);
  });

  test('may lead back to the client', () => {
    expect([selfOf(PATH), selfOf({ hops: [first, second] })]).toEqual([one, undefined]);
    expect(concerns({ hops: [first, second] }, one)).toBe(true);
  });

  test('has a key of all its hops', () => {
    const subset = { ...first, target: { host: 'x', port: 80, subset: 'v' } };
    const hops: Path['hops'][] = [[first], [second], [first, second], [second, first], [first, first, second], [subset, second]];
    const paths: Path[] = [...hops.map((all) => ({ hops: all })), { hops: [first, second], only: other }];
    for (const keyOf of [pathKey, resultKey]) expect(new Set(paths.map(keyOf)).size).toBe(paths.length);
    expect(pathKey({ hops: [first, second] }).split('>')).toEqual([pathKey(straight(first)), pathKey(straight(second)).slice('|'.length)]);
  });
});

test('a call to an unknown server is undecided because of no-endpoints, with unknown TLS', () => {
  expect(unserved(HOP.sender, { services: [], host: 'x', port: 80 })).toMatchObject({ travel: 'service', sent: { tls: 'UNKNOWN', reason: 'no-sidecar' }, outcome: 'undecided', undecidedBecause: 'no-endpoints' });
});

test('two unified paths except a client only if both do', () => {
  expect(unified({ ...PATH, except: one }, { ...PATH, except: one }).except).toBe(one);
  expect(unified({ ...PATH, except: one }, { ...PATH, except: other })).toEqual({ ...PATH, except: undefined });
  expect([unified(PATH, { ...PATH, except: other }).except, unified({ ...PATH, except: other }, PATH).except]).toEqual([undefined, undefined]);
});

test('routes apply to a headless pod\'s calls to another pod', () => {
  const objects = [injected('a'), ['one', 'other'].map((name) => deployment(`a/${name}`, { labels: { app: 'db' } })), service('a/db', ['tcp:80'], { clusterIP: 'None' }),
    deployment('a/x'), service('a/x', ['tcp:80']), virtualService('a/v', { hosts: ['db'], tcp: [toHost('x')] })];
  for (const name of ['one', 'other']) expect(calls(objects, `a/${name}`, 'db.a').filter((line) => line.includes('x.a'))).toEqual(['x.a:80 → a/x:80 ISTIO_MUTUAL PERMISSIVE mtls']);
});
