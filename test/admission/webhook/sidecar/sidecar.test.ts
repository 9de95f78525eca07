import { toldOf } from '../../../support/webhook';

const told = (spec: object) => toldOf('Sidecar', spec);
const egress = [{ hosts: ['*/*'] }];

test.each([
  ['nothing', {}, ['ADMIT477 spec']],
  ['empty lists', { ingress: [], egress: [] }, ['ADMIT477 spec']],
  ['an outbound policy', { outboundTrafficPolicy: {} }, []],
  ['a pool', { inboundConnectionPool: { tcp: {} } }, []],
  ['an empty pool', { inboundConnectionPool: {} }, ['ADMIT413 spec.inboundConnectionPool']],
  ['egress', { egress }, []],
  ['a selector', { egress, workloadSelector: { labels: { a: 'b' } } }, []],
  ['a selector without labels', { egress, workloadSelector: {} }, ['warning ADMIT451 spec.workloadSelector.labels']],
  ['a wildcard in a key, which the CRD admits', { egress, workloadSelector: { labels: { 'a*': 'b' } } }, ['ADMIT450 spec.workloadSelector.labels[a*]']],
  ['an empty key, which the CRD admits', { egress, workloadSelector: { labels: { '': 'b' } } }, ['ADMIT450 spec.workloadSelector.labels[]']],
])('judges a Sidecar with %s', (_, spec, expected) => {
  expect(told(spec)).toEqual(expected);
});

const proxy = (egressProxy: object, mode?: string) => told({ outboundTrafficPolicy: { mode, egressProxy } })
  .map((line) => line.replace('spec.outboundTrafficPolicy.', ''));
test.each([
  ['a proxy', { host: 'a.b', port: { number: 80 }, subset: 'v1' }, []],
  ['a proxy by a wildcard', { host: '*.a.b', port: { number: 80 } }, ['ADMIT400 egressProxy.host']],
  ['no port', { host: 'a.b' }, ['ADMIT493 egressProxy.port']],
  ['port 0', { host: 'a.b', port: {} }, ['ADMIT403 egressProxy.port.number']],
  ['a bad subset', { host: 'a.b', port: { number: 80 }, subset: 'a_b' }, ['ADMIT409 egressProxy.subset']],
])('judges an egress proxy with %s', (_, egressProxy, expected) => {
  expect(proxy(egressProxy, 'ALLOW_ANY')).toEqual(expected);
});

test.each([undefined, 'REGISTRY_ONLY'])('refuses an egress proxy with mode %s', (mode) => {
  expect(proxy({ host: 'a.b', port: { number: 80 } }, mode)).toEqual(['ADMIT493 egressProxy']);
});
