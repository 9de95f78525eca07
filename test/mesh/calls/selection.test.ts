import { ConnectionQuery, filterFor, UnknownNameError, workloadNamed } from '../../../src/mesh/calls/selection';
import { deployment, injected, mesh, service, serviceEntry } from '../../support/mesh';

const world = () => mesh([
  injected('a', 'b'), deployment('a/client'), deployment('b/server'), { ...deployment('b/twin'), kind: 'StatefulSet' }, deployment('b/twin'),
  service('b/server', ['http:80', 'http-2:81']), service('b/other'),
  serviceEntry('a/e', { hosts: ['x.example.com', 'y.example.com'], resolution: 'DNS', ports: [{ number: 443, name: 'tls', protocol: 'TLS' }] }),
]);
/** The clients and calls that a query wants, as `namespace/name` and `host:port`. */
function wanted(query: ConnectionQuery): { clients: string[]; calls: string[] } {
  const whole = world();
  const { client, requested } = filterFor(whole, query);
  return {
    clients: whole.workloads.filter((one) => client?.(one) ?? true).map(({ kind, name }) => `${kind} ${name}`),
    calls: whole.decisions.calls.filter((call) => requested?.(call) ?? true).map(({ host, port }) => `${host.replace('.svc.cluster.local', '')}:${port}`),
  };
}
const refused = (query: ConnectionQuery): string => {
  try {
    wanted(query);
  } catch (error) {
    return (error as Error).message;
  }
  return 'taken';
};

test('an empty query wants all', () => {
  const filter = filterFor(world(), {});
  expect(filter).toEqual({ client: undefined, requested: undefined, outcome: undefined });
  expect(filterFor(world(), { outcome: 'mtls' }).outcome).toBe('mtls');
});

test.each([
  ['a/client', ['Deployment client']], ['deployment/a/client', ['Deployment client']], ['Deployment/a/client', ['Deployment client']], ['statefulset/b/twin', ['StatefulSet twin']],
])('client %s', (client, expected) => {
  expect(wanted({ client }).clients).toEqual(expected);
});

test.each([
  ['b/server', ['server.b:80', 'server.b:81']], ['b/server:81', ['server.b:81']], ['server.b.svc.cluster.local:80', ['server.b:80']],
  ['a/e', ['x.example.com:443', 'y.example.com:443']], ['y.example.com', ['y.example.com:443']],
])('service %s', (called, expected) => {
  expect(wanted({ service: called }).calls).toEqual(expected);
});

test.each([
  [{ client: 'b/twin' }, 'client \'b/twin\' matches 2 workloads; expected one of them. Fix: write deployment/b/twin or statefulset/b/twin.'],
  [{ client: 'a/cleint' }, 'client \'a/cleint\' is not a workload in these manifests; expected namespace/name or kind/namespace/name. Fix: write a/client.'],
  [{ client: 'nothing-like-it' }, 'client \'nothing-like-it\' is not a workload in these manifests; expected namespace/name or kind/namespace/name. Fix: check the name.'],
  [{ service: 'b/sever' }, 'service \'b/sever\' is not a service in these manifests; expected namespace/name or a host, with :port or without. Fix: write b/server.'],
  [{ service: 'b/server:82' }, 'service \'b/server:82\' is not a service in these manifests; expected namespace/name or a host, with :port or without. Fix: write b/server:80.'],
  [{ service: 'nothing-like-any-of-them' }, 'service \'nothing-like-any-of-them\' is not a service in these manifests; expected namespace/name or a host, with :port or without. Fix: check the name.'],
  [{ service: 'b/server\n' }, 'service \'b/server\n\' is not a service in these manifests; expected namespace/name or a host, with :port or without. Fix: write b/server.'],
])('%j is refused', (query, expected) => {
  expect(refused(query)).toBe(expected);
});

test('a workload by itself, called so in what is said of a name that isn\'t there', () => {
  expect(workloadNamed(world(), 'statefulset/b/twin')).toMatchObject({ kind: 'StatefulSet', name: 'twin' });
  expect(() => workloadNamed(world(), 'a/cleint')).toThrow(new UnknownNameError('workload \'a/cleint\' is not a workload in these manifests; expected namespace/name or kind/namespace/name. Fix: write a/client.'));
});

test('what may be a key is not said again', () => {
  const key = 'MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQDHrjeoQ+6L6BjL'.repeat(2);
  expect(refused({ client: key }) + refused({ service: key })).not.toContain(key.slice(0, 12));
});
