// One plan, carried out: what was seen of its calls.
import type { DangerousChange } from './changes';
import { courseOf, type Course, type Phase } from './course';
import { Promises, steadyCalls, type Standing, type Steady } from './judging';
import type { RunReport, SeenAgain } from '../data-plane/report';
import { MeshRunner } from '../data-plane/runner';
import { nameOf, shown } from '../data-plane/verdicts';
import { Random } from '../generators/yaml/random';
import { inOrder } from '../node/in-order';

/** What was seen of calls of which the plan promises something. */
export interface Seen {
  /** How often a call was made that works before and after the change. */
  calls: number;
  /** How often it didn't get through, or was less protected. */
  broken: number;
  exposed: number;
  /** How often a call was made that is refused before and after, and how often it was let in. */
  refused: number;
  letIn: number;
}

export interface PlanRun {
  readonly change: string;
  readonly stages: number;
  /** Changed objects, and those that are there for a while. */
  readonly objects: number;
  readonly sidecars: number;
  /** How often a sidecar got another configuration in the stages, forth and back. */
  readonly pushes: number;
  /** Once sidecars have what was pushed to them. */
  readonly inStages: Seen;
  /** While they take it. */
  readonly meanwhile: Seen;
  readonly atOnce: Seen;
  /** What the plan says that breaks at once: made for real, if it is a call that works for real before and after. */
  readonly example: 'broke' | 'held' | 'not made';
}

/** A plan with what was seen of it. */
export interface CarriedOut {
  readonly planned: DangerousChange;
  /** Undefined: it couldn't be carried out. */
  readonly run?: PlanRun;
  /** What fell below what the plan promises. */
  readonly broken: readonly string[];
  readonly error?: string;
}

/** How many plans are in work at a time: while two meshes run, the course of another is found. */
const IN_FLIGHT = 3;

export async function* carriedOut(all: Iterable<DangerousChange>, seed: number): AsyncGenerator<CarriedOut> {
  const runner = new MeshRunner();
  try {
    for await (const [planned, seen] of inOrder(all, (one) => carryOut(runner, one, seed), IN_FLIGHT)) yield { planned, ...seen };
  } finally {
    runner.close();
  }
}

async function carryOut(runner: MeshRunner, planned: DangerousChange, seed: number): Promise<Omit<CarriedOut, 'planned'>> {
  const { plan, change: { servers: _, ...mesh } } = planned;
  const sidecars = plan.before.workloads.filter(({ proxy }) => proxy.kind === 'sidecar');
  const promises = new Promises(plan);
  const course = courseOf(planned, sidecars, new Random(seed));
  const convergence = { states: course.states, calls: promises.calls, steps: course.steps.map(({ turns }) => turns) };
  // What isn't ready in time on a busy machine is tried once more.
  const first = await runner.run({ ...mesh, convergence });
  const report = first.error ? await runner.run({ ...mesh, convergence }) : first;
  if (report.error) return { broken: [], error: report.error };
  const seen = new SeenPlan(planned, course, promises, report);
  const refused = report.refused.map(({ kind, namespace, name, why }) => `istiod's webhook refuses ${kind} ${namespace}/${name} in a state on the way: ${why}`);
  return { run: seen.run(sidecars.length), broken: [...new Set([...refused, ...seen.broken])] };
}

class SeenPlan {
  readonly broken: string[] = [];
  private readonly steady: ReadonlyMap<number, Steady>;
  private readonly notRun: ReadonlySet<string>;
  private readonly inStages = nothing();
  private readonly meanwhile = nothing();
  private readonly atOnce = nothing();
  private readonly example = nothing();

  constructor(private readonly planned: DangerousChange, private readonly course: Course, private readonly promises: Promises, report: RunReport) {
    this.notRun = new Set(report.notRun.map(nameOf));
    this.steady = steadyCalls(report, promises, course.steps.findLastIndex(({ phase }) => phase === 'forth'));
    for (const [index, { during, then }] of report.convergence!.steps.entries()) this.step(course.steps[index].phase, during, then);
  }

  run(sidecars: number): PlanRun {
    const { change: { id }, plan: { stages, units } } = this.planned;
    const { inStages, meanwhile, atOnce, example } = this;
    const pushes = this.course.steps.filter(({ phase }) => isStage(phase)).length;
    const shows = example.broken + example.exposed > 0 ? 'broke' : example.calls > 0 ? 'held' : 'not made';
    return { change: id, stages: stages.length, objects: units.length, sidecars, pushes, inStages, meanwhile, atOnce, example: shows };
  }

  private step(phase: Phase, during: readonly SeenAgain[], then: readonly SeenAgain[]): void {
    if (phase === 'example') {
      for (const call of then) if (this.isExample(call)) this.note(call, this.example);
      return;
    }
    for (const call of then) {
      const standing = this.note(call, isStage(phase) ? this.inStages : this.atOnce);
      if (!isStage(phase) || standing === 'holds' || standing === 'apart') continue;
      this.broken.push(`${phase}, ${nameOf(call.client)} calls ${call.requested.host}:${call.requested.port} and is ${standing}: ${shown(call)}`);
    }
    if (isStage(phase)) for (const call of during) this.note(call, this.meanwhile);
  }

  /** Counts a call. */
  private note(call: SeenAgain, seen: Seen): Standing {
    const before = this.steady.get(call.of);
    const standing = before === undefined ? 'apart' : this.promises.standing(call, this.notRun);
    if (standing === 'apart') return standing;
    seen[before === 'works' ? 'calls' : 'refused'] += 1;
    if (standing === 'let in') seen.letIn += 1;
    else if (standing !== 'holds') seen[standing] += 1;
    return standing;
  }

  private isExample({ client, requested: { host, port } }: SeenAgain): boolean {
    const { witness } = this.planned.plan.atOnce;
    return witness?.kind === 'call' && nameOf(client) === nameOf(witness.client) && host === witness.host && port === witness.port;
  }
}

function isStage(phase: Phase): boolean {
  return phase === 'forth' || phase === 'back';
}

function nothing(): Seen {
  return { calls: 0, broken: 0, exposed: 0, refused: 0, letIn: 0 };
}
