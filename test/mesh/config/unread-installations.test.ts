import { command } from '../../support/command/command';
import { connections, deployment, mesh, namespace, service } from '../../support/meshes/mesh';

const object = (apiVersion: string, kind: string, name: string, space: string | undefined, content: object = { spec: {} }) => ({
  apiVersion, kind, metadata: { name, namespace: space }, ...content,
});
const config = (name: string, space: string, text: string) => object('v1', 'ConfigMap', name, space, { data: { mesh: text } });

test.each([
  ['Maistra\'s ServiceMeshControlPlane', object('maistra.io/v2', 'ServiceMeshControlPlane', 'basic', 'istio-system', { spec: { security: { dataPlane: { mtls: true } } } }),
    'ServiceMeshControlPlane istio-system/basic configures istiod and isn\'t read: state its settings as a mesh config with --mesh-config, and add the PeerAuthentication and DestinationRules that spec.security creates'],
  ['Maistra\'s ServiceMeshMemberRoll', object('maistra.io/v1', 'ServiceMeshMemberRoll', 'default', 'istio-system'), 'ServiceMeshMemberRoll istio-system/default configures istiod and isn\'t read: state its namespaces with --injected-namespace, if their pods get sidecars'],
  ['Maistra\'s ServiceMeshMember', object('maistra.io/v1', 'ServiceMeshMember', 'default', 'shop'), 'ServiceMeshMember shop/default configures istiod and isn\'t read: state its namespace with --injected-namespace, if its pods get sidecars'],
  ['Sail\'s IstioRevisionTag', object('sailoperator.io/v1', 'IstioRevisionTag', 'prod', 'istio-system'), expect.stringContaining('IstioRevisionTag istio-system/prod configures istiod and isn\'t read: state it with --installed-revision')],
  ['Google\'s ControlPlaneRevision', object('mesh.cloud.google.com/v1beta1', 'ControlPlaneRevision', 'asm-managed', 'istio-system'), expect.stringContaining('--installed-revision')],
  ['Kyma\'s Istio', object('operator.kyma-project.io/v1alpha2', 'Istio', 'default', 'kyma-system'), expect.stringContaining('--mesh-config')],
  ['Cisco\'s IstioControlPlane', object('servicemesh.cisco.com/v1alpha1', 'IstioControlPlane', 'icp', 'istio-system'), expect.stringContaining('--mesh-config')],
  ['Azure\'s shared ConfigMap', config('istio-shared-configmap-asm-1-25', 'aks-istio-system', 'enableAutoMtls: false'),
    'ConfigMap aks-istio-system/istio-shared-configmap-asm-1-25 configures istiod and isn\'t read: pass a file with its data.mesh as --mesh-config, and --istiod-namespace aks-istio-system'],
])('is reported as not read: %s', (_, manifest, expected) => {
  expect(mesh([manifest]).notes).toEqual([expected]);
});

test.each([
  ['a kind of another group', object('example.com/v1', 'ServiceMeshControlPlane', 'basic', 'istio-system')],
  ['the ConfigMap of the mesh config', config('istio', 'istio-system', 'enableAutoMtls: false')],
  ['another ConfigMap of Azure\'s namespace', config('shared', 'aks-istio-system', '')],
])('nothing is reported about %s', (_, manifest) => {
  expect(mesh([manifest]).notes).toEqual([]);
});

test('the mesh config of GKE\'s managed revision is read like any istiod\'s', () => {
  const shop = [namespace('shop', { 'istio.io/rev': 'asm-managed' }), deployment('shop/web'), deployment('shop/db'), service('shop/db', ['http:80'])];
  const outcomes = (...more: object[]) => connections([...shop, ...more], { installedRevisions: ['asm-managed'] })
    .filter(({ client }) => client.name === 'web').map(({ outcome }) => outcome);
  expect(outcomes()).toEqual(['mtls']);
  expect(outcomes(config('istio-asm-managed', 'istio-system', 'enableAutoMtls: false'))).toEqual(['plaintext']);
});

test('check reports them', async () => {
  const { out, error } = await command(['check', '-'], { input: JSON.stringify(object('maistra.io/v2', 'ServiceMeshControlPlane', 'basic', 'istio-system')) });
  expect(`${out}${error}`).toContain('ServiceMeshControlPlane istio-system/basic configures istiod and isn\'t read');
});
