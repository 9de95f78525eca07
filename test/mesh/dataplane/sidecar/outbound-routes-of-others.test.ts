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

describe('on port 80 HTTP calls to a host without a listening service follow', () => {
  test.each([
    ['no route if there is none', [], undefined],
    ['a route for the name', [route([HOST])], 'z'],
    ['no route for another host', [route(['y.example.com'])], undefined],
    ['no route that isn\'t exported to the client', [route([HOST], 'z', 'v', { exportTo: ['.'] })], undefined],
    ['no route without http rules', [route([HOST], 'z', 'v', { http: undefined })], undefined],
    ['a route for a wildcard without services', [route(['*.example.com'])], 'z'],
    ['no route for a wildcard with services', [route(['*.example.com']), entry('y')], undefined],
    ['a route for a wildcard whose services aren\'t exported to the client', [route(['*.example.com']), entry('y', { exportTo: ['.'] })], 'z'],
    ['a route for a wildcard whose services have another port', [route(['*.example.com']), entry('y', { ports: [{ number: 82, name: 'p', protocol: 'HTTP' }] })], 'z'],
    ['a route for the host before one for a wildcard', [route(['*.example.com'], 'y'), route([HOST], 'z', 'w')], 'z'],
    ['a route for a longer wildcard before one for a shorter one', [route(['*.com'], 'y'), route(['*.example.com'], 'z', 'w')], 'z'],
    ['the route with the closest of its hosts', [route(['*.com', '*.example.com'], 'z', 'w'), route(['*e.com'], 'y')], 'z'],
    ['the first of equal routes', [route([HOST], 'y', 'w'), route([HOST], 'z')], 'z'],
    ['the next route if the closest matches no rule', [route([HOST], 'y', 'v', { http: [{ match: [{ port: 81 }], ...toHost('y') }] }), route(['*.example.com'], 'z', 'w')], 'z'],
  ])('%s', (_, objects, expected) => {
    expect(followed(80, objects)).toBe(expected);
  });
});

describe('on another port HTTP calls to a host without a listening service follow', () => {
  test.each([
    ['a route with another host that has an HTTP service there', [route([HOST, 'y.example.com']), entry('y')], 'z'],
    ['a route with another host that has a sniffing service there', [route([HOST, 'y.example.com']), entry('y', {}, '')], 'z'],
    ['no route whose other host has a TCP service there', [route([HOST, 'y.example.com']), entry('y', {}, 'TCP')], undefined],
    ['no route whose other host isn\'t exported to the client', [route([HOST, 'y.example.com']), entry('y', { exportTo: ['.'] })], undefined],
    ['no route whose other host has another port', [route([HOST, 'y.example.com']), entry('y', { ports: [{ number: 80, name: 'p', protocol: 'HTTP' }] })], undefined],
    ['no route without another host', [route([HOST]), entry('y')], undefined],
    ['a route with a wildcard whose services have no routes of their own', [route([HOST, '*.y.example.com']), entry('y', { hosts: ['y.y.example.com'] })], 'z'],
    ['no route with a wildcard whose services have routes of their own', [route([HOST, '*.y.example.com']), entry('y', { hosts: ['y.y.example.com'] }), route(['y.y.example.com'], 'v', 'w')], undefined],
    ['no route with a wildcard whose services are TCP', [route([HOST, '*.y.example.com']), entry('y', { hosts: ['y.y.example.com'] }, 'TCP')], undefined],
  ])('%s', (_, objects, expected) => {
    expect(followed(81, objects)).toBe(expected);
  });

  const both = (protocol: string, spec: Spec = {}) => [service('b/y', ['http:81']), serviceEntry('b/y', {
    hosts: ['y.b.svc.cluster.local'], resolution: 'STATIC', ports: [{ number: 81, name: 'p', protocol }], ...spec,
  })];
  const host = 'y.b.svc.cluster.local';
  test.each<[string, unknown[], string | undefined]>([
    ['a route whose other host is an HTTP ServiceEntry after a Service', [both('HTTP'), route([HOST, host])], 'z'],
    ['no route whose other host is a TCP ServiceEntry after a Service', [both('TCP'), route([HOST, host])], undefined],
    ['no route whose other host is a TCP ServiceEntry after a Service, with a Sidecar that imports both', [both('TCP'), route([HOST, host]), sidecar('a/s', { egress: [{ hosts: ['b/*'] }] })], undefined],
    ['a route whose other host is a Service, and a ServiceEntry without the port', [both('TCP', { ports: [{ number: 82, name: 'p', protocol: 'TCP' }] }), route([HOST, host])], 'z'],
    ['no route with a wildcard whose last service is TCP', [both('TCP'), route([HOST, '*.b.svc.cluster.local'])], undefined],
  ])('%s', (_, objects, expected) => {
    expect(followed(81, objects)).toBe(expected);
  });
});

describe('HTTP calls to an ExternalName follow', () => {
  const NAME = 'one.b.svc.cluster.local';
  const alias = (ports: string[]) => service('b/one', ports, { type: 'ExternalName', externalName: HOST });
  function named(port: number, ...objects: unknown[]) {
    const { registry, planes } = mesh([injected('a', 'b'), objects]);
    const client = { namespace: 'a', labels: {} };
    const found = new ForeignRoutes(new OutboundListeners(registry)).follow(planes.default.scopeOf(client), { kind: 'http', host: NAME, port, client }, false);
    return found?.to === 'services' ? found.answer.destinations.map(({ host }) => host.split('.')[0]).join() : undefined;
  }

  test.each([
    ['a route for its name on its HTTP ports', 81, [alias(['http:81']), route([NAME])], 'z'],
    ['a route for its name on its sniffing ports', 81, [alias(['81']), route([NAME])], 'z'],
    ['no route for its name on its TCP ports', 81, [alias(['tcp:81']), route([NAME])], undefined],
    ['no route for its name on ports that it lacks', 81, [alias(['http:82']), route([NAME])], undefined],
    ['a route for a wildcard with services', 80, [alias(['http:80']), route(['*.local']), service('b/y', ['http:80'])], 'z'],
    ['a route for its name before one for a wildcard', 80, [alias(['http:80']), route(['*.local'], 'y'), route([NAME], 'z', 'w')], 'z'],
  ])('%s', (_, port, objects, expected) => {
    expect(named(port, objects)).toBe(expected);
  });
});
