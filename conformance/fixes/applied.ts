// Changes as findings give them, applied to manifests.
import type { ObjectChange } from '../../src/findings/finding';
import { libraryModule } from '../library';
import type { Manifest } from '../manifest';

export interface Applied {
  /** The object after a change; undefined if it is deleted. */
  readonly after?: Manifest;
  /** All objects after it. */
  readonly changed: readonly Manifest[];
}

export function applied(change: ObjectChange, objects: readonly Manifest[]): Applied {
  const { applied: made } = libraryModule('findings/finding');
  const former = objects.filter((one) => isOf(change, one)).pop();
  const after: Manifest | undefined = JSON.parse(JSON.stringify(made(change, former) ?? null)) ?? undefined;
  const others = objects.filter((one) => one !== former);
  return { after, changed: after ? [...others, after] : others };
}

/** Whether a change is of an object. */
export function isOf({ object: { kind, namespace, name } }: ObjectChange, { kind: own, metadata }: Manifest): boolean {
  return own === kind && metadata.name === name && (namespace === '' || (metadata.namespace ?? 'default') === namespace);
}
