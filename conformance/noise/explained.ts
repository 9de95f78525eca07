// Explains every call of every client in Istio's own samples: each explanation is of the connections that the engine decides.
import type { TracedConnection } from '../../src/mesh/calls/traced-connection';
import { libraryModule } from '../library';
import { scenariosIn } from './scenarios';

/** What `explain` was asked and answered. */
interface Explained {
  readonly calls: number;
  readonly connections: number;
  /** Calls that can't be explained, or are explained as something else than they come to. */
  readonly faults: readonly string[];
}

export function explainedIn(istio: string): Explained {
  const { Mesh } = libraryModule('mesh/mesh');
  const { readYaml } = libraryModule('manifests/yaml/read-yaml');
  const { explain } = libraryModule('explain/explanation');
  const { listConnections } = libraryModule('mesh/calls/connections');
  const { tracedConnectionOf } = libraryModule('mesh/calls/traced-connection');
  const faults: string[] = [];
  let [calls, connections] = [0, 0];
  for (const { name, objects } of scenariosIn(istio).flatMap(({ runs }) => runs)) {
    const mesh = Mesh.of(objects, { parseYaml: readYaml, injectedNamespaces: ['default'] });
    for (const client of mesh.workloads) {
      for (const call of mesh.decisions.calls) {
        const listed = [...listConnections(mesh.decisions, [client], { requested: (other) => other === call }, tracedConnectionOf)];
        const told = explain(mesh, client, call, objects).connections;
        calls += 1;
        connections += told.length;
        if (partsOf(told) !== partsOf(listed)) faults.push(`${name}: ${client.namespace}/${client.name} calls ${call.host}:${call.port}`);
      }
    }
  }
  return { calls, connections, faults };
}

/** What an explanation has of a connection. */
function partsOf(all: readonly Pick<TracedConnection, 'hops' | 'transport'>[]): string {
  return JSON.stringify(all.map(({ hops, transport }) => [hops, transport]));
}
