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
  ])('with %j applies to sidecars: %p', (spec, expected) => {
    expect(read(spec) !== undefined).toBe(expected);
  });

  test('doesn\'t route calls of a kind without rules', () => {
    expect((['http', 'tcp', 'tls'] as const).map((kind) => answer(kind, []))).toEqual([undefined, undefined, undefined]);
  });
});

describe('destinations of weights', () => {
  const route = (...weights: (number | undefined)[]) => ({ route: weights.map((weight, index) => ({ destination: { host: 'abc'[index] }, weight })) });
  test.each([
    [[undefined], 'a'], [[0], 'a'], [[1, 1], 'a,b'], [[100, 0], 'a'], [[undefined, 1], 'b'], [['5', 1], 'a,b'], [[0, 0], ''],
  ])('%j get calls: %s', (weights, expected) => {
    for (const kind of ['http', 'tcp'] as const) expect(hosts(answer(kind, [route(...weights as number[])]))).toBe(expected);
  });

  test('skips a route entry without a destination', () => {
    expect(hosts(answer('http', [{ route: [{ weight: 1 }, { destination: { host: 'a' }, weight: 1 }] }]))).toBe('a');
  });
});

describe('http rules', () => {
  test.each([
    ['two without a match', undefined, 'two'], ['two with an empty list of matches', [], 'two'], ['two with an empty match', [{}], 'two'],
    ['both with a path', [{ uri: { prefix: '/x' } }], 'two,three'], ['two with prefix /', [{ uri: { prefix: '/' } }], 'two'], ['two with a regex for all paths', [{ uri: { regex: '.*' } }], 'two'],
    ['both with an exact path', [{ uri: { exact: '/' } }], 'two,three'], ['two with an empty uri', [{ uri: {} }], 'two'],
    ['both with headers', [{ headers: { x: { exact: 'y' } } }], 'two,three'], ['two with empty headers', [{ headers: {} }], 'two'], ['both with withoutHeaders', [{ withoutHeaders: { x: {} } }], 'two,three'],
    ['both with query parameters', [{ queryParams: { x: { exact: 'y' } } }], 'two,three'], ['both with a method', [{ method: { exact: 'GET' } }], 'two,three'],
    ['both with an authority', [{ authority: { exact: 'x' } }], 'two,three'], ['both with a scheme', [{ scheme: { exact: 'https' } }], 'two,three'],
    ['two if one of two matches is for all', [{ uri: { prefix: '/x' } }, {}], 'two'], ['both if the other match is for another port', [{ uri: { prefix: '/x' } }, { port: 81 }], 'two,three'],
    ['two with the port', [{ port: 80 }], 'two'], ['three with another port', [{ port: 81 }], 'three'], ['two with port 0', [{ port: 0 }], 'two'],
    ['two with the client\'s labels', [{ sourceLabels: { app: 'client' } }], 'two'], ['three with other labels', [{ sourceLabels: { app: 'client', tier: 'back' } }], 'three'],
    ['two with the client\'s namespace', [{ sourceNamespace: 'a' }], 'two'], ['three with another namespace', [{ sourceNamespace: 'b' }], 'three'], ['three with labels and another namespace', [{ sourceLabels: { app: 'client' }, sourceNamespace: 'b' }], 'three'],
    ['three with a gateway', [{ gateways: ['gw'] }], 'three'], ['two with mesh among the gateways', [{ gateways: ['gw', 'mesh'] }], 'two'],
    ['two with mesh, without regard to labels and namespace', [{ gateways: ['mesh'], sourceLabels: { app: 'x' }, sourceNamespace: 'b' }], 'two'],
    ['three with mesh and another port', [{ gateways: ['mesh'], port: 81 }], 'three'],
  ])('lead by their match to %s', (_, match, expected) => {
    expect(hosts(answer('http', [{ match, ...TWO }, THREE]))).toBe(expected);
  });

  test('don\'t route a call that no rule matches', () => {
    expect(answer('http', [{ match: [{ port: 81 }], ...TWO }])).toBeUndefined();
  });

  test.each([
    ['no destination with a redirect', [{ redirect: {} }], { destinations: [], answered: true, undecided: undefined }],
    ['no destination with a directResponse', [{ ...TWO, directResponse: {} }], { destinations: [], answered: true, undecided: undefined }],
    ['an undecided destination with a delegate', [{ delegate: { name: 'd' } }], { destinations: [], answered: false, undecided: 'delegate' }],
    ['a destination with a route', [TWO], { answered: false, undecided: undefined }],
    ['a destination after a redirect of some paths', [{ match: [{ uri: { prefix: '/x' } }], redirect: {} }, TWO], { destinations: [{ host: 'two.b.svc.cluster.local' }], answered: true }],
    ['a destination before a delegate and a redirect', [TWO, { delegate: {} }, { redirect: {} }], { answered: false, undecided: undefined }],
    ['an undecided destination after a delegate of some paths', [{ match: [{ uri: { prefix: '/x' } }], delegate: {} }, TWO], { destinations: [{ host: 'two.b.svc.cluster.local' }], answered: false, undecided: 'delegate' }],
  ])('lead to %s', (_, rules, expected) => {
    expect(answer('http', rules)).toMatchObject(expected);
  });
});

describe.each(['tcp', 'tls'] as const)('%s rules lead calls by their match', (kind) => {
  const sni = kind === 'tls' ? { sniHosts: ['*'] } : {};
  test.each([
    [{}, 'two'], [{ port: 80 }, 'two'], [{ port: 81 }, 'three'], [{ sourceLabels: { app: 'client' } }, 'two'], [{ sourceLabels: { app: 'x' } }, 'three'],
    [{ sourceNamespace: 'a' }, 'two'], [{ sourceNamespace: 'b' }, 'three'], [{ gateways: ['mesh', 'gw'] }, 'two'], [{ gateways: ['gw'] }, 'three'],
    [{ gateways: ['mesh'], sourceLabels: { app: 'x' } }, 'three'], [{ gateways: ['mesh'], sourceNamespace: 'b' }, 'three'],
  ])('%j to %s', (match, expected) => {
    expect(hosts(answer(kind, [{ match: [{ ...sni, ...match }], ...TWO }, { match: [sni], ...THREE }]))).toBe(expected);
  });
});

describe('tcp rules', () => {
  const SUBNET = { match: [{ destinationSubnets: ['10.0.0.0/8'] }], ...TWO };
  test.each([
    ['the first without a match', [TWO, THREE], 'two', undefined],
    ['the next after one without a route', [{ match: [{}] }, THREE], 'three', undefined],
    ['an undecided destination by addresses alone', [SUBNET], '', 'destination-subnets'],
    ['an undecided destination by addresses first', [SUBNET, THREE], 'three', 'destination-subnets'],
    ['an undecided destination by addresses first, before another port', [SUBNET, { match: [{ port: 81 }], ...TWO }, THREE], 'three', 'destination-subnets'],
    ['the destination before one by addresses', [THREE, SUBNET], 'three', undefined],
    ['the destination after addresses on another port', [{ match: [{ destinationSubnets: ['10.0.0.0/8'], port: 81 }], ...TWO }, THREE], 'three', undefined],
    ['the destination of a match for any address beside one for some', [{ match: [{ destinationSubnets: ['10.0.0.0/8'] }, {}], ...TWO }, THREE], 'two', undefined],
  ])('lead to %s', (_, rules, expected, undecided) => {
    const found = answer('tcp', rules)!;
    expect([hosts(found), found.undecided, found.answered]).toEqual([expected, undecided, false]);
  });

  test('don\'t route a call that no rule matches', () => {
    expect(answer('tcp', [{ match: [{ port: 81 }], ...TWO }])).toBeUndefined();
  });
});

describe('tls rules', () => {
  const sni = (names: string[], more: object = {}, to = TWO) => ({ match: [{ sniHosts: names, ...more }], ...to });
  const X = 'x.b.svc.cluster.local';
  test.each([
    ['the destination of the closest name', [sni(['*.local']), sni([X], {}, THREE), sni(['*'])], 'three', X],
    ['the first of destinations for equal names', [sni(['*.local']), sni(['*.local'], {}, THREE)], 'two', '*.local'],
    ['the destination of the closest name in a match', [sni(['*.local', X, 'y'])], 'two', X],
    ['the destination of the next rule after one without a route', [{ match: [{ sniHosts: [X] }] }, sni(['*'], {}, THREE)], 'three', '*'],
  ])('lead to %s', (_, rules, expected, name) => {
    expect(answer('tls', rules)).toMatchObject({ destinations: [{ host: `${expected}.b.svc.cluster.local` }], sni: name, answered: false, undecided: undefined });
  });

  test('lead another SNI to no destination, and don\'t route a call of another port', () => {
    expect(answer('tls', [sni(['y'])])).toEqual({ destinations: [], answered: false });
    expect([answer('tls', [sni([X], { port: 81 })]), answer('tls', [TWO]), answer('tls', [{ match: [{ sniHosts: [X] }] }])]).toEqual([undefined, undefined, undefined]);
  });

  test('leave a call undecided with destinationSubnets in a match that holds', () => {
    const subnets = { destinationSubnets: ['10.0.0.0/8'] };
    expect([answer('tls', [sni([X], subnets)]), answer('tls', [sni([X]), sni(['y'], subnets)]), answer('tls', [sni([X]), sni(['y'], { ...subnets, port: 81 })])].map((found) => found!.undecided))
      .toEqual(['destination-subnets', 'destination-subnets', undefined]);
  });
});
