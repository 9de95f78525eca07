import { Endpoint } from '../mesh/services/endpoint';
import { ServicePort } from '../mesh/services/service';
import { Workload } from '../mesh/workloads/workload';

// In these protocols, the client sends nothing until the server has greeted it. In those of PostgreSQL, MongoDB, Redis,
// Kafka, AMQP, LDAP and SSH it doesn't wait; IMAPS, POP3S and SMTPS begin with TLS, which the client initiates.
const BY_WORD: ReadonlyMap<string, string> = new Map(Object.entries({
  mysql: 'MySQL',
  mariadb: 'MySQL',
  smtp: 'SMTP',
  submission: 'SMTP',
  ftp: 'FTP',
  imap: 'IMAP',
  pop3: 'POP3',
  nntp: 'NNTP',
  sieve: 'ManageSieve',
  nats: 'NATS',
  vnc: 'VNC',
  rfb: 'VNC',
}));

const BY_NUMBER: ReadonlyMap<number, string> = new Map([
  [21, 'FTP'], [25, 'SMTP'], [110, 'POP3'], [119, 'NNTP'], [143, 'IMAP'], [587, 'SMTP'], [3306, 'MySQL'], [4190, 'ManageSieve'], [4222, 'NATS'], [5900, 'VNC'],
]);

/** Images whose servers speak one protocol; a container's only port uses it. */
const BY_IMAGE: ReadonlyMap<string, string> = new Map(Object.entries({
  'mysql': 'MySQL',
  'mysql-server': 'MySQL',
  'mariadb': 'MySQL',
  'percona': 'MySQL',
  'percona-server': 'MySQL',
  'postfix': 'SMTP',
  'exim': 'SMTP',
  'vsftpd': 'FTP',
  'proftpd': 'FTP',
  'pure-ftpd': 'FTP',
  'nats': 'NATS',
}));

/** Words in port names that indicate another program reporting on such a server, over HTTP. */
const ABOUT = new Set(['exporter', 'metrics', 'monitor', 'monitoring', 'http']);

/** The protocol of a port whose server speaks first, according to its names, numbers or images; undefined: none that is known. */
export function serverFirstProtocol(port: ServicePort, endpoint: Endpoint): string | undefined {
  const { workload, port: number } = endpoint;
  const names = [port.name, ...workload?.ports.filter((one) => one.number === number).map(({ name }) => name) ?? []];
  const words = names.flatMap((name) => name.toLowerCase().split('-'));
  if (words.some((word) => ABOUT.has(word))) return undefined;
  const named = words.map((word) => BY_WORD.get(word)).find(Boolean) ?? (port.protocol === 'MYSQL' ? 'MySQL' : undefined);
  return named ?? BY_NUMBER.get(port.number) ?? BY_NUMBER.get(number) ?? (workload && ofImage(workload, number));
}

function ofImage({ containers }: Workload, number: number): string | undefined {
  const container = containers.find(({ init, ports: [only, ...others] }) => !init && others.length === 0 && only?.number === number);
  const [, image] = /([^/:@]+)(?::[^/]*)?(?:@.*)?$/.exec(container?.image ?? '') ?? [];
  return image === undefined ? undefined : BY_IMAGE.get(image);
}

/** A protocol in which client and server agree on TLS before they begin it, or whose server speaks first. */
export interface NegotiatedProtocol {
  readonly name: string;
  /** What the server does instead of a TLS handshake. */
  readonly negotiation: string;
}

/** Ports on which the same protocols begin with TLS: SMTPS, NNTPS, FTPS, IMAPS and POP3S. */
const IMPLICIT_TLS: ReadonlySet<number> = new Set([465, 563, 990, 993, 995]);

const POSTGRESQL: NegotiatedProtocol = {
  name: 'PostgreSQL',
  negotiation: 'a PostgreSQL server expects the client\'s SSLRequest first; one of version 17 or later also accepts TLS at once (sslnegotiation=direct), '
    + 'but only with the ALPN protocol postgresql, which the sidecar doesn\'t offer',
};

/** The protocol of a port to which no proxy can originate TLS, according to its names, numbers or images; undefined: none that is known. */
export function negotiatedProtocol(port: ServicePort, endpoint: Endpoint): NegotiatedProtocol | undefined {
  const numbers = [port.number, endpoint.port];
  if (numbers.some((number) => IMPLICIT_TLS.has(number))) return undefined;
  const name = serverFirstProtocol(port, endpoint);
  if (name !== undefined) return { name, negotiation: `the server of ${name} sends its greeting first, and expects no TLS before the client asks for it` };
  const words = port.name.toLowerCase().split('-');
  if (words.some((word) => ABOUT.has(word))) return undefined;
  return numbers.includes(5432) || words.some((word) => ['postgres', 'postgresql'].includes(word)) ? POSTGRESQL : undefined;
}
