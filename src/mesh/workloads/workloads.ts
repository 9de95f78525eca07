import { MeshConfigs } from '../config/mesh-configs';
import { ParseYaml } from '../config/proto-yaml';
import { appliedTo } from '../config/proxy-config';
import { RevisionTags } from '../config/revision-tags';
import { Namespaces } from '../namespaces';
import { Networks } from './networks';
import { readPodTemplate, WORKLOAD_KINDS } from './pod-template';
import { InjectionFacts, proxyOf } from './proxy';
import { Workload, workloadOf } from './workload';
import { compareNames, MeshObject } from '../objects/mesh-object';
import { Objects } from '../objects/objects';
import { shape, shapes, text } from '../objects/shape';

/** What the workloads are made from besides objects. */
interface Facts extends InjectionFacts {
  readonly parseYaml: ParseYaml;
  readonly networks: Networks;
}

/** The workloads of a mesh, by namespace, name and kind; what another object of the manifests makes is left out. */
export function workloadsOf(objects: Objects, namespaces: Namespaces, configs: MeshConfigs, facts: Facts): readonly Workload[] {
  const known = { ...facts, tags: RevisionTags.of(objects), configs };
  const all = WORKLOAD_KINDS.flatMap((kind) => objects.of(kind));
  return withoutOwned(all)
    .map((object) => {
      const pod = readPodTemplate(object);
      const proxy = proxyOf(pod, object.namespace, namespaces.labelsOf(object.namespace), known);
      return workloadOf(object, pod, proxy, appliedTo(pod.annotations, configs.of(proxy.revision), facts.parseYaml), facts.networks);
    })
    .sort(compareNames);
}

/** Without those that another of the objects makes. */
function withoutOwned(objects: readonly MeshObject[]): readonly MeshObject[] {
  const owned = new Map(objects.map((object) => [object, ownersOf(object)] as const).filter(([, owners]) => owners.length > 0));
  if (owned.size === 0) return objects;
  const present = new Set(objects.map(({ kind, namespace, name }) => `${kind}/${namespace}/${name}`));
  return objects.filter((object) => !owned.get(object)?.some((owner) => present.has(owner)));
}

function ownersOf({ source, namespace }: MeshObject): readonly string[] {
  const { ownerReferences } = shape((source as { metadata?: unknown }).metadata);
  return shapes(ownerReferences).map(({ kind, name }) => `${text(kind) ?? ''}/${namespace}/${text(name) ?? ''}`);
}
