import { toldOf } from '../../../support/admission/webhook';

const told = (http: object) => toldOf('VirtualService', { hosts: ['reviews'], http: [{ route: [{ destination: { host: 'a' } }], ...http }] })
  .map((line) => line.replace('spec.http[0].headers.', ''));

test.each([
  ['any header', { request: { set: { a: 'b' }, add: { 'a b': 'c' }, remove: ['d'] }, response: { set: { a: '' }, add: { c: 'd' }, remove: ['e'] } }, []],
  ['setting the host of a request', { request: { set: { Host: 'a' } } }, []],
  ['setting the authority of a request', { request: { add: { ':authority': 'a' } } }, []],
  ['setting :path of a request', { request: { set: { ':path': 'a' } } }, ['ADMIT437 request.set[:path]']],
  ['a header without a name', { request: { add: { '': 'a' } } }, ['ADMIT437 request.add[]']],
  ['removing the host of a request', { request: { remove: ['host'] } }, ['ADMIT437 request.remove[0]']],
  ['removing the authority of a request', { request: { remove: [':authority', ''] } }, ['ADMIT437 request.remove[0]', 'ADMIT437 request.remove[1]']],
  ['setting the host of a response', { response: { set: { HOST: 'a' } } }, ['ADMIT437 response.set.HOST']],
  ['adding :status to a response', { response: { add: { ':status': '200' } } }, ['ADMIT437 response.add[:status]']],
  ['removing a header of a response', { response: { remove: [':a'] } }, ['ADMIT437 response.remove[0]']],
  ['a name that Unicode folds to host', { response: { set: { hoſt: 'a' } } }, ['ADMIT437 response.set[ho\u017ft]']],
  ['invalid values', { request: { set: { a: '%' } }, response: { add: { b: 'a\nb' } } }, ['ADMIT438 request.set.a', 'ADMIT438 response.add.b']],
])('checks changes of headers: %s', (_, headers, expected) => {
  expect(told({ headers })).toEqual(expected);
});

test('checks the headers of a destination', () => {
  expect(told({ route: [{ destination: { host: 'a' }, headers: { request: { remove: ['host'] } } }] }))
    .toEqual(['ADMIT437 spec.http[0].route[0].headers.request.remove[0]']);
});

test('rejects two changes of the authority', () => {
  const set = (name: string, value: string) => ({ request: { set: { [name]: value } } });
  expect(told({ rewrite: { authority: 'a' }, headers: set('host', 'b') })).toEqual(['ADMIT433 request.set.host']);
  expect(told({ rewrite: { uri: '/' }, headers: set('host', 'b') })).toEqual([]);
  expect(told({ headers: { request: { set: { host: '' }, add: { ':authority': 'b' } } } })).toEqual([]);
  expect(told({ headers: { request: { set: { host: 'a' }, add: { ':authority': 'b' } } } })).toEqual(['ADMIT433 request.add[:authority]']);
});
