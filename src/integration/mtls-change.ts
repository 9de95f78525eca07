import { objectsIn } from './app-mesh';
import type { EditedManifests } from './edited-manifests';

/**
 * A change of manifests, to see what it would do: see `MtlsAnalysis.whatIf`.
 *
 * @example
 *
 * import { MtlsAnalysis, MtlsChange } from 'cdk8s-istio-mtls';
 *
 * const shop = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio-injection: enabled}}';
 * const strict = 'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: default, namespace: shop}\nspec: {mtls: {mode: STRICT}}';
 * const next = MtlsAnalysis.ofYaml(shop).whatIf([MtlsChange.apply(strict)]);
 * const groups = next.diff.groups;
 */
export class MtlsChange {
  /**
   * Applies objects, as `kubectl apply` does: those that are there are replaced, others are added, younger than all that
   * is there. What an API server or istiod's webhook would refuse isn't applied: see `MtlsWhatIf.refused`.
   *
   * @param yaml YAML documents, or JSON
   * @throws if a document can't be read, with its line
   */
  public static apply(yaml: string): MtlsChange {
    const objects = objectsIn(yaml, 'manifests');
    return new MtlsChange((edited) => edited.apply(objects));
  }

  /**
   * Removes an object. `MtlsAnalysis.whatIf` throws if it isn't there, or if several kinds of that name have such an object.
   *
   * @param kind its kind; where several API groups have one of that name, with its group: `Gateway.networking.istio.io`
   * @param namespace its namespace; empty for an object that is in none, `default` for one whose manifest names none
   * @param name its name
   */
  public static remove(kind: string, namespace: string, name: string): MtlsChange {
    return new MtlsChange((edited) => edited.remove({ kind, namespace, name }));
  }

  /**
   * Replaces all manifests by those of another state: what these don't hold is removed, the others are applied. The
   * `facts` of the analysis stay, except for objects that were among the manifests too.
   *
   * @param yaml YAML documents, or JSON; empty if nothing is left
   * @throws if a document can't be read, with its line
   */
  public static replaceAll(yaml: string): MtlsChange {
    const objects = objectsIn(yaml, 'manifests');
    return new MtlsChange((edited) => edited.replaceAll(objects));
  }

  private constructor(private readonly edit: (edited: EditedManifests) => void) {}

  /** @internal */
  public _edit(edited: EditedManifests): void {
    this.edit(edited);
  }
}
