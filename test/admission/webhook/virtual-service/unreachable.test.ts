import { Objections } from '../../../../src/admission/objection';
import { warnOfUnreachable } from '../../../../src/admission/webhook/virtual-service/unreachable';
import { toldOf } from '../../../support/admission/webhook';

const route = [{ destination: { host: 'a' } }];
const told = (...matches: (object[] | undefined)[]) => toldOf('VirtualService', { hosts: ['a'], http: matches.map((match) => ({ match, route })) })
  .map((line) => line.replace('warning ADMIT440 spec.', ''));
const prefix = (text: string, rest: object = {}) => [{ uri: { prefix: text }, ...rest }];

test.each([
  ['different matches before a route for all requests', [prefix('/a'), prefix('/b'), undefined], []],
  ['two routes for all requests', [undefined, []], ['http[1]']],
  ['a match after a route for all requests', [undefined, prefix('/a')], ['http[1]']],
  ['a repeated match beside another', [prefix('/a'), [...prefix('/a'), ...prefix('/b')]], ['http[1].match[0]']],
  ['only repeated matches', [prefix('/a'), prefix('/a')], ['http[1]', 'http[1].match[0]']],
  ['a repeated match in one route', [[...prefix('/a'), ...prefix('/a')]], ['http[0].match[1]']],
  ['a prefix after a shorter one that covers it', [prefix('/a'), prefix('/ab')], ['http[1].match[0]']],
  ['a prefix after a longer one', [prefix('/ab'), prefix('/a')], []],
  ['an exact uri after a prefix', [prefix('/a'), [{ uri: { exact: '/ab' } }]], []],
])('warns about what is unreachable: %s', (_, matches, expected) => {
  expect(told(...matches)).toEqual(expected);
});

test.each([
  ['their names', { name: 'a' }, { name: 'b' }],
  ['empty fields', { sourceLabels: {}, gateways: [], port: 0, ignoreUriCase: false, statPrefix: '' }, {}],
  ['the order of fields', { port: 80, method: { exact: 'A' } }, { method: { exact: 'A' }, port: 80 }],
  ['the order of headers', { headers: { a: {}, b: {} } }, { headers: { b: {}, a: {} } }],
])('takes matches as equal that differ only in %s', (_, one, other) => {
  expect(told(prefix('/a', one), prefix('/a', other))).toEqual(['http[1]', 'http[1].match[0]']);
});

test.each([
  ['an empty message', { authority: {} }, {}],
  ['an empty string', { authority: { exact: '' } }, { authority: {} }],
  ['a port', { port: 80 }, {}],
])('distinguishes matches that differ in %s', (_, one, other) => {
  expect(told(prefix('/a', one), prefix('/a', other))).toEqual([]);
});

test.each([
  ['equal ports', { port: 80 }, { port: 80 }, true],
  ['a port that only the earlier has', { port: 80 }, {}, false],
  ['a method that only the later has', {}, { method: { exact: 'GET' } }, true],
  ['another method that only the later has', {}, { method: { exact: 'PUT' } }, false],
  ['a method that begins with the later\'s', { method: { exact: 'PUT' } }, { method: { exact: 'PU' } }, true],
  ['authorities of which the earlier begins with the later', { authority: { prefix: 'ab' } }, { authority: { prefix: 'a' } }, true],
  ['a prefix and an exact authority', { authority: { prefix: 'a' } }, { authority: { exact: 'a' } }, false],
  ['an authority that only the earlier has', { authority: { prefix: 'a' } }, {}, true],
  ['headers of which the earlier begins with the later', { headers: { a: { exact: 'bc' } } }, { headers: { a: { exact: 'b' } } }, true],
  ['different values of a header', { headers: { a: { exact: 'b' } } }, { headers: { a: { exact: 'c' } } }, false],
  ['different headers', { headers: { a: {} } }, { headers: { b: {} } }, false],
  ['a header that only the earlier has', { headers: { a: {} } }, {}, false],
  ['query parameters that only the earlier has', { queryParams: { a: {} } }, {}, false],
  ['withoutHeaders that only the earlier has', { withoutHeaders: { a: {} } }, {}, false],
])('compares matches by prefix as istiod does: %s', (_, earlier, later, covered) => {
  expect(told(prefix('/a', earlier), prefix('/a/b', later))).toEqual(covered ? ['http[1].match[0]'] : []);
});

test('warns about unreachable TCP and TLS routes too', () => {
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
