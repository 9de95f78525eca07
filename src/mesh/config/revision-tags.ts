import { ControlPlaneFacts, revisionOfConfigMap } from './control-plane-facts';
import { Inventory } from '../objects/inventory';
import { readObject } from '../objects/mesh-object';

/** The label of a webhook that stands for a tag. */
export const TAG = 'istio.io/tag';

/** The label by which a namespace or pod chooses its istiod, and an object its only reader. */
export const REVISION = 'istio.io/rev';

/** Names that stand for revisions of istiod: a tag's webhook says for which, and before it is there what the installer is told. */
export class RevisionTags {
  static of(objects: Inventory, { meshConfigs = [] }: ControlPlaneFacts = {}): RevisionTags {
    const told = meshConfigs.flatMap(({ manifest, tags = [] }) => {
      const revision = revisionOfConfigMap(readObject(manifest)!.name)!;
      return tags.map((tag) => [tag, revision] as const);
    });
    const written = objects.of('MutatingWebhookConfiguration').flatMap(({ labels }) =>
      (labels[TAG] !== undefined && labels[REVISION] !== undefined ? [[labels[TAG], labels[REVISION]] as const] : []));
    return new RevisionTags(new Map([...told, ...written]));
  }

  private constructor(private readonly revisions: ReadonlyMap<string, string>) {}

  /** The revision that a name stands for: a tag's, or the name itself. */
  revisionOf(name: string): string {
    return this.revisions.get(name) ?? name;
  }
}
