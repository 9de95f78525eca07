import { Summary, summaryStruct } from './connection';
import type { LeftOut } from '../analysis/left-out';
import { redactedValue } from '../findings/redacted-value';

/** How many possible connections aren't judged, because workloads declare that they make other calls. */
export interface LeftOutConnections extends Summary {
  /** The workloads that declare their calls, each as `kind/namespace/name`. */
  readonly clients: string[];
}

/** Names come from manifests, which may hold a secret by mistake. */
export function leftOutStruct({ clients, ...summary }: LeftOut): LeftOutConnections {
  const names = clients.map(({ kind, namespace, name }) => `${kind.toLowerCase()}/${namespace}/${name}`);
  return { ...summaryStruct(summary), clients: redactedValue(names) };
}
