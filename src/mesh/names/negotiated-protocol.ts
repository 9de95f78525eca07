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
  [21, 'FTP'], [25, 'SMTP'], [110, 'POP3'], [119, 'NNTP'], [143, 'IMAP'], [587, 'SMTP'], [3306, 'MySQL'], [4190, 'ManageSieve'],
  [4222, 'NATS'], [5900, 'VNC'],
]);

/** Words in port names that indicate another program reporting on such a server, over HTTP. */
const ABOUT = new Set(['exporter', 'metrics', 'monitor', 'monitoring', 'http']);

/** Ports on which the same protocols begin with TLS: SMTPS, NNTPS, FTPS, IMAPS and POP3S. */
const IMPLICIT_TLS: ReadonlySet<number> = new Set([465, 563, 990, 993, 995]);

/** A protocol in which client and server agree on TLS before they begin it, or whose server speaks first. */
export interface NegotiatedProtocol {
  readonly name: string;
  /** What the server does instead of a TLS handshake. */
  readonly negotiation: string;
}

const POSTGRESQL: NegotiatedProtocol = {
  name: 'PostgreSQL',
  negotiation: 'a PostgreSQL server expects the client\'s SSLRequest first; one of version 17 or later also accepts TLS '
    + 'at once (sslnegotiation=direct), '
    + 'but only with the ALPN protocol postgresql, which the sidecar doesn\'t offer',
};

/** Whether a port's names are those of another program, which reports on a server. */
export function isAboutServer(names: readonly string[]): boolean {
  return wordsIn(names).some((word) => ABOUT.has(word));
}

/** The protocol whose server speaks first, by the names of a port; undefined: none that is known. */
export function serverFirstByName(names: readonly string[]): string | undefined {
  return wordsIn(names).map((word) => BY_WORD.get(word)).find(Boolean);
}

/** The same by a port's numbers, the first that is known. */
export function serverFirstByNumber(numbers: readonly number[]): string | undefined {
  return numbers.map((number) => BY_NUMBER.get(number)).find(Boolean);
}

/** Whether the protocols of such ports begin with TLS. */
export function beginsWithTls(numbers: readonly number[]): boolean {
  return numbers.some((number) => IMPLICIT_TLS.has(number));
}

/** The protocol of a server that speaks first. */
export function greeted(name: string): NegotiatedProtocol {
  return { name, negotiation: `the server of ${name} sends its greeting first, and expects no TLS before the client asks for it` };
}

/** PostgreSQL, by the names and numbers of a port. */
export function postgresqlOf(names: readonly string[], numbers: readonly number[]): NegotiatedProtocol | undefined {
  if (isAboutServer(names)) return undefined;
  return numbers.includes(5432) || wordsIn(names).some((word) => ['postgres', 'postgresql'].includes(word)) ? POSTGRESQL : undefined;
}

/** The protocol of a port to which no proxy can originate TLS, as far as names and numbers tell; undefined: none that is known. */
export function negotiatedByNames(names: readonly string[], numbers: readonly number[]): NegotiatedProtocol | undefined {
  if (beginsWithTls(numbers) || isAboutServer(names)) return undefined;
  const name = serverFirstByName(names) ?? serverFirstByNumber(numbers);
  return name === undefined ? postgresqlOf(names, numbers) : greeted(name);
}

function wordsIn(names: readonly string[]): readonly string[] {
  return names.flatMap((name) => name.toLowerCase().split('-'));
}
