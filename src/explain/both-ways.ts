import { CallExplanation, ConditionalServer, explain } from './explanation';
import { Condition } from '../findings/condition';
import { tracedObject } from '../mesh/calls/traced-connection';
import { Mesh } from '../mesh/mesh';
import { Call } from '../mesh/model/call';
import { destinationOf, Path, serverOf, transportOf } from '../mesh/model/path';
import { endpointOwner } from '../mesh/services/endpoint';
import { eachOnce, factKey } from '../mesh/workloads/missing-injection';
import { Workload } from '../mesh/workloads/workload';
import { BothWays, ExpectedFact, judgedBothWays, JudgedWorld } from '../mesh/worlds/both-ways';
import { Branch, BranchedConnection, Branches } from '../mesh/worlds/branches';
import { tracedBranch } from '../mesh/worlds/connections-both-ways';
import { Worlds } from '../mesh/worlds/worlds';

/**
 * Explains calls of a mesh in which it isn't known who has a sidecar: as they are where the expected facts hold, with the outcomes in all
 * other cases.
 */
export class ExplanationsBothWays {
  /** Undefined: it is known of all workloads whether they have a sidecar. */
  static of(mesh: Mesh): ExplanationsBothWays | undefined {
    const [ways, worlds] = [judgedBothWays(mesh, mesh), Worlds.of(mesh)];
    return ways && worlds && new ExplanationsBothWays(mesh, ways, new Branches(mesh, worlds));
  }

  private constructor(private readonly mesh: Mesh, private readonly ways: BothWays<Mesh>, private readonly branches: Branches) {}

  /** @param manifests all objects, including those that the mesh isn't read from */
  explain(client: Workload, call: Call, manifests: readonly unknown[]): CallExplanation {
    const connections = this.branches.of(client, call);
    const facts = eachOnce(connections.flatMap((one) => one.facts));
    if (facts.length === 0) return explain(this.mesh, client, call, manifests);
    const expected = new Map(this.ways.facts.map((fact) => [factKey(fact), fact.expectedBy]));
    const presumed = facts.map((fact): ExpectedFact => ({ ...fact, expectedBy: expected.get(factKey(fact)) }));
    const world = presumed.some(({ expectedBy }) => expectedBy) ? this.ways.weak : this.ways.with;
    const [there, holding] = [explainedIn(world, client, call, manifests), new Set(world.holding.map(factKey))];
    const conditional = connections.flatMap((connection) => conditionalServer(connection) ?? []);
    // Else the call depends on more facts than those of its ends.
    return there && isAsBranches(there, connections, world)
      ? { ...there, presumes: presumed.map((fact) => ({ ...fact, holds: holding.has(factKey(fact)) })), conditional }
      : { ...explain(this.mesh, client, call, manifests), conditional };
  }
}

/** Undefined: the world doesn't have the call. */
function explainedIn(
  { judged: mesh }: JudgedWorld<Mesh>, { object }: Workload, { key }: Call, manifests: readonly unknown[],
): CallExplanation | undefined {
  const [client, call] = [mesh.callers.find((one) => one.object === object), mesh.decisions.calls.find((one) => one.key === key)];
  return client && call && explain(mesh, client, call, manifests);
}

/** Whether the outcomes in a world are those of the branches with its values. */
function isAsBranches({ connections }: CallExplanation, all: readonly BranchedConnection[], world: JudgedWorld<Mesh>): boolean {
  const chosen = all.map(({ branches }) => branches.find(({ conditions }) => conditions.every((one) => isIn(world, one))));
  if (chosen.some((branch) => !branch || (!branch.taken && branch.outcome !== 'absent'))) return false;
  const expected = chosen.flatMap((branch) => branch?.taken?.paths.map(outcomeOf) ?? []);
  return expected.sort().join() === connections.map(({ transport }) => transport.outcome).sort().join();
}

function isIn({ holding }: JudgedWorld<Mesh>, { holds, ...fact }: Condition): boolean {
  return holding.some((one) => factKey(one) === factKey(fact)) === holds;
}

function outcomeOf(path: Path): Branch['outcome'] {
  return transportOf(path).outcome;
}

function conditionalServer({ path, branches }: BranchedConnection): ConditionalServer | undefined {
  if (branches.length === 1) return undefined;
  const [{ host, port }, { endpoint }] = [destinationOf(path), serverOf(path)];
  const owner = endpoint && endpointOwner(endpoint);
  return {
    destination: { host, port },
    server: owner ? { object: tracedObject(owner.object), port: endpoint.port } : null,
    branches: branches.map(tracedBranch),
  };
}
