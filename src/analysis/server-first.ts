import {
  beginsWithTls, greeted, isAboutServer, NegotiatedProtocol, postgresqlOf, serverFirstByName, serverFirstByNumber,
} from '../mesh/names/negotiated-protocol';
import { Endpoint } from '../mesh/services/endpoint';
import { ServicePort } from '../mesh/services/service';
import { Workload } from '../mesh/workloads/workload';

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

/** The protocol of a port whose server speaks first, by its name, number or image; undefined if unknown. */
export function serverFirstProtocol(port: ServicePort, endpoint: Endpoint): string | undefined {
  const { workload, port: number } = endpoint;
  const names = [port.name, ...workload?.ports.filter((one) => one.number === number).map(({ name }) => name) ?? []];
  if (isAboutServer(names)) return undefined;
  const named = serverFirstByName(names) ?? (port.protocol === 'MYSQL' ? 'MySQL' : undefined);
  return named ?? serverFirstByNumber([port.number, number]) ?? (workload && ofImage(workload, number));
}

function ofImage({ containers }: Workload, number: number): string | undefined {
  const container = containers.find(({ init, ports: [only, ...others] }) => !init && others.length === 0 && only?.number === number);
  const [, image] = /([^/:@]+)(?::[^/]*)?(?:@.*)?$/.exec(container?.image ?? '') ?? [];
  return image === undefined ? undefined : BY_IMAGE.get(image);
}

/** The protocol of a port to which no proxy can originate TLS, by its name, number or image; undefined if unknown. */
export function negotiatedProtocol(port: ServicePort, endpoint: Endpoint): NegotiatedProtocol | undefined {
  const numbers = [port.number, endpoint.port];
  if (beginsWithTls(numbers)) return undefined;
  const name = serverFirstProtocol(port, endpoint);
  return name === undefined ? postgresqlOf([port.name], numbers) : greeted(name);
}
