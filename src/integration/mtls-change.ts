import { IConstruct } from 'constructs';
import { manifestsOf } from './app-manifests';
import { objectsIn } from './app-mesh';
import type { EditedManifests } from './edited-manifests';
import { oneMeshOf } from './mesh-scope';

/**
 * A change of manifests whose effect `MtlsAnalysis.whatIf` shows.
 *
 * @example
 *
 * import { MtlsAnalysis, MtlsChange } from 'cdk8s-istio-mtls';
 *
 * const shop = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio-injection: enabled}}';
 * const strict = 'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\n'
 *   + 'metadata: {name: default, namespace: shop}\nspec: {mtls: {mode: STRICT}}';
 * const next = MtlsAnalysis.ofYaml(shop).whatIf([MtlsChange.apply(strict)]);
 * const groups = next.diff.groups;
 */
export class MtlsChange {
  /**
   * Applies objects, as `kubectl apply` does: existing objects are replaced; others are added, newer than all existing ones.
   * Objects that an API server or istiod's webhook would reject aren't applied: see `MtlsWhatIf.refused`.
   *
   * @param yaml YAML documents, or JSON
   * @throws if a document can't be read, with its line
   */
  public static apply(yaml: string): MtlsChange {
    const objects = objectsIn(yaml, 'manifests');
    return new MtlsChange((edited) => edited.apply(objects));
  }

  /**
   * Removes an object. `MtlsAnalysis.whatIf` throws if it doesn't exist, or if several API groups have such an object.
   *
   * @param kind its kind; with its group if several API groups have that kind: `Gateway.networking.istio.io`
   * @param namespace its namespace; empty for a cluster-scoped object, `default` for one whose manifest doesn't name one
   * @param name its name
   */
  public static remove(kind: string, namespace: string, name: string): MtlsChange {
    return new MtlsChange((edited) => edited.remove({ kind, namespace, name }));
  }

  /**
   * Replaces all manifests: objects that `yaml` doesn't contain are removed, and those that it contains are applied. The
   * `facts` of the analysis stay, except for objects that were also among the manifests.
   *
   * @param yaml YAML documents, or JSON; empty to remove everything
   * @throws if a document can't be read, with its line
   */
  public static replaceAll(yaml: string): MtlsChange {
    const objects = objectsIn(yaml, 'manifests');
    return new MtlsChange((edited) => edited.replaceAll(objects));
  }

  /**
   * Replaces all manifests by those of a mesh of an app, as they would be emitted now. Unlike `replaceAll` with `app.synthYaml()`, it
   * runs no validations, so it also shows the effect of a change that fails the synth, such as one that breaks a declared call. Reads
   * only objects: facts that an IstioMesh states without one, such as a trust domain, remain those of the analysis.
   *
   * @param scope names the mesh, as for `MtlsAnalysis.of`
   * @throws if the scope holds several meshes, or is in none while other parts of the app are
   * @example
   *
   * import { App, Chart } from 'cdk8s';
   * import { MtlsAnalysis, MtlsChange, MtlsMode, NamespaceOverride } from 'cdk8s-istio-mtls';
   *
   * const app = new App();
   * const shop = new Chart(app, 'shop', { namespace: 'shop' });
   * const before = MtlsAnalysis.of(app);
   * new NamespaceOverride(shop, 'migration', { mode: MtlsMode.PERMISSIVE });
   * const groups = before.whatIf([MtlsChange.replaceAllWith(app)]).diff.groups;
   */
  public static replaceAllWith(scope: IConstruct): MtlsChange {
    const objects = manifestsOf(oneMeshOf(scope)).manifests.map(({ manifest }) => manifest);
    return new MtlsChange((edited) => edited.replaceAll(objects));
  }

  private constructor(private readonly edit: (edited: EditedManifests) => void) {}

  /** @internal */
  public _edit(edited: EditedManifests): void {
    this.edit(edited);
  }
}
