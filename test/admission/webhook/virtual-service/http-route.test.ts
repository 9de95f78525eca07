import { toldOf } from '../../../support/admission/webhook';

const route = [{ destination: { host: 'reviews' } }];
const told = (http: object) => toldOf('VirtualService', { hosts: ['reviews'], http: [http] }).map((line) => line.replace('spec.http[0]', 'http'));
const toldDelegate = (http: object) => toldOf('VirtualService', { http: [http] }).map((line) => line.replace('spec.http[0]', 'http'));

test.each([
  ['nothing', {}, ['ADMIT432 http']],
  ['no destination', { route: [] }, ['ADMIT432 http']],
  ['a route', { route }, []],
  ['a redirect', { redirect: { uri: '/' } }, []],
  ['a response', { directResponse: { status: 503 } }, []],
  ['a redirect beside all else', { redirect: { uri: '/' }, route, fault: { abort: {} }, rewrite: { uri: '/' }, directResponse: { status: 503 } },
    ['ADMIT433 http.directResponse', 'ADMIT433 http.fault', 'ADMIT433 http.rewrite', 'ADMIT433 http.route']],
  ['a response beside all else', { directResponse: { status: 503 }, route, fault: { abort: {} }, rewrite: { uri: '/' } },
    ['ADMIT433 http.fault', 'ADMIT433 http.rewrite', 'ADMIT433 http.route']],
  ['two ways to mirror', { route, mirror: { host: 'a' }, mirrors: [{ destination: { host: 'b' } }] }, ['ADMIT433 http.mirrors']],
  ['one way to mirror', { route, mirror: { host: 'a' }, mirrors: [] }, []],
  ['a delegate', { delegate: { name: 'a' }, route: [] }, []],
  ['a delegate beside all else', { delegate: { name: 'a' }, route, redirect: { uri: '/' } }, ['ADMIT433 http.redirect', 'ADMIT433 http.route']],
])('checks a route\'s actions: %s', (_, http, expected) => {
  expect(told(http)).toEqual(expected);
});

test('refuses a delegate of a delegate', () => {
  expect(toldDelegate({ delegate: { name: 'a' }, route })).toEqual(['ADMIT431 http.delegate']);
});

test.each([
  ['a wildcard', { host: '*.b' }, []],
  ['everything', { host: '*' }, ['ADMIT401 http.route[0].destination.host']],
  ['no name', { host: '' }, ['ADMIT400 http.route[0].destination.host']],
  ['an address', { host: '10.0.0.1' }, ['ADMIT400 http.route[0].destination.host']],
  ['a bad subset', { host: 'a', subset: 'a.b' }, ['ADMIT409 http.route[0].destination.subset']],
  ['an empty subset', { host: 'a', subset: '' }, []],
  ['no port number', { host: 'a', port: {} }, ['ADMIT403 http.route[0].destination.port.number']],
])('judges a destination: %s', (_, destination, expected) => {
  expect(told({ route: [{ destination }] })).toEqual(expected);
});

test.each([
  ['one of 0', [0], []],
  ['0 and 1', [0, 1], []],
  ['none of two', [undefined, undefined], ['ADMIT445 http.route']],
  ['negative', [-1, 101], ['ADMIT445 http.route[0].weight']],
  ['0 by an overflow of 32 bits, as istiod adds', [2147483647, 2147483647, 2], ['ADMIT445 http.route']],
])('judges weights: %s', (_, weights, expected) => {
  expect(told({ route: weights.map((weight) => ({ destination: { host: 'a' }, weight })) })).toEqual(expected);
});

test('judges a timeout', () => {
  expect(told({ route, timeout: '1.5ms' })).toEqual(['ADMIT404 http.timeout']);
});

test.each([
  ['the deprecated percentage', { mirrorPercent: 10 }, ['warning ADMIT416 http.mirrorPercent']],
  ['0 of it', { mirror_percent: 0 }, ['warning ADMIT416 http.mirror_percent']],
  ['null of it', { mirrorPercent: null }, []],
  ['too much of it', { mirrorPercent: 101 }, ['ADMIT405 http.mirrorPercent', 'warning ADMIT416 http.mirrorPercent']],
  ['too much', { mirrorPercentage: { value: 100.1 } }, ['ADMIT405 http.mirrorPercentage.value']],
  ['too little', { mirrorPercentage: { value: -0.1 } }, ['ADMIT405 http.mirrorPercentage.value']],
  ['a tiny share', { mirrorPercentage: { value: 0.00001 } }, []],
  ['a bad host', { mirror: { host: 'a_b' } }, ['ADMIT400 http.mirror.host']],
  ['bad mirrors', { mirrors: [{ destination: { host: '*' }, percentage: { value: 101 } }, { destination: { host: 'b' }, percentage: { value: -1 } }] },
    ['ADMIT401 http.mirrors[0].destination.host', 'ADMIT405 http.mirrors[0].percentage.value', 'ADMIT405 http.mirrors[1].percentage.value']],
])('judges mirrors: %s', (_, mirror, expected) => {
  expect(told({ route, ...mirror })).toEqual(expected);
});

test.each([
  ['a uri', { uri: '/' }, []],
  ['a port', { port: 0 }, []],
  ['a derived port', { derivePort: 'FROM_REQUEST_PORT' }, []],
  ['nowhere', { redirectCode: 301 }, ['ADMIT444 http.redirect']],
  ['two places', { uri: '/', prefixRewrite: '/' }, ['ADMIT444 http.redirect.prefixRewrite']],
  ['an exact match\'s prefix', { prefixRewrite: '/' }, ['ADMIT444 http.redirect.prefixRewrite']],
  ['a code of success', { uri: '/', redirectCode: 200 }, ['ADMIT444 http.redirect.redirectCode']],
  ['a code of failure', { uri: '/', redirectCode: 400 }, ['ADMIT444 http.redirect.redirectCode']],
  ['the first code', { uri: '/', redirectCode: 300 }, []],
  ['the last code', { uri: '/', redirectCode: 399 }, []],
  ['a bad scheme', { scheme: 'HTTP' }, ['ADMIT444 http.redirect.scheme']],
  ['a good scheme', { scheme: 'https' }, []],
  ['a bad port', { port: 65536 }, ['ADMIT403 http.redirect.port']],
])('judges a redirect to %s', (_, redirect, expected) => {
  expect(told({ redirect, match: [{ uri: { exact: '/a' } }] })).toEqual(expected);
});

test('admits a redirect of prefixes where all uris match by prefix', () => {
  expect(told({ redirect: { prefixRewrite: '/' }, match: [{ uri: { prefix: '/a' } }, { port: 80 }] })).toEqual([]);
  expect(told({ redirect: { uri: '/', prefixRewrite: '/' }, match: [{ uri: { prefix: '/a' } }] })).toEqual(['ADMIT444 http.redirect.prefixRewrite']);
  expect(told({ redirect: { prefixRewrite: '/' }, match: [{ uri: {} }] })).toEqual(['ADMIT444 http.redirect.prefixRewrite']);
});

test.each([
  ['a uri', { uri: '/' }, []],
  ['an authority', { authority: 'a' }, []],
  ['a regex', { uriRegexRewrite: { match: 'a+', rewrite: '\\1' } }, []],
  ['nothing', {}, ['ADMIT444 http.rewrite']],
  ['two forms', { uri: '/', uriRegexRewrite: { match: 'a', rewrite: 'b' } }, ['ADMIT444 http.rewrite.uriRegexRewrite']],
  ['a regex without rewrite', { uriRegexRewrite: { match: 'a' } }, ['ADMIT444 http.rewrite.uriRegexRewrite.rewrite']],
  ['a regex without match', { uriRegexRewrite: { rewrite: 'a' } }, ['ADMIT444 http.rewrite.uriRegexRewrite.match']],
  ['a bad regex', { uriRegexRewrite: { match: '(', rewrite: 'a' } }, ['ADMIT411 http.rewrite.uriRegexRewrite.match']],
])('judges a rewrite to %s', (_, rewrite, expected) => {
  expect(told({ route, rewrite })).toEqual(expected);
});

test.each([
  ['a small body', { status: 200, body: { string: 'a'.repeat(102400) } }, []],
  ['a large body', { status: 200, body: { string: `${'ä'.repeat(51200)}a` } }, ['warning ADMIT443 http.directResponse.body.string']],
  ['a large body in base64', { status: 200, body: { bytes: Buffer.alloc(102401).toString('base64') } }, ['warning ADMIT443 http.directResponse.body.bytes']],
  ['the largest body', { status: 200, body: { string: 'a'.repeat(1048576) } }, ['warning ADMIT443 http.directResponse.body.string']],
  ['a huge body', { status: 200, body: { string: 'a'.repeat(1048577) } }, ['ADMIT443 http.directResponse.body.string']],
  ['a low status', { status: 199 }, ['ADMIT443 http.directResponse.status']],
  ['a high status', { status: 601 }, ['ADMIT443 http.directResponse.status']],
  ['the status 600, which istiod lets pass', { status: 600 }, []],
])('judges an own response: %s', (_, directResponse, expected) => {
  expect(told({ directResponse })).toEqual(expected);
});

test.each([
  ['nothing', {}, []],
  ['attempts', { attempts: 1, retryOn: '5xx,503,connect-failure,unavailable,+200', perTryTimeout: '1s', backoff: '1s' }, []],
  ['negative attempts', { attempts: -1, retryOn: '5xx' }, ['ADMIT412 http.retries.attempts']],
  ['conditions without attempts', { attempts: 0, retryOn: '5xx' }, ['ADMIT429 http.retries.attempts']],
  ['a timeout without attempts', { perTryTimeout: '1s' }, ['ADMIT429 http.retries.attempts']],
  ['localities without attempts', { retryRemoteLocalities: false }, ['ADMIT429 http.retries.attempts']],
  ['null without attempts', { retryRemoteLocalities: null, retryOn: '' }, []],
  ['short times', { attempts: 1, perTryTimeout: '1ns', backoff: '1ns' }, ['ADMIT404 http.retries.backoff', 'ADMIT404 http.retries.perTryTimeout']],
  ['a space', { attempts: 1, retryOn: '5xx, reset' }, ['ADMIT442 http.retries.retryOn']],
  ['unknown statuses', { attempts: 1, retryOn: '306,418,425,509,600' }, ['ADMIT442 http.retries.retryOn', 'ADMIT442 http.retries.retryOn', 'ADMIT442 http.retries.retryOn']],
  ['a lone comma', { attempts: 1, retryOn: ',' }, ['ADMIT442 http.retries.retryOn', 'ADMIT442 http.retries.retryOn']],
])('judges retries: %s', (_, retries, expected) => {
  expect(told({ route, retries })).toEqual(expected);
});

test.each([
  ['nothing', {}, ['ADMIT413 http.fault']],
  ['an abort without an error, of which istiod drops its warning', { abort: {} }, []],
  ['statuses', { abort: { httpStatus: 500, percentage: { value: 0.0001 } } }, []],
  ['a bad status', { abort: { httpStatus: 199 } }, ['ADMIT443 http.fault.abort.httpStatus']],
  ['a gRPC status', { abort: { grpcStatus: 'UNAVAILABLE' } }, []],
  ['a small gRPC status', { abort: { grpcStatus: 'unavailable' } }, ['ADMIT442 http.fault.abort.grpcStatus']],
  ['an HTTP/2 error', { abort: { http2Error: 'CANCEL' } }, ['ADMIT442 http.fault.abort.http2Error']],
  ['no share', { abort: { httpStatus: 500, percentage: { value: 0 } } }, []],
  ['too small a share', { abort: { httpStatus: 500, percentage: { value: 0.00009 } } }, ['ADMIT405 http.fault.abort.percentage.value']],
  ['too great a share', { delay: { fixedDelay: '1s', percentage: { value: 100.1 } } }, ['ADMIT405 http.fault.delay.percentage.value']],
  ['a negative share', { delay: { percentage: { value: -1 } } }, ['ADMIT405 http.fault.delay.percentage.value']],
  ['a short delay', { delay: { fixedDelay: '0s' } }, ['ADMIT404 http.fault.delay.fixedDelay']],
  ['a growing delay', { delay: { exponentialDelay: '1ns' } }, ['ADMIT404 http.fault.delay.exponentialDelay', 'ADMIT442 http.fault.delay.exponentialDelay']],
])('judges a fault: %s', (_, fault, expected) => {
  expect(told({ route, fault })).toEqual(expected);
});

test.each([
  ['nothing', {}, []],
  ['all', { allowOrigins: [{ exact: '*' }], allowMethods: ['GET', '*'], allowHeaders: ['*', 'x-a'], exposeHeaders: ['a,b'], maxAge: '1m' }, []],
  ['an empty origin', { allowOrigins: [{ exact: '' }, { prefix: '' }, { regex: '' }, {}] },
    ['ADMIT439 http.corsPolicy.allowOrigins[0].exact', 'ADMIT439 http.corsPolicy.allowOrigins[1].prefix',
      'ADMIT439 http.corsPolicy.allowOrigins[2].regex', 'ADMIT439 http.corsPolicy.allowOrigins[3]']],
  ['a bad regex', { allowOrigins: [{ regex: '*' }] }, ['ADMIT411 http.corsPolicy.allowOrigins[0].regex']],
  ['a small method', { allowMethods: ['get'] }, ['ADMIT442 http.corsPolicy.allowMethods[0]']],
  ['bad headers', { allowHeaders: ['a b'], exposeHeaders: ['', ':path'] },
    ['ADMIT437 http.corsPolicy.allowHeaders[0]', 'ADMIT437 http.corsPolicy.exposeHeaders[0]', 'ADMIT437 http.corsPolicy.exposeHeaders[1]']],
  ['a part of a second', { maxAge: '1.5s' }, ['ADMIT404 http.corsPolicy.maxAge']],
  ['no time', { maxAge: '0s' }, ['ADMIT404 http.corsPolicy.maxAge']],
])('judges CORS: %s', (_, corsPolicy, expected) => {
  expect(told({ route, corsPolicy })).toEqual(expected);
});
