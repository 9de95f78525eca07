import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';
import { isPassthrough, judgeServerTls } from '../server-tls/server-tls';
import { judgeConfigHost } from '../values/config-host';
import { judgeIpAddress } from '../values/ip';
import { isPort, judgePort } from '../values/port';
import { isHttpProtocol, isKnownProtocol, isTlsProtocol, judgeProtocol } from '../values/protocol';
import { judgeTargetPort } from '../values/target-port';
import { judgeUnixAddress, UNIX_ADDRESS_PREFIX } from '../values/unix-address';

/** Objects to a server of a Gateway; `converted` from the Gateway API it may have hosts of no namespace. */
export function judgeServer(at: Objections, server: any, converted: boolean): void {
  const { hosts = [], port = {}, bind = '', tls } = server;
  if (hosts.length === 0) objectToNoHosts(at.at('hosts'));
  hosts.forEach((host: string, index: number) => judgeConfigHost(at.at('hosts', index), host, { of: 'Gateway', converted }));
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
    because: 'a server without hosts answers nobody',
    fix: 'write the host, or \'*\' for every one',
  });
}

function isSocket(bind: string): boolean {
  return bind.startsWith(UNIX_ADDRESS_PREFIX);
}

function isSound(port: any, bind: string): boolean {
  const { number = 0, name = '', protocol = '', targetPort = 0 } = port;
  return isKnownProtocol(protocol) && (isPort(number) || (number === 0 && isSocket(bind))) && targetPort === 0 && name !== '';
}

function judgeServerPort(at: Objections, port: any, bind: string): void {
  judgeProtocol(at.at('protocol'), port.protocol ?? '');
  if (port.number || !isSocket(bind)) judgePort(at.at('number'), port.number);
  judgeTargetPort(at, port);
  if (port.name) return;
  at.at('name').error({
    code: 'ADMIT403',
    actual: port.name === '' ? 'empty' : 'missing',
    expected: 'a name of the port',
    because: 'the name tells the servers of a Gateway apart',
    fix: 'write a name such as \'https\'',
  });
}

function judgeBind(at: Objections, bind: string, port: any): void {
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

function judgeTlsOfProtocol(at: Objections, tls: any, protocol: string): void {
  const wrong = wrongWithTls(tls, protocol);
  if (!wrong) return;
  at.error({
    code: 'ADMIT481',
    actual: `${tls ? 'set' : 'missing'} on a port with protocol ${shown(protocol)}`,
    expected: wrong,
    because: 'the protocol says whether TLS is spoken on the port',
    fix: tls ? 'write protocol HTTPS or TLS, or remove tls' : 'add tls with its mode and credentialName, or write protocol HTTP or TCP',
  });
}

function wrongWithTls(tls: any, protocol: string): string | undefined {
  if (isTlsProtocol(protocol)) return tls ? undefined : 'TLS settings with protocol HTTPS or TLS';
  if (!tls) return undefined;
  if (!isHttpProtocol(protocol)) return 'TLS settings with protocol HTTPS or TLS only';
  const redirectOnly = isPassthrough(tls) && !tls.caCertificates && !tls.privateKey && !tls.serverCertificate;
  return redirectOnly ? undefined : 'nothing but httpsRedirect under tls on a plain HTTP port';
}
