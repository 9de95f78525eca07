import { groupKind } from '../../manifests/kinds';
import { Inventory } from '../inventory/inventory';
import { isOf, KIND } from '../inventory/kinds';
import { compareNames, MeshObject, objectText } from '../inventory/object';

/** What to state where an object's settings of istiod aren't read. */
const MESH_CONFIG = 'state its settings as a mesh config with --mesh-config';

/** Kinds with settings of an istiod that aren't read, and what to state in their place. */
const UNREAD_KINDS: Readonly<Record<string, string>> = {
  'ServiceMeshControlPlane.maistra.io': `${MESH_CONFIG}, and add the PeerAuthentication and DestinationRules that spec.security creates`,
  'ServiceMeshMemberRoll.maistra.io': 'state its namespaces with --injected-namespace, if their pods get sidecars',
  'ServiceMeshMember.maistra.io': 'state its namespace with --injected-namespace, if its pods get sidecars',
  'IstioRevisionTag.sailoperator.io': 'state it with --installed-revision, and the mesh config of the revision that it stands for with --mesh-config',
  'ControlPlaneRevision.mesh.cloud.google.com': 'state it with --installed-revision',
  'Istio.operator.kyma-project.io': MESH_CONFIG,
  'IstioControlPlane.servicemesh.cisco.com': MESH_CONFIG,
};

/** The mesh configs that users of AKS' add-on write, which istiod merges into its own. */
const SHARED_BY_AKS = /^istio-shared-configmap-/;

/** One sentence for each object that configures an istiod and isn't read. */
export function unreadInstallations(objects: Inventory): readonly string[] {
  const unread = [...objects.unread.values()].filter((object) => Object.hasOwn(UNREAD_KINDS, groupKind(object)));
  const shared = objects.of(KIND.ConfigMap).filter(({ name }) => SHARED_BY_AKS.test(name));
  return [...unread, ...shared].sort(compareNames).map((object) => `${objectText(object)} configures istiod and isn't read: ${remedyFor(object)}`);
}

function remedyFor(object: MeshObject): string {
  if (!isOf(object, KIND.ConfigMap)) return UNREAD_KINDS[groupKind(object)];
  return `pass a file with its data.mesh as --mesh-config, and --istiod-namespace ${object.namespace}`;
}
