import { toldOf } from '../../support/admission/webhook';

test.each([
  ['an IP address', { address: '10.0.0.1', ports: { any: 80 } }, []],
  ['a host name', { address: 'a.b' }, []],
  ['a wildcard host', { address: '*.b' }, ['ADMIT447 spec.address']],
  ['neither an IP address nor a host name', { address: '10.0.0' }, ['ADMIT447 spec.address']],
  ['no address', {}, ['ADMIT447 spec.address']],
  ['no address and an invalid label, which istiod doesn\'t reach', { labels: { a: '*' } }, ['ADMIT447 spec.address']],
  ['only a network', { network: 'a' }, ['warning ADMIT447 spec.address']],
  ['a Unix socket', { address: 'unix://@a' }, []],
  ['a Unix socket whose path is a directory', { address: 'unix:///a/' }, ['ADMIT455 spec.address']],
  ['a Unix socket with ports', { address: 'unix:///a', ports: { a: 80 } }, ['ADMIT447 spec.ports']],
  ['invalid ports', { address: '10.0.0.1', ports: { a_b: 80, c: 65536 } }, ['ADMIT403 spec.ports.a_b', 'ADMIT403 spec.ports.c']],
  ['an invalid label', { address: '10.0.0.1', labels: { a: '*' } }, ['ADMIT406 spec.labels.a']],
])('checks a WorkloadEntry with %s', (_, spec, expected) => {
  expect(toldOf('WorkloadEntry', spec)).toEqual(expected);
});
