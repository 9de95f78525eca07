import { calls, connections, deployment, destinationRule, injected, mesh, mode, peerAuthentication, service, tls, toHost, virtualService } from '../../support/meshes/mesh';

const MESH = [injected('a'), deployment('a/client'), ...['one', 'two', 'three'].flatMap((name) => [deployment(`a/${name}`), service(`a/${name}`, ['http:80'])])];
const mirroring = (rule: object) => virtualService('a/v', { hosts: ['one'], http: [{ ...toHost('one'), ...rule }] });
const servers = (rule: object) => [...new Set(calls([...MESH, mirroring(rule)], 'a/client', 'one.a').map((line) => line.split(' ')[2].split(/[/:]/)[1]))];
const two = { host: 'two' };

test.each<[object, string[]]>([
  [{ mirror: two }, ['one', 'two']], [{ mirror: two, mirrorPercentage: { value: 0.1 } }, ['one', 'two']], [{ mirror: two, mirrorPercentage: { value: 0 } }, ['one']],
  [{ mirror: two, mirrorPercentage: {} }, ['one']], [{ mirror: two, mirrorPercent: 0 }, ['one']], [{ mirror: two, mirror_percent: 0 }, ['one']], [{ mirror: two, mirrorPercent: 10 }, ['one', 'two']],
  [{ mirror: two, mirrorPercentage: { value: 1 }, mirrorPercent: 0 }, ['one', 'two']],
  [{ mirrors: [{ destination: two }, { destination: { host: 'three' }, percentage: { value: 0 } }] }, ['one', 'two']],
  [{ mirrors: [{ destination: two, percentage: { value: 5 } }, { destination: { host: 'three' } }] }, ['one', 'three', 'two']],
  [{ mirror: two, redirect: { uri: '/' }, route: undefined }, ['one']],
])('requests and their copies with %j reach %j', (rule, expected) => {
  expect(servers(rule)).toEqual(expected);
});

test('a plaintext copy to a STRICT server is broken, and names the route', () => {
  const objects = [...MESH, mirroring({ mirror: two }), peerAuthentication('a/p', mode('STRICT')), destinationRule('a/d', { host: 'two', ...tls('DISABLE') })];
  const found = connections(objects).filter(({ client, requested, server }) => client.name === 'client' && requested.host.startsWith('one.') && server?.name === 'two');
  expect(found.map(({ outcome, because }) => [outcome, because[0].effect])).toEqual([['broken', 'sends copies of requests to two.a.svc.cluster.local:80']]);
});

test('a copy to a service that routes by the original address is undecided', () => {
  const objects = [injected('a'), deployment('a/client'), deployment('a/one'), service('a/one', ['http:80']), deployment('a/two'), service('a/two', ['http:80'], { clusterIP: 'None' })];
  const reasons = connections([...objects, mirroring({ mirror: two })]).filter(({ client, requested }) => client.name === 'client' && requested.host.startsWith('one.')).map(({ undecidedBecause }) => undecidedBecause);
  expect(reasons).toEqual(['mirrored', undefined]);
});

test('a destination of requests and their copies is one connection', () => {
  expect(calls([...MESH, mirroring({ mirror: { host: 'one' } })], 'a/client', 'one.a')).toHaveLength(1);
});

describe('lost mirrored copies', () => {
  const toNowhere = virtualService('a/v', { hosts: ['one'], http: [{ ...toHost('one'), mirror: { host: 'nowhere' } }] });
  const toSubset = virtualService('a/v', { hosts: ['one'], http: [{ ...toHost('one'), mirror: { host: 'one', subset: 'v2' } }] });

  test.each([['a missing host', toNowhere], ['a missing subset', toSubset]])('to %s break no call, and are counted separately', (_, route) => {
    const whole = mesh([...MESH, route]);
    const { connections: count, outcomes, lostCopies } = whole.summary();
    expect([outcomes.broken, lostCopies]).toEqual([0, 4]);
    expect(count).toBe([...whole.connections()].length);
  });

  test('don\'t hide broken calls that are routed there, whichever rule comes first', () => {
    const copying = { match: [{ uri: { prefix: '/a' } }], ...toHost('one'), mirror: { host: 'nowhere' } };
    const routed = (match: object) => ({ ...match, ...toHost('nowhere') });
    for (const http of [[copying, routed({})], [routed({ match: [{ uri: { prefix: '/b' } }] }), copying]]) {
      const whole = mesh([...MESH, virtualService('a/v', { hosts: ['one'], http })]);
      expect([whole.summary().outcomes.broken, whole.summary().lostCopies]).toEqual([4, 0]);
      const broken = [...whole.connections()].filter(({ outcome }) => outcome === 'broken');
      expect(broken.map(({ because }) => because[0].effect)).toEqual(broken.map(() => 'sends the call to nowhere.a.svc.cluster.local:80'));
    }
  });

  test('include those that the server rejects, because calls don\'t wait for them', () => {
    const refused = mesh([...MESH, mirroring({ mirror: two }), peerAuthentication('a/p', mode('STRICT')), destinationRule('a/d', { host: 'two', ...tls('DISABLE') })]);
    expect([refused.summary().outcomes.broken, refused.summary().lostCopies]).toEqual([3, 3]);
  });
});
