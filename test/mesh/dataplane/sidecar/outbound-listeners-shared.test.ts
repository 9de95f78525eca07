import { sharedListener } from '../../../../src/mesh/dataplane/sidecar/shared-listener';
import { mesh, serviceEntry } from '../../../support/meshes/mesh';

const PORT = 80;

/** The protocols of a listener that services share, added in the order given; each service is named by its protocol. */
function shared(...protocols: string[]): string {
  const { registry } = mesh(protocols.map((protocol, index) =>
    serviceEntry(`a/${protocol.toLowerCase()}-${index}`, { hosts: [`${index}.example.com`], ports: [{ number: PORT, name: 'p', protocol }] })));
  const { takers, sniffs } = sharedListener(registry.services, PORT);
  return `${takers.map(({ name }) => name.split('-')[0]).join()}${sniffs ? ' and HTTP' : ''}`;
}

test.each([
  [['TCP'], 'tcp'],
  [['HTTP'], ' and HTTP'],
  [['X'], 'x and HTTP'],
  [['TCP', 'TLS', 'REDIS'], 'tcp,tls,redis'],
  [['TCP', 'HTTP'], 'tcp and HTTP'],
  [['HTTP', 'TCP'], 'tcp and HTTP'],
  [['HTTP', 'GRPC', 'TLS'], 'tls and HTTP'],
  [['X', 'TCP', 'TLS'], 'x,tcp,tls and HTTP'],
])('services of protocols %j share a listener for %s', (protocols, expected) => {
  expect(shared(...protocols)).toBe(expected);
});

test.each([
  ['sniffs, if HTTP is already distinguished from other protocols', ['HTTP', 'X'], ' and HTTP'],
  ['sniffs, after another that sniffs', ['X', 'Y'], 'x and HTTP'],
  ['sniffs, after HTTP joined TCP', ['TCP', 'HTTP', 'X'], 'tcp and HTTP'],
  ['is server-first, after HTTP', ['HTTP', 'MYSQL'], ' and HTTP'],
  ['is server-first, after TCP', ['TCP', 'MONGO'], 'tcp'],
  ['is of another server-first protocol', ['MONGO', 'MYSQL'], 'mongo'],
  ['is HTTP, after a server-first protocol', ['MYSQL', 'HTTP'], 'mysql'],
  ['sniffs, after a server-first protocol', ['MONGO', 'X'], 'mongo'],
  ['is TCP, after a server-first protocol', ['MYSQL', 'TCP'], 'mysql'],
])('a listener omits a service that %s', (_, protocols, expected) => {
  expect(shared(...protocols)).toBe(expected);
});

test('a service that sniffs joins TCP', () => {
  expect(shared('TCP', 'X')).toBe('tcp,x and HTTP');
});

test('server-first protocols share a listener only with the same protocol', () => {
  expect(shared('MYSQL', 'TCP', 'mysql')).toBe('mysql,mysql');
});
