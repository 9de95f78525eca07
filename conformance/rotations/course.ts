// Which proxy gets which certificate and roots, and when: from each stage to the next, back, and over stages.
import type { Renewal } from '../data-plane/runner';
import type { Random } from '../generators/yaml/random';

/** What a step belongs to: a stage's way forth or back, getting ready for a jump, or a jump over a stage. */
export type Phase = 'forth' | 'back' | 'ready' | 'jump';

export interface CourseStep {
  readonly phase: Phase;
  /** The states between which proxies are, by their places. */
  readonly from: number;
  readonly to: number;
  /** The workloads whose proxies get something, by name. */
  readonly turns: readonly { readonly workload: string; readonly renewal: Renewal }[];
}

/** How a proxy comes to another state: its certificate and roots one after the other, or both at once, as istiod's agent gives them. */
const WAYS: readonly (readonly (keyof Renewal)[][])[] = [[['certificate'], ['roots']], [['roots'], ['certificate']], [['certificate', 'roots']]];

/**
 * From the first state to the last by all between, back again, and then over one stage or more, in each direction.
 *
 * @param states how many there are
 */
export function courseOf(
  states: number, workloads: readonly string[], random: Random, phases: readonly Phase[] = ['forth', 'back', 'jump'],
): readonly CourseStep[] {
  const upTo = Array.from({ length: states - 1 }, (_, from) => [from, from + 1] as const);
  const steps = {
    forth: upTo.flatMap(([from, to]) => stage('forth', from, to, workloads, random)),
    back: [...upTo].reverse().flatMap(([to, from]) => stage('back', from, to, workloads, random)),
    ready: [],
    jump: pairsOf(states).filter(([from, to]) => Math.abs(from - to) > 1).flatMap(([from, to]) => jump(from, to, workloads, random)),
  };
  return phases.flatMap((phase) => steps[phase]);
}

const pairsOf = (states: number): (readonly [number, number])[] =>
  Array.from({ length: states }, (_, from) => Array.from({ length: states }, (__, to) => [from, to] as const)).flat();

/** Each proxy comes to the next state when it likes. */
function stage(phase: Phase, from: number, to: number, workloads: readonly string[], random: Random): CourseStep[] {
  const ways = new Map(workloads.map((workload) => [workload, [...random.pick(WAYS)]]));
  const queue = workloads.flatMap((workload) => ways.get(workload)!.map(() => workload));
  return shuffled(queue, random).map((workload) => {
    const renewal = renewalTo(to, ways.get(workload)!.shift()!);
    return { phase, from, to, turns: [{ workload, renewal }] };
  });
}

/** All proxies are in a state, and come to one that is no neighbour one after the other. */
function jump(from: number, to: number, workloads: readonly string[], random: Random): CourseStep[] {
  const whole = (state: number, workload: string) => ({ workload, renewal: renewalTo(state, ['certificate', 'roots']) });
  return [
    { phase: 'ready', from, to, turns: workloads.map((workload) => whole(from, workload)) },
    ...shuffled(workloads, random).map((workload): CourseStep => ({ phase: 'jump', from, to, turns: [whole(to, workload)] })),
  ];
}

function renewalTo(state: number, parts: readonly (keyof Renewal)[]): Renewal {
  return Object.fromEntries(parts.map((part) => [part, state]));
}

function shuffled<Item>(all: readonly Item[], random: Random): Item[] {
  return all.map((item) => ({ item, at: random.next() })).sort((one, other) => one.at - other.at).map(({ item }) => item);
}
