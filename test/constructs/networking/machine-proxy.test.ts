import { ClientCredential, ClientTls, ExternalPort, ExternalProtocol, MachineProxy, MutualTlsOptions } from '../../../src';
import { refusing } from '../../../src/constructs/refuse';

const HOST = 'billing.example';
const { HTTP, HTTPS, TLS, TCP } = ExternalProtocol;
const http: ExternalPort = { port: 80, protocol: HTTP, name: 'http' };
const simple = ClientTls.simple();

const check = (proxy: MachineProxy, ports = [http], host = HOST): (() => void) => () => proxy._check(host, ports, refusing('ServiceEntry', 'shop/billing'));

test.each<[string, ClientTls | undefined, readonly ExternalPort[], string]>([
  ['no TLS', undefined, [http], 'proxy.tls is missing; expected a value created by ClientTls'],
  ['the mesh\'s certificates', ClientTls.istioMutual(), [http], "proxy.tls is ISTIO_MUTUAL; expected SIMPLE, MUTUAL or DISABLE, because a machine without a proxy neither has nor trusts the mesh's certificates. Fix: use MachineProxy.sidecar, or ClientTls.simple, mutual or disable. [API821]"],
  ['invalid TLS', ClientTls.mutual({ clientCertificate: '/c' } as MutualTlsOptions), [http], 'proxy.tls.privateKey is missing; expected a file'],
  ['a Secret, which sidecars ignore', ClientTls.simpleByCredential(ClientCredential.secret('billing')), [http], 'proxy.tls.credentialName is a Secret for all clients; expected files, or a ConfigMap, because without a selector, sidecars ignore the credential and send plaintext. Fix: use ClientTls.mutual with files, or ClientCredential.configMap if it only verifies the machines. [API026]'],
  ['TLS within HTTPS', simple, [http, { port: 443, protocol: HTTPS }], 'proxy.tls is SIMPLE for port 443 with protocol HTTPS; expected DISABLE, or a port that applications call in plaintext, because the application originates TLS on this port, and the sidecar would add a second TLS layer. Fix: use ClientTls.disable() if applications originate TLS on all ports, otherwise a MachineService for each kind of port. [API821]'],
  ['TLS within TLS', simple, [{ port: 443, protocol: TLS }], 'proxy.tls is SIMPLE for port 443 with protocol TLS'],
  ['TLS for a protocol that negotiates it', simple, [{ port: 3306, protocol: TCP }], 'proxy.tls is SIMPLE for port 3306 with protocol TCP; expected DISABLE, because sidecars would open the connection with a TLS handshake'],
  ['TLS for a port named after such a protocol', simple, [{ port: 6432, protocol: TCP, name: 'tcp-postgres' }], 'proxy.tls is SIMPLE for port 6432'],
  ['TLS that verifies another host', ClientTls.simple({ sni: 'other.example' }), [http], "proxy.tls.sni is 'other.example' for port 80 of 'billing.example'; expected the host, or names to verify"],
])('none with %s is refused', (_, tls, ports, message) => {
  expect(check(MachineProxy.none(tls as ClientTls), [...ports])).toThrow(`ServiceEntry (shop/billing): ${message}`);
});

test('none with TLS that verifies nothing of a wildcard host is refused', () => {
  expect(check(MachineProxy.none(simple), [{ port: 5000, protocol: TCP }], '*.billing.example')).toThrow(/proxy\.tls\.sni is missing for port 5000.*\[API822\]/);
});

test.each<[string, ClientTls, ExternalPort]>([
  ['plaintext', ClientTls.disable(), http],
  ['the application\'s own TLS', ClientTls.disable(), { port: 443, protocol: TLS }],
  ['a database\'s own TLS', ClientTls.disable(), { port: 3306, protocol: TCP }],
  ['TLS from the sidecars', simple, http],
  ['TLS verified by a ConfigMap', ClientTls.simpleByCredential(ClientCredential.configMap('ca')), http],
  ['TLS with files', ClientTls.mutual({ clientCertificate: '/c', privateKey: '/k' }), http],
])('none with %s is accepted', (_, tls, port) => {
  expect(check(MachineProxy.none(tls), [port])).not.toThrow();
});

test('sidecar takes any port, and a service account that can exist', () => {
  expect(check(MachineProxy.sidecar('billing'), [http, { port: 443, protocol: TLS }, { port: 3306, protocol: TCP }])).not.toThrow();
  expect(check(MachineProxy.sidecar('Billing'))).toThrow("ServiceEntry (shop/billing): proxy.serviceAccount is 'Billing'; expected a valid service account name in lowercase letters, because no other service account can exist. Fix: pass the name of the ServiceAccount that the machines run as. [API803]");
});
