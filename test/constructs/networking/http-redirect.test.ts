import { Duration } from 'cdk8s';
import {
  Backend, HttpAction, HttpFault, HttpRedirect, HttpRoute, HttpRouteProps, RedirectPort, RedirectScheme, Services,
  StringMatch,
} from '../../../src/index';
import { schemaViolations } from '../../support/admission/schema';
import { toldOf } from '../../support/admission/webhook';
import { chartIn, only, synth } from '../../support/constructs/charts';

const HOST = 'web.shop.svc.cluster.local';

function routed(props: HttpRouteProps): () => any {
  return () => {
    const chart = chartIn('shop');
    new HttpRoute(chart, 'route', { host: HOST, ...props });
    const route = only(synth(chart), 'VirtualService');
    expect([schemaViolations(route), toldOf(route.kind, route.spec)]).toEqual([[], []]);
    return route.spec.http;
  };
}

test('is written by Istio\'s names, without a destination', () => {
  const redirect: HttpRedirect = { uri: '/new', authority: 'shop.example', scheme: RedirectScheme.HTTPS, port: 8443, redirectCode: 308 };
  expect(routed({ redirect })()).toEqual([{ redirect: { uri: '/new', authority: 'shop.example', scheme: 'https', port: 8443, redirectCode: 308 } }]);
});

test('is for the requests of a rule, and others are forwarded', () => {
  const rules = [
    { matches: [{ uri: StringMatch.prefix('/old/') }], redirect: { prefixRewrite: '/new/' } },
    { matches: [{ port: 80 }], redirect: { scheme: RedirectScheme.HTTPS, derivePort: RedirectPort.FROM_PROTOCOL_DEFAULT } },
  ];
  expect(routed({ rules, timeout: Duration.seconds(1) })()).toEqual([
    { match: [{ uri: { prefix: '/old/' } }], redirect: { prefixRewrite: '/new/' } },
    { match: [{ port: 80 }], redirect: { scheme: 'https', derivePort: 'FROM_PROTOCOL_DEFAULT' } },
    { route: [{ destination: { host: HOST } }], timeout: '1s' },
  ]);
});

test('may change headers of its response', () => {
  expect(routed({ redirect: { uri: '/' }, responseHeaders: { set: { 'cache-control': 'no-store' } } })()).toEqual([
    { redirect: { uri: '/' }, headers: { response: { set: { 'cache-control': 'no-store' } } } },
  ]);
});

describe('stands alone', () => {
  const backend = Backend.service(Services.named('shop', 'web', 80));
  const ignored = 'a redirected request isn\'t forwarded';
  test.each<[keyof HttpAction, HttpAction, string]>([
    ['to', { to: [backend] }, 'istiod rejects the combination'],
    ['faults', { faults: [HttpFault.abort(503, 1)] }, 'istiod rejects the combination'],
    ['rewrite', { rewrite: { uri: '/' } }, 'istiod rejects the combination'],
    ['requestHeaders', { requestHeaders: { remove: ['a'] } }, ignored],
    ['mirrors', { mirrors: [backend] }, ignored],
    ['timeout', { timeout: Duration.seconds(1) }, ignored],
    ['retries', { retries: { attempts: 1 } }, ignored],
  ])('without %s', (name, action, because) => {
    const error = new RegExp(`http\\.redirect is given together with '${name}'; expected only one of them, because .*${because}\\. Fix: remove '${name}', or redirect in a rule of its own\\. \\[API037\\]`);
    const redirect = { uri: '/new' };
    expect(routed({ redirect, ...action })).toThrow(error);
    expect(routed({ rules: [{ matches: [{ port: 80 }], redirect, ...action }] })).toThrow(error);
    expect(routed({ rules: [{ matches: [{ port: 80 }], redirect }], ...action })).not.toThrow();
  });
});

test.each<[string, HttpRedirect, RegExp]>([
  ['no target', {}, /redirect.* without a target/],
  ['only a status', { redirectCode: 302 }, /redirect.* without a target/],
  ['a path and a prefix', { uri: '/', prefixRewrite: '/' }, /prefixRewrite/],
  ['a status for which istiod makes no route', { uri: '/', redirectCode: 300 }, /http\.redirect\.redirectCode is 300; expected one of 301, 302, 303, 307, 308.*\[API037\]/],
  ['two ports', { port: 80, derivePort: RedirectPort.FROM_REQUEST_PORT }, /http\.redirect\.derivePort is given together with 'port'.*\[API037\]/],
  ['another scheme', { scheme: 'ftp' as any }, /http\.redirect\.scheme is 'ftp'; expected one of http, https.*\[API016\]/],
  ['an unknown port', { derivePort: 'FROM_REQUEST' as any }, /http\.redirect\.derivePort is 'FROM_REQUEST'; expected one of FROM_PROTOCOL_DEFAULT, FROM_REQUEST_PORT.*\[API016\]/],
  ['a port out of range', { port: 70000 }, /port/],
])('with %s is refused', (_, redirect, error) => {
  expect(routed({ redirect })).toThrow(error);
});

test('of a prefix is refused where a rule matches a whole path', () => {
  expect(routed({ rules: [{ matches: [{ uri: StringMatch.exact('/old') }], redirect: { prefixRewrite: '/new' } }] })).toThrow(/prefixRewrite/);
});

test.each([301, 302, 303, 307, 308])('may have status %d', (redirectCode) => {
  expect(routed({ redirect: { uri: '/', redirectCode } })()).toEqual([{ redirect: { uri: '/', redirectCode } }]);
});

test('snapshot', () => {
  expect(routed({
    rules: [{ matches: [{ uri: StringMatch.prefix('/v1/') }], redirect: { prefixRewrite: '/v2/', redirectCode: 302 } }],
    redirect: { scheme: RedirectScheme.HTTPS, derivePort: RedirectPort.FROM_PROTOCOL_DEFAULT },
  })()).toMatchSnapshot();
});
