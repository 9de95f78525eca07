import { ApiObject, App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  ClientCredential, ClientTls, Destination, ExternalPort, ExternalProtocol, ExternalService, ExternalServiceProps, MtlsAnalysis,
  MutualTlsOptions, networking, Pods, Services,
} from '../../../src/index';
import { schemaViolations } from '../../support/admission/schema';
import { toldOf } from '../../support/admission/webhook';
import { chartIn, only, synth } from '../../support/constructs/charts';

const { HTTP, HTTP2, GRPC, HTTPS, TLS, TCP } = ExternalProtocol;
const HOST = 'api.bank.example';
const simple = ClientTls.simple();
const secret = ClientCredential.secret('bank-client');
const mutual = ClientTls.mutualByCredential(secret);
const pods = Pods.withLabels({ app: 'till' });
const client = { client: pods, clientServiceAccount: 'till' };

type Props = Partial<ExternalServiceProps>;
const propsWith = (props: Props): ExternalServiceProps => ({ hosts: [HOST], ports: [{ port: 443, protocol: TLS }], ...props });

/** The output of an ExternalService in namespace shop. */
function emitted(props: Props): any[] {
  const chart = chartIn('shop');
  new ExternalService(chart, 'bank', propsWith(props));
  const objects = synth(chart);
  for (const object of objects.filter(({ apiVersion }) => apiVersion.startsWith('networking.istio.io/'))) {
    expect(schemaViolations(object)).toEqual([]);
    expect(toldOf(object.kind, object.spec, object.metadata)).toEqual([]);
  }
  return objects;
}

const entry = (props: Props): any => only(emitted(props), 'ServiceEntry').spec;
const rules = (props: Props): any[] => emitted(props).filter(({ kind }) => kind === 'DestinationRule');
const onPort = (port: ExternalPort, props: Props = {}): any[] => (
  rules({ ports: [port], ...props }).map(({ spec }) => spec.trafficPolicy.portLevelSettings));
const refusal = (props: Props): (() => unknown) => () => emitted(props);

test('with the application\'s own TLS emits only a ServiceEntry, without TLS origination', () => {
  const chart = chartIn('shop');
  const bank = new ExternalService(chart, 'bank', propsWith({ name: 'bank' }));
  expect(synth(chart)).toEqual([{
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { name: 'bank', namespace: 'shop' },
    spec: { hosts: [HOST], location: 'MESH_EXTERNAL', ports: [{ number: 443, name: 'tls-443', protocol: 'TLS' }], resolution: 'DNS' },
  }]);
  expect([bank.hosts, bank.namespace, ApiObject.of(bank)]).toEqual([[HOST], 'shop', bank]);
});

test('snapshot', () => {
  const chart = chartIn('shop');
  const till = new kplus.Deployment(chart, 'till', { containers: [{ image: 'till:1' }] });
  new ExternalService(chart, 'bank', {
    name: 'bank',
    hosts: [HOST, 'files.bank.example'],
    ports: [{ port: 80, protocol: HTTP, tls: mutual }, { port: 443, protocol: HTTPS }, { port: 9000, protocol: HTTP2, tls: ClientTls.disable(), targetPort: 9001, name: 'http2-feed' }],
    endpoints: ['192.0.2.1', '2001:db8::1'],
    addresses: ['198.51.100.1'],
    client: till,
  });
  expect(synth(chart)).toMatchSnapshot();
});

describe('TLS by the sidecars', () => {
  test('sends and verifies the host name, on port 443 for calls to port 80', () => {
    expect(onPort({ port: 80, protocol: HTTP, tls: simple })).toEqual([[{ port: { number: 80 }, tls: { mode: 'SIMPLE', sni: HOST, subjectAltNames: [HOST] } }]]);
    expect(entry({ ports: [{ port: 80, protocol: HTTP, tls: simple }] }).ports).toEqual([{ number: 80, name: 'http-80', protocol: 'HTTP', targetPort: 443 }]);
  });

  test.each<[string, ExternalPort, number | undefined]>([
    ['calls the same port unless that is 80', { port: 8080, protocol: HTTP, tls: simple }, undefined],
    ['that is disabled calls the same port', { port: 80, protocol: HTTP, tls: ClientTls.disable() }, undefined],
    ['left to the application calls the same port', { port: 80, protocol: TLS }, undefined],
    ['calls the given target port', { port: 80, protocol: HTTP, tls: simple, targetPort: 8443 }, 8443],
    ['calls port 443 for gRPC on port 80', { port: 80, protocol: GRPC, tls: simple }, 443],
  ])('%s', (_, port, target) => {
    expect(entry({ ports: [port] }).ports[0].targetPort).toBe(target);
  });

  test('has a rule for each of several hosts, with its own SNI', () => {
    const hosts = [HOST, 'files.bank.example'];
    const found = rules({ hosts, ports: [{ port: 80, protocol: HTTP2, tls: simple }] });
    expect(found.map(({ spec }) => [spec.host, spec.trafficPolicy.portLevelSettings[0].tls.sni])).toEqual(hosts.map((host) => [host, host]));
  });

  test.each<[string, ClientTls, object]>([
    ['the given names', ClientTls.simple({ subjectAltNames: ['bank.example'] }), { mode: 'SIMPLE', sni: HOST, subjectAltNames: ['bank.example'] }],
    ['the given names of another SNI', ClientTls.simple({ sni: 'edge.example', subjectAltNames: ['edge.example'] }), { mode: 'SIMPLE', sni: 'edge.example', subjectAltNames: ['edge.example'] }],
    ['no name if given an SNI and an empty list', ClientTls.simple({ sni: HOST, subjectAltNames: [] }), { mode: 'SIMPLE', sni: HOST, subjectAltNames: [] }],
    ['the host\'s name if given an empty list without an SNI', ClientTls.simple({ subjectAltNames: [] }), { mode: 'SIMPLE', sni: HOST, subjectAltNames: [HOST] }],
    ['nothing if given insecureSkipVerify', ClientTls.simple({ insecureSkipVerify: true }), { mode: 'SIMPLE', sni: HOST, insecureSkipVerify: true }],
    ['the host\'s name with the CA of a ConfigMap', ClientTls.simpleByCredential(ClientCredential.configMap('bank-ca')), { mode: 'SIMPLE', credentialName: 'configmap://shop/bank-ca', sni: HOST, subjectAltNames: [HOST] }],
    ['the host\'s name with a certificate in files', ClientTls.mutual({ clientCertificate: '/c', privateKey: '/k' }), { mode: 'MUTUAL', clientCertificate: '/c', privateKey: '/k', sni: HOST, subjectAltNames: [HOST] }],
  ])('verifies %s', (_, tls, expected) => {
    expect(onPort({ port: 80, protocol: HTTP, tls })[0][0].tls).toEqual(expected);
  });

  test('to a wildcard host has each request\'s host as SNI, which Envoy verifies', () => {
    expect(onPort({ port: 80, protocol: HTTP, tls: simple }, { hosts: ['*.bank.example'] })).toEqual([[{ port: { number: 80 }, tls: { mode: 'SIMPLE' } }]]);
  });

  test('is exported like the ServiceEntry', () => {
    const objects = emitted({ ports: [{ port: 80, protocol: HTTP, tls: simple }], exportTo: ['.', 'bank'] });
    expect(objects.map(({ kind, metadata, spec }) => [kind, metadata.namespace, spec.exportTo])).toEqual([['ServiceEntry', 'shop', ['.', 'bank']], ['DestinationRule', 'shop', ['.', 'bank']]]);
  });
});

describe('for one client', () => {
  const ports = [{ port: 80, protocol: HTTP, tls: mutual }, { port: 5432, protocol: TCP, tls: ClientTls.disable() }];
  const names = { sni: HOST, subjectAltNames: [HOST] };

  test('other clients in its namespace send TLS without the credential, and other namespaces don\'t see the host', () => {
    const objects = emitted({ ports, ...client });
    expect(only(objects, 'ServiceEntry').spec.exportTo).toEqual(['.']);
    const disable = { port: { number: 5432 }, tls: { mode: 'DISABLE' } };
    expect(objects.filter(({ kind }) => kind === 'DestinationRule').map(({ spec }) => spec)).toEqual([
      { host: HOST, workloadSelector: { matchLabels: { app: 'till' } }, trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, tls: { mode: 'MUTUAL', credentialName: 'bank-client', ...names } }, disable] } },
      { host: HOST, exportTo: ['shop'], trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, tls: { mode: 'SIMPLE', ...names } }, disable] } },
    ]);
  });

  test('the rule for other clients has the exportTo of the host', () => {
    expect(rules({ ports, ...client, exportTo: ['*'] }).map(({ spec }) => spec.exportTo)).toEqual([undefined, ['*']]);
    expect(rules({ ports, ...client, exportTo: ['.', 'bank'] }).map(({ spec }) => spec.exportTo)).toEqual([undefined, ['shop', 'bank']]);
  });

  test('its service account may list Secrets, which istiod requires to send it a key', () => {
    const objects = emitted({ ports, ...client });
    const [role, binding] = [only(objects, 'Role'), only(objects, 'RoleBinding')];
    expect([role.metadata.namespace, role.rules]).toEqual(['shop', [{ apiGroups: [''], resources: ['secrets'], verbs: ['list'] }]]);
    expect(binding.metadata.namespace).toBe('shop');
    expect(binding.roleRef).toEqual({ apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: role.metadata.name });
    expect(binding.subjects).toEqual([{ kind: 'ServiceAccount', name: 'till', namespace: 'shop' }]);
  });

  test.each<[string, (chart: Chart) => kplus.Deployment, string]>([
    ['of its pod template', (chart) => new kplus.Deployment(chart, 'till', { containers: [{ image: 'till:1' }], serviceAccount: new kplus.ServiceAccount(chart, 'sa', { metadata: { name: 'cashier' } }) }), 'cashier'],
    ['of all pods that name none', (chart) => new kplus.Deployment(chart, 'till', { containers: [{ image: 'till:1' }] }), 'default'],
  ])('the account is that %s', (_, deployment, account) => {
    const chart = chartIn('shop');
    new ExternalService(chart, 'bank', propsWith({ ports, client: deployment(chart) }));
    expect(only(synth(chart), 'RoleBinding').subjects[0].name).toBe(account);
  });

  test('that is a workload, all objects are in its namespace', () => {
    const app = new App();
    const till = new kplus.Deployment(new Chart(app, 'till', { namespace: 'till' }), 'till', { containers: [{ image: 'till:1' }] });
    const chart = new Chart(app, 'egress', { namespace: 'egress' });
    new ExternalService(chart, 'bank', propsWith({ ports, client: till }));
    expect([...new Set(synth(chart).map(({ metadata }) => metadata.namespace))]).toEqual(['till']);
    expect(() => new ExternalService(chart, 'other', propsWith({ client: till, namespace: 'egress' }))).toThrow(/ServiceEntry \(egress\/other\): metadata.namespace is 'egress'; expected 'till'.*\[API012\]/);
  });

  test.each<[string, Props]>([
    ['no key is read from a Secret', { ports: [{ port: 80, protocol: HTTP, tls: ClientTls.simpleByCredential(secret) }], client: pods }],
    ['files hold the key', { ports: [{ port: 80, protocol: HTTP, tls: ClientTls.mutual({ clientCertificate: '/c', privateKey: '/k' }) }], client: pods }],
    ['it has that right already', { ports, client: pods, secretReader: false }],
  ])('it gets no Role if %s', (_, props) => {
    expect(emitted(props).map(({ kind }) => kind)).toEqual(['ServiceEntry', 'DestinationRule', 'DestinationRule']);
  });

  test.each([['a missing', undefined, 'missing for a client selected by labels'], ['an invalid', 'Till', 'not a service account name'], ['an empty', '', 'not a service account name']])('%s service account is refused', (_, clientServiceAccount, actual) => {
    expect(refusal({ ports, client: pods, clientServiceAccount })).toThrow(
      `ServiceEntry (test/bank): clientServiceAccount is ${actual}; expected the service account of the client's pods, because istiod sends a Secret with a key only to a service account that may list Secrets. Fix: pass it, or 'secretReader: false' if it already has that permission. [API824]`,
    );
  });
});

test.each([['Secret', secret], ['Secret for gateways only', ClientCredential.secret('bank-client', { gatewaysOnly: true })]])('a %s for all clients is refused', (_, credential) => {
  expect(refusal({ ports: [{ port: 80, protocol: HTTP, tls: ClientTls.simpleByCredential(credential) }] })).toThrow(
    "ServiceEntry (test/bank): ports.tls.credentialName is 'bank-client' for all clients; expected a 'client', because without a selector, sidecars ignore the credential and send plaintext. Fix: pass the client, or use ClientCredential.configMap if it only verifies the host. [API026]",
  );
});

describe('TLS to a host outside the mesh', () => {
  test.each<[string, ExternalPort, string]>([
    ['from both sidecar and application over HTTPS', { port: 443, protocol: HTTPS, tls: simple }, 'is given for port 443 with protocol HTTPS; expected none, because the application originates TLS on this port, and the sidecar would add a second TLS layer.'],
    ['disabled explicitly, though the application originates it', { port: 443, protocol: TLS, tls: ClientTls.disable() }, 'is given for port 443 with protocol TLS; expected none'],
    ['from neither sidecar nor application over HTTP', { port: 80, protocol: HTTP }, 'is missing for port 80 with protocol HTTP; expected TLS from the sidecars or the application, because calls would leave the mesh in plaintext.'],
    ['from neither sidecar nor application over TCP', { port: 5432, protocol: TCP }, 'is missing for port 5432 with protocol TCP'],
    ['with the mesh\'s certificates', { port: 80, protocol: HTTP, tls: ClientTls.istioMutual() }, "is ISTIO_MUTUAL for port 80 with protocol HTTP; expected SIMPLE, MUTUAL or DISABLE, because nobody outside the mesh has or trusts the mesh's certificates."],
  ])('%s is refused', (_, port, message) => {
    expect(refusal({ ports: [port] })).toThrow(`ServiceEntry (test/bank): ports.tls ${message}`);
    expect(refusal({ ports: [port] })).toThrow('[API821]');
  });

  test.each<[string, ClientTls, string]>([
    ['without a key', ClientTls.mutual({ clientCertificate: '/c' } as MutualTlsOptions), 'privateKey is missing; expected a file, because without a certificate, Istio sends plaintext.'],
    ['with a ConfigMap, which has no key,', ClientTls.mutualByCredential(ClientCredential.configMap('bank')), 'credentialName is a ConfigMap with mode MUTUAL'],
    ['with both insecureSkipVerify and subjectAltNames', ClientTls.simple({ insecureSkipVerify: true, subjectAltNames: [] }), 'insecureSkipVerify is true together with subjectAltNames'],
  ])('from a ClientTls %s is refused with the path of the ExternalService', (_, tls, message) => {
    expect(refusal({ ports: [{ port: 80, protocol: HTTP, tls }] })).toThrow(`ServiceEntry (test/bank): ports.tls.${message}`);
  });

  test.each<[string, ExternalPort, Props]>([
    ['the name of another host', { port: 80, protocol: HTTP, tls: ClientTls.simple({ sni: 'other.example' }) }, {}],
    ['the name of one of several hosts', { port: 80, protocol: HTTP, tls: ClientTls.simple({ sni: HOST }) }, { hosts: [HOST, 'files.bank.example'] }],
    ['one name for a wildcard host', { port: 80, protocol: HTTP, tls: ClientTls.simple({ sni: HOST }) }, { hosts: ['*.bank.example'] }],
    ['no name at all', { port: 6380, protocol: TCP, tls: simple }, { hosts: ['*.bank.example'] }],
  ])('verified by %s is refused', (_, port, props) => {
    expect(refusal({ ...props, ports: [port] })).toThrow(/ServiceEntry \(test\/bank\): ports\.tls\.sni is .* for port \d+ of '.*'; expected the host, or names to verify, because .*\[API822\]/);
  });

  test('verified by subjectAltNames is accepted for a wildcard host without HTTP', () => {
    const tls = ClientTls.simple({ subjectAltNames: ['db.bank.example'] });
    expect(onPort({ port: 6380, protocol: TCP, tls }, { hosts: ['*.bank.example'], addresses: ['198.51.100.0/24'] })[0][0].tls).toEqual({ mode: 'SIMPLE', subjectAltNames: ['db.bank.example'] });
  });
});

describe('sidecar TLS for a protocol that negotiates TLS itself', () => {
  test.each<[string, string, Omit<ExternalPort, 'protocol'>]>([
    ['port 3306', 'MySQL', { port: 3306 }], ['target port 3306', 'MySQL', { port: 33306, targetPort: 3306 }], ['a port named tcp-mysql', 'MySQL', { port: 1234, name: 'tcp-mysql' }], ['port 25', 'SMTP', { port: 25 }],
    ['port 587', 'SMTP', { port: 587 }], ['port 5432', 'PostgreSQL', { port: 5432 }], ['a port named postgres', 'PostgreSQL', { port: 6432, name: 'postgres' }], ['target port 5432', 'PostgreSQL', { port: 6432, targetPort: 5432 }],
  ])('is refused on %s, which means %s, with SIMPLE and MUTUAL', (_, name, port) => {
    for (const [mode, tls] of [['SIMPLE', simple], ['MUTUAL', mutual]] as const) {
      const refused = refusal({ ports: [{ protocol: TCP, ...port, tls }], ...client });
      expect(refused).toThrow(`ServiceEntry (test/bank): ports.tls is ${mode} for port ${port.port} with protocol TCP; expected DISABLE, because`);
      expect(refused).toThrow(name);
      expect(refused).toThrow("Fix: use ClientTls.disable(), and let the application negotiate TLS; if something in front of the server accepts TLS at once, give the port a name of its own, such as 'tcp-tunnel'. [API828]");
    }
  });

  test.each<[string, ExternalPort]>([
    ['a port of MySQL without TLS by the sidecar', { port: 3306, protocol: TCP, tls: ClientTls.disable() }],
    ['the port of SMTPS', { port: 465, protocol: TCP, tls: simple }],
    ['a port of MySQL with another name', { port: 3306, protocol: TCP, tls: simple, name: 'tcp-tunnel' }],
    ['a port of MySQL with HTTP', { port: 3306, protocol: HTTP, tls: simple }],
    ['an exporter of MySQL', { port: 9104, protocol: TCP, tls: simple, name: 'mysql-exporter' }],
  ])('isn\'t refused on %s', (_, port) => {
    expect(refusal({ ports: [port] })).not.toThrow();
  });
});

describe('in place of a Service', () => {
  test('an ExternalService gives a Destination its host and namespace', () => {
    const app = new App();
    const bank = new ExternalService(new Chart(app, 'bank', { namespace: 'bank' }), 'bank', propsWith({}));
    const chart = new Chart(app, 'test', { namespace: 'shop' });
    const destination = Destination.ofService(chart, 'pool', bank, { connectionPool: { tcp: { maxConnections: 5 } } });
    expect([destination.host, destination.namespace]).toEqual([HOST, 'bank']);
    expect(only(synth(chart), 'DestinationRule').spec.host).toBe(HOST);
  });

  test('a ServiceEntry of the bindings gives a Destination its host', () => {
    const chart = chartIn('shop');
    const service = new networking.ServiceEntry(chart, 'bank', { spec: { hosts: [HOST], ports: [{ number: 443, name: 'tls', protocol: 'TLS' }] } });
    expect(Destination.ofService(chart, 'pool', Services.of(service), { ports: [{ port: 443, connectionPool: { tcp: { maxConnections: 5 } } }] }).host).toBe(HOST);
    expect(synth(chart)).toHaveLength(2);
  });

  test('an ExternalService without the Destination\'s port is refused', () => {
    const chart = chartIn('shop');
    const service = new ExternalService(chart, 'bank', propsWith({ name: 'bank' }));
    Destination.ofService(chart, 'pool', service, { ports: [{ port: 80, tls: simple }] });
    expect(() => synth(chart)).toThrow(/portLevelSettings is for port 80; expected a port of ServiceEntry bank: 443, because Istio uses the ServiceEntry's port here, not the target port, and ignores an unknown one\. Fix: pass the ServiceEntry's port number\. \[API036\]/);
  });

  test('an ExternalService with several hosts is refused, since a rule is for one', () => {
    const chart = chartIn('shop');
    const service = new ExternalService(chart, 'bank', propsWith({ name: 'bank', hosts: [HOST, 'files.bank.example'] }));
    expect(() => Destination.ofService(chart, 'pool', service, { tls: simple })).toThrow("service is ServiceEntry bank with the hosts 'api.bank.example', 'files.bank.example'; expected a ServiceEntry with a single host, because a rule is for one host. Fix: pass one host name to new Destination. [API021]");
    const none = new ApiObject(chart, 'none', { apiVersion: 'networking.istio.io/v1', kind: 'ServiceEntry', metadata: { name: 'none' } });
    expect(() => Destination.ofService(chart, 'other', Services.of(none), { tls: simple })).toThrow(/service is ServiceEntry none with no host.*\[API021\]/);
  });
});

describe('as the engine decides,', () => {
  /** The outcomes of the calls of each workload of namespace shop. */
  function outcomes(props: Props): string[] {
    const app = new App();
    const chart = new Chart(app, 'shop', { namespace: 'shop' });
    new ApiObject(chart, 'namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { 'istio-injection': 'enabled' } } });
    for (const name of ['till', 'web']) {
      new kplus.Deployment(chart, name, { metadata: { name }, containers: [{ image: `${name}:1` }], podMetadata: { labels: { app: name } } });
    }
    new ExternalService(chart, 'bank', propsWith(props));
    const analysis = MtlsAnalysis.of(app);
    expect(analysis.findings).toEqual([]);
    return analysis.connections().map(({ clientName, requestedPort, clientTls, outcome }) => `${clientName} ${requestedPort} ${clientTls} ${outcome}`).sort();
  }

  test('calls use TLS, from application or sidecar, and plaintext only if explicit', () => {
    const ports = [
      { port: 80, protocol: HTTP, tls: simple },
      { port: 443, protocol: HTTPS },
      { port: 9432, protocol: TCP, tls: simple },
      { port: 8080, protocol: HTTP, tls: ClientTls.disable() },
    ];
    expect(outcomes({ ports }).filter((line) => line.startsWith('till'))).toEqual([
      'till 443 PLAINTEXT tls', 'till 80 SIMPLE tls', 'till 8080 PLAINTEXT plaintext', 'till 9432 SIMPLE tls',
    ]);
    expect(outcomes({ hosts: ['*.bank.example'], ports: [ports[0], ports[1]] }).map((line) => line.split(' ')[3])).toEqual(['tls', 'tls', 'tls', 'tls']);
  });

  test('with a credential for one client, other clients still send TLS', () => {
    expect(outcomes({ ports: [{ port: 80, protocol: HTTP, tls: mutual }], ...client })).toEqual(['till 80 MUTUAL tls', 'web 80 SIMPLE tls']);
  });
});
