import { Decoded, DecodedMetadata } from './decoded';
import { GatewaySpec, Port, Server, ServerTLSSettings } from '../../../imports/specs';
import { Objections } from '../objection';
import { judgeIpAddress, judgeUnixAddress, UNIX_ADDRESS_PREFIX } from './values/addresses';
import { isIstioDnsLabel, judgeConfigHost } from './values/hosts';
import { isHttpProtocol, isKnownProtocol, isPort, isTlsProtocol, judgePort, judgeProtocol, judgeTargetPort } from './values/ports';
import { isPassthrough, judgeServerTls } from './values/tls';
import { shown } from '../../findings/safe-text';

/** Rejects what istiod rejects in a Gateway of Istio's own API. */
export function judgeGateway(at: Objections, { metadata, spec }: Decoded<GatewaySpec>): void {
  const converted = metadata.annotations?.['internal.istio.io/gateway-semantics'] === 'gateway';
  if (!converted) judgeName(at.at('metadata'), metadata);
  const servers = at.at('spec', 'servers');
  if (!spec.servers?.length) objectToNoServers(servers, spec.servers);
  spec.servers?.forEach((server, index) => judgeServer(servers.at(index), server, converted));
  judgePortNames(servers, spec.servers ?? []);
}

/** Without a name, the generated one counts: the first 58 characters of generateName and five letters. */
function judgeName(at: Objections, { name, generateName }: DecodedMetadata): void {
  if (name) return judgeLabel(at.at('name'), name, name);
  if (generateName) judgeLabel(at.at('generateName'), generateName, `${generateName.slice(0, 58)}xxxxx`);
}

function judgeLabel(at: Objections, written: string, made: string): void {
  if (isIstioDnsLabel(made)) return;
  at.error({
    code: 'ADMIT476',
    actual: shown(written),
    expected: 'letters, digits and \'-\', at most 63 of them and no dots',
    because: 'the name of a Gateway is one label of a DNS name',
    fix: `write, for example, '${written.replace(/[^a-zA-Z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 63)}'`,
  });
}

function objectToNoServers(at: Objections, servers: unknown): void {
  at.error({
    code: 'ADMIT477',
    actual: servers ? 'empty' : 'missing',
    expected: 'at least one server',
    because: 'a Gateway without servers opens no port',
    fix: 'add a server with its port and hosts',
  });
}

function judgePortNames(at: Objections, servers: readonly Server[]): void {
  const firstByName = new Map<string, number>();
  servers.forEach(({ port, tls }, index) => {
    const { name } = port;
    const first = firstByName.get(name);
    if (first === undefined) {
      firstByName.set(name, index);
    } else {
      at.at(index, 'port', 'name').error({
        code: 'ADMIT479',
        actual: `${shown(port.name)}, as is servers[${first}].port.name`,
        expected: 'a name of its own for each port',
        because: 'the name distinguishes the servers of a Gateway',
        fix: `write, for example, '${port.name}-${index}'`,
      });
    }
    if (tls?.httpsRedirect && !isHttpProtocol(port.protocol)) warnOfRedirect(at.at(index, 'tls', 'httpsRedirect'), port.protocol);
  });
}

function warnOfRedirect(at: Objections, protocol: string): void {
  at.warning({
    code: 'ADMIT482',
    actual: `true on a port with protocol ${shown(protocol)}`,
    expected: 'a redirect on plain HTTP ports only',
    because: 'only a plain HTTP request can be redirected to HTTPS',
    fix: 'move it to the server with protocol HTTP, or remove it',
  });
}

/** Rejects a server of a Gateway; one `converted` from the Gateway API may have hosts without a namespace. */
function judgeServer(at: Objections, server: Server, converted: boolean): void {
  const { hosts, port, bind = '', tls } = server;
  if (hosts.length === 0) objectToNoHosts(at.at('hosts'));
  hosts.forEach((host, index) => judgeConfigHost(at.at('hosts', index), host, { of: 'Gateway', converted }));
  judgeServerPort(at.at('port'), port, bind);
  judgeBind(at, bind, port);
  if (tls) judgeServerTls(at.at('tls'), tls);
  if (isSound(port, bind)) judgeTlsOfProtocol(at.at('tls'), tls, port.protocol);
}

function objectToNoHosts(at: Objections): void {
  at.error({
    code: 'ADMIT477',
    actual: 'empty',
    expected: 'at least one host',
    because: 'a server without hosts accepts no requests',
    fix: 'write the host, or \'*\' for all hosts',
  });
}

function isSocket(bind: string): boolean {
  return bind.startsWith(UNIX_ADDRESS_PREFIX);
}

function isSound({ number, name, protocol, targetPort = 0 }: Port, bind: string): boolean {
  return isKnownProtocol(protocol) && (isPort(number) || (number === 0 && isSocket(bind))) && targetPort === 0 && name !== '';
}

function judgeServerPort(at: Objections, port: Port, bind: string): void {
  judgeProtocol(at.at('protocol'), port.protocol);
  if (port.number || !isSocket(bind)) judgePort(at.at('number'), port.number);
  judgeTargetPort(at, port);
  if (port.name) return;
  at.at('name').error({
    code: 'ADMIT403',
    actual: port.name === '' ? 'empty' : 'missing',
    expected: 'a name of the port',
    because: 'the name distinguishes the servers of a Gateway',
    fix: 'write a name such as \'https\'',
  });
}

function judgeBind(at: Objections, bind: string, port: Port): void {
  if (!isSocket(bind)) {
    if (bind) judgeIpAddress(at.at('bind'), bind);
    return;
  }
  judgeUnixAddress(at.at('bind'), bind);
  if (!port.number) return;
  at.at('port', 'number').error({
    code: 'ADMIT490',
    actual: `${port.number} with bind ${shown(bind)}`,
    expected: 'port number 0 with a Unix domain socket',
    because: 'a socket has no port',
    fix: 'write 0, or bind an IP address',
  });
}

function judgeTlsOfProtocol(at: Objections, tls: ServerTLSSettings | undefined, protocol: string): void {
  const wrong = wrongWithTls(tls, protocol);
  if (!wrong) return;
  at.error({
    code: 'ADMIT481',
    actual: `${tls ? 'set' : 'missing'} on a port with protocol ${shown(protocol)}`,
    expected: wrong,
    because: 'the protocol determines whether TLS is used on the port',
    fix: tls ? 'write protocol HTTPS or TLS, or remove tls' : 'add tls with its mode and credentialName, or write protocol HTTP or TCP',
  });
}

function wrongWithTls(tls: ServerTLSSettings | undefined, protocol: string): string | undefined {
  if (isTlsProtocol(protocol)) return tls ? undefined : 'TLS settings with protocol HTTPS or TLS';
  if (!tls) return undefined;
  if (!isHttpProtocol(protocol)) return 'TLS settings with protocol HTTPS or TLS only';
  const redirectOnly = isPassthrough(tls) && !tls.caCertificates && !tls.privateKey && !tls.serverCertificate;
  return redirectOnly ? undefined : 'nothing but httpsRedirect under tls on a plain HTTP port';
}
