import { ForeignRoutes } from '../../../../src/mesh/dataplane/sidecar/foreign-routes';
import { OutboundListeners } from '../../../../src/mesh/dataplane/sidecar/outbound-listeners';
import { injected, mesh, service, serviceEntry, sidecar, toHost, virtualService } from '../../../support/meshes/mesh';

type Spec = Record<string, unknown>;
const entry = (name: string, spec: Spec = {}, protocol = 'HTTP') => serviceEntry(`b/${name}`, {
  hosts: [`${name}.example.com`], resolution: 'STATIC', ports: [80, 81].map((number) => ({ number, name: `p-${number}`, protocol })), ...spec,
});
const route = (hosts: string[], target = 'z', name = 'v', spec: Spec = {}) => virtualService(`b/${name}`, { hosts, http: [toHost(`${target}.example.com`)], ...spec });
const HOST = 'x.example.com';

/** Where routes send HTTP calls to `x.example.com`, a host without a listening service. */
function followed(port: number, ...objects: unknown[]): string | undefined {
  const { registry, planes } = mesh([injected('a', 'b'), objects]);
  const client = { namespace: 'a', labels: {} };
  const found = new ForeignRoutes(new OutboundListeners(registry)).follow(planes.default.scopeOf(client), { kind: 'http', host: HOST, port, client }, false);
  return found?.to === 'services' ? found.answer.destinations.map(({ host }) => host.split('.')[0]).join() : found?.to;
}

describe('on port 80', () => {
  test.each([
    ['no route, nothing', [], undefined],
    ['a route for the name', [route([HOST])], 'z'],
    ['no route for another name', [route(['y.example.com'])], undefined],
    ['no route that the client doesn\'t see', [route([HOST], 'z', 'v', { exportTo: ['.'] })], undefined],
    ['no route without http rules', [route([HOST], 'z', 'v', { http: undefined })], undefined],
    ['a route for a wildcard around it, if that has no services', [route(['*.example.com'])], 'z'],
    ['not if it has any', [route(['*.example.com']), entry('y')], undefined],
    ['but if those are hidden', [route(['*.example.com']), entry('y', { exportTo: ['.'] })], 'z'],
    ['or have another port', [route(['*.example.com']), entry('y', { ports: [{ number: 82, name: 'p', protocol: 'HTTP' }] })], 'z'],
    ['a name before a wildcard', [route(['*.example.com'], 'y'), route([HOST], 'z', 'w')], 'z'],
    ['a longer wildcard before a shorter one', [route(['*.com'], 'y'), route(['*.example.com'], 'z', 'w')], 'z'],
    ['the closest of a route\'s hosts', [route(['*.com', '*.example.com'], 'z', 'w'), route(['*e.com'], 'y')], 'z'],
    ['of equals the first', [route([HOST], 'y', 'w'), route([HOST], 'z')], 'z'],
    ['the next, where the closest has no answer', [route([HOST], 'y', 'v', { http: [{ match: [{ port: 81 }], ...toHost('y') }] }), route(['*.example.com'], 'z', 'w')], 'z'],
  ])('%s', (_, objects, expected) => {
    expect(followed(80, objects)).toBe(expected);
  });
});

describe('on other ports a route applies', () => {
  test.each([
    ['if another of its hosts is a service that listens there', [route([HOST, 'y.example.com']), entry('y')], 'z'],
    ['or sniffs', [route([HOST, 'y.example.com']), entry('y', {}, '')], 'z'],
    ['but not if that is TCP', [route([HOST, 'y.example.com']), entry('y', {}, 'TCP')], undefined],
    ['nor if it is hidden', [route([HOST, 'y.example.com']), entry('y', { exportTo: ['.'] })], undefined],
    ['nor if it has another port', [route([HOST, 'y.example.com']), entry('y', { ports: [{ number: 80, name: 'p', protocol: 'HTTP' }] })], undefined],
    ['nor if it is for no other host', [route([HOST]), entry('y')], undefined],
    ['if it is what holds for the services within one of its wildcards', [route([HOST, '*.y.example.com']), entry('y', { hosts: ['y.y.example.com'] })], 'z'],
    ['but not if those have a route of their own', [route([HOST, '*.y.example.com']), entry('y', { hosts: ['y.y.example.com'] }), route(['y.y.example.com'], 'v', 'w')], undefined],
    ['nor if they are TCP', [route([HOST, '*.y.example.com']), entry('y', { hosts: ['y.y.example.com'] }, 'TCP')], undefined],
  ])('%s', (_, objects, expected) => {
    expect(followed(81, objects)).toBe(expected);
  });

  const both = (protocol: string, spec: Spec = {}) => [service('b/y', ['http:81']), serviceEntry('b/y', {
    hosts: ['y.b.svc.cluster.local'], resolution: 'STATIC', ports: [{ number: 81, name: 'p', protocol }], ...spec,
  })];
  const host = 'y.b.svc.cluster.local';
  test.each<[string, unknown[], string | undefined]>([
    ['if the last of a Service and a ServiceEntry of its host has HTTP', [both('HTTP'), route([HOST, host])], 'z'],
    ['but not if the last is TCP', [both('TCP'), route([HOST, host])], undefined],
    ['nor for clients whose Sidecar imports both', [both('TCP'), route([HOST, host]), sidecar('a/s', { egress: [{ hosts: ['b/*'] }] })], undefined],
    ['if the last doesn\'t have the port', [both('TCP', { ports: [{ number: 82, name: 'p', protocol: 'TCP' }] }), route([HOST, host])], 'z'],
    ['but not if the last of those within a wildcard is TCP', [both('TCP'), route([HOST, '*.b.svc.cluster.local'])], undefined],
  ])('%s', (_, objects, expected) => {
    expect(followed(81, objects)).toBe(expected);
  });
});

describe('of an ExternalName', () => {
  const NAME = 'one.b.svc.cluster.local';
  const alias = (ports: string[]) => service('b/one', ports, { type: 'ExternalName', externalName: HOST });
  function named(port: number, ...objects: unknown[]) {
    const { registry, planes } = mesh([injected('a', 'b'), objects]);
    const client = { namespace: 'a', labels: {} };
    const found = new ForeignRoutes(new OutboundListeners(registry)).follow(planes.default.scopeOf(client), { kind: 'http', host: NAME, port, client }, false);
    return found?.to === 'services' ? found.answer.destinations.map(({ host }) => host.split('.')[0]).join() : undefined;
  }

  test.each([
    ['the route for its name counts on its HTTP ports', 81, [alias(['http:81']), route([NAME])], 'z'],
    ['and those that sniff', 81, [alias(['81']), route([NAME])], 'z'],
    ['not on TCP', 81, [alias(['tcp:81']), route([NAME])], undefined],
    ['not on another port', 81, [alias(['http:82']), route([NAME])], undefined],
    ['a wildcard\'s counts though it has services', 80, [alias(['http:80']), route(['*.local']), service('b/y', ['http:80'])], 'z'],
    ['a wildcard\'s doesn\'t count beside one for the name', 80, [alias(['http:80']), route(['*.local'], 'y'), route([NAME], 'z', 'w')], 'z'],
  ])('%s', (_, port, objects, expected) => {
    expect(named(port, objects)).toBe(expected);
  });
});
