import { withInstalled } from '../../configuration/installed';
import { explain, Explanation } from '../../explain/explanation';
import { callsNamed, workloadsNamed } from '../../mesh/calls/selection';
import { MeshChange } from '../../mesh/change/mesh-change';
import { Mesh, MeshOptions } from '../../mesh/mesh';
import { Admitted } from '../admission';

/** What is asked: names as `--client` and `--service` of `connections` take them. */
export interface ExplainQuery {
  readonly client: string;
  readonly service: string;
}

/** What is explained, and what to know of the control plane. */
export interface ExplainReport {
  /** One for each client and port that the names mean, by client, host and port. */
  readonly explanations: readonly Explanation[];
  readonly notes: readonly string[];
}

/**
 * Explains a client's calls to a service, on one port or on each. With facts, the mesh is that of both.
 *
 * @throws UnknownNameError if the mesh has no such client or service, or several workloads that the name doesn't tell apart
 */
export function explained({ judged, facts }: Admitted, options: MeshOptions, { client, service }: ExplainQuery): ExplainReport {
  const known = withInstalled(options, facts, judged);
  const mesh = facts.length > 0 ? MeshChange.of(judged, facts, known).after : Mesh.of(judged, known);
  const clients = workloadsNamed(mesh, client);
  const calls = callsNamed(mesh, service);
  const explanations = clients.flatMap((one) => calls.map((call) => explain(mesh, one, call, [...facts, ...judged])));
  return { explanations, notes: mesh.notes };
}
