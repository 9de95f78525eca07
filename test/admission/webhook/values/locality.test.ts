import { toldOf } from '../../../support/admission/webhook';

const told = (field: string, setting: object, outlierDetection?: object) =>
  toldOf('DestinationRule', { host: 'reviews', trafficPolicy: { loadBalancer: { [field]: setting }, outlierDetection } })
    .map((line) => line.replace(`spec.trafficPolicy.loadBalancer.${field}`, 'lb').replace('].to[', '].to.').replace(/\]$/, ''));
const locality = (setting: object) => told('localityLbSetting', setting, {});
const distribute = (...entries: [string, object][]) => locality({ distribute: entries.map(([from, to]) => ({ from, to })) });

test.each([
  ['one weight of 100', { us: 100 }, []],
  ['two weights that add up to 100', { us: 1, eu: 99 }, []],
  ['weights under 100', { us: 99 }, ['ADMIT422 lb.distribute[0].to']],
  ['weights over 100', { us: 60, eu: 60 }, ['ADMIT422 lb.distribute[0].to']],
  ['no weights', {}, ['ADMIT422 lb.distribute[0].to']],
  ['a weight of 0', { us: 100, eu: 0 }, ['ADMIT422 lb.distribute[0].to.eu']],
  ['a weight over 100', { us: 101 }, ['ADMIT422 lb.distribute[0].to.us']],
])('checks weights of localities: %s', (_, to, expected) => {
  expect(distribute(['us', to])).toEqual(expected);
});

test.each([
  [['us', 'eu']], [['us/a', 'us/b']], [['us/a/b', 'us/a/c']], [['us/a/b/c', 'us/a/b/d']], [['us/a', 'us/*']], [['us/a/b', 'us/a/*']], [['us', '*']], [['us*', 'us']],
])('accepts distribution from %p', (froms) => {
  expect(distribute(...froms.map((from): [string, object] => [from, { us: 100 }]))).toEqual([]);
});

test.each([
  [['us', 'us']], [['us', 'us/a']], [['us/a', 'us']], [['us/a', 'us/a']], [['us/a', 'us/a/b']], [['us/a/b', 'us/a']], [['us/a/b', 'us/a/b']],
  [['us/*', 'us/a']], [['us/*', 'us/a/b']], [['us/a/*', 'us/a/b']], [['*', 'us']], [['us/a', 'u*s']], [['us', '*us']], [['us', '**']],
  [['us', '']], [['us', 'eu/']], [['us', 'eu//a']],
])('rejects the second of distributions from %p', (froms) => {
  expect(distribute(...froms.map((from): [string, object] => [from, { us: 100 }]))).toEqual(['ADMIT422 lb.distribute[1].from']);
});

test('rejects an overlap that istiod rejects only in some orders of its map', () => {
  expect(distribute(['us', { 'us/a': 50, 'us/*': 50 }])).toEqual(['ADMIT422 lb.distribute[0].to.us/a']);
});

test.each(['localityLbSetting', 'zoneAwareLbSetting'])('checks failover of %s', (field) => {
  const failover = (from?: string, to?: string) => told(field, { failover: [{ from, to }] }, {});
  expect(failover('us', 'eu')).toEqual([]);
  expect(failover('us', 'us')).toEqual(['ADMIT423 lb.failover[0].to']);
  expect(failover()).toEqual(['ADMIT423 lb.failover[0].to']);
  expect(failover('us/a', 'eu')).toEqual(['ADMIT423 lb.failover[0].from']);
  expect(failover('us', 'eu/a')).toEqual(['ADMIT423 lb.failover[0].to']);
  expect(failover('u*', 'eu')).toEqual(['ADMIT423 lb.failover[0].from']);
  expect(failover('us', '*')).toEqual(['ADMIT423 lb.failover[0].to']);
});

test.each(['localityLbSetting', 'zoneAwareLbSetting'])('warns about failover of %s without outlierDetection', (field) => {
  expect(told(field, { failover: [{ from: 'us', to: 'eu' }] })).toEqual(['warning ADMIT424 lb.failover']);
  expect(told(field, { failoverPriority: ['a'] })).toEqual(['warning ADMIT424 lb.failoverPriority']);
  expect(told(field, { failover: [], failoverPriority: [] })).toEqual([]);
});

test('rejects failover together with distribute or a region in failoverPriority', () => {
  const failover = [{ from: 'us', to: 'eu' }];
  expect(locality({ failover, distribute: [{ from: 'us', to: {} }] })).toEqual(['ADMIT423 lb.distribute']);
  expect(locality({ failover, failoverPriority: ['a', 'topology.istio.io/subzone'] })).toEqual(['ADMIT423 lb.failoverPriority[1']);
  expect(locality({ failover, failoverPriority: ['topology.kubernetes.io/region'] })).toEqual(['ADMIT423 lb.failoverPriority[0']);
  expect(locality({ failover: [], failoverPriority: ['topology.kubernetes.io/zone'] })).toEqual([]);
  expect(locality({ failover, distribute: [] })).toEqual([]);
  expect(locality({ failover: [], distribute: [{ from: 'us', to: { us: 100 } }] })).toEqual([]);
  expect(told('zoneAwareLbSetting', { failoverPriority: ['topology.kubernetes.io/region'] }, {})).toEqual(['ADMIT423 lb.failoverPriority[0']);
});
