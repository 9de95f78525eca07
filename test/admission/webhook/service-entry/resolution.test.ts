import { toldOf } from '../../../support/admission/webhook';

const ports = [{ name: 'http', number: 80, protocol: 'HTTP' }];
const told = (resolution: string | undefined, spec: object, labels?: object) =>
  toldOf('ServiceEntry', { hosts: ['api.example.com'], ports, resolution, ...spec }, { labels });

test('resolution NONE accepts neither endpoints nor a selector', () => {
  expect(told('NONE', { endpoints: [{ address: '10.0.0.1' }] })).toEqual(['ADMIT448 spec.endpoints']);
  expect(told('NONE', { endpoints: [] })).toEqual([]);
  expect(told(undefined, { endpoints: [{ address: '10.0.0.1' }] })).toEqual(['ADMIT448 spec.endpoints']);
  expect(told('NONE', { workloadSelector: { labels: { a: 'b' } } })).toEqual(['warning ADMIT448 spec.workloadSelector']);
});

test.each([
  ['an IP address', { address: '10.0.0.1', ports: { http: 8080 }, labels: { a: 'b' } }, []],
  ['a host name', { address: 'a.b' }, ['ADMIT447 spec.endpoints[0].address']],
  ['a Unix socket', { address: 'unix:///a' }, []],
  ['a relative Unix socket', { address: 'unix://a' }, ['ADMIT455 spec.endpoints[0].address']],
  ['a Unix socket with ports', { address: 'unix:///a', ports: { http: 80 } }, ['ADMIT447 spec.endpoints[0].ports']],
  ['only a network', { network: 'a' }, ['warning ADMIT447 spec.endpoints[0].address']],
  ['no address', {}, ['ADMIT447 spec.endpoints[0].address']],
  ['a port that the ServiceEntry lacks', { address: '10.0.0.1', ports: { other: 80 } }, ['ADMIT447 spec.endpoints[0].ports.other']],
  ['an invalid port', { address: '10.0.0.1', ports: { http: 0 } }, ['ADMIT403 spec.endpoints[0].ports.http']],
  ['an invalid label', { address: '10.0.0.1', labels: { a: '*' } }, ['ADMIT406 spec.endpoints[0].labels.a']],
])('checks an endpoint of resolution STATIC with %s', (_, endpoint, expected) => {
  expect(told('STATIC', { endpoints: [endpoint] })).toEqual(expected);
});

test('an endpoint with a Unix socket requires exactly one port', () => {
  const endpoints = [{ address: 'unix:///a' }];
  expect(told('STATIC', { endpoints, ports: [] })).toEqual(['ADMIT447 spec.endpoints[0].address']);
  expect(told('STATIC', { endpoints, ports: [...ports, { name: 'b', number: 81, protocol: 'HTTP' }] })).toEqual(['ADMIT447 spec.endpoints[0].address']);
});

test.each(['DNS', 'DNS_ROUND_ROBIN'])('checks endpoints of resolution %s', (resolution) => {
  const judge = (endpoint: object) => told(resolution, { endpoints: [endpoint] });
  expect(judge({ address: 'a.b', ports: { http: 8080 } })).toEqual([]);
  expect(judge({ address: 'fd00::1' })).toEqual([]);
  expect(judge({ address: '*.b' })).toEqual(['ADMIT447 spec.endpoints[0].address']);
  expect(judge({ address: 'unix:///a' })).toEqual(['ADMIT447 spec.endpoints[0].address']);
  expect(judge({ network: 'a' })).toEqual(['ADMIT447 spec.endpoints[0].address']);
  expect(judge({ address: 'a.b', labels: { a: '*' }, ports: { 'a.b': 80 } }))
    .toEqual(['ADMIT403 spec.endpoints[0].ports[a.b]', 'ADMIT406 spec.endpoints[0].labels.a', 'ADMIT447 spec.endpoints[0].ports[a.b]']);
});

test('resolution DNS resolves hosts without endpoints, and rejects the first wildcard', () => {
  const hosts = ['a.b', '*.b', '*.c'];
  expect(told('DNS', { hosts })).toEqual(['ADMIT400 spec.hosts[1]']);
  expect(told('DNS', { hosts: ['*.b'] })).toEqual(['ADMIT400 spec.hosts[0]']);
  expect(told('DNS', { hosts, endpoints: [{ address: 'a.b' }] })).toEqual([]);
});

test('resolution DNS_ROUND_ROBIN accepts one endpoint', () => {
  const endpoints = [{ address: 'a.b' }, { address: 'a.c' }];
  expect(told('DNS_ROUND_ROBIN', { endpoints })).toEqual(['ADMIT448 spec.endpoints']);
  expect(told('DNS', { endpoints })).toEqual([]);
});

test('warns about several hosts with one address on a TCP port', () => {
  const entry = { hosts: ['a.b', 'a.c'], addresses: ['10.0.0.1'] };
  const https = [{ name: 'https', number: 443, protocol: 'HTTPS' }];
  expect(told('DNS', { ...entry, ports: https })).toEqual(['warning ADMIT448 spec.hosts']);
  expect(told('DNS', entry)).toEqual([]);
  expect(told('DNS', { ...entry, hosts: ['a.b'], ports: https })).toEqual([]);
  expect(told('DNS', { ...entry, addresses: [], ports: https })).toEqual([]);
});

test.each([
  ['a wildcard host', {}, []],
  ['a wildcard within a label of the host', { hosts: ['*-a.b'] }, []],
  ['a host without a wildcard', { hosts: ['a.b'] }, ['ADMIT448 spec.hosts[0]']],
  ['empty lists', { addresses: [], endpoints: [] }, []],
  ['addresses', { addresses: ['10.0.0.1'] }, ['ADMIT448 spec.addresses']],
  ['endpoints', { endpoints: [{ address: 'a' }] }, ['ADMIT448 spec.endpoints']],
  ['HTTPS', { ports: [{ name: 'a', number: 1, protocol: 'HTTPS' }] }, ['ADMIT448 spec.ports[0].protocol']],
  ['no protocol', { ports: [{ name: 'a', number: 1 }] }, ['ADMIT448 spec.ports[0].protocol']],
  ['gRPC', { ports: [{ name: 'a', number: 1, protocol: 'grpc' }] }, []],
])('checks resolution DYNAMIC_DNS with %s', (_, spec, expected) => {
  expect(told('DYNAMIC_DNS', { hosts: ['*.b'], ...spec })).toEqual(expected);
});

test('rejects DYNAMIC_DNS with MESH_INTERNAL behind a waypoint', () => {
  const judge = (waypoint: string, location = 'MESH_INTERNAL') => told('DYNAMIC_DNS', { hosts: ['*.b'], location }, { 'istio.io/use-waypoint': waypoint });
  expect(judge('wp')).toEqual(['ADMIT448 spec.location']);
  expect(judge('None')).toEqual([]);
  expect(judge('')).toEqual([]);
  expect(judge('wp', 'MESH_EXTERNAL')).toEqual([]);
});
