import { hidingOf } from '../../../src/mesh/control-planes/hiding';
import { injected, mesh, meshConfig, service, serviceEntry, sidecar } from '../../support/meshes/mesh';

const host = (name: string) => `${name}.b.svc.cluster.local`;
const exported = (exportTo: string) => service('b/x', [80], { annotations: { 'networking.istio.io/exportTo': exportTo } });
const importing = (entry: string) => sidecar('a/s', { egress: [{ hosts: [entry] }] });
const discovering = (namespace: string) => meshConfig({ discoverySelectors: [{ matchLabels: { 'kubernetes.io/metadata.name': namespace } }] });

const entry = (exportTo?: string[]) => serviceEntry('b/x', { hosts: [host('x')], exportTo, ports: [{ number: 80, name: 'http', protocol: 'HTTP' }] });
const CONFINED = meshConfig({ serviceEntryVisibility: { applyToSidecars: true, defaultVisibility: 'NAMESPACE' } });

test.each<[string, string, unknown[]]>([
  ['public', 'nothing', [service('b/x')]],
  ['exported to a and imported by its Sidecar', 'nothing', [exported('a'), importing('b/*')]],
  ['private', 'exportTo', [exported('.')]],
  ['exported to c', 'exportTo', [exported('c'), importing('a/*')]],
  ['private by default', 'defaultServiceExportTo', [service('b/x'), meshConfig({ defaultServiceExportTo: ['.'] })]],
  ['a ServiceEntry that is visible in its namespace only', 'serviceEntryVisibility', [entry(), CONFINED]],
  ['a private ServiceEntry', 'exportTo', [entry(['.']), CONFINED]],
  ['not imported by a Sidecar', 'sidecar', [service('b/x'), importing('a/*')]],
  ['in a namespace that istiod doesn\'t read', 'discoverySelectors', [exported('.'), discovering('a')]],
  ['public, while istiod doesn\'t read namespace a', 'nothing', [service('b/x'), discovering('b')]],
])('what hides a service of namespace b from namespace a, if it is %s: %s', (_, expected, objects) => {
  const { registry, planes } = mesh([injected('a', 'b'), objects]);
  const plane = planes.default;
  expect(hidingOf(registry.byHost.get(host('x'))![0], plane, plane.scopeOf({ namespace: 'a', labels: {} }))).toBe(expected);
});
