import type { DeclaredCall } from './call-outcomes';
import { repeatedKey } from '../../integration/repeated-findings';
import type { Mesh } from '../../mesh/mesh';
import type { Workload } from '../../mesh/workloads/workload';
import { RepeatedFindings } from '../app-check';

/**
 * Findings about clients that only repeat a refusal of their declared calls. Each declared call that is broken is refused, and so is
 * each that names nothing; a client whose annotation has other entries as well may have findings of its own.
 */
export const refusedCalls = new RepeatedFindings<DeclaredCall>((members, { mesh, pathOf, contradictions }) => {
  if (contradictions.length > 0) return [];
  const declared = new Map<string, Set<string>>();
  for (const { client: { node: { path } }, to } of members) declared.set(path, (declared.get(path) ?? new Set()).add(to));
  const entriesOf = (client: Workload): ReadonlySet<string> => declared.get(pathOf.get(client.object.source) ?? '') ?? new Set();
  const clients = mesh.callers.filter((client) => entriesOf(client).size > 0);
  return [
    ...clients.filter((client) => areMistakesOf(client, entriesOf(client), mesh))
      .map(({ object }) => repeatedKey({ code: 'MTLS604', ...object })),
    ...withoutSidecar(clients, (client) => areCallsOf(client, entriesOf(client), mesh), mesh),
  ];
});

/** Whether a client has mistaken entries, and all are among some. */
function areMistakesOf(client: Workload, entries: ReadonlySet<string>, { declarations }: Mesh): boolean {
  const mistaken = declarations.get(client)!.entries.filter(({ fault }) => fault !== undefined && fault !== 'not-shown');
  return mistaken.length > 0 && mistaken.every(({ text }) => entries.has(text));
}

/** Whether all calls of a client are among some. */
function areCallsOf(client: Workload, entries: ReadonlySet<string>, { declarations }: Mesh): boolean {
  const declaration = declarations.get(client);
  return declaration?.calls !== undefined && declaration.entries.every(({ text }) => entries.has(text));
}

/** MTLS103 is about a client, or about a namespace with all its clients. */
function withoutSidecar(clients: readonly Workload[], isRefused: (client: Workload) => boolean, { callers }: Mesh): readonly string[] {
  const refused = clients.filter(isRefused);
  const namespaces = [...new Set(refused.map(({ namespace }) => namespace))].filter((name) => (
    callers.filter(({ namespace, proxy }) => namespace === name && proxy.encrypts !== true).every(isRefused)));
  return [
    ...refused.flatMap(({ object, podSource }) => [object, podSource.object]).map((object) => repeatedKey({ code: 'MTLS103', ...object })),
    ...namespaces.map((name) => repeatedKey({ code: 'MTLS103', kind: 'Namespace', namespace: '', name })),
  ];
}
