import { connections, deployment, injected, mesh, serviceEntry, service, toHost, virtualService } from '../../support/mesh';

/** What comes of a call that a route sends to a host, where namespace `b` has Service `there`. */
function routedTo(host: string, ...more: unknown[]): string[] {
  const route = virtualService('a/r', { hosts: ['server'], http: [toHost(host)] });
  const objects = [injected('a', 'b'), deployment('a/client'), deployment('a/server'), service('a/server', ['http:80']), service('b/there'), route, more];
  return connections(objects).filter(({ client, requested }) => client.name === 'client' && requested.host.startsWith('server.'))
    .map(({ outcome, undecidedBecause }) => `${outcome} ${undecidedBecause ?? ''}`.trim());
}

test.each([
  ['nothing.b.svc.cluster.local', 'broken'],
  ['nothing', 'broken'],
  ['there.b', 'broken'],
  ['there.b.svc', 'broken'],
  ['nothing.c.svc.cluster.local', 'undecided destination-elsewhere'],
  ['nothing.b', 'undecided destination-elsewhere'],
  ['www.example.com', 'undecided destination-elsewhere'],
])('a route to %s, which no service bears, is %s', (host, expected) => {
  expect(routedTo(host)).toEqual([expected]);
});

test('a route to a host that is known, but not to the client, is broken', () => {
  expect(routedTo('hidden.example.com', serviceEntry('c/e', { hosts: ['hidden.example.com'], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], exportTo: ['.'] }))).toEqual(['broken']);
});

test('a name without servers that the proxy would look up is broken only if its namespace has servers in the manifests', () => {
  const entry = serviceEntry('c/e', { hosts: ['x.example.com'], resolution: 'DNS', workloadSelector: { labels: { app: 'x' } }, ports: [{ number: 80, name: 'http', protocol: 'HTTP' }] });
  const found = (...more: unknown[]) => [...mesh([injected('a'), deployment('a/client'), entry, more]).connections({ client: ({ name }) => name === 'client' })];
  expect(found().map(({ outcome, undecidedBecause }) => [outcome, undecidedBecause])).toEqual([['undecided', 'no-endpoints']]);
  expect(found(deployment('c/y')).map(({ outcome }) => outcome)).toEqual(['broken']);
});
