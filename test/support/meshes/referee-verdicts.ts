import { changedTo } from './changes';
import { readYaml } from '../../../src/manifests/yaml/read-yaml';
import { Connection } from '../../../src/mesh/calls/connections';
import { Mesh } from '../../../src/mesh/mesh';

/** A mesh with istiod's verdicts, recorded by the conformance referee. */
export interface Recorded {
  readonly id: string;
  readonly objects: unknown[];
  /** The objects that configure the servers, if they are in another state. */
  readonly servers?: unknown[];
  readonly clusterDomain?: string;
  readonly istiodEnv?: Record<string, string>;
  /** Connections that the referee judged, as `keyOf` and words. */
  readonly judged: Record<string, string>;
  /** Calls that it can't judge. */
  readonly unjudged: string[];
}

/** Calls that are undecided for these reasons may go any way. */
const OPEN: ReadonlySet<string | undefined> = new Set(['ambiguous-service', 'gateway-api-route', 'backend-policy', 'envoy-filter', 'other-network', 'istiod-flag', 'dns-capture', 'unknown-discovery']);

/** The differences between the model and the record, as lines. */
export function differences({ objects, servers, judged, unjudged, ...facts }: Recorded): string[] {
  const mesh = Mesh.of(objects, { ...facts, parseYaml: readYaml });
  const ours = [...(servers ? mesh.towards(changedTo(mesh, servers)) : mesh).connections()];
  const words = new Map<string, Set<string>>();
  for (const connection of ours) {
    if (unjudged.includes(callOf(connection)) || OPEN.has(connection.undecidedBecause)) continue;
    const key = keyOf(connection);
    words.set(key, (words.get(key) ?? new Set()).add(wordsOf(connection)));
  }
  const open = ours.filter(({ undecidedBecause }) => OPEN.has(undecidedBecause)).map(callOf);
  const expected = Object.entries(judged).filter(([key]) => ![...unjudged, ...open].some((call) => key.startsWith(call)));
  const missing = expected.filter(([key, said]) => [...words.get(key) ?? []].sort().join(' or ') !== said)
    .map(([key, said]) => `${key}: istiod ${said}, ours ${[...words.get(key) ?? ['nothing']].sort().join(' or ')}`);
  const extra = [...words.keys()].filter((key) => !(key in judged)).map((key) => `${key}: istiod nothing, ours ${[...words.get(key)!].join(' or ')}`);
  return [...missing, ...extra];
}

/** The referee's mesh is complete: calls to a host outside it fail. */
function wordsOf({ clientTls, serverMode, outcome, undecidedBecause }: Connection): string {
  return undecidedBecause === 'destination-elsewhere' ? 'PLAINTEXT UNKNOWN broken' : `${clientTls} ${serverMode} ${outcome}`;
}

function callOf({ client, requested }: Connection): string {
  return `${client.kind} ${client.namespace}/${client.name} > ${requested.host}:${requested.port} `;
}

function keyOf(connection: Connection): string {
  const { service, server } = connection;
  return `${callOf(connection)}> ${service.namespace}/${service.name} ${service.host}:${service.port} ${service.subset ?? ''} > `
    + (server ? `${server.kind} ${server.namespace}/${server.name}:${server.port}` : '');
}
