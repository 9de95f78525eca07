/** How istiod treats a port: by HTTP's rules, as opaque bytes (two protocols apart from the rest), by SNI, or by what it sniffs. */
export type Protocol = 'HTTP' | 'TCP' | 'MONGO' | 'MYSQL' | 'TLS' | 'AUTO' | 'UDP';

const BY_NAME: ReadonlyMap<string, Protocol> = new Map<string, Protocol>([
  ['http', 'HTTP'],
  ['http2', 'HTTP'],
  ['http_proxy', 'HTTP'],
  ['grpc', 'HTTP'],
  ['grpc-web', 'HTTP'],
  ['https', 'TLS'],
  ['tls', 'TLS'],
  ['tcp', 'TCP'],
  ['mongo', 'MONGO'],
  ['redis', 'TCP'],
  ['mysql', 'MYSQL'],
  ['udp', 'UDP'],
]);

/** What Kubernetes' own values of `appProtocol` stand for. */
const STANDARD: ReadonlyMap<string, Protocol> = new Map<string, Protocol>([
  ['kubernetes.io/h2c', 'HTTP'],
  ['kubernetes.io/ws', 'HTTP'],
  ['kubernetes.io/wss', 'TLS'],
]);

/** Ports whose servers speak first: SMTP, DNS, MySQL, MongoDB. Sniffing would wait for ever. */
const SERVER_FIRST_PORTS = new Set([25, 53, 3306, 27017]);

/** Whether a port's calls are told by HTTP's rules: always, or if that is what comes. */
export function isHttpOrSniffed(protocol: Protocol | undefined): boolean {
  return protocol === 'HTTP' || protocol === 'AUTO';
}

/** The protocol that a word of Istio's API names. */
export function protocolNamed(word: string): Protocol {
  return BY_NAME.get(word.toLowerCase()) ?? 'AUTO';
}

/** The protocol of a Service's port: `appProtocol`, else the beginning of its name. */
export function protocolOfPort(port: { number: number; name: string; transport: string; appProtocol?: string }): Protocol {
  if (port.transport === 'UDP') return 'UDP';
  const standard = STANDARD.get(port.appProtocol ?? '');
  if (standard) return standard;
  const word = port.appProtocol ?? port.name;
  const protocol = protocolNamed(word.split('-')[0]);
  return protocol === 'AUTO' && SERVER_FIRST_PORTS.has(port.number) ? 'TCP' : protocol;
}
