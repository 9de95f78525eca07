import { CA_KINDS, isOf, Kind, kindOf } from './kinds';
import { Cluster, idKey, MeshObject, readObject } from './object';
import { Mapping } from '../../manifests/mapping';

/**
 * The objects that provide istiod's CA. They are kept next to an inventory, not in it: no connection depends on one alone, and
 * code that lists, compares or prints the objects of a mesh must never see a private key.
 */
export class CaObjects {
  static readonly NONE = new CaObjects(new Map());

  private constructor(private readonly byId: ReadonlyMap<string, MeshObject>) {}

  /** The same with manifests applied, in order. */
  with(manifests: Iterable<Mapping>, cluster: Cluster): CaObjects {
    const added = [...manifests].filter((manifest) => CA_KINDS.has(kindOf(manifest as Record<'apiVersion' | 'kind', unknown>)))
      .flatMap((manifest) => readObject(manifest, cluster) ?? []);
    return added.length === 0 ? this : new CaObjects(new Map([...this.byId, ...added.map((object) => [idKey(object), object] as const)]));
  }

  /** By namespace and name. */
  of(kind: Kind): readonly MeshObject[] {
    return this.all.filter((object) => isOf(object, kind));
  }

  /** By kind, namespace and name. */
  get all(): readonly MeshObject[] {
    return [...this.byId.keys()].sort().map((key) => this.byId.get(key)!);
  }

  get kinds(): readonly Kind[] {
    return [...this.byId.values()];
  }
}
