import { Exception, Expectation, Selection } from './expectation';
import { CallPattern, WorkloadPattern } from './pattern';
import { Unmatched } from './verdict';
import { nearest } from '../findings/nearest';
import { shown } from '../findings/safe-text';
import { ObjectName } from '../mesh/inventory/object';
import { Mesh } from '../mesh/mesh';
import { Call } from '../mesh/model/call';
import { ServedPort } from '../mesh/queries/served-ports';
import { connectable } from '../mesh/services/service';

/** Names that match several workloads of different kinds: it is ambiguous which one is meant. */
export function ambiguities(expectation: Expectation, mesh: Mesh): readonly Unmatched[] {
  const servers = serversOf(mesh);
  return [expectation, ...expectation.except].flatMap((selection) => [
    ...ambiguity('from', selection.from, mesh.callers), ...ambiguity('server', selection.server, servers),
  ].map((found): Unmatched => ({ kind: 'unmatched', ...selection !== expectation && { exception: selection as Exception }, ...found })));
}

function ambiguity(
  field: 'from' | 'server', pattern: WorkloadPattern | undefined, workloads: readonly ObjectName[],
): readonly Pick<Unmatched, 'actual' | 'fix'>[] {
  if (!pattern?.isName) return [];
  const kinds = [...new Set(workloads.filter(pattern.matches).map(({ kind }) => kind))];
  if (kinds.length < 2) return [];
  return [{
    actual: `${field} ${shown(pattern.text)} matches ${kinds.length} workloads`,
    fix: `write ${kinds.map((kind) => `${kind}/${pattern.text}`).join(' or ')}`,
  }];
}

/** Why no connection matches. */
export function unmatchedConnections({ from, to, server }: Selection, mesh: Mesh): Unmatched {
  const { workloads, decisions: { calls } } = mesh;
  if (from && !workloads.some(from.matches)) return noWorkload('from', from, workloads);
  if (to && !calls.some(to.matches)) {
    const ofOtherPorts = to.port === undefined ? [] : calls.filter((call) => to.isOf(call));
    if (ofOtherPorts.length > 0) return noPort(to, ofOtherPorts);
    const uncalled = mesh.registry.services.find((one) => connectable(one).length === 0 && to.isOf({ host: one.host, services: [one] }));
    if (uncalled) return unmatched(`to ${shown(to.text)} has no TCP ports`, 'name a service with TCP ports');
    const names = calls.flatMap(({ host, port, services }) => (
      [host, ...services.map(({ namespace, name }) => `${namespace}/${name}`)].flatMap((name) => [name, `${name}:${port}`])));
    return unmatched(`to ${shown(to.text)} is not a service in these manifests`, meantBy(to.text, names) ?? 'check the name');
  }
  const servers = serversOf(mesh);
  if (server && !servers.some(server.matches)) return noWorkload('server', server, servers);
  return unmatched('no connection matches, though each name exists in these manifests', 'list the connections with istio-mtls connections');
}

/** Why no port matches. */
export function unmatchedPorts({ server }: Selection, ports: readonly ServedPort[]): Unmatched {
  const found = ports.filter((port) => server!.matches(port.server));
  if (found.length === 0) return noWorkload('server', server!, ports.map((port) => port.server));
  const numbers = nearestPorts(found.flatMap(({ port }) => port ?? []), server!.port);
  return unmatched(`server ${shown(server!.text)} has a port that no manifest names`,
    numbers.length > 0 ? `write ${numbers.join(' or ')}` : 'leave the port out');
}

/** How many ports a fix suggests. */
const FEW = 3;

/** The ports that come nearest to a number, in their order. */
function nearestPorts(ports: readonly number[], asked = 0): readonly number[] {
  const distance = (port: number): number => Math.abs(port - asked);
  return [...new Set(ports)].sort((one, other) => distance(one) - distance(other) || one - other).slice(0, FEW)
    .sort((one, other) => one - other);
}

/** A Service or host that lacks the port, or has it for UDP. */
function noPort({ text, port }: CallPattern, calls: readonly Call[]): Unmatched {
  const numbers = nearestPorts(calls.map((call) => call.port), port);
  const place = text.slice(0, -`:${port}`.length);
  const written = numbers.map((number) => `${place}:${number}`);
  const isThere = calls.some(({ services }) => services.some(({ ports }) => ports.some(({ number }) => number === port)));
  return unmatched(`to ${shown(text)} has a port that ${isThere ? 'isn\'t TCP' : 'the service lacks'}`, `write ${written.join(' or ')}`);
}

/** Exceptions exclude everything. */
export function allLeftOut(count: number, of: 'connection' | 'port'): Unmatched {
  return unmatched(`its exceptions exclude ${count === 1 ? `the only ${of}` : `all ${count} ${of}s`}`,
    'narrow the exceptions, or delete the test');
}

export function uselessException(exception: Exception): Unmatched {
  return { ...unmatched('excludes nothing', 'delete it, or correct its names'), exception };
}

function noWorkload(field: 'from' | 'server', { text }: WorkloadPattern, workloads: readonly ObjectName[]): Unmatched {
  const names = workloads.flatMap(({ kind, namespace, name }) => [`${namespace}/${name}`, `${kind}/${namespace}/${name}`]);
  return unmatched(`${field} ${shown(text)} is not a workload in these manifests`, meantBy(text, names) ?? 'check the name');
}

/** What a name was most likely meant to be, even without its namespace. */
function meantBy(text: string, names: readonly string[]): string | undefined {
  const meant = names.find((name) => name.endsWith(`/${text}`)) ?? nearest(text, names);
  return meant && `write ${meant}`;
}

function unmatched(actual: string, fix: string): Unmatched {
  return { kind: 'unmatched', actual, fix };
}

/** Everything that connections may end at. */
function serversOf({ workloads, registry: { machines } }: Mesh): readonly ObjectName[] {
  return [...workloads, ...machines.flatMap(({ entry }) => entry ?? [])];
}
