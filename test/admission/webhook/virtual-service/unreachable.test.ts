import { Objections } from '../../../../src/admission/objection';
import { warnOfUnreachable } from '../../../../src/admission/webhook/virtual-service/unreachable';
import { toldOf } from '../../../support/admission/webhook';

const route = [{ destination: { host: 'a' } }];
const told = (...matches: (object[] | undefined)[]) => toldOf('VirtualService', { hosts: ['a'], http: matches.map((match) => ({ match, route })) })
  .map((line) => line.replace('warning ADMIT440 spec.', ''));
const prefix = (text: string, rest: object = {}) => [{ uri: { prefix: text }, ...rest }];

test.each([
  ['different matches, then all', [prefix('/a'), prefix('/b'), undefined], []],
  ['all twice', [undefined, []], ['http[1]']],
  ['a match behind all', [undefined, prefix('/a')], ['http[1]']],
  ['a match twice', [prefix('/a'), [...prefix('/a'), ...prefix('/b')]], ['http[1].match[0]']],
  ['only matches seen before', [prefix('/a'), prefix('/a')], ['http[1]', 'http[1].match[0]']],
  ['a match twice in a route', [[...prefix('/a'), ...prefix('/a')]], ['http[0].match[1]']],
  ['a longer prefix behind a shorter', [prefix('/a'), prefix('/ab')], ['http[1].match[0]']],
  ['a shorter prefix behind a longer', [prefix('/ab'), prefix('/a')], []],
  ['an exact uri behind a prefix', [prefix('/a'), [{ uri: { exact: '/ab' } }]], []],
])('judges %s', (_, matches, expected) => {
  expect(told(...matches)).toEqual(expected);
});

test.each([
  ['names', { name: 'a' }, { name: 'b' }],
  ['what is empty', { sourceLabels: {}, gateways: [], port: 0, ignoreUriCase: false, statPrefix: '' }, {}],
  ['the order of fields', { port: 80, method: { exact: 'A' } }, { method: { exact: 'A' }, port: 80 }],
  ['the order of headers', { headers: { a: {}, b: {} } }, { headers: { b: {}, a: {} } }],
])('takes matches for the same that differ in %s', (_, one, other) => {
  expect(told(prefix('/a', one), prefix('/a', other))).toEqual(['http[1]', 'http[1].match[0]']);
});

test.each([
  ['a message that is empty', { authority: {} }, {}],
  ['a text that is empty', { authority: { exact: '' } }, { authority: {} }],
  ['a port', { port: 80 }, {}],
])('distinguishes matches by %s', (_, one, other) => {
  expect(told(prefix('/a', one), prefix('/a', other))).toEqual([]);
});

test.each([
  ['the port', { port: 80 }, { port: 80 }, true],
  ['another port', { port: 80 }, {}, false],
  ['the default method', {}, { method: { exact: 'GET' } }, true],
  ['another method', {}, { method: { exact: 'PUT' } }, false],
  ['the beginning of the method', { method: { exact: 'PUT' } }, { method: { exact: 'PU' } }, true],
  ['the authority', { authority: { prefix: 'ab' } }, { authority: { prefix: 'a' } }, true],
  ['another authority', { authority: { prefix: 'a' } }, { authority: { exact: 'a' } }, false],
  ['any authority', { authority: { prefix: 'a' } }, {}, true],
  ['the headers', { headers: { a: { exact: 'bc' } } }, { headers: { a: { exact: 'b' } } }, true],
  ['other values of headers', { headers: { a: { exact: 'b' } } }, { headers: { a: { exact: 'c' } } }, false],
  ['other headers', { headers: { a: {} } }, { headers: { b: {} } }, false],
  ['fewer headers', { headers: { a: {} } }, {}, false],
  ['other query parameters', { queryParams: { a: {} } }, {}, false],
  ['other headers that are missing', { withoutHeaders: { a: {} } }, {}, false],
])('compares prefixes by %s, as istiod does', (_, earlier, later, covered) => {
  expect(told(prefix('/a', earlier), prefix('/a/b', later))).toEqual(covered ? ['http[1].match[0]'] : []);
});

test('also warns about unreachable TCP and TLS routes', () => {
  const spec = { hosts: ['a'], tcp: [{ route }, { match: [{ port: 80 }], route }], tls: [{ match: [{ sniHosts: ['a'] }], route }, { match: [{ sniHosts: ['a'] }], route }] };
  expect(toldOf('VirtualService', spec)).toEqual(['warning ADMIT440 spec.tcp[1]', 'warning ADMIT440 spec.tls[1]', 'warning ADMIT440 spec.tls[1].match[0]']);
});

test('reports at most five earlier matches that cover a match', () => {
  const earlier = Array.from({ length: 30 }, (_, index) => prefix('/a', { sourceLabels: { app: `a${index}` } }));
  expect(told(...earlier, prefix('/ab'))).toEqual(Array(5).fill('http[30].match[0]'));
});

test('compares a match only with those that have the same headers and a covering prefix', () => {
  let compared = 0;
  const counted = (text: string, header: string) => [Object.defineProperty({ uri: { prefix: text }, headers: { [header]: { exact: 'a' } } }, 'method', {
    enumerable: true,
    get: () => {
      compared++;
      return undefined;
    },
  })];
  const routes = Array.from({ length: 300 }, (_, index) => ({ match: counted(index % 2 ? `/a${index}/` : '/', `x-${index % 150}`), route }));
  warnOfUnreachable(new Objections(), routes);
  expect(compared).toBeLessThan(300 * 8);
});
