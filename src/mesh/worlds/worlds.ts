import { compareTexts } from '../inventory/object';
import { Mesh } from '../mesh';
import { AssumedFacts } from '../workloads/injection';
import { Workload } from '../workloads/workload';

/** What the manifests don't say of who gets a sidecar: the labels of a namespace, or whether a revision is installed. */
export interface MissingInjection {
  readonly fact: 'namespace' | 'revision';
  readonly name: string;
}

/** A mesh in which each missing fact has a value: namespaces have injection or not, revisions are installed or not. */
export interface World {
  readonly mesh: Mesh;
  /** The facts that are true; all others are false. */
  readonly facts: ReadonlySet<string>;
}

/**
 * The number of worlds at most. Their cost grows with their number, and two of them differ in each pair of facts only
 * if there are few enough facts: 126.
 */
const MOST = 11;

/**
 * A mesh with each of its missing facts decided both ways: two worlds in which all facts are true and false, and more if there are
 * several facts, so that any two of these have each of their four combinations of values in some world.
 */
export class Worlds {
  /** Undefined: no fact about injection is missing. */
  static of(mesh: Mesh): Worlds | undefined {
    let facts = missingIn([mesh]);
    if (facts.length === 0) return undefined;
    for (;;) {
      const all = worldsOf(mesh, facts);
      // A pod may ask for a revision only where its namespace has no label: that world alone misses the revision.
      const more = missingIn([mesh, ...all.map((world) => world.mesh)]).filter((fact) => !facts.some((known) => factKey(known) === factKey(fact)));
      if (more.length === 0) return new Worlds(facts, all);
      facts = [...facts, ...more].sort(compareFacts);
    }
  }

  private constructor(
    readonly facts: readonly MissingInjection[],
    /** The first has all facts true, the second none. */
    readonly all: readonly World[],
  ) {}

  /** All namespaces have injection, and all revisions are installed. */
  get allTrue(): Mesh {
    return this.all[0].mesh;
  }

  /** No namespace has injection, and no revision is installed. */
  get allFalse(): Mesh {
    return this.all[1].mesh;
  }
}

export function factKey({ fact, name }: MissingInjection): string {
  return `${fact} ${name}`;
}

function compareFacts(one: MissingInjection, other: MissingInjection): number {
  return compareTexts(one.fact, other.fact) || compareTexts(one.name, other.name);
}

/** What decides a workload's proxy and isn't known. */
export function missingOf({ proxy: { lacks } }: Workload): MissingInjection | undefined {
  return lacks && (lacks.fact === 'namespace' || lacks.fact === 'revision') ? { fact: lacks.fact, name: lacks.name } : undefined;
}

function missingIn(meshes: readonly Mesh[]): readonly MissingInjection[] {
  const facts = meshes.flatMap(({ workloads }) => workloads.flatMap((workload) => missingOf(workload) ?? []));
  return [...new Map(facts.map((fact) => [factKey(fact), fact])).values()].sort(compareFacts);
}

function worldsOf(mesh: Mesh, facts: readonly MissingInjection[]): readonly World[] {
  const [all, none] = [facts.map(() => true), facts.map(() => false)];
  return [all, none, ...facts.length > 1 ? mixedValues(facts.length) : []].map((values) => worldOf(mesh, facts, values));
}

function worldOf(mesh: Mesh, facts: readonly MissingInjection[], values: readonly boolean[]): World {
  const valuesOf = (wanted: MissingInjection['fact']): ReadonlyMap<string, boolean> =>
    new Map(facts.flatMap(({ fact, name }, index) => (fact === wanted ? [[name, values[index]] as const] : [])));
  const assumed: AssumedFacts = { namespaces: valuesOf('namespace'), revisions: valuesOf('revision') };
  return { mesh: mesh.given({ assumed }), facts: new Set(facts.filter((_, index) => values[index]).map(factKey)) };
}

/**
 * Values of several facts, so that of any two facts each is true without the other in some of them: each fact is true in
 * half of them, and no two in the same half. Empty if that takes too many.
 */
function mixedValues(facts: number): readonly (readonly boolean[])[] {
  for (let worlds = 2; worlds <= MOST - 2; worlds++) {
    const halves = subsetsOf(worlds, Math.floor(worlds / 2));
    if (halves.length >= facts) return Array.from({ length: worlds }, (_, world) => halves.slice(0, facts).map((half) => half.includes(world)));
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
