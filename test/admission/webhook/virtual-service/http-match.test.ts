import { toldOf } from '../../../support/admission/webhook';

const told = (match: object) => toldOf('VirtualService', { hosts: ['a'], gateways: ['prod/gw'], http: [{ match: [match], route: [{ destination: { host: 'a' } }] }] })
  .map((line) => line.replace('spec.http[0].match[0].', ''));

test.each([
  ['all there is', {
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
  ['a bad uri', { uri: { regex: '(' } }, ['ADMIT411 uri.regex']],
  ['an empty regex', { uri: { regex: '' } }, ['ADMIT411 uri.regex']],
  ['empty prefixes', { scheme: { prefix: '' }, method: { prefix: '' }, authority: { prefix: '' }, queryParams: { a: { prefix: '' } } },
    ['ADMIT439 authority.prefix', 'ADMIT439 method.prefix', 'ADMIT439 queryParams.a.prefix', 'ADMIT439 scheme.prefix']],
  ['bad regexes', { method: { regex: '[' }, queryParams: { a: { regex: 'a**' } }, headers: { a: { regex: '*' } }, withoutHeaders: { a: { regex: '+' } } },
    ['ADMIT411 headers.a.regex', 'ADMIT411 method.regex', 'ADMIT411 queryParams.a.regex', 'ADMIT411 withoutHeaders.a.regex']],
  ['empty prefixes of headers', { headers: { a: { prefix: '' } }, withoutHeaders: { a: { prefix: '' } } },
    ['ADMIT439 headers.a.prefix', 'ADMIT439 withoutHeaders.a.prefix']],
  ['bad headers', { headers: { 'a b': {} }, withoutHeaders: { ':foo': {} } }, ['ADMIT437 headers[a b]', 'ADMIT437 withoutHeaders[:foo]']],
  ['no claim', { headers: { '@request.auth.claims': {} } }, ['ADMIT437 headers[@request.auth.claims]']],
  ['a bad port', { port: 65536 }, ['ADMIT403 port']],
  ['bad labels', { sourceLabels: { a: '-' } }, ['ADMIT406 sourceLabels.a']],
  ['a bad gateway', { gateways: ['a/'] }, ['ADMIT434 gateways[0]']],
  ['a legacy gateway, of which istiod drops its warning', { gateways: ['a.b'] }, []],
  ['a bad namespace', { sourceNamespace: 'a.b' }, ['ADMIT439 sourceNamespace']],
])('judges %s', (_, match, expected) => {
  expect(told(match)).toEqual(expected);
});
