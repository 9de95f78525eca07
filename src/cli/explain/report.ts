import { withInstalled } from '../../configuration/installed';
import { ExplanationsBothWays } from '../../explain/both-ways';
import { CallExplanation, explain } from '../../explain/explanation';
import { MeshChange } from '../../mesh/change/mesh-change';
import { Mesh, MeshOptions } from '../../mesh/mesh';
import { Call } from '../../mesh/model/call';
import { NameContext } from '../../mesh/queries/names';
import { callsNamed, workloadsNamed } from '../../mesh/queries/selection';
import { Workload } from '../../mesh/workloads/workload';
import { Admitted } from '../admission/admission';

/** The names to explain, as `--client` and `--service` of `connections` accept them. */
export interface ExplainQuery extends NameContext {
  readonly client: string;
  readonly service: string;
}

/** The explanations, and notes on the control plane. */
export interface ExplainReport {
  /** One for each client and port that the names match, ordered by client, host and port. */
  readonly explanations: readonly CallExplanation[];
  readonly notes: readonly string[];
}

/**
 * Explains a client's calls to a service, on one port or on each. With facts, the mesh has the objects of both.
 *
 * @throws UnknownNameError if the mesh has no such client or service, or if the name matches several workloads
 */
export function explained({ judged, facts }: Admitted, options: MeshOptions, { client, service, ...context }: ExplainQuery): ExplainReport {
  const known = withInstalled(options, facts, judged);
  const mesh = facts.length > 0 ? MeshChange.of(judged, facts, known).after : Mesh.of(judged, known);
  const clients = workloadsNamed(mesh, client, 'client', context);
  const [both, manifests] = [ExplanationsBothWays.of(mesh), [...facts, ...judged]];
  const explanations = clients.flatMap((one) => callsFrom(one, mesh, service).map((call) => (
    both ? both.explain(one, call, manifests) : explain(mesh, one, call, manifests))));
  return { explanations, notes: mesh.notes };
}

/** Resolves a short name in the client's namespace, as DNS does. */
function callsFrom({ namespace }: Workload, mesh: Mesh, service: string): readonly Call[] {
  return callsNamed(mesh, service, { namespace });
}
