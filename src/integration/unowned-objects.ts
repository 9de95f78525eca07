import { IConstruct } from 'constructs';
import { AppManifest, MeshManifests } from './app-manifests';
import { settingsOf } from './app-mesh';
import { attachedTo } from './attachments';
import { MeshFacts } from './mesh-facts';
import { addJudge } from './once-per-synth';
import { refusalMessage } from '../findings/refusal';
import { groupOf, WorkloadKinds } from '../manifests/kinds';
import { mapping, text } from '../manifests/mapping';

/** Makes a synth fail on objects of a mesh that no mesh of an app owns. */
export function attachUnownedCheck({ node: { root } }: IConstruct): void {
  if (attached.has(root)) return;
  attached.add(root);
  addJudge(root, () => unownedMessages);
}

const attached = new WeakSet<IConstruct>();

function unownedMessages({ facts, manifests }: MeshManifests): string[] {
  const owners = MeshFacts.owners(facts.root);
  if (facts !== owners.unowned || manifests.length === 0) return [];
  const { meshes } = owners;
  const kinds = workloadKindsOf(meshes);
  const [first, ...others] = manifests.filter(({ manifest }) => isOfMesh(manifest, kinds));
  if (!first) return [];
  const { kind, name, node } = first.apiObject;
  const [mesh, ...otherMeshes] = meshes;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return [refusalMessage({
    code: 'API890',
    kind: 'IstioMesh',
    path: mesh.istioMeshes[0].node.path,
    field: 'owns',
    actual: `${otherMeshes.length === 0 ? `'${mesh.name}', which doesn't` : `${namesOf(meshes)}, which don't`} hold `
      + `${kind} ${name} (${node.path})${more}`,
    expected: 'a mesh for each workload, Service, Namespace and Istio object of the app',
    because: 'the checks and the analysis of a mesh see only what it owns',
    fix: "pass 'owns' with a construct that holds them too, or 'include' their charts",
  })];
}

/** How many meshes the error names. */
const SHOWN = 3;

function namesOf(meshes: readonly MeshFacts[]): string {
  const names = meshes.slice(0, SHOWN).map(({ name }) => `'${name}'`);
  return meshes.length > SHOWN ? `${names.join(', ')} and ${meshes.length - SHOWN} more` : names.join(' and ');
}

/** The kinds that an analysis of any of the app's meshes takes for workloads. */
function workloadKindsOf(meshes: readonly MeshFacts[]): WorkloadKinds {
  return WorkloadKinds.with(meshes.flatMap((mesh) => {
    const options = attachedTo(mesh)?.options;
    return options ? settingsOf(options).facts(options, 'MtlsAnalysis').workloadKinds ?? [] : [];
  }));
}

const OF_KUBERNETES = ['Service', 'Namespace', 'Endpoints', 'EndpointSlice'];

/** Whether a mesh would read the object: a workload, something that it calls, an object of Istio, or what istiod reads for itself. */
function isOfMesh(manifest: AppManifest['manifest'], kinds: WorkloadKinds): boolean {
  const { apiVersion, kind, metadata, data } = manifest;
  const group = groupOf(text(apiVersion) ?? '');
  return kinds.of(manifest) !== undefined
    || /(?:^|\.)istio\.io$|^gateway\.networking\.(?:x-)?k8s\.io$/.test(group)
    || (['', 'discovery.k8s.io'].includes(group) && OF_KUBERNETES.includes(text(kind) ?? ''))
    || text(mapping(metadata).name) === 'cacerts'
    || (kind === 'ConfigMap' && mapping(data).mesh !== undefined);
}
