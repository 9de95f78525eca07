import { ComparedObject } from './object-changes';
import { idKey } from '../inventory/object';
import { Mesh } from '../mesh';
import { Path, serverOf, transportOf } from '../model/path';
import { endpointOwner } from '../services/endpoint';
import { idleIn } from '../workloads/scalers';

/** A workload whose manifest asks for no pods any more. */
export interface ScaledToZero {
  readonly object: ComparedObject;
  /** The number of connections to it of clients that have pods, by calls that no other server serves; broken ones don't count. */
  readonly connections: number;
}

/** The workloads that a change scales to zero. The model decides their connections as those that they have once they are scaled up. */
export function scaledToZero(before: Mesh, after: Mesh, objects: readonly ComparedObject[]): readonly ScaledToZero[] {
  const idle = idleKeys(after);
  if (idle.size === 0) return [];
  const wereIdle = idleKeys(before);
  const scaled = objects.filter(({ before: former, after: latter }) => (
    former && latter && idle.has(idKey(latter)) && !wereIdle.has(idKey(latter)) && !after.coverage.isPartial(latter.namespace)));
  if (scaled.length === 0) return [];
  const ended = endedConnections(after, idle);
  return scaled.map((object) => ({ object, connections: ended.get(idKey(object.after!)) ?? 0 }));
}

function idleKeys({ workloads, objects }: Mesh): ReadonlySet<string> {
  return new Set(idleIn(workloads, objects).map(idKey));
}

/** The number of connections to each idle workload by calls that only idle ones serve. */
function endedConnections({ decisions }: Mesh, idle: ReadonlySet<string>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { senders, paths } of decisions.all()) {
    if (!paths.every((path) => idle.has(serverIn(path)))) continue;
    const clients = new Set([...senders].flatMap(({ members }) => members).filter(({ object }) => !idle.has(idKey(object))));
    for (const path of paths) {
      if (transportOf(path).outcome === 'broken') continue;
      const server = serverIn(path);
      counts.set(server, (counts.get(server) ?? 0) + decisions.countAmong(path, clients.size, (client) => clients.has(client)));
    }
  }
  return counts;
}

/** The key of the object that serves a path; empty if none of the manifests does. */
function serverIn(path: Path): string {
  const { endpoint } = serverOf(path);
  const server = endpoint && endpointOwner(endpoint);
  return server ? idKey(server.object) : '';
}
