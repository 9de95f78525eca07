import { toldOf } from '../../../support/admission/webhook';

const told = (loadBalancer: object, rest: object = {}) => toldOf('DestinationRule', { host: 'reviews', trafficPolicy: { loadBalancer, ...rest } })
  .map((line) => line.replace('spec.trafficPolicy.loadBalancer', 'lb'));
const hash = (consistentHash: object) => told({ consistentHash }).map((line) => line.replace('lb.consistentHash', 'hash'));

test.each([
  ['a cookie', { httpCookie: { name: 'c', ttl: '0s', attributes: [{ name: 'SameSite' }, { name: 'Path' }] } }, []],
  ['a cookie without a name', { httpCookie: { name: '' } }, ['ADMIT420 hash.httpCookie.name']],
  ['a cookie with an unlimited ttl', { httpCookie: { name: 'c', ttl: '' } }, ['ADMIT404 hash.httpCookie.ttl']],
  ['attributes without a name', { httpCookie: { name: 'c', attributes: [{ name: '' }, { name: '' }] } },
    ['ADMIT420 hash.httpCookie.attributes[0].name', 'ADMIT420 hash.httpCookie.attributes[1].name']],
  ['an attribute twice', { httpCookie: { name: 'c', attributes: [{ name: 'a' }, { name: 'a' }] } }, ['ADMIT420 hash.httpCookie.attributes[1].name']],
  ['a ringHash', { ringHash: { minimumRingSize: 1024 } }, []],
  ['a ringHash over 64 bits', { ringHash: { minimumRingSize: 1e20 } }, ['ADMIT412 hash.ringHash.minimumRingSize']],
  ['the deprecated minimumRingSize', { minimumRingSize: 1024 }, ['warning ADMIT416 hash.minimumRingSize']],
  ['the deprecated minimumRingSize over 64 bits', { minimumRingSize: 2 ** 64 }, ['ADMIT412 hash.minimumRingSize', 'warning ADMIT416 hash.minimumRingSize']],
  ['ringHash beside minimumRingSize', { minimumRingSize: 1024, ringHash: {} }, ['ADMIT421 hash.minimumRingSize', 'warning ADMIT416 hash.minimumRingSize']],
  ['maglev beside minimumRingSize', { minimumRingSize: 1024, maglev: { tableSize: 7 } }, ['ADMIT421 hash.minimumRingSize', 'warning ADMIT416 hash.minimumRingSize']],
  ['minimumRingSize 0 beside ringHash', { minimumRingSize: 0, ringHash: {} }, []],
])('checks consistentHash with %s', (_, consistentHash, expected) => {
  expect(hash(consistentHash)).toEqual(expected);
});

test.each([1, 2, 3, 5, 65537, 4999999])('accepts a maglev tableSize of %d', (tableSize) => {
  expect(hash({ maglev: { tableSize } })).toEqual([]);
});

test.each([undefined, 0, 4, 9, 65536, 5000011])('rejects a maglev tableSize of %p', (tableSize) => {
  expect(hash({ maglev: { tableSize } })).toEqual(['ADMIT421 hash.maglev.tableSize']);
});

test.each([
  ['a duration', { duration: '10s', minimumPercent: 100, aggression: 0.1 }, []],
  ['nulls', { duration: '10s', minimumPercent: null, aggression: null }, []],
  ['no duration', {}, ['ADMIT425 lb.warmup.duration']],
  ['a duration under a millisecond', { duration: '1us' }, ['ADMIT404 lb.warmup.duration']],
  ['a minimumPercent over 100', { duration: '10s', minimumPercent: 100.5 }, ['ADMIT425 lb.warmup.minimumPercent']],
  ['an aggression of 0', { duration: '10s', aggression: 0 }, ['ADMIT425 lb.warmup.aggression']],
])('checks a warmup with %s', (_, warmup, expected) => {
  expect(told({ warmup })).toEqual(expected);
});

test('rejects two ways to order localities', () => {
  expect(told({ localityLbSetting: {}, zoneAwareLbSetting: {} })).toEqual(['ADMIT423 lb.zoneAwareLbSetting']);
});
