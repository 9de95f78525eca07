import { withAllKnown } from './known-facts';
import { MissingInjection } from '../../findings/condition';
import { MeshChange } from '../change/mesh-change';
import { Mesh } from '../mesh';
import { assumed, factKey, missingAmong } from '../workloads/missing-injection';

/** A mesh in which each missing fact has a value: namespaces have injection or not, revisions are installed or not. */
export interface World {
  readonly mesh: Mesh;
  /** The change of which it is the mesh after, if a change is judged. */
  readonly change?: MeshChange;
  /** The keys of the facts that are true; all others are false. */
  readonly facts: ReadonlySet<string>;
}

/**
 * The number of worlds at most: each costs as much as the mesh. In more than nine beside the two uniform ones, the pairs of more
 * facts than 126 would have all four combinations of values.
 */
const MOST = 11;

/**
 * A mesh with each of its missing facts decided both ways: two worlds in which all facts are true and false, and more if there are
 * several facts, so that any two of these have each of their four combinations of values in some world.
 */
export class Worlds {
  /** Undefined: no fact about injection is missing. */
  static of(judged: Mesh | MeshChange): Worlds | undefined {
    const missing = judged.missingInjection();
    if (missing.length === 0) return undefined;
    return withAllKnown(missing, (facts) => new Worlds(facts, worldsOf(judged, facts)), ({ all }) => (
      missingAmong([judgedMeshOf(judged), ...all.map(({ mesh }) => mesh)].flatMap(({ workloads }) => workloads))));
  }

  private constructor(
    readonly facts: readonly MissingInjection[],
    /** In the first all facts are true, in the second none. */
    readonly all: readonly World[],
  ) {}
}

/** Every combination of values of a few facts; the first ones are those of `valuesOf`. */
export function allValuesOf(facts: readonly MissingInjection[]): readonly (readonly boolean[])[] {
  const all = facts.reduce<readonly (readonly boolean[])[]>((some) => some.flatMap((one) => [[...one, true], [...one, false]]), [[]]);
  return [...new Map([...valuesOf(facts), ...all].map((values) => [values.join(), values])).values()];
}

/** The values of facts in each world: all true, all false, and mixed. */
export function valuesOf(facts: readonly MissingInjection[]): readonly (readonly boolean[])[] {
  const [all, none] = [facts.map(() => true), facts.map(() => false)];
  return [all, none, ...facts.length > 1 ? mixedValues(facts.length) : []];
}

/** The mesh that is judged, or that after the judged change. */
export function judgedMeshOf(judged: Mesh | MeshChange): Mesh {
  return judged instanceof MeshChange ? judged.after : judged;
}

function worldsOf(judged: Mesh | MeshChange, facts: readonly MissingInjection[]): readonly World[] {
  return valuesOf(facts).map((values) => {
    const given = judged.given({ assumed: assumed(facts, (index) => values[index]) });
    return {
      mesh: judgedMeshOf(given),
      ...given instanceof MeshChange && { change: given },
      facts: new Set(facts.filter((_, index) => values[index]).map(factKey)),
    };
  });
}

/**
 * Values of several facts, so that of any two facts each is true without the other in some of them: each fact is true in
 * half of them, and no two in the same half. Empty if that takes too many.
 */
function mixedValues(facts: number): readonly (readonly boolean[])[] {
  for (let worlds = 2; worlds <= MOST - 2; worlds++) {
    const halves = subsetsOf(worlds, Math.floor(worlds / 2));
    const own = halves.slice(0, facts);
    if (own.length === facts) return Array.from({ length: worlds }, (_, world) => own.map((half) => half.includes(world)));
  }
  return [];
}

/** The subsets of the first numbers with a number of elements. */
function subsetsOf(numbers: number, size: number): readonly (readonly number[])[] {
  if (size === 0) return [[]];
  if (size > numbers) return [];
  const last = numbers - 1;
  return [...subsetsOf(last, size), ...subsetsOf(last, size - 1).map((subset) => [...subset, last])];
}
