import { toldOf } from '../../../support/admission/webhook';

const told = (match: object) => toldOf('VirtualService', { hosts: ['a'], gateways: ['prod/gw'], http: [{ match: [match], route: [{ destination: { host: 'a' } }] }] })
  .map((line) => line.replace('spec.http[0].match[0].', ''));

test.each([
  ['all fields', {
    uri: { prefix: '' },
    scheme: { exact: '' },
    method: { exact: 'GET' },
    authority: {},
    port: 0,
    sourceNamespace: '',
    queryParams: { a: { exact: '' } },
    headers: { 'a': {}, ':path': { exact: 'b' }, '@request.auth.claims.a': { exact: 'b' } },
    withoutHeaders: { a: { regex: '*' } },
    sourceLabels: { a: '' },
  }, []],
  ['an invalid uri', { uri: { regex: '(' } }, ['ADMIT411 uri.regex']],
  ['an empty regex', { uri: { regex: '' } }, ['ADMIT411 uri.regex']],
  ['empty prefixes', { scheme: { prefix: '' }, method: { prefix: '' }, authority: { prefix: '' }, queryParams: { a: { prefix: '' } } },
    ['ADMIT439 authority.prefix', 'ADMIT439 method.prefix', 'ADMIT439 queryParams.a.prefix', 'ADMIT439 scheme.prefix']],
  ['invalid regexes', { method: { regex: '[' }, queryParams: { a: { regex: 'a**' } }, headers: { a: { regex: '*' } }, withoutHeaders: { a: { regex: '+' } } },
    ['ADMIT411 headers.a.regex', 'ADMIT411 method.regex', 'ADMIT411 queryParams.a.regex', 'ADMIT411 withoutHeaders.a.regex']],
  ['empty prefixes of headers', { headers: { a: { prefix: '' } }, withoutHeaders: { a: { prefix: '' } } },
    ['ADMIT439 headers.a.prefix', 'ADMIT439 withoutHeaders.a.prefix']],
  ['invalid header names', { headers: { 'a b': {} }, withoutHeaders: { ':foo': {} } }, ['ADMIT437 headers[a b]', 'ADMIT437 withoutHeaders[:foo]']],
  ['a claim without a name', { headers: { '@request.auth.claims': {} } }, ['ADMIT437 headers[@request.auth.claims]']],
  ['an invalid port', { port: 65536 }, ['ADMIT403 port']],
  ['invalid sourceLabels', { sourceLabels: { a: '-' } }, ['ADMIT406 sourceLabels.a']],
  ['an invalid gateway', { gateways: ['a/'] }, ['ADMIT434 gateways[0]']],
  ['a gateway in legacy form, of which istiod drops its warning', { gateways: ['a.b'] }, []],
  ['an invalid sourceNamespace', { sourceNamespace: 'a.b' }, ['ADMIT439 sourceNamespace']],
])('checks a match: %s', (_, match, expected) => {
  expect(told(match)).toEqual(expected);
});
