import { Cluster, idKey, MeshObject, readObject } from './object';
import { Mapping } from '../../manifests/mapping';

/** The kinds that provide istiod's CA, with the API group that distinguishes them. */
const GROUPS: Readonly<Record<string, string>> = {
  Secret: '',
  Certificate: 'cert-manager.io',
  Issuer: 'cert-manager.io',
  ClusterIssuer: 'cert-manager.io',
  ExternalSecret: 'external-secrets.io',
  SealedSecret: 'bitnami.com',
  Bundle: 'trust.cert-manager.io',
};

/**
 * The objects that provide istiod's CA. They are kept next to an inventory, not in it: no connection depends on one alone, and
 * code that lists, compares or prints the objects of a mesh must never see a private key.
 */
export class CaObjects {
  static readonly NONE = new CaObjects(new Map());

  private constructor(private readonly byId: ReadonlyMap<string, MeshObject>) {}

  /** The same with manifests applied, in order. */
  with(manifests: Iterable<Mapping>, cluster: Cluster): CaObjects {
    const added = [...manifests].filter(({ kind }) => typeof kind === 'string' && Object.hasOwn(GROUPS, kind))
      .flatMap((manifest) => readObject(manifest, cluster) ?? []).filter(({ kind, group }) => GROUPS[kind] === group);
    return added.length === 0 ? this : new CaObjects(new Map([...this.byId, ...added.map((object) => [idKey(object), object] as const)]));
  }

  /** By namespace and name. */
  of(kind: string): readonly MeshObject[] {
    return this.all.filter((object) => object.kind === kind);
  }

  /** By kind, namespace and name. */
  get all(): readonly MeshObject[] {
    return [...this.byId.keys()].sort().map((key) => this.byId.get(key)!);
  }

  get kinds(): readonly string[] {
    return [...new Set([...this.byId.values()].map(({ kind }) => kind))];
  }
}
