// Changes as findings give them, applied to manifests.
import { createRequire } from 'node:module';

const { applied: made } = createRequire(import.meta.url)('../../lib/src/findings/finding.js');

/** `{ after, changed }`: the object after a change, undefined if it is deleted, and all objects with it. */
export function applied(change, objects) {
  const former = objects.filter((one) => isOf(change, one)).pop();
  const after = JSON.parse(JSON.stringify(made(change, former) ?? null)) ?? undefined;
  const others = objects.filter((one) => one !== former);
  return { after, changed: after ? [...others, after] : others };
}

/** Whether a change is of an object. */
export function isOf({ object: { kind, namespace, name } }, { kind: own, metadata }) {
  return own === kind && metadata.name === name && (namespace === '' || (metadata.namespace ?? 'default') === namespace);
}
