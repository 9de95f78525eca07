import { analysisModules } from './app-mesh';
import type { EditedManifests } from './edited-manifests';
import { MtlsDiff, mtlsDiffOf } from './mtls-diff';
import { MtlsPlan, mtlsPlanOf } from './mtls-plan';
import type { Mesh } from '../mesh/mesh';

/** A mesh beside what changes would make of it: see `MtlsAnalysis.whatIf`. */
export class MtlsWhatIf {
  /** @internal */
  public static _of(before: Mesh, after: EditedManifests): MtlsWhatIf {
    return new MtlsWhatIf(before, after.manifests, after.refused);
  }

  private known?: MtlsDiff;

  private constructor(
    private readonly before: Mesh,
    private readonly manifests: readonly object[],
    /**
     * Why objects that are applied would be refused by an API server or istiod's webhook, a sentence each. They change
     * nothing: what was there stays.
     */
    public readonly refused: string[],
  ) {}

  /**
   * What the changes do, once all of them are made: as `istio-mtls diff` tells it.
   *
   * What installers' objects say of istiod counts as before the changes: what another istiod would do isn't compared.
   */
  public get diff(): MtlsDiff {
    return this.known ??= mtlsDiffOf(analysisModules().diffOf(this.before, this.manifests));
  }

  /**
   * In which stages to make the changes, so that no connection fares worse on the way than before and after: as
   * `istio-mtls plan` tells it. It tries the states that proxies may be in meanwhile, which takes longer than `diff`; each
   * call plans anew.
   */
  public plan(): MtlsPlan {
    return mtlsPlanOf(analysisModules().planOf(this.before, this.manifests));
  }
}
