import { readObject } from '../../../src/mesh/inventory/object';
import { kubernetesService } from '../../../src/mesh/services/kubernetes-service';
import { isHeadless, portOf } from '../../../src/mesh/services/service';
import { servicesOfEntry } from '../../../src/mesh/services/service-entry';
import { service, serviceEntry } from '../../support/meshes/mesh';

describe('a Service', () => {
  const read = (ports: Parameters<typeof service>[1], spec: object = {}) => kubernetesService(readObject(service('a/x', ports, spec))!);

  test('is read with its host, ports and servers', () => {
    expect(read([{ port: 80, name: 'http', targetPort: 'web' }, { port: '81', targetPort: '8081', protocol: 'UDP' }, { port: 82, appProtocol: 'https' }, { name: 'none' }])).toMatchObject({
      registry: 'Kubernetes',
      namespace: 'a',
      name: 'x',
      host: 'x.a.svc.cluster.local',
      ports: [
        { number: 80, name: 'http', protocol: 'HTTP', target: 'web' },
        { number: 81, name: '', protocol: 'UDP', target: 8081 },
        { number: 82, name: '', protocol: 'TLS', target: 82 },
      ],
      resolution: 'STATIC',
      external: false,
      exportTo: [],
      selector: { app: 'x' },
      addresses: [],
      externalName: undefined,
    });
  });

  test.each([
    ['ordinary', {}, 'STATIC', false, false], ['headless', { clusterIP: 'None' }, 'PASSTHROUGH', false, true],
    ['an ExternalName', { type: 'ExternalName', externalName: 'y.example.com' }, 'ALIAS', true, false],
    ['an ExternalName without a name', { type: 'ExternalName' }, 'STATIC', false, false],
    ['not an ExternalName, though it has an externalName', { externalName: 'y.example.com' }, 'STATIC', false, false],
    ['headless and an ExternalName', { clusterIP: 'None', type: 'ExternalName', externalName: 'y.example.com' }, 'PASSTHROUGH', true, true],
  ])('is %s', (_, spec, resolution, external, headless) => {
    const found = read([80], spec);
    expect([found.resolution, found.external, isHeadless(found)]).toEqual([resolution, external, headless]);
  });

  test('selects nothing without a selector, with an empty one, or as an ExternalName', () => {
    expect([{ selector: undefined }, { selector: {} }, { type: 'ExternalName', externalName: 'y' }].map((spec) => read([80], spec).selector)).toEqual(Array(3).fill(undefined));
  });

  test.each([
    [{ clusterIP: '10.0.0.1' }, ['10.0.0.1']], [{ clusterIP: '10.0.0.1', clusterIPs: ['10.0.0.1', '::1'] }, ['10.0.0.1', '::1']], [{ clusterIPs: ['None'] }, []], [{ clusterIP: 'None' }, []],
  ])('has with %j the addresses %j', (spec, expected) => {
    expect(read([80], spec).addresses).toEqual(expected);
  });

  test.each([[undefined, []], ['', []], ['a', ['a']], [' a , . ,', ['a', '.']]])('with exportTo annotation %j is exported to %j', (exportTo, expected) => {
    expect(read([80], { annotations: { 'networking.istio.io/exportTo': exportTo } }).exportTo).toEqual(expected);
  });

  test('has a port or not', () => {
    expect([portOf(read([80]), 80)?.number, portOf(read([80]), 81)]).toEqual([80, undefined]);
  });
});

describe('a ServiceEntry', () => {
  const read = (spec: object) => servicesOfEntry(readObject(serviceEntry('a/e', { hosts: ['x.example.com'], ...spec }))!);

  test('is a service for each host', () => {
    const spec = {
      hosts: ['x.example.com', 'y.example.com'],
      location: 'MESH_INTERNAL',
      exportTo: ['.'],
      addresses: ['192.0.2.1'],
      ports: [{ number: 80, name: 'web', protocol: 'http', targetPort: '8080' }, { number: '81' }, { name: 'none' }],
      workloadSelector: { labels: { app: 'x' } },
    };
    const same = {
      registry: 'ServiceEntry',
      namespace: 'a',
      name: 'e',
      ports: [{ number: 80, name: 'web', protocol: 'HTTP', target: 8080 }, { number: 81, name: '', protocol: 'AUTO', target: 0 }],
      external: false,
      exportTo: ['.'],
      selector: { app: 'x' },
      addresses: ['192.0.2.1'],
    };
    expect(read(spec)).toMatchObject([{ host: 'x.example.com', ...same }, { host: 'y.example.com', ...same }]);
    expect(read({})).toMatchObject([{ ports: [], external: true, exportTo: [], selector: undefined, addresses: [] }]);
    expect(read({ hosts: undefined })).toEqual([]);
  });

  test.each([['HTTP', 'HTTP'], ['GRPC-Web', 'HTTP'], ['tls', 'TLS'], ['MONGO', 'MONGO'], ['x', 'AUTO']])('protocol %s is read as %s', (protocol, expected) => {
    expect(read({ ports: [{ number: 80, protocol }] })[0].ports[0].protocol).toBe(expected);
  });

  test.each([
    ['STATIC', 'STATIC'], ['DNS', 'DNS'], ['DNS_ROUND_ROBIN', 'DNS'], ['DYNAMIC_DNS', 'DYNAMIC_DNS'], ['NONE', 'PASSTHROUGH'], [undefined, 'PASSTHROUGH'],
  ])('resolution %s is read as %s', (resolution, expected) => {
    const [found] = read({ resolution });
    expect([found.resolution, isHeadless(found)]).toEqual([expected, false]);
  });

  test.each([['MESH_INTERNAL', false], ['MESH_EXTERNAL', true], [undefined, true]])('location %s is outside the mesh: %p', (location, expected) => {
    expect(read({ location })[0].external).toBe(expected);
  });
});
