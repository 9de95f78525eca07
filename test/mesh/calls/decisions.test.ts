import { clientsOf, Decider, Decision } from '../../../src/mesh/calls/decisions';
import { deployment, destinationRule, injected, mesh, service, serviceEntry, sidecar, virtualService } from '../../support/meshes/mesh';

const spaces = ['a', 'b', 'c', 'd', 'e'];
const world = (...more: unknown[]) => mesh([injected(...spaces), spaces.map((ns) => deployment(`${ns}/w`)), service('a/server', ['http:80'], { selector: { app: 'w' } }), more]);
/** The clients of the first call, by decision. */
const groups = (...more: unknown[]) => {
  const { decisions } = world(more);
  return decisions.of(decisions.calls[0]).map((decision) => clientsOf(decision).map(({ namespace }) => namespace).join(''));
};

test('clients that no setting distinguishes share a decision', () => {
  expect(groups()).toEqual(['a', 'bcde']);
});

test.each([
  ['a DestinationRule of their own', destinationRule('c/d', { host: 'server.a.svc.cluster.local' }), ['c', 'a', 'bde']],
  ['a wildcard DestinationRule of their own', destinationRule('c/d', { host: '*' }), ['c', 'a', 'bde']],
  ['a DestinationRule that is exported to them', destinationRule('a/d', { host: 'server', exportTo: ['d'] }), ['d', 'a', 'bce']],
  ['a VirtualService of their own', virtualService('c/v', { hosts: ['server.a.svc.cluster.local'], exportTo: ['.'] }), ['c', 'a', 'bde']],
  ['a VirtualService that is exported to them', virtualService('a/v', { hosts: ['server'], exportTo: ['d'] }), ['d', 'a', 'bce']],
  ['a VirtualService that matches their namespace', virtualService('a/v', { hosts: ['server'], http: [{ match: [{ sourceNamespace: 'e' }] }] }), ['e', 'a', 'bcd']],
  ['DestinationRules for the destination of a route', [virtualService('a/v', { hosts: ['server'], http: [{ route: [{ destination: { host: 'x.example.com' } }] }] }), destinationRule('c/d', { host: 'x.example.com' })], ['c', 'a', 'bde']],
  ['DestinationRules for another host, which make no difference', destinationRule('c/d', { host: 'x' }), ['a', 'bcde']],
  ['a Sidecar that imports the service', sidecar('c/s', { egress: [{ hosts: ['a/*'] }] }), ['c', 'a', 'bde']],
  ['a Sidecar that doesn\'t import the service', [sidecar('c/s', { egress: [{ hosts: ['c/*'] }] }), sidecar('d/s', { egress: [{ hosts: ['d/*'] }] })], ['cd', 'a', 'be']],
  ['Sidecars with different outboundTrafficPolicies', [sidecar('c/s', { egress: [{ hosts: ['c/*'] }], outboundTrafficPolicy: {} }), sidecar('d/s', { egress: [{ hosts: ['d/*'] }] })], ['c', 'd', 'a', 'be']],
  ['annotations of their own', deployment('c/w', { annotations: { 'traffic.sidecar.istio.io/excludeOutboundPorts': '1' } }), ['c', 'a', 'bde']],
])('clients share decisions unless they differ: %s', (_, more, expected) => {
  expect(groups(more).sort()).toEqual([...expected].sort());
});

test('if a service takes all addresses on a port, clients with the same Sidecar imports on it share a decision', () => {
  const anywhere = serviceEntry('a/e', { hosts: ['x.example.com'], ports: [{ number: 80, name: 'tcp', protocol: 'TCP' }] });
  const importing = (hosts: (space: string) => string[]) => groups(anywhere, ['c', 'd', 'e'].map((space) => sidecar(`${space}/s`, { egress: [{ hosts: hosts(space) }] }))).sort();
  expect(importing((space) => [`${space}/*`])).toEqual(['a', 'b', 'cde']);
  expect(importing((space) => ['./*', 'b/*', ...space === 'c' ? [] : ['a/*']])).toEqual(['a', 'b', 'c', 'de']);
  expect(importing(() => ['*/*'])).toEqual(['a', 'b', 'cde']);
});

test.each([
  ['TCP to any address', { hosts: ['x.example.com'], ports: [{ number: 80, name: 'tcp', protocol: 'TCP' }] }, ['a', 'b', 'c', 'de'], ['a', 'bcde']],
  ['HTTP to any name of a wildcard', { hosts: ['*.example.com'], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }] }, ['ade', 'b', 'c'], ['abcde']],
])('if a service takes %s, clients with different services on the port have separate decisions', (_, spec, onPort, onAnother) => {
  const more = (number: number) => [
    serviceEntry('b/f', { hosts: ['y.example.com'], ports: [{ number, name: 'http', protocol: 'HTTP' }], exportTo: ['c'] }),
    destinationRule('d/d', { host: 'z.example.com' }),
  ];
  expect(groups(serviceEntry('a/e', spec), more(80)).sort()).toEqual(onPort);
  expect(groups(serviceEntry('a/e', spec), more(81)).sort()).toEqual(onAnother);
});

test('a route with sourceLabels gives each client a separate decision', () => {
  const byLabels = virtualService('a/v', { hosts: ['server'], http: [{ match: [{ sourceLabels: { app: 'x' } }] }] });
  expect(groups(byLabels)).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('caches decisions', () => {
  const { decisions } = world();
  expect(decisions.of(decisions.calls[0])).toBe(decisions.of(decisions.calls[0]));
  expect([...decisions.all()]).toHaveLength(2);
});

test('asked for one client, decides the calls of its group alone, and once', () => {
  const decide = jest.spyOn(Decider.prototype, 'decide');
  const { decisions, workloads } = world();
  const [call] = decisions.calls;
  const of = (space: string) => decisions.ofSender(call, decisions.senderOf(workloads.find(({ namespace }) => namespace === space)!))!;
  expect([of('e'), of('d')].map((decision) => clientsOf(decision).map(({ namespace }) => namespace).join(''))).toEqual(['bcde', 'bcde']);
  expect(decide).toHaveBeenCalledTimes(1);
  expect(decisions.of(call)).toContain(of('e'));
  expect(decide).toHaveBeenCalledTimes(2);
  decide.mockRestore();
});

test('clients that only their declared calls distinguish are decided for once, and each has the paths that it takes', () => {
  const declaring = (name: string, to: string) => {
    const { metadata, ...rest } = deployment(`a/${name}`, { labels: { app: 'w' } });
    return { ...rest, metadata: { ...metadata as object, annotations: { 'calls.istio-mtls/to': to } } };
  };
  const declared = mesh([injected('a'), declaring('one', 'server'), declaring('other', 'server'), declaring('idle', ''), service('a/server', ['http:80'], { selector: { app: 'w' } })], { onlyDeclaredCalls: true });
  const decide = jest.spyOn(Decider.prototype, 'decide');
  const shown = (decisions: Iterable<Decision>) => [...decisions].flatMap((decision) => decision.paths.map((path) => (
    `${clientsOf(decision).map(({ name }) => name).join()} to ${path.hops[0].received.endpoint!.workload!.name}: ${declared.decisions.count(decision, path)}`)));
  expect(shown(declared.decisions.all())).toEqual(['one,other to idle: 2', 'one,other to one: 2', 'one,other to other: 2']);
  expect(decide).toHaveBeenCalledTimes(1);
  expect(shown(declared.decisions.leftOut())).toEqual(['idle to idle: 0', 'idle to one: 1', 'idle to other: 1']);
  decide.mockRestore();
});

test('a headless pod\'s call to itself takes its own path; other clients share one', () => {
  const headless = service('b/db', ['tcp:80'], { clusterIP: 'None' });
  const ways = (...pods: string[]) => {
    const { decisions } = mesh([injected('b'), pods.map((name) => deployment(`b/${name}`, { labels: { app: 'db' } })), headless]);
    return decisions.of(decisions.calls[0])[0].paths.map(({ except, only }) => `${except?.name ?? ''}-${only?.name ?? ''}`);
  };
  expect(ways('one')).toEqual(['-one']);
  expect(ways('one', 'two')).toEqual(['one-', '-one', 'two-', '-two']);
});

test('a hop has its DestinationRule, subset, route, server and PeerAuthentication', () => {
  const more = [destinationRule('a/d', { host: 'server', subsets: [{ name: 'v1' }] }), virtualService('a/v', { hosts: ['server'], http: [{ route: [{ destination: { host: 'server', subset: 'v1' } }] }] })];
  const { decisions } = world(more);
  const [{ hops: [hop] }] = decisions.of(decisions.calls[0])[0].paths;
  expect([hop.rule!.from[0].name, hop.subset!.name, hop.route!.object.name, hop.received.receiver!.protocol.service!.name, hop.received.receiver!.enforced!.level]).toEqual(['d', 'v1', 'v', 'server', 'default']);
});
