import { toldOf } from '../../../support/admission/webhook';

const route = [{ destination: { host: 'reviews' } }];
const told = (http: object) => toldOf('VirtualService', { hosts: ['reviews'], http: [http] }).map((line) => line.replace('spec.http[0]', 'http'));
const toldDelegate = (http: object) => toldOf('VirtualService', { http: [http] }).map((line) => line.replace('spec.http[0]', 'http'));

test.each([
  ['no action', {}, ['ADMIT432 http']],
  ['an empty list of destinations', { route: [] }, ['ADMIT432 http']],
  ['a route', { route }, []],
  ['a redirect', { redirect: { uri: '/' } }, []],
  ['a directResponse', { directResponse: { status: 503 } }, []],
  ['a redirect beside other actions', { redirect: { uri: '/' }, route, fault: { abort: {} }, rewrite: { uri: '/' }, directResponse: { status: 503 } },
    ['ADMIT433 http.directResponse', 'ADMIT433 http.fault', 'ADMIT433 http.rewrite', 'ADMIT433 http.route']],
  ['a directResponse beside other actions', { directResponse: { status: 503 }, route, fault: { abort: {} }, rewrite: { uri: '/' } },
    ['ADMIT433 http.fault', 'ADMIT433 http.rewrite', 'ADMIT433 http.route']],
  ['mirror beside mirrors', { route, mirror: { host: 'a' }, mirrors: [{ destination: { host: 'b' } }] }, ['ADMIT433 http.mirrors']],
  ['mirror beside an empty mirrors', { route, mirror: { host: 'a' }, mirrors: [] }, []],
  ['a delegate', { delegate: { name: 'a' }, route: [] }, []],
  ['a delegate beside other actions', { delegate: { name: 'a' }, route, redirect: { uri: '/' } }, ['ADMIT433 http.redirect', 'ADMIT433 http.route']],
])('checks a route\'s actions: %s', (_, http, expected) => {
  expect(told(http)).toEqual(expected);
});

test('rejects a delegate of a delegate', () => {
  expect(toldDelegate({ delegate: { name: 'a' }, route })).toEqual(['ADMIT431 http.delegate']);
});

test.each([
  ['a wildcard', { host: '*.b' }, []],
  ['the host *', { host: '*' }, ['ADMIT401 http.route[0].destination.host']],
  ['an empty host', { host: '' }, ['ADMIT400 http.route[0].destination.host']],
  ['an IP address', { host: '10.0.0.1' }, ['ADMIT400 http.route[0].destination.host']],
  ['an invalid subset', { host: 'a', subset: 'a.b' }, ['ADMIT409 http.route[0].destination.subset']],
  ['an empty subset', { host: 'a', subset: '' }, []],
  ['a port without a number', { host: 'a', port: {} }, ['ADMIT403 http.route[0].destination.port.number']],
])('checks a destination: %s', (_, destination, expected) => {
  expect(told({ route: [{ destination }] })).toEqual(expected);
});

test.each([
  ['one destination with weight 0', [0], []],
  ['0 and 1', [0, 1], []],
  ['two destinations without weights', [undefined, undefined], ['ADMIT445 http.route']],
  ['a negative weight', [-1, 101], ['ADMIT445 http.route[0].weight']],
  ['a sum that overflows 32 bits to 0, as istiod adds', [2147483647, 2147483647, 2], ['ADMIT445 http.route']],
])('checks weights: %s', (_, weights, expected) => {
  expect(told({ route: weights.map((weight) => ({ destination: { host: 'a' }, weight })) })).toEqual(expected);
});

test('checks a timeout', () => {
  expect(told({ route, timeout: '1.5ms' })).toEqual(['ADMIT404 http.timeout']);
});

test.each([
  ['the deprecated mirrorPercent', { mirrorPercent: 10 }, ['warning ADMIT416 http.mirrorPercent']],
  ['mirror_percent 0', { mirror_percent: 0 }, ['warning ADMIT416 http.mirror_percent']],
  ['mirrorPercent null', { mirrorPercent: null }, []],
  ['mirrorPercent over 100', { mirrorPercent: 101 }, ['ADMIT405 http.mirrorPercent', 'warning ADMIT416 http.mirrorPercent']],
  ['mirrorPercentage over 100', { mirrorPercentage: { value: 100.1 } }, ['ADMIT405 http.mirrorPercentage.value']],
  ['a negative mirrorPercentage', { mirrorPercentage: { value: -0.1 } }, ['ADMIT405 http.mirrorPercentage.value']],
  ['a very small mirrorPercentage', { mirrorPercentage: { value: 0.00001 } }, []],
  ['an invalid host', { mirror: { host: 'a_b' } }, ['ADMIT400 http.mirror.host']],
  ['invalid mirrors', { mirrors: [{ destination: { host: '*' }, percentage: { value: 101 } }, { destination: { host: 'b' }, percentage: { value: -1 } }] },
    ['ADMIT401 http.mirrors[0].destination.host', 'ADMIT405 http.mirrors[0].percentage.value', 'ADMIT405 http.mirrors[1].percentage.value']],
])('checks mirrors: %s', (_, mirror, expected) => {
  expect(told({ route, ...mirror })).toEqual(expected);
});

test.each([
  ['a uri', { uri: '/' }, []],
  ['a port', { port: 0 }, []],
  ['a derived port', { derivePort: 'FROM_REQUEST_PORT' }, []],
  ['no target', { redirectCode: 301 }, ['ADMIT444 http.redirect']],
  ['uri beside prefixRewrite', { uri: '/', prefixRewrite: '/' }, ['ADMIT444 http.redirect.prefixRewrite']],
  ['prefixRewrite with an exact match', { prefixRewrite: '/' }, ['ADMIT444 http.redirect.prefixRewrite']],
  ['a code of success', { uri: '/', redirectCode: 200 }, ['ADMIT444 http.redirect.redirectCode']],
  ['a code of failure', { uri: '/', redirectCode: 400 }, ['ADMIT444 http.redirect.redirectCode']],
  ['code 300', { uri: '/', redirectCode: 300 }, []],
  ['code 399', { uri: '/', redirectCode: 399 }, []],
  ['a scheme in upper case', { scheme: 'HTTP' }, ['ADMIT444 http.redirect.scheme']],
  ['a valid scheme', { scheme: 'https' }, []],
  ['an invalid port', { port: 65536 }, ['ADMIT403 http.redirect.port']],
])('checks a redirect with %s', (_, redirect, expected) => {
  expect(told({ redirect, match: [{ uri: { exact: '/a' } }] })).toEqual(expected);
});

test('accepts prefixRewrite in a redirect if all uris match by prefix', () => {
  expect(told({ redirect: { prefixRewrite: '/' }, match: [{ uri: { prefix: '/a' } }, { port: 80 }] })).toEqual([]);
  expect(told({ redirect: { uri: '/', prefixRewrite: '/' }, match: [{ uri: { prefix: '/a' } }] })).toEqual(['ADMIT444 http.redirect.prefixRewrite']);
  expect(told({ redirect: { prefixRewrite: '/' }, match: [{ uri: {} }] })).toEqual(['ADMIT444 http.redirect.prefixRewrite']);
});

test.each([
  ['a uri', { uri: '/' }, []],
  ['an authority', { authority: 'a' }, []],
  ['a regex', { uriRegexRewrite: { match: 'a+', rewrite: '\\1' } }, []],
  ['no target', {}, ['ADMIT444 http.rewrite']],
  ['uri beside uriRegexRewrite', { uri: '/', uriRegexRewrite: { match: 'a', rewrite: 'b' } }, ['ADMIT444 http.rewrite.uriRegexRewrite']],
  ['a regex without rewrite', { uriRegexRewrite: { match: 'a' } }, ['ADMIT444 http.rewrite.uriRegexRewrite.rewrite']],
  ['a regex without match', { uriRegexRewrite: { rewrite: 'a' } }, ['ADMIT444 http.rewrite.uriRegexRewrite.match']],
  ['an invalid regex', { uriRegexRewrite: { match: '(', rewrite: 'a' } }, ['ADMIT411 http.rewrite.uriRegexRewrite.match']],
])('checks a rewrite with %s', (_, rewrite, expected) => {
  expect(told({ route, rewrite })).toEqual(expected);
});

test.each([
  ['a body of 100 KiB', { status: 200, body: { string: 'a'.repeat(102400) } }, []],
  ['a body over 100 KiB', { status: 200, body: { string: `${'ä'.repeat(51200)}a` } }, ['warning ADMIT443 http.directResponse.body.string']],
  ['a body over 100 KiB in base64', { status: 200, body: { bytes: Buffer.alloc(102401).toString('base64') } }, ['warning ADMIT443 http.directResponse.body.bytes']],
  ['a body of 1 MiB', { status: 200, body: { string: 'a'.repeat(1048576) } }, ['warning ADMIT443 http.directResponse.body.string']],
  ['a body over 1 MiB', { status: 200, body: { string: 'a'.repeat(1048577) } }, ['ADMIT443 http.directResponse.body.string']],
  ['status 199', { status: 199 }, ['ADMIT443 http.directResponse.status']],
  ['status 601', { status: 601 }, ['ADMIT443 http.directResponse.status']],
  ['status 600, which istiod accepts', { status: 600 }, []],
])('checks a directResponse: %s', (_, directResponse, expected) => {
  expect(told({ directResponse })).toEqual(expected);
});

test.each([
  ['no fields', {}, []],
  ['valid fields', { attempts: 1, retryOn: '5xx,503,connect-failure,unavailable,+200', perTryTimeout: '1s', backoff: '1s' }, []],
  ['negative attempts', { attempts: -1, retryOn: '5xx' }, ['ADMIT412 http.retries.attempts']],
  ['retryOn without attempts', { attempts: 0, retryOn: '5xx' }, ['ADMIT429 http.retries.attempts']],
  ['perTryTimeout without attempts', { perTryTimeout: '1s' }, ['ADMIT429 http.retries.attempts']],
  ['retryRemoteLocalities without attempts', { retryRemoteLocalities: false }, ['ADMIT429 http.retries.attempts']],
  ['null and empty fields without attempts', { retryRemoteLocalities: null, retryOn: '' }, []],
  ['short times', { attempts: 1, perTryTimeout: '1ns', backoff: '1ns' }, ['ADMIT404 http.retries.backoff', 'ADMIT404 http.retries.perTryTimeout']],
  ['a space in retryOn', { attempts: 1, retryOn: '5xx, reset' }, ['ADMIT442 http.retries.retryOn']],
  ['unknown statuses in retryOn', { attempts: 1, retryOn: '306,418,425,509,600' }, ['ADMIT442 http.retries.retryOn', 'ADMIT442 http.retries.retryOn', 'ADMIT442 http.retries.retryOn']],
  ['only a comma in retryOn', { attempts: 1, retryOn: ',' }, ['ADMIT442 http.retries.retryOn', 'ADMIT442 http.retries.retryOn']],
])('checks retries: %s', (_, retries, expected) => {
  expect(told({ route, retries })).toEqual(expected);
});

test.each([
  ['no fields', {}, ['ADMIT413 http.fault']],
  ['an abort without an error, of which istiod drops its warning', { abort: {} }, []],
  ['an HTTP status', { abort: { httpStatus: 500, percentage: { value: 0.0001 } } }, []],
  ['an invalid HTTP status', { abort: { httpStatus: 199 } }, ['ADMIT443 http.fault.abort.httpStatus']],
  ['a gRPC status', { abort: { grpcStatus: 'UNAVAILABLE' } }, []],
  ['a gRPC status in lower case', { abort: { grpcStatus: 'unavailable' } }, ['ADMIT442 http.fault.abort.grpcStatus']],
  ['an HTTP/2 error', { abort: { http2Error: 'CANCEL' } }, ['ADMIT442 http.fault.abort.http2Error']],
  ['a percentage of 0', { abort: { httpStatus: 500, percentage: { value: 0 } } }, []],
  ['a percentage under 0.0001', { abort: { httpStatus: 500, percentage: { value: 0.00009 } } }, ['ADMIT405 http.fault.abort.percentage.value']],
  ['a percentage over 100', { delay: { fixedDelay: '1s', percentage: { value: 100.1 } } }, ['ADMIT405 http.fault.delay.percentage.value']],
  ['a negative percentage', { delay: { percentage: { value: -1 } } }, ['ADMIT405 http.fault.delay.percentage.value']],
  ['a fixedDelay of 0', { delay: { fixedDelay: '0s' } }, ['ADMIT404 http.fault.delay.fixedDelay']],
  ['an exponentialDelay', { delay: { exponentialDelay: '1ns' } }, ['ADMIT404 http.fault.delay.exponentialDelay', 'ADMIT442 http.fault.delay.exponentialDelay']],
])('checks a fault: %s', (_, fault, expected) => {
  expect(told({ route, fault })).toEqual(expected);
});

test.each([
  ['no fields', {}, []],
  ['valid fields', { allowOrigins: [{ exact: '*' }], allowMethods: ['GET', '*'], allowHeaders: ['*', 'x-a'], exposeHeaders: ['a,b'], maxAge: '1m' }, []],
  ['empty origins', { allowOrigins: [{ exact: '' }, { prefix: '' }, { regex: '' }, {}] },
    ['ADMIT439 http.corsPolicy.allowOrigins[0].exact', 'ADMIT439 http.corsPolicy.allowOrigins[1].prefix',
      'ADMIT439 http.corsPolicy.allowOrigins[2].regex', 'ADMIT439 http.corsPolicy.allowOrigins[3]']],
  ['an invalid regex', { allowOrigins: [{ regex: '*' }] }, ['ADMIT411 http.corsPolicy.allowOrigins[0].regex']],
  ['a method in lower case', { allowMethods: ['get'] }, ['ADMIT442 http.corsPolicy.allowMethods[0]']],
  ['invalid header names', { allowHeaders: ['a b'], exposeHeaders: ['', ':path'] },
    ['ADMIT437 http.corsPolicy.allowHeaders[0]', 'ADMIT437 http.corsPolicy.exposeHeaders[0]', 'ADMIT437 http.corsPolicy.exposeHeaders[1]']],
  ['a maxAge with a fraction of a second', { maxAge: '1.5s' }, ['ADMIT404 http.corsPolicy.maxAge']],
  ['a maxAge of 0', { maxAge: '0s' }, ['ADMIT404 http.corsPolicy.maxAge']],
])('checks a corsPolicy: %s', (_, corsPolicy, expected) => {
  expect(told({ route, corsPolicy })).toEqual(expected);
});
