import { ClientTls } from './client-tls';
import { checkMadeBy, checkPortNumbers, checkWord, Refuse } from '../refuse';

/** What applications speak to an external host, before any sidecar adds TLS. */
export enum ExternalProtocol {
  /** HTTP/1.1 in plaintext. */
  HTTP = 'HTTP',
  /** HTTP/2 in plaintext. */
  HTTP2 = 'HTTP2',
  /** gRPC in plaintext. */
  GRPC = 'GRPC',
  /** HTTP over TLS that the application makes. */
  HTTPS = 'HTTPS',
  /** TLS that the application makes, whatever is in it. */
  TLS = 'TLS',
  /** Anything else, such as a database's protocol; also one that begins in plaintext and changes to TLS. */
  TCP = 'TCP',
}

/** A port of an external host, and who makes its TLS. */
export interface ExternalPort {
  /** The port that applications call, 1 to 65535. */
  readonly port: number;

  /** What applications speak on it. */
  readonly protocol: ExternalProtocol;

  /**
   * The TLS that the clients' sidecars add: `ClientTls.simple`, `ClientTls.mutual`, or one of these by a credential. Unless it says otherwise, the server is asked for the
   * very host (SNI), and its certificate must bear that name. `ClientTls.disable()` says that calls leave the sidecars as the application
   * made them, in plaintext if it has no TLS of its own.
   *
   * @default - for HTTPS and TLS none, since the application makes it; for others it is an error
   */
  readonly tls?: ClientTls;

  /**
   * The port of the external host that sidecars connect to, 1 to 65535.
   *
   * @default - 443 for port 80 with TLS by the sidecars, else `port`
   */
  readonly targetPort?: number;

  /**
   * Name of the port, unique in the ServiceEntry.
   *
   * @default - the protocol in small letters, a dash and the port, such as `http-80`
   */
  readonly name?: string;
}

const ORIGINATED = ['SIMPLE', 'MUTUAL'];

/** Whether sidecars add TLS on a port. */
export function originatesTls({ tls }: ExternalPort): boolean {
  return tls !== undefined && ORIGINATED.includes(tls._mode);
}

/** A port's name unless somebody says another. */
export function usualPortName(port: number, protocol: ExternalProtocol): string {
  return `${protocol.toLowerCase()}-${port}`;
}

/** As in a ServiceEntry. */
export function entryPort(port: ExternalPort): object {
  const targetPort = port.targetPort ?? (port.port === 80 && originatesTls(port) ? 443 : undefined);
  return { number: port.port, name: port.name ?? usualPortName(port.port, port.protocol), protocol: port.protocol, targetPort };
}

/** Refuses ports on which nobody would make TLS although nobody said so, or two would; or whose server would not be verified. */
export function checkExternalPorts(ports: readonly ExternalPort[], hosts: readonly string[], refuse: Refuse): void {
  if (!Array.isArray(ports) || ports.length === 0) {
    throw refuse({
      code: 'MTLS820',
      field: 'ports',
      actual: 'empty',
      expected: 'at least one port',
      because: 'a sidecar listens for an external host on its ports only',
      fix: 'name the port that applications call, such as { port: 443, protocol: ExternalProtocol.TLS }',
    });
  }
  checkPortNumbers(ports.map(({ port }) => port), { field: 'ports', entry: 'entry', owner: 'host' }, refuse);
  for (const port of ports) {
    checkWord('ports.protocol', port.protocol, ExternalProtocol, refuse);
    if (port.targetPort !== undefined) checkPortNumbers([port.targetPort], { field: 'ports.targetPort', entry: 'entry', owner: 'host' }, refuse);
    checkWhoMakesTls(port, refuse);
    if (originatesTls(port)) for (const host of hosts) checkVerified(port, host, refuse);
  }
}

function checkWhoMakesTls({ port, protocol, tls }: ExternalPort, refuse: Refuse): void {
  const refused = (actual: string, expected: string, because: string, fix: string) => (
    refuse({ code: 'MTLS821', field: 'ports.tls', actual: `${actual} for port ${port} with protocol ${protocol}`, expected, because, fix }));
  const byApplication = protocol === ExternalProtocol.HTTPS || protocol === ExternalProtocol.TLS;
  if (tls !== undefined) {
    checkMadeBy('ClientTls', { field: 'ports.tls', value: tls, member: '_check' }, refuse);
    tls._check((details) => refuse({ ...details, field: `ports.${details.field}` }));
  }
  if (byApplication && tls !== undefined) {
    throw refused('given', 'none', 'the application makes TLS there, and the sidecar would wrap it into a second one', "leave out 'tls', or name the protocol that the application speaks without TLS, such as HTTP");
  }
  if (!byApplication && tls === undefined) {
    throw refused('missing', 'TLS by the sidecars, or by the application', 'calls would leave the mesh in plaintext', "pass 'tls: ClientTls.simple()', or protocol TLS if the application makes it; ClientTls.disable() if it is meant so");
  }
  if (tls?._mode === 'ISTIO_MUTUAL') {
    throw refused('ISTIO_MUTUAL', 'SIMPLE, MUTUAL or DISABLE', "nobody outside the mesh has or trusts the mesh's certificates", 'use ClientTls.simple, or ClientTls.mutual or mutualByCredential with a certificate that the host trusts');
  }
}

/**
 * Without an SNI of the user's own, Envoy takes the request's Host header for it and verifies that name; a connection that isn't HTTP
 * has none.
 */
function checkVerified({ port, protocol, tls }: ExternalPort, host: string, refuse: Refuse): void {
  const { sni, subjectAltNames, insecureSkipVerify } = tls!._options;
  const refused = (actual: string, because: string, fix: string) => (
    refuse({ code: 'MTLS822', field: 'ports.tls.sni', actual: `${actual} for port ${port} of '${host}'`, expected: 'the host itself, or names to verify', because, fix }));
  if (sni !== undefined && sni !== host && subjectAltNames === undefined && !insecureSkipVerify) {
    throw refused(`'${sni}'`, 'another server than the one called would be verified', "leave out 'sni', or say by 'subjectAltNames' which names the server's certificate bears");
  }
  if (host.startsWith('*') && protocol === ExternalProtocol.TCP && sni === undefined && !subjectAltNames?.length && !insecureSkipVerify) {
    throw refused('missing', 'a connection that is no HTTP tells no name, so that any server with a certificate would do', "name the hosts one by one, or pass 'subjectAltNames'");
  }
}
