import { analysisModules } from './app-mesh';
import type { EditedManifests } from './edited-manifests';
import { MeshDiff, meshDiffOf } from './mesh-diff';
import { MeshPlan, meshPlanOf } from './mesh-plan';
import type { Mesh } from '../mesh/mesh';

/** A mesh before and after changes: see `MtlsAnalysis.whatIf`. */
export class MtlsWhatIf {
  /** @internal */
  public static _of(before: Mesh, after: EditedManifests): MtlsWhatIf {
    return new MtlsWhatIf(before, after.manifests, after.refused);
  }

  private known?: MeshDiff;

  private constructor(
    private readonly before: Mesh,
    private readonly manifests: readonly object[],
    /**
     * Why an API server or istiod's webhook would reject applied objects, one sentence each. Rejected objects change
     * nothing: the previous ones stay.
     */
    public readonly refused: string[],
  ) {}

  /**
   * The effect of all changes together, as `istio-mtls diff` reports it.
   *
   * Of workloads that declare their calls before and after, it compares the calls that they declare in either state, unless the
   * analysis has `allCalls`. Both states use the istiod that installers' objects describe before the changes: two istiods aren't compared.
   */
  public get diff(): MeshDiff {
    return this.known ??= meshDiffOf(analysisModules().diffBothWays(this.before, this.manifests));
  }

  /**
   * The stages in which to apply the changes so that no connection is worse meanwhile than before and after, as `istio-mtls
   * plan` reports them, proven for the calls that `diff` compares. Takes longer than `diff`, because it tries the states that
   * proxies can be in meanwhile; each call plans again.
   */
  public plan(): MeshPlan {
    return meshPlanOf(analysisModules().planBothWays(this.before, this.manifests));
  }
}
