import { ApiObject } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { ClientTls, Destination, DestinationOptions, ExternalProtocol, ExternalService, Services } from '../../../src/index';
import { chartIn, synth } from '../../support/constructs/charts';

/** The synth of a Destination for a Service with one port. */
function set(port: object, options: DestinationOptions): () => unknown {
  return () => {
    const chart = chartIn('shop');
    const service = new ApiObject(chart, 'db', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'db' }, spec: { ports: [port] } });
    Destination.ofService(chart, 'rule', Services.of(service), options);
    return synth(chart);
  };
}

const tls = ClientTls.simple({ sni: 'db.example' });
const mutual = ClientTls.mutual({ clientCertificate: '/c', privateKey: '/k' });
const POSTGRES = { port: 5432 };

test('is refused with the port, what the server expects, and a fix', () => {
  expect(set(POSTGRES, { tls })).toThrow(
    /DestinationRule \(test\/rule\): trafficPolicy\.tls\.mode is SIMPLE for port 5432 of Service db; expected DISABLE, because sidecars would open the connection with a TLS handshake, but a PostgreSQL server expects the client's SSLRequest first.*Fix: add \{ port: 5432, tls: ClientTls\.disable\(\) \} to 'ports', and let the application negotiate TLS; if something in front of the server accepts TLS at once, give the port a name of its own, such as 'tcp-tunnel'\. \[API828\]/);
});

test.each<[string, object, DestinationOptions]>([
  ['MySQL by its number', { port: 3306 }, { tls }],
  ['a target port by its number', { port: 80, targetPort: 5432 }, { tls }],
  ['MySQL by its name', { port: 3307, name: 'mysql' }, { tls: mutual }],
  ['PostgreSQL by a part of the name', { port: 80, name: 'tcp-postgres' }, { tls: mutual }],
  ['TLS for the port only', POSTGRES, { ports: [{ port: 5432, tls }] }],
  ['TLS of a subset', POSTGRES, { subsets: [{ name: 'v1', labels: { version: 'v1' }, tls }] }],
  ['TLS of a subset for the port', POSTGRES, { tls: ClientTls.disable(), subsets: [{ name: 'v1', labels: { v: '1' }, ports: [{ port: 5432, tls }] }] }],
])('is refused for %s', (_, port, options) => {
  expect(set(port, options)).toThrow('[API828]');
});

test.each<[string, object, DestinationOptions]>([
  ['the mesh\'s mutual TLS, which the server\'s sidecar ends', POSTGRES, { tls: ClientTls.istioMutual() }],
  ['no TLS', POSTGRES, { tls: ClientTls.disable() }],
  ['no TLS for the port', POSTGRES, { tls, ports: [{ port: 5432, tls: ClientTls.disable() }] }],
  ['auto mTLS', POSTGRES, { connectionPool: { tcp: { maxConnections: 1 } } }],
  ['a name of its own', { ...POSTGRES, name: 'tcp-tunnel' }, { tls }],
  ['HTTP on the number', { ...POSTGRES, name: 'http-db' }, { tls }],
  ['a program about the server', { port: 9104, name: 'mysql-exporter' }, { tls }],
  ['HTTP by appProtocol', { ...POSTGRES, appProtocol: 'http' }, { tls }],
  ['another number', { port: 6000 }, { tls }],
])('is fine for %s', (_, port, options) => {
  expect(set(port, options)).not.toThrow();
});

test('counts for a Service of cdk8s-plus, and for an external host whose port has no name of its own', () => {
  const chart = chartIn('shop');
  Destination.ofService(chart, 'rule', new kplus.Service(chart, 'db', { ports: [{ port: 3306, name: 'db-mysql' }] }), { tls });
  expect(() => synth(chart)).toThrow(/for port 3306 \(db-mysql\) of Service .*\[API828\]/);
  const other = chartIn('shop');
  const ports = [{ port: 5432, protocol: ExternalProtocol.TCP, tls: ClientTls.disable() }];
  Destination.ofService(other, 'rule', new ExternalService(other, 'db', { hosts: ['db.example'], ports }), { tls });
  expect(() => synth(other)).toThrow(/for port 5432 of ServiceEntry .*\[API828\]/);
});

test('counts for a Service of the mesh whose host is written', () => {
  const setFor = (host: string) => () => {
    const chart = chartIn('shop');
    new Destination(chart, 'rule', { host, tls });
    new ApiObject(chart, 'db', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'db' }, spec: { ports: [POSTGRES] } });
    return synth(chart);
  };
  expect(setFor('db.shop.svc.cluster.local')).toThrow(/DestinationRule \(test\/rule\): .* for port 5432 of Service db; .*\[API828\]/);
  expect(setFor('db')).toThrow('[API828]');
  expect(setFor('db.bank.svc.cluster.local')).not.toThrow();
});
