import { toldOf } from '../../../support/admission/webhook';

const told = (spec: object, labels?: object) => toldOf('ServiceEntry', { hosts: ['api.example.com'], ...spec }, { labels });

test.each([
  ['a host', ['api.example.com'], []],
  ['a wildcard', ['*.example.com'], []],
  ['no hosts', [], ['ADMIT448 spec.hosts']],
  ['the host *', ['*'], ['ADMIT401 spec.hosts[0]']],
  ['a host that isn\'t a DNS name', ['a_b'], ['ADMIT400 spec.hosts[0]']],
  ['a wildcard within a label', ['*-a.example.com'], ['warning ADMIT402 spec.hosts[0]']],
])('checks hosts: %s', (_, hosts, expected) => {
  expect(told({ hosts })).toEqual(expected);
});

test.each([
  ['labels', { labels: { app: 'a' } }, []],
  ['no labels', {}, ['warning ADMIT451 spec.workloadSelector.labels']],
  ['a wildcard', { labels: { 'app*': 'a' } }, ['ADMIT450 spec.workloadSelector.labels[app*]']],
  ['an empty key', { labels: { '': 'a' } }, ['ADMIT450 spec.workloadSelector.labels[]']],
])('checks a workloadSelector with %s', (_, workloadSelector, expected) => {
  expect(told({ resolution: 'STATIC', workloadSelector })).toEqual(expected);
});

test('reports only the invalid selector, as istiod does', () => {
  expect(told({ hosts: ['*'], workloadSelector: { labels: { a: '*' } } })).toEqual(['ADMIT450 spec.workloadSelector.labels.a']);
});

test('rejects endpoints together with a workloadSelector', () => {
  const workloadSelector = { labels: { app: 'a' } };
  expect(told({ resolution: 'STATIC', workloadSelector, endpoints: [{ address: '10.0.0.1' }] })).toEqual(['ADMIT448 spec.endpoints']);
  expect(told({ resolution: 'STATIC', workloadSelector, endpoints: [] })).toEqual([]);
});

test.each([
  ['addresses and ranges', 'NONE', ['10.0.0.1', '10.0.0.0/8', 'fd00::/64'], []],
  ['invalid addresses', 'NONE', ['a.b', '10.0.0.0/33', '10.0.0.0/08'], ['ADMIT454 spec.addresses[0]', 'ADMIT454 spec.addresses[1]', 'ADMIT454 spec.addresses[2]']],
  ['an IPv6 zone with slashes, as istiod reads it', 'NONE', ['fe80::1%a//'], []],
  ['a range with resolution DNS', 'DNS', ['10.0.0.1', '10.0.0.0/8'], ['ADMIT448 spec.addresses[1]']],
  ['a range with resolution DNS, without an address before it', 'DNS', ['10.0.0.0/8'], ['ADMIT448 spec.addresses[0]']],
  ['a range with endpoints', 'STATIC', ['10.0.0.0/8'], []],
])('checks addresses: %s', (_, resolution, addresses, expected) => {
  expect(told({ resolution, addresses })).toEqual(expected);
});

test.each([
  ['valid ports', [{ name: 'http', number: 80, protocol: 'http' }, { name: 'tls', number: 443, protocol: 'TLS', targetPort: 0 }], []],
  ['a duplicate name', [{ name: 'http', number: 80, protocol: 'HTTP' }, { name: 'http', number: 81, protocol: 'HTTP' }], ['ADMIT448 spec.ports[1].name']],
  ['a duplicate number', [{ name: 'a', number: 80, protocol: 'HTTP' }, { name: 'b', number: 80, protocol: 'HTTP' }], ['ADMIT448 spec.ports[1].number']],
  ['invalid ports', [{ name: 'a_b', number: 0, protocol: 'SCTP', targetPort: 65536 }],
    ['ADMIT403 spec.ports[0].name', 'ADMIT403 spec.ports[0].number', 'ADMIT403 spec.ports[0].targetPort', 'ADMIT456 spec.ports[0].protocol']],
])('checks ports: %s', (_, ports, expected) => {
  expect(told({ resolution: 'DNS', ports })).toEqual(expected);
});

test('warns about TCP ports without an address', () => {
  const ports = [{ name: 'a', number: 1 }, { name: 'b', number: 2, protocol: 'TCP' }, { name: 'c', number: 3, protocol: 'tcp' }];
  const warned = ['warning ADMIT448 spec.ports[0].protocol', 'warning ADMIT448 spec.ports[1].protocol'];
  expect(told({ ports })).toEqual(warned);
  expect(told({ ports, addresses: [] })).toEqual(warned);
  expect(told({ ports, addresses: ['10.0.0.1'] })).toEqual([]);
  expect(told({ ports, resolution: 'DNS' })).toEqual([]);
  expect(told({ ports, resolution: 'DNS' }, { 'networking.istio.io/enable-autoallocate-ip': 'False' })).toEqual(warned);
});

test('rejects several hosts on a port whose protocol doesn\'t name them, at the first such port', () => {
  const hosts = ['a.b', 'a.c'];
  const ports = [{ name: 'a', number: 1, protocol: 'TLS' }, { name: 'b', number: 2, protocol: 'MONGO' }, { name: 'c', number: 3 }];
  expect(told({ hosts, ports, resolution: 'DNS' })).toEqual(['ADMIT448 spec.ports[1].protocol']);
  expect(told({ hosts, ports: ports.slice(2), resolution: 'DNS' })).toEqual(['ADMIT448 spec.ports[0].protocol']);
  expect(told({ ports, resolution: 'DNS' })).toEqual([]);
  expect(told({ hosts, ports, addresses: ['10.0.0.1'] })).toEqual([]);
});

test.each(['~', '*', '.'])('accepts an export to %s', (entry) => {
  expect(told({ exportTo: [entry] })).toEqual([]);
});

test('rejects an export to no namespace and to another one', () => {
  expect(told({ exportTo: ['~', 'a'] })).toEqual(['ADMIT408 spec.exportTo']);
});
