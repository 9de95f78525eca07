import { callsCalled, derivedName, NameContext, nearestNames, servicesBefore, uncallable, workloadsBehind, workloadsCalled } from './names';
import { nearest } from '../../findings/nearest';
import { redacted } from '../../findings/safe-text';
import { ConnectionFilter } from '../calls/connections';
import { ObjectName } from '../inventory/object';
import { Mesh } from '../mesh';
import { Call } from '../model/call';
import { Outcome } from '../model/transport';
import { Workload } from '../workloads/workload';

/** The connections to select, by names as people use them. */
export interface ConnectionQuery extends NameContext {
  /** A workload: `namespace/name`, or another of its names. */
  readonly client?: string;
  /** `namespace/name`, a host or another of its names; all optionally with `:port`. */
  readonly service?: string;
  readonly outcome?: Outcome;
}

/** A query names something that the mesh doesn't have, or that is ambiguous. */
export class UnknownNameError extends Error {}

/**
 * @throws UnknownNameError if the mesh has no such client or service, or if the name
 * is ambiguous. The name of an application isn't: it means all its workloads.
 */
export function filterFor(mesh: Mesh, { client, service, outcome, ...context }: ConnectionQuery): ConnectionFilter {
  const workloads = client === undefined ? undefined : new Set(applicationOf(workloadsCalled({ workloads: mesh.callers }, client, context),
    client) ?? workloadsNamed(mesh, client, 'client', context));
  const called = service === undefined ? undefined : new Set(callsNamed(mesh, service, context));
  return {
    client: workloads && ((one) => workloads.has(one)),
    requested: called && ((call) => called.has(call)),
    outcome,
  };
}

/** The workloads of one namespace that a label or construct groups under the name; undefined if the text matches in another way. */
function applicationOf(found: readonly Workload[], text: string): readonly Workload[] | undefined {
  const last = text.slice(text.lastIndexOf('/') + 1);
  const isOne = found.every(({ namespace, name }) => namespace === found[0].namespace && name !== last && `${name}.${namespace}` !== last);
  return found.length > 0 && isOne ? found : undefined;
}

/**
 * The workload with a name, `namespace/name` or `kind/namespace/name`; the first if nothing distinguishes several.
 *
 * @throws UnknownNameError if the mesh has no such workload, or several of different kinds
 */
export function workloadNamed(mesh: Mesh, text: string, context?: NameContext): Workload {
  return workloadsNamed(mesh, text, 'workload', context)[0];
}

/**
 * The workloads that a name matches; otherwise the one whose derived name ends with it, or the only one behind the Service of that
 * name. There are several only if the API server generates their names (`generateName`), so that they can't be distinguished.
 *
 * @param what the noun for the workload in errors
 * @throws UnknownNameError if there is none, or several of different kinds
 */
export function workloadsNamed(
  mesh: Mesh, text: string, what: 'client' | 'workload' = 'client', context: NameContext = {},
): readonly Workload[] {
  const asked = what === 'client' ? mesh.callers : mesh.workloads;
  const found = workloadsCalled({ workloads: asked }, text, context);
  const names = [...new Set(found.map(fullName))];
  if (names.length === 1) return found;
  if (names.length > 1) {
    throw new UnknownNameError(`${what} '${redacted(text)}' matches ${names.length} workloads; expected one of `
      + `them. Fix: write ${oneOf(names)}.`);
  }
  const derived = derivedName(text, asked);
  if (derived) return [derived];
  const behind = workloadsBehind(mesh, serviceText(text).place, context);
  if (behind.length === 1) return behind;
  throw new UnknownNameError(
    `${what} '${redacted(text)}' is ${behind.length > 0 ? 'a service, not a workload' : 'not a workload in these manifests'}; `
      + 'expected namespace/name or kind/namespace/name. '
    + `Fix: ${suggestion(behind.length > 0 ? behind : nearestNames(text, asked))}.`,
  );
}

/**
 * The calls that a name matches, or else to the Service whose derived name ends with it: one for each port, or one if the name has a port.
 *
 * @throws UnknownNameError if there is none, or several services have the name
 */
export function callsNamed(mesh: Mesh, text: string, context: NameContext = {}): Call[] {
  const { place, port } = serviceText(text);
  const called = callsCalled(mesh, place, context);
  const named = called.length > 0 ? called : callsOfDerived(mesh, place);
  const found = named.filter((call) => port === undefined || call.port === port);
  const namespaces = [...new Set(named.map(({ services: [one] }) => `${one.namespace}/${one.name}`))];
  if (!place.includes('/') && namespaces.length > 1 && !named.every(({ host }) => host === place)) {
    throw new UnknownNameError(`service '${redacted(text)}' matches ${namespaces.length} services; expected one of them. Fix: `
      + `write ${oneOf(namespaces)}.`);
  }
  if (found.length > 0) return found;
  throw new UnknownNameError(unknownService(mesh, { text, place, named }, context));
}

function callsOfDerived({ decisions: { calls } }: Mesh, text: string): readonly Call[] {
  const derived = derivedName(text, calls.flatMap(({ services }) => services.map(({ object }) => object)));
  return derived ? calls.filter(({ services }) => services.some(({ object }) => object === derived)) : [];
}

interface AskedService {
  readonly text: string;
  readonly place: string;
  /** The calls on any port. */
  readonly named: readonly Call[];
}

function unknownService(mesh: Mesh, { text, place, named }: AskedService, context: NameContext): string {
  if (named.length > 0) {
    const ports = named.map((call) => call.port);
    return `service '${redacted(text)}' has no such port; expected one of its ports. Fix: `
      + `write ${oneOf(ports.map((number) => `${redacted(place)}:${number}`))}.`;
  }
  if (uncallable(mesh, place).length > 0) {
    return `service '${redacted(text)}' has no TCP ports; expected a service that accepts connections. Fix: name another service.`;
  }
  const before = servicesBefore(mesh, place, context);
  const known = before.length > 0 ? 'a workload, not a service' : 'not a service in these manifests';
  const services = [...new Set(mesh.registry.services.map(({ object }) => object))];
  const meant = before.length > 0 ? suggestion(before) : suggestion(nearestNames(place, services), hostsLike(mesh, place));
  return `service '${redacted(text)}' is ${known}; expected namespace/name or a host, with :port or without. Fix: ${meant}.`;
}

function hostsLike({ decisions: { calls } }: Mesh, place: string): string | undefined {
  return place.includes('/') ? undefined : nearest(place, new Set(calls.map(({ host }) => host)));
}

/** Splits a name and its port; colons of an IPv6 address without brackets don't separate a port. */
function serviceText(text: string): { readonly place: string; readonly port?: number } {
  if (text.split(':').length > 2 && !text.includes(']')) return { place: text };
  const [, place, port] = /^(.*?)(?::(\d+))?$/s.exec(text)!;
  return { place, port: port === undefined ? undefined : Number(port) };
}

/** How many names are listed. */
const FEW = 3;

function oneOf(names: readonly string[]): string {
  return names.length > FEW ? `${names.slice(0, FEW).join(' or ')}, or one of ${names.length - FEW} more` : names.join(' or ');
}

/** Names with their kinds. */
function suggestion(meant: readonly ObjectName[], host?: string): string {
  const names = meant.map(({ kind, namespace, name }) => `${namespace}/${name} (${kind})`);
  const all = names.length > 0 ? names : host === undefined ? [] : [host];
  return all.length > 0 ? `write ${oneOf(all)}` : 'check the name';
}

function fullName({ kind, namespace, name }: Workload): string {
  return `${kind.toLowerCase()}/${namespace}/${name}`;
}
