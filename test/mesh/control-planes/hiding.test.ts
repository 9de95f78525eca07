import { hidingOf } from '../../../src/mesh/control-planes/hiding';
import { injected, mesh, meshConfig, service, serviceEntry, sidecar } from '../../support/meshes/mesh';

const host = (name: string) => `${name}.b.svc.cluster.local`;
const exported = (exportTo: string) => service('b/x', [80], { annotations: { 'networking.istio.io/exportTo': exportTo } });
const importing = (entry: string) => sidecar('a/s', { egress: [{ hosts: [entry] }] });
const discovering = (namespace: string) => meshConfig({ discoverySelectors: [{ matchLabels: { 'kubernetes.io/metadata.name': namespace } }] });

const entry = (exportTo?: string[]) => serviceEntry('b/x', { hosts: [host('x')], exportTo, ports: [{ number: 80, name: 'http', protocol: 'HTTP' }] });
const CONFINED = meshConfig({ serviceEntryVisibility: { applyToSidecars: true, defaultVisibility: 'NAMESPACE' } });

test.each<[string, unknown[]]>([
  ['nothing', [service('b/x')]],
  ['nothing', [exported('a'), importing('b/*')]],
  ['exportTo', [exported('.')]],
  ['exportTo', [exported('c'), importing('a/*')]],
  ['defaultServiceExportTo', [service('b/x'), meshConfig({ defaultServiceExportTo: ['.'] })]],
  ['serviceEntryVisibility', [entry(), CONFINED]],
  ['exportTo', [entry(['.']), CONFINED]],
  ['sidecar', [service('b/x'), importing('a/*')]],
  ['discoverySelectors', [exported('.'), discovering('a')]],
  ['nothing', [service('b/x'), discovering('b')]],
])('the setting that hides a service of namespace b from namespace a: %s', (expected, objects) => {
  const { registry, planes } = mesh([injected('a', 'b'), objects]);
  const plane = planes.default;
  expect(hidingOf(registry.byHost.get(host('x'))![0], plane, plane.scopeOf({ namespace: 'a', labels: {} }))).toBe(expected);
});
