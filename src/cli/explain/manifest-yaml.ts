import { manifestText, mayHoldKey } from '../../changes/manifest-text';
import { Mending } from '../../explain/advice';
import { readObject } from '../../mesh/inventory/object';

/** An object after the change that mends a call, as YAML; undefined: it is deleted, or may hold a key. */
export function manifestYaml({ manifest }: Pick<Mending, 'manifest'>): string | undefined {
  const object = manifest && readObject(manifest);
  return object && !mayHoldKey(object) ? manifestText(object) : undefined;
}
