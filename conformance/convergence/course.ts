// How a plan is carried out: which proxy gets which state of the mesh, and when.
import { objectsIn, type DangerousChange } from './changes';
import type { ObjectName } from '../../src/mesh/inventory/object';
import type { Versions } from '../../src/mesh/plan/stage-states';
import type { State } from '../../src/mesh/plan/states';
import type { Convergence, Turn } from '../data-plane/runner';
import { Random } from '../generators/yaml/random';

/** What a step belongs to: the plan's stages, the same stages taken back, all changes at once, or the plan's own example of what breaks. */
export type Phase = 'forth' | 'back' | 'at once' | 'example';

/** What proxies do, step by step. */
export interface Course {
  readonly states: Convergence['states'];
  readonly steps: readonly { readonly phase: Phase; readonly turns: readonly Turn[] }[];
}

/** How many states in between a stage's proxies have, beside those at its ends, and so all changes at once. */
const BETWEEN = 6;
/** How often all proxies get one of the states of all changes at once. */
export const AT_ONCE = 6;
/** How often the calls are made in the plan's own example: several servers may take them. */
const EXAMPLES = 3;

/**
 * The plan forth, back, and then all its changes at once.
 *
 * @param sidecars the workloads that have one
 */
export function courseOf(planned: DangerousChange, sidecars: readonly ObjectName[], random: Random): Course {
  return new Courses(planned, sidecars, random).course();
}

class Courses {
  private readonly known = new Map<string, number>();
  private readonly states: Versions[] = [];
  private readonly steps: Course['steps'][number][] = [];

  constructor(private readonly planned: DangerousChange, private readonly sidecars: readonly ObjectName[], private readonly random: Random) {}

  course(): Course {
    const { units, stages, atOnce } = this.planned.plan;
    const reached = [units.map(() => 0)];
    this.stateOf(reached[0]);
    for (const { moves } of stages) {
      const next = [...reached.at(-1)!];
      for (const { unit, to } of moves) next[unit] = to;
      reached.push(next);
    }
    for (const [index, next] of reached.slice(1).entries()) this.stage('forth', reached[index], next);
    const back = [...reached].reverse();
    for (const [index, next] of back.slice(1).entries()) this.stage('back', back[index], next);
    const between = this.between(reached[0], reached.at(-1)!);
    for (let time = 0; time < AT_ONCE; time += 1) this.turn('at once', () => this.random.pick(between));
    const { witness } = atOnce;
    if (witness?.kind === 'call') {
      const [client, server] = [witness.clientState, witness.serverState].map((state) => units.map((_, unit) => versionIn(state, unit)));
      this.turn('example', (workload) => (isSame(workload, witness.client) ? client : server));
      for (let time = 1; time < EXAMPLES; time += 1) this.steps.push({ phase: 'example', turns: [] });
    }
    return { states: this.states.slice(1).map((versions) => objectsIn(this.planned, versions)), steps: this.steps };
  }

  /** Each proxy comes to the next state when it likes, and mostly has some of the changes alone before. */
  private stage(phase: Phase, from: Versions, to: Versions): void {
    const between = this.between(from, to).filter((state) => state !== from && state !== to);
    const queue = this.sidecars.flatMap((workload) => (between.length > 0 ? [workload, workload] : [workload]));
    const waiting = new Set(this.sidecars);
    for (const workload of shuffled(queue, this.random)) {
      const isFirst = between.length > 0 && waiting.delete(workload);
      this.steps.push({ phase, turns: [{ ...nameOf(workload), state: this.stateOf(isFirst ? this.random.pick(between) : to) }] });
    }
  }

  private turn(phase: Phase, stateFor: (workload: ObjectName) => Versions): void {
    this.steps.push({ phase, turns: this.sidecars.map((workload) => ({ ...nameOf(workload), state: this.stateOf(stateFor(workload)) })) });
  }

  /** Both ends, and some of what lies between: any of the units that differ may have changed. */
  private between(from: Versions, to: Versions): Versions[] {
    const moved = to.flatMap((version, unit) => (version === from[unit] ? [] : [unit]));
    const chosen = new Set<number>();
    const some = 2 ** moved.length - 2;
    while (chosen.size < Math.min(BETWEEN, some)) chosen.add(1 + this.random.below(some));
    return [from, to, ...Array.from(chosen, (bits) => from.map((version, unit) => {
      const at = moved.indexOf(unit);
      return at >= 0 && Math.floor(bits / 2 ** at) % 2 === 1 ? to[unit] : version;
    }))];
  }

  private stateOf(versions: Versions): number {
    const key = versions.join(' ');
    const known = this.known.get(key);
    if (known !== undefined) return known;
    this.known.set(key, this.states.length);
    this.states.push(versions);
    return this.states.length - 1;
  }
}

/** Of pods that stay as they are, one version of each unit is there; what is there for a while only isn't, at once. */
function versionIn(state: State, unit: number): number {
  return state[unit]?.[0] ?? 0;
}

function shuffled<Item>(all: readonly Item[], random: Random): Item[] {
  return all.map((item) => ({ item, at: random.next() })).sort((one, other) => one.at - other.at).map(({ item }) => item);
}

function nameOf({ kind, namespace, name }: ObjectName): ObjectName {
  return { kind, namespace, name };
}

function isSame(one: ObjectName, other: ObjectName): boolean {
  return one.kind === other.kind && one.namespace === other.namespace && one.name === other.name;
}
