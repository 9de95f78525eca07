import { HttpRewrite, HttpRoute, HttpRouteProps, StringMatch } from '../../../src/index';
import { schemaViolations } from '../../support/admission/schema';
import { toldOf } from '../../support/admission/webhook';
import { chartIn, only, synth } from '../../support/constructs/charts';

const HOST = 'web.shop.svc.cluster.local';
const route = [{ destination: { host: HOST } }];

function routed(props: HttpRouteProps): () => any {
  return () => {
    const chart = chartIn('shop');
    new HttpRoute(chart, 'route', { host: HOST, ...props });
    const found = only(synth(chart), 'VirtualService');
    expect([schemaViolations(found), toldOf(found.kind, found.spec)]).toEqual([[], []]);
    return found.spec.http;
  };
}

test('is written by Istio\'s names, beside the destination', () => {
  const rules = [{ matches: [{ uri: StringMatch.prefix('/api/') }], rewrite: { uri: '/', authority: 'api.example' } }];
  expect(routed({ rules, rewrite: { uriRegexRewrite: { match: '^/v(\\d+)/', rewrite: '/\\1/' } } })()).toEqual([
    { match: [{ uri: { prefix: '/api/' } }], route, rewrite: { uri: '/', authority: 'api.example' } },
    { route, rewrite: { uriRegexRewrite: { match: '^/v(\\d+)/', rewrite: '/\\1/' } } },
  ]);
});

test.each<[string, HttpRewrite]>([
  ['nothing', {}],
  ['a path twice', { uri: '/', uriRegexRewrite: { match: 'a', rewrite: 'b' } }],
  ['an expression that is none', { uriRegexRewrite: { match: '(', rewrite: 'b' } }],
  ['an expression without a replacement', { uriRegexRewrite: { match: 'a', rewrite: '' } }],
])('of %s is refused, as by istiod', (_, rewrite) => {
  expect(routed({ rewrite })).toThrow(/rewrite/i);
});

test('snapshot', () => {
  expect(routed({ rewrite: { uri: '/v2', authority: 'api.example' } })()).toMatchSnapshot();
});
