// Random meshes of which some Namespaces aren't in the manifests, each with what these may be.
import type { JudgedMesh, Manifest } from '../manifest';
import { sampleMeshes } from './mesh';
import { Random } from './yaml/random';

/** What the Namespaces that are left out of the manifests are: all with injection, all without, or in turns. */
type Completion = 'with' | 'without' | 'mixed';

/** A mesh with all of its Namespaces. */
export interface CompletedMesh extends JudgedMesh {
  /** The Namespaces that the manifests don't contain: their objects are what a cluster has besides. */
  readonly leftOut: readonly string[];
  readonly completion: Completion;
}

const INJECTION = 'istio-injection';
const NETWORK = 'topology.istio.io/network';

/** The completions of meshes that are the same for the same seed: of up to `count`, since some have no pods in any namespace. */
export function sampleCompletions(seed: number, count: number): CompletedMesh[] {
  return sampleMeshes(seed, count).flatMap((mesh, index) => completionsOf(mesh, new Random(seed, index)));
}

function completionsOf(mesh: JudgedMesh, random: Random): CompletedMesh[] {
  const { objects, unseen = [] } = mesh;
  const settled = [...new Set(objects.filter(isWorkload).map(({ metadata: { namespace = '' } }) => namespace))].sort();
  if (settled.length === 0) return [];
  const chosen = chosenOf(settled, random);
  const isThere = (name: string): boolean => objects.some((object) => isNamespace(object) && object.metadata.name === name);
  const leftOut = settled.filter((name) => chosen.includes(name) || !isThere(name));
  const others = objects.filter((object) => !isLeftOut(object, leftOut));
  const turn = random.below(2);
  const completed = (completion: Completion, isInjected: (index: number) => boolean): CompletedMesh => ({
    ...mesh,
    id: `${mesh.id}/${completion}`,
    leftOut,
    completion,
    objects: [...leftOut.map((name, index) => withNetwork(namespaceOf(name, isInjected(index)), [...objects, ...unseen])), ...others],
    unseen: unseen.filter((object) => !isLeftOut(object, leftOut)),
  });
  const uniform = [completed('with', () => true), completed('without', () => false)];
  return leftOut.length > 1 ? [...uniform, completed('mixed', (index) => index % 2 === turn)] : uniform;
}

/** One, some or all. */
function chosenOf(names: readonly string[], random: Random): readonly string[] {
  const one = random.pick(names);
  return random.pick([[one], names.filter((name) => name === one || random.chance(0.5)), names]);
}

function isWorkload({ kind, spec }: Manifest): boolean {
  return kind === 'Pod' || kind === 'CronJob' || spec?.template !== undefined;
}

const isNamespace = ({ kind }: Manifest): boolean => kind === 'Namespace';

function isLeftOut(object: Manifest, leftOut: readonly string[]): boolean {
  return isNamespace(object) && leftOut.includes(object.metadata.name);
}

function namespaceOf(name: string, isInjected: boolean): Manifest {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, ...isInjected && { labels: { [INJECTION]: 'enabled' } } } };
}

/** A Namespace with the label that says on which network it is, as the cluster's own has it. */
function withNetwork(namespace: Manifest, objects: readonly Manifest[]): Manifest {
  const { metadata } = namespace;
  const network = objects.find((object) => isNamespace(object) && object.metadata.name === metadata.name)?.metadata.labels?.[NETWORK];
  return network === undefined ? namespace : { ...namespace, metadata: { ...metadata, labels: { ...metadata.labels, [NETWORK]: network } } };
}

/** The manifests: the objects without the Namespaces that they don't contain. */
export function partOf({ leftOut }: Pick<CompletedMesh, 'leftOut'>, objects: readonly Manifest[]): Manifest[] {
  return objects.filter((object) => !isLeftOut(object, leftOut));
}

/** Whether a Namespace has injection; undefined: it isn't among the objects. */
export function hasInjection(name: string, objects: readonly Manifest[]): boolean | undefined {
  const namespace = objects.find((object) => isNamespace(object) && object.metadata.name === name);
  return namespace && namespace.metadata.labels?.[INJECTION] === 'enabled';
}
