import { toldOf } from '../../support/admission/webhook';

test.each([
  ['an address', { address: '10.0.0.1', ports: { any: 80 } }, []],
  ['a name', { address: 'a.b' }, []],
  ['a wildcard', { address: '*.b' }, ['ADMIT447 spec.address']],
  ['neither', { address: '10.0.0' }, ['ADMIT447 spec.address']],
  ['nothing', {}, ['ADMIT447 spec.address']],
  ['nothing, and a bad label istiod doesn\'t come to', { labels: { a: '*' } }, ['ADMIT447 spec.address']],
  ['a network', { network: 'a' }, ['warning ADMIT447 spec.address']],
  ['a socket', { address: 'unix://@a' }, []],
  ['a folder', { address: 'unix:///a/' }, ['ADMIT455 spec.address']],
  ['a socket with ports', { address: 'unix:///a', ports: { a: 80 } }, ['ADMIT447 spec.ports']],
  ['bad ports', { address: '10.0.0.1', ports: { a_b: 80, c: 65536 } }, ['ADMIT403 spec.ports.a_b', 'ADMIT403 spec.ports.c']],
  ['a bad label', { address: '10.0.0.1', labels: { a: '*' } }, ['ADMIT406 spec.labels.a']],
])('judges a workload with %s', (_, spec, expected) => {
  expect(toldOf('WorkloadEntry', spec)).toEqual(expected);
});
