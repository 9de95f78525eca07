import { HttpHeaderChanges, HttpRoute, HttpRouteProps, StringMatch } from '../../../src/index';
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

test('of requests and responses are written by Istio\'s names, for each rule', () => {
  const rules = [{ matches: [{ uri: StringMatch.prefix('/api/') }], requestHeaders: { set: { 'x-team': 'a' }, add: { 'x-hop': 'b' }, remove: ['x-old'] } }];
  expect(routed({ rules, responseHeaders: { remove: ['server'] } })()).toEqual([
    { match: [{ uri: { prefix: '/api/' } }], route, headers: { request: { set: { 'x-team': 'a' }, add: { 'x-hop': 'b' }, remove: ['x-old'] } } },
    { route, headers: { response: { remove: ['server'] } } },
  ]);
});

test.each<[string, HttpHeaderChanges]>([['no changes', {}], ['empty changes', { set: {}, add: undefined, remove: [] }]])('%s are refused', (_, changes) => {
  expect(routed({ responseHeaders: changes })).toThrow(
    /http\.headers\.response is without a change; expected 'set', 'add' or 'remove', because it would do nothing\. Fix: remove 'responseHeaders', or add a header\. \[API037\]/);
  expect(routed({ requestHeaders: changes })).toThrow(/http\.headers\.request is without a change/);
});

test.each<[string, HttpRouteProps]>([
  ['of the host of responses', { responseHeaders: { set: { host: 'a' } } }],
  ['of a pseudo-header', { requestHeaders: { set: { ':path': '/' } } }],
  ['without a name', { requestHeaders: { remove: [''] } }],
  ['with a lone percent sign', { requestHeaders: { add: { a: '5%' } } }],
  ['of the host, twice', { requestHeaders: { set: { host: 'a' } }, rewrite: { authority: 'b' } }],
])('changes %s are refused, as by istiod', (_, props) => {
  expect(routed(props)).toThrow(/ADMIT\d+/);
});

test('snapshot', () => {
  expect(routed({ requestHeaders: { set: { 'x-team': 'a' } }, responseHeaders: { remove: ['server'] } })()).toMatchSnapshot();
});
