import { readObject } from '../../../src/mesh/inventory/object';
import { CallKind, RouteAnswer } from '../../../src/mesh/routes/route';
import { virtualServiceRoute } from '../../../src/mesh/routes/virtual-service';
import { toHost, virtualService } from '../../support/meshes/mesh';

const read = (spec: object) => virtualServiceRoute(readObject(virtualService('b/v', { hosts: ['x'], ...spec }))!);
const CLIENT = { namespace: 'a', labels: { app: 'client', tier: 'front' } };
const answer = (kind: CallKind, rules: object[], host = 'x.b.svc.cluster.local', port = 80): RouteAnswer | undefined =>
  read({ [kind]: rules })!.answer({ kind, host, port, client: CLIENT });
const hosts = (found: RouteAnswer | undefined) => found?.destinations.map(({ host }) => host.split('.')[0]).join();
const [TWO, THREE] = [toHost('two'), toHost('three')];

describe('a VirtualService', () => {
  test('is read with its hosts, conditions and destinations', () => {
    const match = [{ sourceLabels: { app: 'x' }, sourceNamespace: 'c' }, { sourceLabels: {} }, {}];
    expect(read({
      hosts: ['x', 'WWW.Example.com', '*.local'],
      exportTo: ['.'],
      http: [{ match, ...toHost('two', { port: { number: 80 }, subset: 'v1' }), mirror: { host: 'three' }, mirrors: [{ destination: { host: 'four' } }, {}] }],
      tcp: [{ match: [{ sourceNamespace: 'd' }], ...toHost('five') }],
      tls: [{ match: [{ sourceNamespace: 'e' }], ...toHost('six', { port: {} }) }],
    })).toMatchObject({
      hosts: ['x.b.svc.cluster.local', 'www.example.com', '*.local'],
      exportTo: ['.'],
      sourceLabels: [{ app: 'x' }],
      sourceNamespaces: ['c', 'd', 'e'],
      destinations: [
        { host: 'two.b.svc.cluster.local', port: 80, subset: 'v1' }, { host: 'three.b.svc.cluster.local', port: undefined, subset: undefined },
        { host: 'four.b.svc.cluster.local' }, { host: 'five.b.svc.cluster.local' }, { host: 'six.b.svc.cluster.local' },
      ],
    });
  });

  test.each([
    [{}, true], [{ gateways: [] }, true], [{ gateways: ['mesh'] }, true], [{ gateways: ['gw', 'mesh'] }, true], [{ gateways: ['gw'] }, false], [{ hosts: [] }, false], [{ hosts: undefined }, false],
  ])('%j is for sidecars: %p', (spec, expected) => {
    expect(read(spec) !== undefined).toBe(expected);
  });

  test('doesn\'t route calls of a kind without rules', () => {
    expect((['http', 'tcp', 'tls'] as const).map((kind) => answer(kind, []))).toEqual([undefined, undefined, undefined]);
  });
});

describe('weights', () => {
  const route = (...weights: (number | undefined)[]) => ({ route: weights.map((weight, index) => ({ destination: { host: 'abc'[index] }, weight })) });
  test.each([
    [[undefined], 'a'], [[0], 'a'], [[1, 1], 'a,b'], [[100, 0], 'a'], [[undefined, 1], 'b'], [['5', 1], 'a,b'], [[0, 0], ''],
  ])('%j reach %s', (weights, expected) => {
    for (const kind of ['http', 'tcp'] as const) expect(hosts(answer(kind, [route(...weights as number[])]))).toBe(expected);
  });

  test('skips a route entry without a destination', () => {
    expect(hosts(answer('http', [{ route: [{ weight: 1 }, { destination: { host: 'a' }, weight: 1 }] }]))).toBe('a');
  });
});

describe('the conditions of http rules', () => {
  test.each([
    ['none', undefined, 'two'], ['an empty list', [], 'two'], ['an empty one', [{}], 'two'],
    ['a path', [{ uri: { prefix: '/x' } }], 'two,three'], ['every path', [{ uri: { prefix: '/' } }], 'two'], ['every path, by pattern', [{ uri: { regex: '.*' } }], 'two'],
    ['one path', [{ uri: { exact: '/' } }], 'two,three'], ['an empty path', [{ uri: {} }], 'two'],
    ['headers', [{ headers: { x: { exact: 'y' } } }], 'two,three'], ['no headers', [{ headers: {} }], 'two'], ['missing headers', [{ withoutHeaders: { x: {} } }], 'two,three'],
    ['a query', [{ queryParams: { x: { exact: 'y' } } }], 'two,three'], ['a method', [{ method: { exact: 'GET' } }], 'two,three'],
    ['an authority', [{ authority: { exact: 'x' } }], 'two,three'], ['a scheme', [{ scheme: { exact: 'https' } }], 'two,three'],
    ['one of two takes all', [{ uri: { prefix: '/x' } }, {}], 'two'], ['one that is not met takes nothing', [{ uri: { prefix: '/x' } }, { port: 81 }], 'two,three'],
    ['the port', [{ port: 80 }], 'two'], ['another port', [{ port: 81 }], 'three'], ['port 0', [{ port: 0 }], 'two'],
    ['labels', [{ sourceLabels: { app: 'client' } }], 'two'], ['other labels', [{ sourceLabels: { app: 'client', tier: 'back' } }], 'three'],
    ['the namespace', [{ sourceNamespace: 'a' }], 'two'], ['another namespace', [{ sourceNamespace: 'b' }], 'three'], ['labels of another namespace', [{ sourceLabels: { app: 'client' }, sourceNamespace: 'b' }], 'three'],
    ['gateways', [{ gateways: ['gw'] }], 'three'], ['all sidecars', [{ gateways: ['gw', 'mesh'] }], 'two'],
    ['all sidecars, whatever the labels and the namespace', [{ gateways: ['mesh'], sourceLabels: { app: 'x' }, sourceNamespace: 'b' }], 'two'],
    ['all sidecars on another port', [{ gateways: ['mesh'], port: 81 }], 'three'],
  ])('%s', (_, match, expected) => {
    expect(hosts(answer('http', [{ match, ...TWO }, THREE]))).toBe(expected);
  });

  test('doesn\'t route a call that no rule matches', () => {
    expect(answer('http', [{ match: [{ port: 81 }], ...TWO }])).toBeUndefined();
  });

  test.each([
    [[{ redirect: {} }], { destinations: [], answered: true, undecided: undefined }],
    [[{ ...TWO, directResponse: {} }], { destinations: [], answered: true, undecided: undefined }],
    [[{ delegate: { name: 'd' } }], { destinations: [], answered: false, undecided: 'delegate' }],
    [[TWO], { answered: false, undecided: undefined }],
    [[{ match: [{ uri: { prefix: '/x' } }], redirect: {} }, TWO], { destinations: [{ host: 'two.b.svc.cluster.local' }], answered: true }],
    [[TWO, { delegate: {} }, { redirect: {} }], { answered: false, undecided: undefined }],
    [[{ match: [{ uri: { prefix: '/x' } }], delegate: {} }, TWO], { destinations: [{ host: 'two.b.svc.cluster.local' }], answered: false, undecided: 'delegate' }],
  ])('%j', (rules, expected) => {
    expect(answer('http', rules)).toMatchObject(expected);
  });
});

describe.each(['tcp', 'tls'] as const)('the conditions of %s rules that the client must meet', (kind) => {
  const sni = kind === 'tls' ? { sniHosts: ['*'] } : {};
  test.each([
    [{}, 'two'], [{ port: 80 }, 'two'], [{ port: 81 }, 'three'], [{ sourceLabels: { app: 'client' } }, 'two'], [{ sourceLabels: { app: 'x' } }, 'three'],
    [{ sourceNamespace: 'a' }, 'two'], [{ sourceNamespace: 'b' }, 'three'], [{ gateways: ['mesh', 'gw'] }, 'two'], [{ gateways: ['gw'] }, 'three'],
    [{ gateways: ['mesh'], sourceLabels: { app: 'x' } }, 'three'], [{ gateways: ['mesh'], sourceNamespace: 'b' }, 'three'],
  ])('%j', (match, expected) => {
    expect(hosts(answer(kind, [{ match: [{ ...sni, ...match }], ...TWO }, { match: [sni], ...THREE }]))).toBe(expected);
  });
});

describe('tcp rules', () => {
  const SUBNET = { match: [{ destinationSubnets: ['10.0.0.0/8'] }], ...TWO };
  test.each([
    ['the first without condition', [TWO, THREE], 'two', undefined],
    ['rules without route say nothing', [{ match: [{}] }, THREE], 'three', undefined],
    ['addresses only', [SUBNET], '', 'destination-subnets'],
    ['addresses first', [SUBNET, THREE], 'three', 'destination-subnets'],
    ['addresses first, and others of which one is met', [SUBNET, { match: [{ port: 81 }], ...TWO }, THREE], 'three', 'destination-subnets'],
    ['addresses last', [THREE, SUBNET], 'three', undefined],
    ['addresses of a condition that is not met', [{ match: [{ destinationSubnets: ['10.0.0.0/8'], port: 81 }], ...TWO }, THREE], 'three', undefined],
    ['any address beside some', [{ match: [{ destinationSubnets: ['10.0.0.0/8'] }, {}], ...TWO }, THREE], 'two', undefined],
  ])('%s', (_, rules, expected, undecided) => {
    const found = answer('tcp', rules)!;
    expect([hosts(found), found.undecided, found.answered]).toEqual([expected, undecided, false]);
  });

  test('doesn\'t route a call that no rule matches', () => {
    expect(answer('tcp', [{ match: [{ port: 81 }], ...TWO }])).toBeUndefined();
  });
});

describe('tls rules', () => {
  const sni = (names: string[], more: object = {}, to = TWO) => ({ match: [{ sniHosts: names, ...more }], ...to });
  const X = 'x.b.svc.cluster.local';
  test.each([
    ['the closest name', [sni(['*.local']), sni([X], {}, THREE), sni(['*'])], 'three', X],
    ['the first of equal ones', [sni(['*.local']), sni(['*.local'], {}, THREE)], 'two', '*.local'],
    ['the closest of a condition\'s names', [sni(['*.local', X, 'y'])], 'two', X],
    ['none without a route', [{ match: [{ sniHosts: [X] }] }, sni(['*'], {}, THREE)], 'three', '*'],
  ])('%s', (_, rules, expected, name) => {
    expect(answer('tls', rules)).toMatchObject({ destinations: [{ host: `${expected}.b.svc.cluster.local` }], sni: name, answered: false, undecided: undefined });
  });

  test('other SNIs match no route; a call that no port or rule matches isn\'t routed', () => {
    expect(answer('tls', [sni(['y'])])).toEqual({ destinations: [], answered: false });
    expect([answer('tls', [sni([X], { port: 81 })]), answer('tls', [TWO]), answer('tls', [{ match: [{ sniHosts: [X] }] }])]).toEqual([undefined, undefined, undefined]);
  });

  test('destinationSubnets in any matching condition leave the call undecided', () => {
    const subnets = { destinationSubnets: ['10.0.0.0/8'] };
    expect([answer('tls', [sni([X], subnets)]), answer('tls', [sni([X]), sni(['y'], subnets)]), answer('tls', [sni([X]), sni(['y'], { ...subnets, port: 81 })])].map((found) => found!.undecided))
      .toEqual(['destination-subnets', 'destination-subnets', undefined]);
  });
});
