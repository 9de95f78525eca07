import { toldOf } from '../../../support/admission/webhook';

const told = (loadBalancer: object, rest: object = {}) => toldOf('DestinationRule', { host: 'reviews', trafficPolicy: { loadBalancer, ...rest } })
  .map((line) => line.replace('spec.trafficPolicy.loadBalancer', 'lb'));
const hash = (consistentHash: object) => told({ consistentHash }).map((line) => line.replace('lb.consistentHash', 'hash'));

test.each([
  ['a cookie', { httpCookie: { name: 'c', ttl: '0s', attributes: [{ name: 'SameSite' }, { name: 'Path' }] } }, []],
  ['a nameless cookie', { httpCookie: { name: '' } }, ['ADMIT420 hash.httpCookie.name']],
  ['a cookie for ever', { httpCookie: { name: 'c', ttl: '' } }, ['ADMIT404 hash.httpCookie.ttl']],
  ['nameless attributes', { httpCookie: { name: 'c', attributes: [{ name: '' }, { name: '' }] } },
    ['ADMIT420 hash.httpCookie.attributes[0].name', 'ADMIT420 hash.httpCookie.attributes[1].name']],
  ['an attribute twice', { httpCookie: { name: 'c', attributes: [{ name: 'a' }, { name: 'a' }] } }, ['ADMIT420 hash.httpCookie.attributes[1].name']],
  ['a ring', { ringHash: { minimumRingSize: 1024 } }, []],
  ['a ring beyond 64 bits', { ringHash: { minimumRingSize: 1e20 } }, ['ADMIT412 hash.ringHash.minimumRingSize']],
  ['the old ring', { minimumRingSize: 1024 }, ['warning ADMIT416 hash.minimumRingSize']],
  ['the old ring beyond 64 bits', { minimumRingSize: 2 ** 64 }, ['ADMIT412 hash.minimumRingSize', 'warning ADMIT416 hash.minimumRingSize']],
  ['both rings', { minimumRingSize: 1024, ringHash: {} }, ['ADMIT421 hash.minimumRingSize', 'warning ADMIT416 hash.minimumRingSize']],
  ['the old ring and a table', { minimumRingSize: 1024, maglev: { tableSize: 7 } }, ['ADMIT421 hash.minimumRingSize', 'warning ADMIT416 hash.minimumRingSize']],
  ['no old ring beside a new one', { minimumRingSize: 0, ringHash: {} }, []],
])('judges a hash with %s', (_, consistentHash, expected) => {
  expect(hash(consistentHash)).toEqual(expected);
});

test.each([1, 2, 3, 5, 65537, 4999999])('admits a table of %d', (tableSize) => {
  expect(hash({ maglev: { tableSize } })).toEqual([]);
});

test.each([undefined, 0, 4, 9, 65536, 5000011])('refuses a table of %p', (tableSize) => {
  expect(hash({ maglev: { tableSize } })).toEqual(['ADMIT421 hash.maglev.tableSize']);
});

test.each([
  ['a duration', { duration: '10s', minimumPercent: 100, aggression: 0.1 }, []],
  ['nulls', { duration: '10s', minimumPercent: null, aggression: null }, []],
  ['no duration', {}, ['ADMIT425 lb.warmup.duration']],
  ['a short duration', { duration: '1us' }, ['ADMIT404 lb.warmup.duration']],
  ['more than the whole', { duration: '10s', minimumPercent: 100.5 }, ['ADMIT425 lb.warmup.minimumPercent']],
  ['no growth', { duration: '10s', aggression: 0 }, ['ADMIT425 lb.warmup.aggression']],
])('judges a warm-up with %s', (_, warmup, expected) => {
  expect(told({ warmup })).toEqual(expected);
});

test('refuses two ways to order localities', () => {
  expect(told({ localityLbSetting: {}, zoneAwareLbSetting: {} })).toEqual(['ADMIT423 lb.zoneAwareLbSetting']);
});
