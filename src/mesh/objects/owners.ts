import { MeshObject } from './mesh-object';
import { Shape, shape, shapes, text } from './shape';
import { groupOf } from '../../manifests/workload-kinds';

/** An object as owners are told apart. */
type Owner = Pick<MeshObject, 'group' | 'kind' | 'namespace' | 'name'>;

/** Which objects are said to make which, by `ownerReferences`: dumps of a cluster hold what controllers have made, too. */
export class Owners {
  private readonly byOwned = new Map<string, readonly string[]>();

  add({ apiVersion, kind, metadata }: Shape): void {
    const { name, namespace, ownerReferences } = shape(metadata);
    const references = shapes(ownerReferences);
    if (references.length === 0) return;
    const place = text(namespace) ?? 'default';
    this.byOwned.set(keyOf(ownerOf({ apiVersion, kind, name }, place)), references.map((reference) => keyOf(ownerOf(reference, place))));
  }

  /** Whether one of some objects makes this one, or makes what makes it. */
  isMadeBy(object: Owner, makers: ReadonlySet<string>): boolean {
    const seen = new Set<string>([keyOf(object)]);
    // Grows while it is gone through.
    for (const key of seen) {
      for (const owner of this.byOwned.get(key) ?? []) {
        if (makers.has(owner)) return true;
        seen.add(owner);
      }
    }
    return false;
  }

  get isEmpty(): boolean {
    return this.byOwned.size === 0;
  }
}

/** By what owners are told apart, and what they refer to. */
export function keyOf({ group, kind, namespace, name }: Owner): string {
  return `${group}/${kind}/${namespace}/${name}`;
}

/** What a reference means that is written in a namespace. */
export function ownerOf({ apiVersion, kind, name }: Shape, namespace: string): Owner {
  return { group: groupOf(text(apiVersion) ?? ''), kind: text(kind) ?? '', namespace, name: text(name) ?? '' };
}
