import { Chart } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { IIstioMesh, MeshFacts } from '../../integration/mesh-facts';
import { refusing } from '../refuse';

/** Where the methods of an IstioMesh create constructs. */
export class MeshConstructs {
  private ownChart?: Chart;
  private readonly byScope = new Map<IConstruct, Construct>();

  public constructor(private readonly mesh: Construct & IIstioMesh, private readonly isInChart: boolean) {}

  /**
   * A construct of the mesh in a scope.
   *
   * @param scope by default the IstioMesh, or a chart in it, because objects must be in one
   * @throws if another mesh owns the scope
   */
  public in(scope?: Construct): Construct {
    if (scope !== undefined) return this.byScope.get(scope) ?? this.newIn(scope);
    return this.isInChart ? this.mesh : this.ownChart ??= new Chart(this.mesh, 'objects');
  }

  /** A construct that the mesh owns, in a scope that no mesh may own. */
  private newIn(scope: Construct): Construct {
    const { path } = this.mesh.node;
    const mesh = MeshFacts.of(this.mesh);
    const [other] = MeshFacts.of(scope).istioMeshes;
    if (other && MeshFacts.of(scope) !== mesh) {
      throw refusing('IstioMesh', path)({
        code: 'API892',
        field: 'scope',
        actual: `'${scope.node.path}', which IstioMesh (${other.node.path}) owns`,
        expected: 'a scope that no other mesh owns',
        because: 'its objects would be applied with those of the other mesh',
        fix: 'pass a chart of this mesh, or one that no mesh owns',
      });
    }
    const created = new Construct(scope, path.replace(/\//g, '-'));
    mesh.include(created, this.mesh);
    this.byScope.set(scope, created);
    return created;
  }
}
