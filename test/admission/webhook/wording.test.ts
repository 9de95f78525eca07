import { webhookObjections } from '../../support/admission/webhook';

const first = (kind: string, spec: object, metadata: object = {}) => webhookObjections(kind, { metadata, spec })[0];
const server = { hosts: ['*'], port: { number: 80, name: 'http', protocol: 'HTTP' } };

test.each([
  ['AuthorizationPolicy', { action: 'CUSTOM', rules: [{}] }, 'missing'],
  ['AuthorizationPolicy', { action: 'CUSTOM', rules: [{}], provider: { name: '' } }, 'empty'],
  ['AuthorizationPolicy', { action: 'DENY' }, 'missing'],
  ['AuthorizationPolicy', { action: 'DENY', rules: [] }, 'empty'],
  ['AuthorizationPolicy', { rules: [{ from: [{}] }] }, 'missing'],
  ['AuthorizationPolicy', { rules: [{ from: [{ source: {} }] }] }, 'without values'],
  ['Gateway', {}, 'missing'],
  ['Gateway', { servers: [] }, 'empty'],
  ['Gateway', { servers: [{ ...server, port: { ...server.port, name: '' } }] }, 'empty'],
  ['Gateway', { servers: [{ ...server, port: { ...server.port, name: undefined } }] }, 'missing'],
  ['Gateway', { servers: [{ ...server, port: { ...server.port, protocol: '' } }] }, 'empty'],
  ['RequestAuthentication', { jwtRules: [{}] }, 'missing'],
  ['RequestAuthentication', { jwtRules: [{ issuer: '' }] }, 'empty'],
  ['RequestAuthentication', { jwtRules: [{ issuer: 'a', audiences: [''] }] }, 'empty'],
  ['RequestAuthentication', { jwtRules: [{ issuer: 'a', fromHeaders: [{}] }] }, 'missing'],
  ['PeerAuthentication', { selector: {} }, 'missing'],
  ['PeerAuthentication', { selector: { matchLabels: {} } }, 'empty'],
  ['Sidecar', { egress: [{ hosts: ['./*'], port: {} }] }, 'missing'],
  ['Telemetry', { metrics: [{ overrides: [{ tagOverrides: { a: {} } }] }] }, 'missing'],
  ['Telemetry', { metrics: [{ overrides: [{ tagOverrides: { a: { value: '' } } }] }] }, 'empty'],
  ['Telemetry', { accessLogging: [{ filter: {} }] }, 'empty'],
  ['Telemetry', { accessLogging: [{ filter: { expression: 'a +' } }] }, '\'a +\''],
  ['Sidecar', { egress: [{ hosts: ['./*'], port: {}, bind: 'a' }] }, '\'a\''],
  ['Gateway', { servers: [{ ...server, port: { ...server.port, protocol: 'FOO' } }] }, '\'FOO\''],
])('describes an actual value: %s %j: %s', (kind, spec, actual) => {
  expect(first(kind, spec)?.actual).toBe(actual);
});

test.each([
  ['AuthorizationPolicy', { targetRef: { kind: 'Gateway', group: 'networking.istio.io', name: 'a' } }, 'write group: \'gateway.networking.k8s.io\''],
  ['AuthorizationPolicy', { targetRef: { kind: 'Pod', name: 'a' } }, 'name one of these kinds, or select workloads with \'selector\''],
  ['Gateway', { servers: [{ ...server, bind: '10.0.0.0/8' }] }, 'leave out the prefix: \'10.0.0.0\''],
  ['Gateway', { servers: [{ ...server, hosts: ['*a.b'] }] }, 'write \'*.b\' or list the hosts individually'],
  ['Gateway', { servers: [{ ...server, hosts: ['a_b/c.d'] }] }, 'write \'*/c.d\' for every namespace or \'./c.d\' for the own one'],
  ['Gateway', { servers: [{ ...server, hosts: ['reviews'] }] }, 'write, for example, \'reviews.prod.svc.cluster.local\''],
  ['Gateway', { servers: [{ ...server, hosts: ['n/'] }] }, 'write, for example, \'reviews.prod.svc.cluster.local\''],
  ['Gateway', { servers: [{ ...server, tls: { mode: 'SIMPLE', credentialName: 'a' } }] }, 'write protocol HTTPS or TLS, or remove tls'],
  ['Gateway', { servers: [{ ...server, port: { ...server.port, protocol: 'HTTPS' } }] }, 'add tls with its mode and credentialName, or write protocol HTTP or TCP'],
  ['Sidecar', { egress: [{ hosts: ['a.b'] }] }, 'write \'*/a.b\' for every namespace or \'./a.b\' for the own one'],
])('describes the fix of %s %j', (kind, spec, fix) => {
  expect(first(kind, spec)?.fix).toBe(fix);
});

test('suggests a name without dots for a Gateway', () => {
  expect(first('Gateway', { servers: [server] }, { name: '_my.gateway_' })).toMatchObject({ actual: '\'_my.gateway_\'', fix: 'write, for example, \'my-gateway\'' });
});

const firstInProd = (kind: string, spec: object) => webhookObjections(kind, { metadata: { namespace: 'prod' }, spec })[0];
const rule = (spec: object) => firstInProd('DestinationRule', { host: 'a', ...spec });
const cors = (method: string) => firstInProd('VirtualService', { hosts: ['a'], http: [{ corsPolicy: { allowMethods: [method] }, directResponse: { status: 200 } }] });

test('suggests the word that was meant', () => {
  expect(cors('get ').fix).toBe('write \'GET\'');
  expect(cors('Trace').fix).toBe('write \'TRACE\'');
  expect(cors('QUERY').fix).toBe('write \'GET\'');
});

test('distinguishes a namespace that is repeated by name from one repeated as `.`', () => {
  expect(rule({ exportTo: ['prod', '.'] }).actual).toBe('\'.\' beside its own namespace \'prod\'');
  expect(rule({ exportTo: ['other', 'other'] }).actual).toBe('\'other\' a second time');
});

test('explains why exportTo can\'t be ~', () => {
  expect(rule({ exportTo: ['~'] }).because).toBe('only a ServiceEntry can be exported to no one');
  expect(rule({ exportTo: ['a_b'] }).because).toBe('no namespace has that name');
});

test('names the namespace in which a ConfigMap must be', () => {
  const objection = rule({ trafficPolicy: { tls: { credentialName: 'configmap://ca' } } });
  expect(objection.expected).toBe('\'configmap://prod/<name>\'');
  expect(objection.fix).toBe('name a ConfigMap of the namespace \'prod\'');
});

test('distinguishes a grpc probe from a probe without a method', () => {
  const probe = (method: object) => firstInProd('WorkloadGroup', { template: {}, probe: method }).actual;
  expect(probe({ grpc: {} })).toBe('by grpc');
  expect(probe({})).toBe('without a method');
});

test('names the ports that an endpoint may have', () => {
  const endpoint = (ports: object[]) => firstInProd('ServiceEntry', { hosts: ['a.b'], resolution: 'STATIC', ports, endpoints: [{ address: '10.0.0.1', ports: { b: 1 } }] }).expected;
  expect(endpoint([{ name: 'a', number: 1, protocol: 'HTTP' }])).toBe('the name of a port in spec.ports: a');
  expect(endpoint([])).toBe('ports in spec.ports');
});

test('suggests a wildcard for the whole label in place of a partial one', () => {
  expect(firstInProd('ServiceEntry', { hosts: ['*-a.b.c'] }).fix).toBe('write \'*.b.c\' or list the hosts individually');
});

test('suggests the current form of a gateway\'s name', () => {
  expect(firstInProd('VirtualService', { hosts: ['a'], gateways: ['gw.prod.svc'], http: [{ directResponse: { status: 200 } }] }).fix).toBe('write \'prod/gw\'');
});

test('shortens a long value', () => {
  expect(rule({ host: 'a_'.repeat(100) }).actual).toHaveLength(80);
});
