import { admit } from '../../../../src/admission/admission';
import { fieldText } from '../../../../src/findings/finding';
import { toldOf } from '../../../support/admission/webhook';

const hosts = ['*/*'];
const port = { number: 80, name: 'http', protocol: 'HTTP' };
const told = (...listeners: object[]) => toldOf('Sidecar', { egress: listeners.map((listener) => ({ hosts, ...listener })) })
  .map((line) => line.replace('spec.egress[0].', ''));

test.each([
  ['a port', { port, bind: '1.2.3.4', captureMode: 'IPTABLES' }, []],
  ['a bad name', { port: { ...port, name: 'a_b' } }, ['ADMIT403 port.name']],
  ['a port too high', { port: { number: 65536 } }, ['ADMIT403 port.number']],
  ['an unknown protocol', { port: { ...port, protocol: 'FOO' } }, ['ADMIT456 port.protocol']],
  ['a target port', { port: { ...port, targetPort: 1 } }, ['ADMIT480 port.targetPort']],
  ['a name to bind', { port, bind: 'a' }, ['ADMIT454 bind']],
  ['a socket', { port: { protocol: 'HTTP' }, bind: 'unix:///a', captureMode: 'NONE' }, []],
  ['neither port nor socket', { port: {} }, ['ADMIT490 bind']],
  ['an address without port', { port: {}, bind: '1.2.3.4' }, ['ADMIT490 bind']],
  ['a relative socket', { port: {}, bind: 'unix://a' }, ['ADMIT455 bind']],
  ['a socket that iptables should capture', { port: {}, bind: 'unix:///a', captureMode: 'IPTABLES' }, ['ADMIT490 captureMode']],
  ['an unknown protocol of a socket', { port: { protocol: 'FOO' }, bind: 'unix:///a' }, ['ADMIT456 port.protocol']],
  ['no hosts', { hosts: [] }, ['ADMIT477 hosts']],
])('judges a listener with %s', (_, listener, expected) => {
  expect(told(listener)).toEqual(expected);
});

test.each([
  ['a port twice', [{ port }, { port: { number: 81 } }, { port }], ['ADMIT479 spec.egress[2].port.number']],
  ['a socket twice', [{ port: {}, bind: 'unix:///a' }, { port: {}, bind: 'unix:///a' }], ['ADMIT479 spec.egress[1].bind']],
  ['two sockets', [{ port: {}, bind: 'unix:///a' }, { port: {}, bind: 'unix:///b' }], []],
  ['the rest at the end', [{ port }, {}], []],
  ['the rest before the end', [{}, { port }], ['ADMIT494 port']],
  ['the rest twice', [{}, {}], ['ADMIT494 port']],
])('judges listeners with %s', (_, listeners, expected) => {
  expect(told(...listeners)).toEqual(expected);
});

test.each([
  '*/*', './*', 'n/*', 'n/a.b', '*/a.b', '*/*.com', 'N/a.b', '~/*', '~x/*.a.b', '~*/x.y', '~./x.y',
])('admits the host %s', (host) => {
  expect(told({ hosts: [host] })).toEqual([]);
});

test.each(['a.b', '~', '/a.b', 'n/', 'n/a', 'n/*a.b', 'n/*-a.b', 'n/1.2.3.4', 'a b/a.b', 'n/a/b.c', '~~/x.y'])('refuses the host %p', (host) => {
  expect(told({ hosts: [host] })).toEqual(['ADMIT475 hosts[0]']);
});

test.each([
  ['a host twice', ['n/a.b', 'n/a.b'], ['warning ADMIT492 hosts[1]']],
  ['a host under its namespace', ['n/*', 'n/a.b'], ['warning ADMIT492 hosts[1]']],
  ['a namespace over its host', ['n/a.b', 'n/*'], ['warning ADMIT492 hosts[1]']],
  ['the own namespace by both names', ['./a.b', 'prod/a.b'], ['warning ADMIT492 hosts[1]']],
  ['everything and more', ['*/*', 'n/a.b'], ['warning ADMIT492 hosts']],
  ['everything and what is excluded', ['*/*', '~n/*'], []],
  ['two hosts', ['n/a.b', 'n/c.d', 'm/a.b'], []],
])('judges hosts with %s', (_, list, expected) => {
  expect(told({ hosts: list })).toEqual(expected);
});

describe('in the root namespace', () => {
  const sidecar = (namespace: string, list: readonly string[]) => ({
    apiVersion: 'networking.istio.io/v1', kind: 'Sidecar', metadata: { name: 'default', namespace }, spec: { egress: [{ hosts: list }] },
  });
  const codes = (object: object, context: object = {}) => admit(object, context).map(({ code, field }) => `${code} ${fieldText(field.slice(2))}`);
  const BOTH = ['./*', 'istio-system/*'];

  test('`.` and the root namespace\'s name are distinct namespaces', () => {
    expect(codes(sidecar('istio-system', BOTH))).toEqual([]);
    expect(codes(sidecar('istio-system', ['istio-system/a.b', './*']))).toEqual([]);
    expect(codes(sidecar('istio-system', ['./*', './a.b']))).toEqual(['ADMIT492 [0].hosts[1]']);
  });

  test('uses the root namespace of the options, or istiod\'s namespace', () => {
    expect(codes(sidecar('istio-system', BOTH), { rootNamespace: 'mesh' })).toHaveLength(1);
    expect(codes(sidecar('mesh', ['./*', 'mesh/*']), { rootNamespace: 'mesh' })).toEqual([]);
    expect(codes(sidecar('istiod', ['./*', 'istiod/*']), { istiodNamespace: 'istiod' })).toEqual([]);
    expect(codes(sidecar('shop', ['./*', 'shop/*']))).toHaveLength(1);
  });
});
