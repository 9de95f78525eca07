import { ClientTls } from './client-tls';
import { negotiatedByNames, NegotiatedProtocol } from '../../mesh/names/negotiated-protocol';
import { checkMadeBy, checkPortNumbers, checkWord, Refuse } from '../refuse';

/** The protocol that applications use to call an external host, before a sidecar adds TLS. */
export enum ExternalProtocol {
  /** HTTP/1.1 in plaintext. */
  HTTP = 'HTTP',
  /** HTTP/2 in plaintext. */
  HTTP2 = 'HTTP2',
  /** gRPC in plaintext. */
  GRPC = 'GRPC',
  /** HTTP over TLS that the application originates. */
  HTTPS = 'HTTPS',
  /** TLS that the application originates, with any protocol inside. */
  TLS = 'TLS',
  /** Any other protocol, such as a database's, including those that start in plaintext and switch to TLS. */
  TCP = 'TCP',
}

/** A port of an external host, and the TLS on it. */
export interface ExternalPort {
  /** The port that applications call, 1 to 65535. */
  readonly port: number;

  /** The protocol that applications use on the port. */
  readonly protocol: ExternalProtocol;

  /**
   * The TLS that the clients' sidecars originate: `ClientTls.simple`, `ClientTls.mutual`, or either with a credential. By default,
   * the host is the SNI, and the server's certificate must have that name. With `ClientTls.disable()`, sidecars forward calls
   * as they are, in plaintext if the application originates no TLS. For MySQL, PostgreSQL, SMTP and other protocols that negotiate
   * TLS themselves, only that works: by the number or the name of a TCP port, TLS from sidecars is an error.
   *
   * @default - for HTTPS and TLS none, since the application originates it; for other protocols an error
   */
  readonly tls?: ClientTls;

  /**
   * The port of the external host that sidecars connect to, 1 to 65535.
   *
   * @default - 443 for port 80 with TLS from the sidecars, otherwise `port`
   */
  readonly targetPort?: number;

  /**
   * Name of the port, unique in the ServiceEntry.
   *
   * @default - the protocol in lowercase, a dash and the port, such as `http-80`
   */
  readonly name?: string;
}

const ORIGINATED = ['SIMPLE', 'MUTUAL'];

/** Whether sidecars originate TLS on a port. */
export function originatesTls({ tls }: ExternalPort): boolean {
  return tls !== undefined && ORIGINATED.includes(tls._mode);
}

/** The default name of a port. */
export function usualPortName(port: number, protocol: ExternalProtocol): string {
  return `${protocol.toLowerCase()}-${port}`;
}

/** A port as in a ServiceEntry. */
export function entryPort(port: ExternalPort): object {
  const targetPort = port.targetPort ?? (port.port === 80 && originatesTls(port) ? 443 : undefined);
  return { number: port.port, name: port.name ?? usualPortName(port.port, port.protocol), protocol: port.protocol, targetPort };
}

/**
 * @param called whose ports they are, for errors
 * @param example a port
 */
export function refuseNoPorts(ports: readonly unknown[], called: string, example: string, refuse: Refuse): void {
  if (Array.isArray(ports) && ports.length > 0) return;
  throw refuse({
    code: 'API820',
    field: 'ports',
    actual: 'empty',
    expected: 'at least one port',
    because: `sidecars route calls to ${called} only on its ports`,
    fix: `pass the port that applications call, such as ${example}`,
  });
}

/** Rejects ports with implicit plaintext, with TLS within TLS or where no server takes it, or whose server would not be verified. */
export function checkExternalPorts(ports: readonly ExternalPort[], hosts: readonly string[], refuse: Refuse): void {
  refuseNoPorts(ports, 'an external host', '{ port: 443, protocol: ExternalProtocol.TLS }', refuse);
  checkPortNumbers(ports.map(({ port }) => port), { field: 'ports', entry: 'entry', owner: 'host' }, refuse);
  for (const port of ports) {
    checkWord('ports.protocol', port.protocol, ExternalProtocol, refuse);
    if (port.targetPort !== undefined) {
      checkPortNumbers([port.targetPort], { field: 'ports.targetPort', entry: 'entry', owner: 'host' }, refuse);
    }
    checkWhoMakesTls(port, refuse);
    checkOrigination(port, hosts, 'ports.tls', refuse);
  }
}

/**
 * Rejects TLS from sidecars that the port's server doesn't take, or that would verify another server than the one called.
 *
 * @param field the prop that says which TLS it is
 */
export function checkOrigination(port: ExternalPort, hosts: readonly string[], field: string, refuse: Refuse): void {
  if (!originatesTls(port)) return;
  checkOriginable(port, field, refuse);
  for (const host of hosts) checkVerified(port, host, field, refuse);
}

/** The TLS of a port to one of its hosts. For a wildcard, the sidecar uses the name in each request. */
export function tlsTowards(host: string, port: ExternalPort): ExternalPort['tls'] {
  return originatesTls(port) && !host.startsWith('*') ? port.tls!._towards(host) : port.tls;
}

function checkWhoMakesTls({ port, protocol, tls }: ExternalPort, refuse: Refuse): void {
  const refused = (actual: string, expected: string, because: string, fix: string) => (
    refuse({
      code: 'API821', field: 'ports.tls', actual: `${actual} for port ${port} with protocol ${protocol}`, expected, because, fix,
    }));
  const byApplication = protocol === ExternalProtocol.HTTPS || protocol === ExternalProtocol.TLS;
  if (tls !== undefined) {
    checkMadeBy('ClientTls', { field: 'ports.tls', value: tls, member: '_check' }, refuse);
    tls._check((details) => refuse({ ...details, field: `ports.${details.field}` }));
  }
  if (byApplication && tls !== undefined) {
    throw refused('given', 'none', 'the application originates TLS on this port, and the sidecar would add a second TLS layer',
      "remove 'tls', or use the protocol inside the TLS, such as HTTP, if the application sends plaintext");
  }
  if (!byApplication && tls === undefined) {
    throw refused('missing', 'TLS from the sidecars or the application', 'calls would leave the mesh in plaintext',
      "pass 'tls: ClientTls.simple()', or protocol TLS if the application originates it, or ClientTls.disable() for plaintext");
  }
  if (tls?._mode === 'ISTIO_MUTUAL') {
    throw refused('ISTIO_MUTUAL', 'SIMPLE, MUTUAL or DISABLE', "nobody outside the mesh has or trusts the mesh's certificates",
      'use ClientTls.simple, or ClientTls.mutual or mutualByCredential with a certificate that the host trusts');
  }
}

/**
 * The protocol of a TCP port to which no proxy can originate TLS; undefined: none that is known. The port's name decides, or else its
 * numbers, which other protocols may use too.
 */
export function negotiatedOn(
  { name, port, targetPort = port }: Pick<ExternalPort, 'name' | 'port' | 'targetPort'>,
): NegotiatedProtocol | undefined {
  return name === undefined ? negotiatedByNames([], [port, targetPort]) : negotiatedByNames([name], []);
}

/** Rejects TLS where the protocol negotiates it. */
function checkOriginable({ port, protocol, tls, targetPort, name }: ExternalPort, field: string, refuse: Refuse): void {
  if (protocol !== ExternalProtocol.TCP) return;
  const found = negotiatedOn({ name, port, targetPort });
  if (!found) return;
  throw refuse({
    code: 'API828',
    field,
    actual: `${tls!._mode} for port ${port} with protocol ${protocol}`,
    expected: 'DISABLE',
    because: `sidecars would open the connection with a TLS handshake, but ${found.negotiation}`,
    fix: 'use ClientTls.disable(), and let the application negotiate TLS; if something in front of the server accepts TLS at once, '
      + "give the port a name of its own, such as 'tcp-tunnel'",
  });
}

/**
 * Without an SNI from the user, Envoy uses the request's Host header as SNI and verifies that name; a connection that isn't
 * HTTP has none.
 */
function checkVerified({ port, protocol, tls }: ExternalPort, host: string, field: string, refuse: Refuse): void {
  const { sni, subjectAltNames, insecureSkipVerify } = tls!._options;
  const refused = (actual: string, because: string, fix: string) => (
    refuse({
      code: 'API822',
      field: `${field}.sni`,
      actual: `${actual} for port ${port} of '${host}'`,
      expected: 'the host, or names to verify',
      because,
      fix,
    }));
  if (sni !== undefined && sni !== host && subjectAltNames === undefined && !insecureSkipVerify) {
    throw refused(`'${sni}'`, 'sidecars would verify another server than the one called',
      "remove 'sni', or pass the names in the server's certificate as 'subjectAltNames'");
  }
  if (host.startsWith('*') && protocol === ExternalProtocol.TCP && sni === undefined && !subjectAltNames?.length && !insecureSkipVerify) {
    throw refused('missing', "a connection that isn't HTTP has no host name, so any server with a certificate would be accepted",
      "list the hosts one by one, or pass 'subjectAltNames'");
  }
}
