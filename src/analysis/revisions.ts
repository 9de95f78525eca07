import { Evidence } from './evidence';
import { Found } from './mesh-finding';
import { ControlPlane } from '../mesh/control-planes/control-plane';

/**
 * Findings that depend on the istiod that reads an object. A finding of all the
 * object's readers is reported once; a finding of only some names their revisions.
 */
export function* foundByRevision(evidence: Evidence, find: (plane: ControlPlane) => Iterable<Found>): Generator<Found> {
  const planes = [...evidence.planes.keys()];
  if (planes.length === 1) return yield* find(planes[0]);
  const told = new Map<string, { readonly found: Found; readonly by: ControlPlane[] }>();
  for (const plane of planes) {
    for (const found of find(plane)) {
      const { object, ...texts } = found;
      const key = JSON.stringify([object.kind, object.namespace, object.name, texts]);
      const known = told.get(key);
      if (known) known.by.push(plane);
      else told.set(key, { found, by: [plane] });
    }
  }
  for (const { found, by } of told.values()) {
    const isCommon = evidence.planesReading(found.object).every((plane) => by.includes(plane));
    yield isCommon ? found : { ...found, because: `in ${revisionsText(evidence, by)}, ${found.because}` };
  }
}

/** `revision canary`, `revisions canary and stable`. */
export function revisionsText({ planes }: Evidence, of: readonly ControlPlane[]): string {
  const names = of.flatMap((plane) => planes.get(plane)!);
  return names.length === 1 ? `revision ${names[0]}` : `revisions ${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
}
