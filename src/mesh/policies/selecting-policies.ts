import { isMapping, labelsOf, mapping, mappings } from '../../manifests/mapping';
import { MeshObject } from '../inventory/object';
import { Labels, SelectorIndex } from '../names/labels';

const NONE: readonly MeshObject[] = Object.freeze([]);

/**
 * Policies with a selector for pods of their namespace, or of all namespaces if they are in the
 * root namespace. Those with a `targetRef` are for gateways, waypoints and Services instead.
 */
export class SelectingPolicies {
  private readonly byNamespace = new Map<string, SelectorIndex<MeshObject>>();

  constructor(all: readonly MeshObject[], private readonly rootNamespace: string) {
    for (const object of all) {
      const { spec, namespace } = object;
      if (isMapping(spec.targetRef) || mappings(spec.targetRefs).length > 0) continue;
      let index = this.byNamespace.get(namespace);
      if (!index) this.byNamespace.set(namespace, index = new SelectorIndex());
      index.add(labelsOf(mapping(spec.selector).matchLabels), object);
    }
  }

  /** The policies that select a workload's pods, the root namespace's first. */
  of({ namespace, labels }: { readonly namespace: string; readonly labels: Labels }): readonly MeshObject[] {
    const ofRoot = this.byNamespace.get(this.rootNamespace)?.matching(labels) ?? NONE;
    const own = namespace === this.rootNamespace ? NONE : this.byNamespace.get(namespace)?.matching(labels) ?? NONE;
    return own.length === 0 ? ofRoot : [...ofRoot, ...own];
  }
}
