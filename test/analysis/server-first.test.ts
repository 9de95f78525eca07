import { serverFirstProtocol } from '../../src/analysis/server-first';
import { ServicePort } from '../../src/mesh/services/service';
import { deployment, mesh, service, serviceEntry } from '../support/meshes/mesh';

interface Told {
  readonly name?: string;
  readonly port?: number;
  readonly appProtocol?: string;
  readonly target?: number;
  readonly containers?: unknown[];
}

function told({ name, port = 1234, appProtocol, target = port, containers = [] }: Told): string | undefined {
  const { registry } = mesh([
    deployment('a/server', { spec: { containers } }),
    service('a/server', [{ name, port, appProtocol, targetPort: target }]),
  ]);
  const [one] = registry.services;
  const served: ServicePort = one.ports[0];
  return serverFirstProtocol(served, registry.endpointsOf(one, served)[0]);
}

const container = (image: unknown, ...ports: unknown[]) => ({ name: 'app', image, ports: ports.map((port) => (typeof port === 'number' ? { containerPort: port } : port)) });

test.each([
  ['mysql', 'MySQL'], ['tcp-mysql', 'MySQL'], ['mariadb', 'MySQL'], ['smtp', 'SMTP'], ['TCP-SMTP', 'SMTP'], ['submission', 'SMTP'], ['tcp-ftp', 'FTP'],
  ['imap', 'IMAP'], ['pop3', 'POP3'], ['tcp-nntp', 'NNTP'], ['sieve', 'ManageSieve'], ['tcp-nats', 'NATS'], ['vnc', 'VNC'], ['tcp-rfb', 'VNC'],
])('a port named %s speaks %s', (name, protocol) => {
  expect(told({ name })).toBe(protocol);
});

test.each(['tcp', 'mongo', 'redis', 'tcp-postgres', 'tcp-kafka', 'amqp', 'ldap', 'smtps', 'imaps', 'pop3s', 'mysqlx', 'mysql-exporter', 'mysql-metrics', undefined])('a port named %s has no server-first protocol', (name) => {
  expect(told({ name })).toBeUndefined();
});

test.each([[21, 'FTP'], [25, 'SMTP'], [110, 'POP3'], [119, 'NNTP'], [143, 'IMAP'], [587, 'SMTP'], [3306, 'MySQL'], [4190, 'ManageSieve'], [4222, 'NATS'], [5900, 'VNC']])('port %s speaks %s, by the number of the service\'s or the server\'s port', (port, protocol) => {
  expect([told({ port }), told({ port: 9, target: port }), told({ port, name: 'tcp-metrics' })]).toEqual([protocol, protocol, undefined]);
});

test.each([5432, 27017, 6379, 9092, 5672, 389, 22, 465, 993, 995])('port %s has no server-first protocol', (port) => {
  expect(told({ port })).toBeUndefined();
});

test('appProtocol sets the protocol', () => {
  expect([told({ appProtocol: 'mysql' }), told({ appProtocol: 'tcp' })]).toEqual(['MySQL', undefined]);
});

test('the name of the container\'s port sets the protocol', () => {
  expect(told({ containers: [container('db', { containerPort: 1234, name: 'mysql' }, { containerPort: 99, name: 'smtp' })] })).toBe('MySQL');
  expect(told({ containers: [container('db', { containerPort: 1234, name: 'main' }, { containerPort: 99, name: 'smtp' })] })).toBeUndefined();
});

test.each([
  ['mysql', 'MySQL'], ['mysql:8.4', 'MySQL'], ['docker.io/library/mariadb:11', 'MySQL'], ['localhost:5000/percona/percona-server@sha256:00', 'MySQL'],
  ['registry:5000/postfix', 'SMTP'], ['exim', 'SMTP'], ['vsftpd', 'FTP'], ['nats:2.10-alpine', 'NATS'],
  ['mysql-client', undefined], ['mysqld-exporter', undefined], ['postgres:17', undefined], ['', undefined], [undefined, undefined], [5, undefined],
])('an image %s sets the protocol of its container\'s only port: %s', (image, protocol) => {
  expect(told({ containers: [container('other', 80), container(image, 1234)] })).toBe(protocol);
  expect(told({ containers: [container(image, 1234, 99)] })).toBeUndefined();
});

test('the port number sets the protocol of an external host', () => {
  const { registry } = mesh([serviceEntry('a/e', { hosts: ['db.example.com'], resolution: 'DNS', ports: [{ number: 3306, name: 'db', protocol: 'TCP' }] })]);
  const [one] = registry.services;
  expect(serverFirstProtocol(one.ports[0], registry.endpointsOf(one, one.ports[0])[0])).toBe('MySQL');
});
