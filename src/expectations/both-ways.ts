import { ConnectionWitness, ExpectationVerdict, Failure, PortWitness, UnconditionalFailure } from './verdict';
import { failureText } from './wording';
import { Condition, MissingInjection } from '../findings/condition';
import { TracedObject } from '../mesh/calls/traced-connection';
import { addTo } from '../mesh/collections';
import { idKey, MeshObject, OWN_CLUSTER } from '../mesh/inventory/object';
import { Mesh } from '../mesh/mesh';
import { Call } from '../mesh/model/call';
import { Path, serverOf } from '../mesh/model/path';
import { tracedServer } from '../mesh/queries/traced-text';
import { endpointOwner } from '../mesh/services/endpoint';
import { factKey } from '../mesh/workloads/missing-injection';
import { Workload } from '../mesh/workloads/workload';
import { Branches } from '../mesh/worlds/branches';
import { World, Worlds } from '../mesh/worlds/worlds';

/** How many undecided calls are looked at one by one, to see that the judged cases are all there are. */
const MOST_CALLS = 10_000;

/** Judges expectations of a mesh in which it isn't known who has a sidecar: they hold if they hold in every case. */
export class VerdictsBothWays {
  /** Undefined: it is known of all workloads whether they have a sidecar. */
  static of(mesh: Mesh): VerdictsBothWays | undefined {
    const worlds = Worlds.of(mesh);
    return worlds && new VerdictsBothWays(mesh, worlds, new Branches(mesh, worlds));
  }

  private constructor(private readonly mesh: Mesh, private readonly worlds: Worlds, private readonly branches: Branches) {}

  /**
   * @param undecided the verdict on the mesh without the facts
   * @param verdictIn that on a mesh with values of all facts
   * @param calls the undecided calls that the expectation is about; empty if it is about ports
   */
  verdict(
    undecided: ExpectationVerdict, verdictIn: (mesh: Mesh) => ExpectationVerdict, calls: Iterable<readonly [Workload, Call]>,
  ): ExpectationVerdict {
    const { all } = this.worlds;
    const verdicts = all.map((world) => ({ world, verdict: verdictIn(world.mesh) }));
    const found = new Map<string, { readonly world: World; readonly failure: UnconditionalFailure; readonly count: number }[]>();
    for (const { world, verdict } of verdicts) {
      for (const failure of verdict.failures) {
        if (failure.kind !== 'conditional') addTo(found, failureText(failure, verdict), { world, failure, count: verdict.count });
      }
    }
    // A test that passes has the numbers of the case with sidecars.
    if (found.size === 0) return this.areAllCases(calls) ? verdicts[0].verdict : undecided;
    const kept = undecided.failures.filter(({ kind }) => kind !== 'undecided');
    for (const failure of kept) found.delete(failureText(failure, undecided));
    const others = [...found.values()].filter(([{ failure }]) => !kept.some((one) => isSameUnmet(one, failure))).map((alike): Failure => {
      const [{ world, failure, count }] = alike;
      return alike.length === all.length ? failure : { kind: 'conditional', if: this.conditionsOf(failure, world), failure, count };
    });
    return { ...undecided, failures: [...kept, ...others] };
  }

  /**
   * Whether the calls have no other outcomes than in the judged cases. These have all values of any two facts, so the two ends of a call
   * are covered unless they lack more facts than that, or the call depends on others.
   */
  private areAllCases(calls: Iterable<readonly [Workload, Call]>): boolean {
    const { facts, all } = this.worlds;
    if (facts.length <= 2) return true;
    if (all.length === 2) return false;
    let left = MOST_CALLS;
    for (const [client, call] of calls) {
      if (left-- === 0) return false;
      const branches = this.branches.of(client, call).flatMap((one) => one.branches);
      if (branches.some(({ taken, outcome }) => !taken && outcome !== 'absent')) return false;
    }
    return true;
  }

  /** The values of the facts that the example depends on; of all facts, if there is none, or if it depends on others' as well. */
  private conditionsOf(failure: UnconditionalFailure, world: World): readonly Condition[] {
    const witness = 'witness' in failure ? failure.witness : undefined;
    const own = witness && ('connection' in witness ? this.ofConnection(witness, world) : this.ofServer(witness, world));
    return own && own.length > 0 ? own : valuesIn(world, this.worlds.facts);
  }

  private ofConnection({ connection }: ConnectionWitness, world: World): readonly Condition[] {
    const { client, requested, transport } = connection;
    const { callers, decisions: { calls } } = this.mesh;
    const caller = callers.find(({ object }) => isSame(object, client.object!))!;
    const call = calls.find(({ host, port }) => host === requested.host && port === requested.port)!;
    const server = tracedServer(connection);
    const isEnd = (path: Path): boolean => {
      const { endpoint } = serverOf(path);
      const owner = endpoint && endpointOwner(endpoint);
      return owner && server ? isSame(owner.object, server.object) : !owner && !server;
    };
    const branches = this.branches.of(caller, call).flatMap((one) => one.branches);
    return branches.find(({ conditions, outcome, taken }) => outcome === transport.outcome && taken?.paths.some(isEnd)
      && conditions.every((condition) => world.facts.has(factKey(condition)) === condition.holds))?.conditions ?? [];
  }

  private ofServer({ server }: PortWitness, world: World): readonly Condition[] {
    const workload = this.mesh.workloads.find(({ object }) => isSame(object, server));
    return workload ? valuesIn(world, this.branches.factsOf(workload.object)) : [];
  }
}

function valuesIn({ facts: holding }: World, facts: readonly MissingInjection[]): readonly Condition[] {
  return facts.map((fact) => ({ ...fact, holds: holding.has(factKey(fact)) }));
}

function isSame(object: MeshObject, traced: TracedObject): boolean {
  return idKey(object) === idKey({ cluster: OWN_CLUSTER, ...traced });
}

/** Whether a case fails for the connections alone that fail in every case: it has at least these, so as many are the same. */
function isSameUnmet(always: Failure, inCase: UnconditionalFailure): boolean {
  return always.kind === 'unmet' && inCase.kind === 'unmet' && always.count === inCase.count;
}
