import { meshOf } from './adopted-mesh';
import { Attempts } from './attempts';
import { programText } from './program';
import { currentVersion } from './proposals/proposals';
import { unfitness } from './unfit';
import { ofAnyCluster } from '../manifests/as-applied';
import { Mapping, mapping, text } from '../manifests/mapping';
import { grouped } from '../mesh/collections';
import { ControlPlaneFacts } from '../mesh/config/control-plane-facts';

/** An object that the program doesn't write, and why. */
interface LeftOut {
  readonly object: string;
  readonly why: string;
}

/** A program, and what of the objects is in it. */
export interface Adoption {
  readonly program: string;
  /** How many objects each construct writes, by their names. */
  readonly constructs: Readonly<Record<string, number>>;
  /** How many are there as they are. */
  readonly raw: number;
  readonly leftOut: readonly LeftOut[];
  /** How many have another version of their API than in the manifests. */
  readonly renewed: number;
  /** How many no construct writes because they name no namespace. */
  readonly withoutNamespace: number;
}

/**
 * The program whose synth has the objects, but for what a server wrote into them, with constructs of this library where they write an
 * object as it is. That is tried, as is whether the app passes its own checks.
 *
 * @param found as files or a cluster have them
 */
export function adopt(found: readonly Mapping[], facts: ControlPlaneFacts): Adoption {
  const given = found.map(ofAnyCluster);
  const objects = given.map(ofCurrentVersion);
  const mesh = meshOf(objects, facts);
  const leftOut = new Map<number, string>();
  for (const [index, object] of objects.entries()) {
    const why = unfitness(object, mesh.namespace);
    if (why !== undefined) leftOut.set(index, why);
  }
  const attempts = new Attempts(objects, mesh, leftOut);
  const { lines, constructs } = attempts.passing();
  const without = [...leftOut].sort(([one], [other]) => one - other).map(([index, why]) => ({ object: nameOf(objects[index]), why }));
  return {
    program: programText(lines, without.map(({ object, why }) => `${object}: ${why}`)),
    constructs: Object.fromEntries([...grouped(constructs, ({ construct }) => construct)].map(([name, all]) => [name, all.length]).sort()),
    raw: objects.length - leftOut.size - constructs.length,
    leftOut: without,
    renewed: [...objects.keys()].filter((index) => objects[index] !== given[index] && !leftOut.has(index)).length,
    withoutNamespace: attempts.withoutNamespace,
  };
}

/** A server keeps one object, whichever version somebody applies; constructs write the newest one. */
function ofCurrentVersion(object: Mapping): Mapping {
  const current = currentVersion(object);
  return current === undefined || current === object.apiVersion ? object : { ...object, apiVersion: current };
}

function nameOf({ kind, metadata }: Mapping): string {
  const { namespace, name } = mapping(metadata);
  const full = [text(namespace), text(name) ?? '(without a name)'].filter(Boolean).join('/');
  return `${text(kind) ?? 'Object'} ${full}`;
}
