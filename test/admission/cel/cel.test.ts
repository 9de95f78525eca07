import { judgeRules } from '../../../src/admission/cel/cel';
import { ISTIO_CRDS, IstioKind } from '../../../src/admission/crds';
import { fieldText } from '../../../src/findings/finding';
import { objectionsOf } from '../../support/admission/objections';

const celObjections = (kind: IstioKind, object: { spec: object }) => objectionsOf((at) => judgeRules(at, kind, object));

function objections(kind: string, spec: object) {
  const known = ISTIO_CRDS.find((istioKind) => istioKind.kind === kind)!;
  return celObjections(known, { spec }).map(({ code, field, actual }) => [code, fieldText(field), actual]);
}

test.each([
  ['targetRef beside targetRefs', 'AuthorizationPolicy', { selector: {}, targetRefs: [] }, 'ADMIT301', 'spec'],
  ['a wildcard label', 'Sidecar', { workloadSelector: { labels: { app: '*' } } }, 'ADMIT302', 'spec.workloadSelector.labels.app'],
  ['a label without a name', 'PeerAuthentication', { selector: { matchLabels: { '': 'a' } } }, 'ADMIT303', 'spec.selector.matchLabels'],
  ['a port beyond 65535', 'ServiceEntry', { hosts: ['a'], ports: [{ name: 'a', number: 65536 }] }, 'ADMIT304', 'spec.ports[0].number'],
  ['port modes without a selector', 'PeerAuthentication', { portLevelMtls: { 80: {} } }, 'ADMIT305', 'spec'],
  ['a duration under a millisecond', 'VirtualService', { http: [{ timeout: '0s' }] }, 'ADMIT306', 'spec.http[0].timeout'],
  ['a targetRef to another namespace', 'AuthorizationPolicy', { targetRefs: [{ kind: 'a', name: 'a', namespace: 'b' }] }, 'ADMIT307', 'spec.targetRefs[0].namespace'],
  ['a URL with another scheme', 'WasmPlugin', { url: 'ftp://a' }, 'ADMIT308', 'spec.url'],
  ['a JWKS URL with ftp', 'RequestAuthentication', { jwtRules: [{ issuer: 'a', jwksUri: 'ftp://a' }] }, 'ADMIT309', 'spec.jwtRules[0].jwksUri'],
  ['two credentials', 'Gateway', { servers: [{ tls: { credentialName: 'a', credentialNames: ['b'] } }] }, 'ADMIT310', 'spec.servers[0].tls'],
  ['valueFrom HOST with a value', 'WasmPlugin', { url: 'a', vmConfig: { env: [{ name: 'a', valueFrom: 'HOST', value: 'b' }] } }, 'ADMIT311', 'spec.vmConfig.env[0]'],
  ['no extension', 'TrafficExtension', {}, 'ADMIT312', 'spec'],
  ['a waypoint in another namespace', 'EnvoyFilter', { configPatches: [{ match: { context: 'GATEWAY', waypoint: {} } }] }, 'ADMIT313', 'spec.configPatches[0].match'],
  ['a socket with a relative path', 'WorkloadEntry', { address: 'unix://tmp' }, 'ADMIT314', 'spec.address'],
  ['a socket with ports', 'WorkloadEntry', { address: 'unix:///tmp', ports: { http: 80 } }, 'ADMIT315', 'spec'],
  ['a port name with a dot', 'WorkloadEntry', { address: 'a', ports: { 'a.b': 80 } }, 'ADMIT316', 'spec.ports'],
  ['no address', 'WorkloadEntry', {}, 'ADMIT317', 'spec'],
  ['the host *', 'ServiceEntry', { hosts: ['*'] }, 'ADMIT318', 'spec.hosts[0]'],
  ['a duplicate port number', 'ServiceEntry', { hosts: ['a'], ports: [{ name: 'a', number: 1 }, { name: 'b', number: 1 }] }, 'ADMIT319', 'spec.ports'],
  ['selector and endpoints', 'ServiceEntry', { hosts: ['a'], resolution: 'STATIC', workloadSelector: {}, endpoints: [] }, 'ADMIT320', 'spec'],
  ['a CIDR range with resolution DNS', 'ServiceEntry', { hosts: ['a'], resolution: 'DNS', addresses: ['10.0.0.0/8'] }, 'ADMIT321', 'spec'],
  ['endpoints with resolution NONE', 'ServiceEntry', { hosts: ['a'], endpoints: [] }, 'ADMIT322', 'spec'],
  ['two endpoints with resolution DNS_ROUND_ROBIN', 'ServiceEntry', { hosts: ['a'], resolution: 'DNS_ROUND_ROBIN', endpoints: [{ address: 'a' }, { address: 'b' }] }, 'ADMIT323', 'spec'],
  ['a scheme in lower case', 'WorkloadGroup', { template: {}, probe: { httpGet: { port: 80, scheme: 'http' } } }, 'ADMIT324', 'spec.probe.httpGet.scheme'],
  ['a duplicate location of tokens', 'AuthorizationPolicy', { rules: [{ from: [{ source: { serviceAccounts: ['a'], principals: ['b'] } }] }] }, 'ADMIT325', 'spec.rules[0].from[0].source'],
  ['two sources of JWKS', 'RequestAuthentication', { jwtRules: [{ issuer: 'a', jwks: 'b', jwksUri: 'http://c' }] }, 'ADMIT326', 'spec.jwtRules[0]'],
  ['UPSERT without a value', 'Telemetry', { metrics: [{ overrides: [{ tagOverrides: { a: { operation: 'UPSERT' } } }] }] }, 'ADMIT327', 'spec.metrics[0].overrides[0].tagOverrides.a'],
  ['REMOVE with a value', 'Telemetry', { metrics: [{ overrides: [{ tagOverrides: { a: { operation: 'REMOVE', value: 'b' } } }] }] }, 'ADMIT328', 'spec.metrics[0].overrides[0].tagOverrides.a'],
])('the CRD\'s rule rejects %s', (_, kind, spec, code, field) => {
  expect(objections(kind, spec)).toEqual([[code, field, expect.any(String)]]);
});

test('null counts as absent, so that its rules don\'t run', () => {
  expect(objections('PeerAuthentication', { portLevelMtls: null })).toEqual([]);
  expect(objections('VirtualService', { http: [{ timeout: null }] })).toEqual([]);
});

test('keys of maps may be named like members of JavaScript objects', () => {
  const spec = JSON.parse('{"selector":{"matchLabels":{"__proto__":"a*","constructor":"b"}}}');
  expect(objections('PeerAuthentication', spec)).toEqual([['ADMIT302', 'spec.selector.matchLabels.__proto__', "'a*'"]]);
});

describe('evaluates a rule that the vendored CRDs don\'t have', () => {
  const kindWith = (rule: object): IstioKind => ({
    ...ISTIO_CRDS[0],
    schema: { type: 'object', properties: { spec: { 'type': 'object', 'properties': { count: { type: 'integer' } }, 'x-kubernetes-validations': [rule as any] } } },
  });

  test('reports a rule\'s own message at its fieldPath', () => {
    const kind = kindWith({ rule: 'self.count < 3', message: 'too many', fieldPath: '.count' });
    expect(celObjections(kind, { spec: { count: 2 } })).toEqual([]);
    expect(celObjections(kind, { spec: { count: 3 } })).toEqual([expect.objectContaining({ code: 'ADMIT399', field: ['spec', 'count'], expected: '"too many"' })]);
  });

  test('rejects an object if evaluation fails', () => {
    const [objection] = celObjections(kindWith({ rule: 'self.missing < 3' }), { spec: {} });
    expect(objection).toMatchObject({ code: 'ADMIT399', expected: '"self.missing < 3"', because: expect.stringContaining('its rule failed') });
  });

  test('doesn\'t run a rule that uses oldSelf', () => {
    expect(celObjections(kindWith({ rule: 'self.count == oldSelf.count' }), { spec: { count: 1 } })).toEqual([]);
  });
});
