import { HttpRoute, HttpRouteMatch, HttpRouteRule, StringMatch } from '../../../src/index';
import { chartIn, only, synth } from '../../support/constructs/charts';

function http(rule: HttpRouteRule): any[] {
  const chart = chartIn('shop');
  new HttpRoute(chart, 'route', { host: 'reviews', rules: [rule] });
  return only(synth(chart), 'VirtualService').spec.http;
}

test('matches are written by Istio\'s names', () => {
  const match: HttpRouteMatch = {
    uri: StringMatch.regex('/a.*'),
    ignoreUriCase: true,
    method: StringMatch.exact('GET'),
    authority: StringMatch.prefix('shop'),
    headers: { a: StringMatch.present() },
    withoutHeaders: { b: StringMatch.exact('1') },
    queryParams: { c: StringMatch.exact('2') },
    sourceLabels: { app: 'web' },
    sourceNamespace: 'shop',
  };
  expect(http({ matches: [match] })[0].match).toEqual([{
    uri: { regex: '/a.*' },
    ignoreUriCase: true,
    method: { exact: 'GET' },
    authority: { prefix: 'shop' },
    headers: { a: {} },
    withoutHeaders: { b: { exact: '1' } },
    queryParams: { c: { exact: '2' } },
    sourceLabels: { app: 'web' },
    sourceNamespace: 'shop',
  }]);
});

describe('it refuses', () => {
  test.each<[string, HttpRouteMatch[], string]>([
    ['a rule without matches', [], 'VirtualService (test/route): http.match is empty; expected at least one match, each with a condition, because the rule would match all requests, and later rules would never apply. Fix: add a condition, or pass what the rule has to the route itself. [API037]'],
    ['a match without conditions', [{ method: StringMatch.exact('GET') }, { uri: undefined }], 'http.match is an empty entry'],
    ['a match as in Istio\'s YAML', [{ uri: { exact: '/' } as any }], 'http.match.uri is a value of type object that StringMatch didn\'t create; expected a value created by StringMatch'],
    ['a header as in Istio\'s YAML', [{ headers: { a: { exact: '/' } as any } }], 'http.match.headers.a is a value of type object'],
  ])('%s', (_, matches, message) => {
    expect(() => http({ matches })).toThrow(message);
  });
});
