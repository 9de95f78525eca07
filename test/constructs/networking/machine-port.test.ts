import { ExternalPort, ExternalProtocol, MachinePort } from '../../../src';
import { checkedMachinePorts, protocolOfName, withTellingName } from '../../../src/constructs/networking/machine-port';
import { refusing } from '../../../src/constructs/refuse';

const { HTTP, HTTP2, GRPC, HTTPS, TLS, TCP } = ExternalProtocol;
const refuse = refusing('ServiceEntry', 'shop/billing');
const refusal = (ports: readonly Partial<MachinePort>[]): (() => unknown) => () => checkedMachinePorts(ports as MachinePort[], refuse);

test.each<[string, ExternalProtocol | undefined]>([
  ['http', HTTP], ['http-web', HTTP], ['http2', HTTP2], ['grpc-api', GRPC], ['https', HTTPS], ['tls-ledger', TLS], ['tcp-mysql', TCP], ['HTTP', HTTP],
  ['mysql', undefined], ['web-http', undefined], ['httpd', undefined],
])('a port named %s has protocol %s', (name, protocol) => {
  expect(protocolOfName(name)).toBe(protocol);
});

test('ports get the protocol of their names, unless they have another', () => {
  expect(checkedMachinePorts([{ name: 'http', port: 80, targetPort: 8080 }, { name: 'mysql', port: 3306, protocol: TCP }, { name: 'http-late', port: 81, protocol: GRPC }], refuse)).toEqual([
    { name: 'http', port: 80, targetPort: 8080, protocol: HTTP }, { name: 'mysql', port: 3306, targetPort: undefined, protocol: TCP },
    { name: 'http-late', port: 81, targetPort: undefined, protocol: GRPC },
  ]);
});

test.each<[string, readonly Partial<MachinePort>[], string]>([
  ['no ports', [], "ports is empty; expected at least one port, because sidecars route calls to the machines only on its ports. Fix: pass the port that applications call, such as { name: 'http', port: 80 }. [API820]"],
  ['a port out of range', [{ name: 'http', port: 0 }], 'ports is for port 0; expected a port from 1 to 65535'],
  ['a target port out of range', [{ name: 'http', port: 80, targetPort: 70000 }], 'ports.targetPort is for port 70000'],
  ['a port twice', [{ name: 'http', port: 80 }, { name: 'http-2', port: 80 }], 'ports is given twice for port 80'],
  ['a name twice', [{ name: 'http', port: 80 }, { name: 'http', port: 81 }], "ports.name is 'http' twice; expected a name for each port: letters, digits and dashes, because istiod rejects a ServiceEntry with other names. Fix: rename one of the ports. [API830]"],
  ['an invalid name', [{ name: 'http_web', port: 80 }], "ports.name is 'http_web'; expected a name for each port: letters, digits and dashes, because istiod rejects a ServiceEntry with other names. Fix: name the port after its protocol, such as 'http' or 'tcp-ledger'. [API830]"],
  ['no name', [{ port: 80 }], 'ports.name is missing'],
  ['a name without a protocol', [{ name: 'mysql', port: 3306 }], "ports.name is 'mysql', which begins with no protocol, and there is no 'protocol'; expected a name that begins with http, http2, grpc, https, tls, tcp, because sidecars route each protocol differently. Fix: rename the port, or pass 'protocol', such as ExternalProtocol.TCP. [API830]"],
  ['an unknown protocol', [{ name: 'http', port: 80, protocol: 'UDP' as ExternalProtocol }], "ports.protocol is 'UDP'; expected one of HTTP, HTTP2, GRPC, HTTPS, TLS, TCP"],
])('%s is refused', (_, ports, message) => {
  expect(refusal(ports)).toThrow(`ServiceEntry (shop/billing): ${message}`);
});

test.each<[string, string | undefined]>([['tcp', undefined], ['TCP', undefined], ['tcp-mysql', 'tcp-mysql'], ['mysql', 'mysql']])('the name %s tells of a TCP port: %s', (name, telling) => {
  const port: ExternalPort = { name, port: 1, protocol: TCP };
  expect(withTellingName(port).name).toBe(telling);
});
