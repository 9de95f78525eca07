import { admit } from '../../../../src/admission/admission';
import { fieldText } from '../../../../src/findings/finding';
import { toldOf } from '../../../support/admission/webhook';

const hosts = ['*/*'];
const port = { number: 80, name: 'http', protocol: 'HTTP' };
const told = (...listeners: object[]) => toldOf('Sidecar', { egress: listeners.map((listener) => ({ hosts, ...listener })) })
  .map((line) => line.replace('spec.egress[0].', ''));

test.each([
  ['a port', { port, bind: '1.2.3.4', captureMode: 'IPTABLES' }, []],
  ['an invalid port name', { port: { ...port, name: 'a_b' } }, ['ADMIT403 port.name']],
  ['a port over 65535', { port: { number: 65536 } }, ['ADMIT403 port.number']],
  ['an unknown protocol', { port: { ...port, protocol: 'FOO' } }, ['ADMIT456 port.protocol']],
  ['a target port', { port: { ...port, targetPort: 1 } }, ['ADMIT480 port.targetPort']],
  ['a host name in bind', { port, bind: 'a' }, ['ADMIT454 bind']],
  ['a Unix socket in bind', { port: { protocol: 'HTTP' }, bind: 'unix:///a', captureMode: 'NONE' }, []],
  ['neither port nor Unix socket', { port: {} }, ['ADMIT490 bind']],
  ['an address without a port', { port: {}, bind: '1.2.3.4' }, ['ADMIT490 bind']],
  ['a relative Unix socket', { port: {}, bind: 'unix://a' }, ['ADMIT455 bind']],
  ['a Unix socket with captureMode IPTABLES', { port: {}, bind: 'unix:///a', captureMode: 'IPTABLES' }, ['ADMIT490 captureMode']],
  ['an unknown protocol on a Unix socket', { port: { protocol: 'FOO' }, bind: 'unix:///a' }, ['ADMIT456 port.protocol']],
  ['no hosts', { hosts: [] }, ['ADMIT477 hosts']],
])('checks an egress listener with %s', (_, listener, expected) => {
  expect(told(listener)).toEqual(expected);
});

test.each([
  ['the same port twice', [{ port }, { port: { number: 81 } }, { port }], ['ADMIT479 spec.egress[2].port.number']],
  ['the same Unix socket twice', [{ port: {}, bind: 'unix:///a' }, { port: {}, bind: 'unix:///a' }], ['ADMIT479 spec.egress[1].bind']],
  ['two Unix sockets', [{ port: {}, bind: 'unix:///a' }, { port: {}, bind: 'unix:///b' }], []],
  ['a listener without a port as the last one', [{ port }, {}], []],
  ['a listener without a port before others', [{}, { port }], ['ADMIT494 port']],
  ['two listeners without a port', [{}, {}], ['ADMIT494 port']],
])('checks egress listeners with %s', (_, listeners, expected) => {
  expect(told(...listeners)).toEqual(expected);
});

test.each([
  '*/*', './*', 'n/*', 'n/a.b', '*/a.b', '*/*.com', 'N/a.b', '~/*', '~x/*.a.b', '~*/x.y', '~./x.y',
])('accepts the egress host %s', (host) => {
  expect(told({ hosts: [host] })).toEqual([]);
});

test.each(['a.b', '~', '/a.b', 'n/', 'n/a', 'n/*a.b', 'n/*-a.b', 'n/1.2.3.4', 'a b/a.b', 'n/a/b.c', '~~/x.y'])('rejects the egress host %p', (host) => {
  expect(told({ hosts: [host] })).toEqual(['ADMIT475 hosts[0]']);
});

test.each([
  ['the same host twice', ['n/a.b', 'n/a.b'], ['warning ADMIT492 hosts[1]']],
  ['a host beside all hosts of its namespace', ['n/*', 'n/a.b'], ['warning ADMIT492 hosts[1]']],
  ['all hosts of a namespace beside one of them', ['n/a.b', 'n/*'], ['warning ADMIT492 hosts[1]']],
  ['its own namespace as `.` and by name', ['./a.b', 'prod/a.b'], ['warning ADMIT492 hosts[1]']],
  ['*/* beside another host', ['*/*', 'n/a.b'], ['warning ADMIT492 hosts']],
  ['*/* beside an excluded host', ['*/*', '~n/*'], []],
  ['two hosts', ['n/a.b', 'n/c.d', 'm/a.b'], []],
])('checks egress hosts with %s', (_, list, expected) => {
  expect(told({ hosts: list })).toEqual(expected);
});

describe('the root namespace\'s Sidecar', () => {
  const sidecar = (namespace: string, list: readonly string[]) => ({
    apiVersion: 'networking.istio.io/v1', kind: 'Sidecar', metadata: { name: 'default', namespace }, spec: { egress: [{ hosts: list }] },
  });
  const codes = (object: object, context: object = {}) => admit(object, context).map(({ code, field }) => `${code} ${fieldText(field.slice(2))}`);
  const BOTH = ['./*', 'istio-system/*'];

  test('distinguishes `.` and the root namespace\'s name', () => {
    expect(codes(sidecar('istio-system', BOTH))).toEqual([]);
    expect(codes(sidecar('istio-system', ['istio-system/a.b', './*']))).toEqual([]);
    expect(codes(sidecar('istio-system', ['./*', './a.b']))).toEqual(['ADMIT492 [0].hosts[1]']);
  });

  test('is found by the root namespace of the options, or else by istiod\'s namespace', () => {
    expect(codes(sidecar('istio-system', BOTH), { rootNamespace: 'mesh' })).toHaveLength(1);
    expect(codes(sidecar('mesh', ['./*', 'mesh/*']), { rootNamespace: 'mesh' })).toEqual([]);
    expect(codes(sidecar('istiod', ['./*', 'istiod/*']), { istiodNamespace: 'istiod' })).toEqual([]);
    expect(codes(sidecar('shop', ['./*', 'shop/*']))).toHaveLength(1);
  });
});
