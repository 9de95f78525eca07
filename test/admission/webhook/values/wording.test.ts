import { webhookObjections } from '../../../../src/admission/webhook/webhook';

const first = (kind: string, spec: object) => webhookObjections(kind, { metadata: { namespace: 'prod' }, spec })[0];
const rule = (spec: object) => first('DestinationRule', { host: 'a', ...spec });
const cors = (method: string) => first('VirtualService', { hosts: ['a'], http: [{ corsPolicy: { allowMethods: [method] }, directResponse: { status: 200 } }] });

test('offers the word that was meant', () => {
  expect(cors('get ').fix).toBe('write \'GET\'');
  expect(cors('Trace').fix).toBe('write \'TRACE\'');
  expect(cors('QUERY').fix).toBe('write \'GET\'');
});

test('tells a namespace given twice from one given by its dot', () => {
  expect(rule({ exportTo: ['prod', '.'] }).actual).toBe('\'.\' beside its own namespace \'prod\'');
  expect(rule({ exportTo: ['other', 'other'] }).actual).toBe('\'other\' a second time');
});

test('tells why nothing is exported to no one', () => {
  expect(rule({ exportTo: ['~'] }).because).toBe('only a ServiceEntry can be exported to no one');
  expect(rule({ exportTo: ['a_b'] }).because).toBe('no namespace has that name');
});

test('names the namespace that a ConfigMap must be in', () => {
  const objection = rule({ trafficPolicy: { tls: { credentialName: 'configmap://ca' } } });
  expect(objection.expected).toBe('\'configmap://prod/<name>\'');
  expect(objection.fix).toBe('name a ConfigMap of the namespace \'prod\'');
});

test('tells a probe by grpc from one without a method', () => {
  const probe = (method: object) => first('WorkloadGroup', { template: {}, probe: method }).actual;
  expect(probe({ grpc: {} })).toBe('by grpc');
  expect(probe({})).toBe('without a method');
});

test('names the ports that an endpoint may have', () => {
  const endpoint = (ports: object[]) => first('ServiceEntry', { hosts: ['a.b'], resolution: 'STATIC', ports, endpoints: [{ address: '10.0.0.1', ports: { b: 1 } }] }).expected;
  expect(endpoint([{ name: 'a', number: 1, protocol: 'HTTP' }])).toBe('the name of a port in spec.ports: a');
  expect(endpoint([])).toBe('ports in spec.ports');
});

test('offers a whole label for a part of one', () => {
  expect(first('ServiceEntry', { hosts: ['*-a.b.c'] }).fix).toBe('write \'*.b.c\' or list the hosts one by one');
});

test('offers the new form of a gateway\'s name', () => {
  expect(first('VirtualService', { hosts: ['a'], gateways: ['gw.prod.svc'], http: [{ directResponse: { status: 200 } }] }).fix).toBe('write \'prod/gw\'');
});

test('cuts a long value short', () => {
  expect(rule({ host: 'a_'.repeat(100) }).actual).toHaveLength(80);
});
