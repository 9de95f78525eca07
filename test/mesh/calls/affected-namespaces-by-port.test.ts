import { PortDependence } from '../../../src/mesh/calls/affected-namespaces';
import { injected, mesh, meshConfig, service, serviceEntry, toHost, virtualService } from '../../support/meshes/mesh';

const HOST = 'x.b.svc.cluster.local';
const exported = (path: string, exportTo: string, ports = ['http:80'], spec: object = {}) => service(path, ports, { annotations: { 'networking.istio.io/exportTo': exportTo }, ...spec });
const route = (spec: object = {}) => virtualService('b/v', { hosts: [HOST], http: [toHost('y')], ...spec });
const entry = (path: string, number: number) => serviceEntry(path, { hosts: [HOST], resolution: 'STATIC', addresses: ['192.0.2.1'], ports: [{ number, name: 'http', protocol: 'HTTP' }] });
const HIDDEN = exported('b/x', '.');
const OPEN = service('c/open', ['http:80']);

/** Whether the outcome of calls to port 80 of `b/x` depends on which other services of that port the client imports. */
function depends(...objects: unknown[]): boolean {
  const { decisions, registry, planes } = mesh([injected('a', 'b', 'c'), objects]);
  return new PortDependence(registry).dependOnPort(decisions.calls.find(({ host, port }) => host === HOST && port === 80)!, planes.default);
}

test.each([
  ['a route that all clients see, for a host that some don\'t see', [HIDDEN, route()], true],
  ['a hidden host without a route', [HIDDEN], false],
  ['a hidden host with a route for another host', [HIDDEN, route({ hosts: ['z'] })], false],
  ['a route that not all clients see', [HIDDEN, route({ exportTo: ['a'] })], false],
  ['a host that all clients see', [service('b/x', ['http:80']), route()], false],
  ['a host that all clients see, with a route for a wildcard', [service('b/x', ['http:80']), route({ hosts: ['*.local'] })], false],
  ['a host that the mesh config hides', [service('b/x', ['http:80']), route(), meshConfig({ defaultServiceExportTo: ['.'] })], true],
  ['a host in a namespace that istiod may not read', [entry('d/e', 80), route(), meshConfig({ discoverySelectors: [{ matchLabels: { 'istio-injection': 'enabled' } }] })], true],
  ['a host of several objects, of which one lacks the port', [entry('b/e', 80), entry('c/f', 81), route()], true],
])('whether calls depend on the other services of the port: %s', (_, objects, expected) => {
  expect(depends(objects)).toBe(expected);
});

describe('with a public service on the port, whether calls depend on the others:', () => {
  test.each([
    ['a public HTTP service on the port', OPEN, false],
    ['a public HTTP service on another port', service('c/open', ['http:81']), true],
    ['a public TCP service on the port', service('c/open', ['tcp:80']), true],
    ['a service that is hidden too', exported('c/open', 'a'), true],
    ['an ExternalName, which has no listener', service('c/open', ['http:80'], { type: 'ExternalName', externalName: 'x.example.com' }), true],
    ['a service whose host several objects have', [OPEN, serviceEntry('c/e', { hosts: ['open.c.svc.cluster.local'], resolution: 'STATIC', ports: [{ number: 80, name: 'http', protocol: 'HTTP' }] })], true],
  ])('%s', (_, objects, expected) => {
    expect(depends(HIDDEN, route(), objects)).toBe(expected);
  });

  test.each([[[HOST, 'z'], true], [['*.local'], true], [[HOST], false]])('a route with the hosts %j', (hosts, expected) => {
    expect(depends(HIDDEN, OPEN, route({ hosts }))).toBe(expected);
  });

  test('several routes, of which one has another host', () => {
    expect(depends(HIDDEN, OPEN, route(), virtualService('b/w', { hosts: ['*.local'], http: [toHost('y')] }))).toBe(true);
  });
});
