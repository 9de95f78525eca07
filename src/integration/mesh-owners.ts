import { IConstruct } from 'constructs';

/**
 * Which mesh owns each construct of an app: that of the nearest owned construct around it, as with Chart.of.
 * What no mesh owns has a mesh of its own, with Istio's defaults: in an app without an IstioMesh, this is everything.
 */
export class MeshOwners<Mesh extends object> {
  private readonly owned = new Map<IConstruct, Mesh>();
  private readonly subtrees = new Map<Mesh, IConstruct[]>();
  /** The meshes that own something at or below a construct, in the order of their claims. */
  private readonly below = new Map<IConstruct, Set<Mesh>>();

  public constructor(private readonly root: IConstruct, public readonly unowned: Mesh) {}

  /** All meshes with an IstioMesh, in the order of their claims. */
  public get meshes(): readonly Mesh[] {
    return [...this.below.get(this.root) ?? []];
  }

  public get areSeveral(): boolean {
    return (this.below.get(this.root)?.size ?? 0) > 1;
  }

  /** Makes a mesh own a construct and all below it, but for what another owns there. */
  public claim(subtree: IConstruct, mesh: Mesh): void {
    this.owned.set(subtree, mesh);
    this.subtrees.set(mesh, [...this.subtrees.get(mesh) ?? [], subtree]);
    for (const around of subtree.node.scopes) {
      const below = this.below.get(around);
      if (below) below.add(mesh);
      else this.below.set(around, new Set([mesh]));
    }
  }

  /** The mesh whose subtree begins with this construct. */
  public claimedAt(subtree: IConstruct): Mesh | undefined {
    return this.owned.get(subtree);
  }

  /** The mesh that owns a construct. */
  public of(construct: IConstruct): Mesh {
    for (let around: IConstruct | undefined = construct; around; around = around.node.scope) {
      const mesh = this.owned.get(around);
      if (mesh) return mesh;
    }
    return this.unowned;
  }

  /** The meshes that a scope names: those at or below it, otherwise the one around it. */
  public namedBy(scope: IConstruct): readonly Mesh[] {
    const below = this.below.get(scope);
    return below ? [...below] : [this.of(scope)];
  }

  /** Whether a scope names a mesh, without a list of all that it names. */
  public isNamedBy(scope: IConstruct, mesh: Mesh): boolean {
    return this.below.get(scope)?.has(mesh) ?? this.of(scope) === mesh;
  }

  /** The constructs that a mesh owns: subtree by subtree, and in each of them parents before children. */
  public constructsOf(mesh: Mesh): IConstruct[] {
    const found: IConstruct[] = [];
    const add = (construct: IConstruct): void => {
      found.push(construct);
      for (const child of construct.node.children) if ((this.owned.get(child) ?? mesh) === mesh) add(child);
    };
    for (const subtree of this.subtreesOf(mesh)) {
      const { scope } = subtree.node;
      if (!scope || this.of(scope) !== mesh) add(subtree);
    }
    return found;
  }

  /** The constructs with which the subtrees of a mesh begin, including subtrees of its subtrees. */
  public subtreesOf(mesh: Mesh): readonly IConstruct[] {
    if (mesh === this.unowned && !this.owned.has(this.root)) return [this.root];
    return this.subtrees.get(mesh) ?? [];
  }
}
