import { Call } from './call';
import { ConnectionFilter } from './connections';
import { Outcome } from './outcome';
import { nearest } from '../../findings/nearest';
import { redacted } from '../../findings/safe-text';
import { Mesh } from '../mesh';
import { Workload } from '../workloads/workload';

/** Which connections to select, by the names that people use. */
export interface ConnectionQuery {
  /** `namespace/name`, or `kind/namespace/name`. */
  readonly client?: string;
  /** `namespace/name`, or a host; both optionally with `:port`. */
  readonly service?: string;
  readonly outcome?: Outcome;
}

/** A query names something that isn't in the mesh, or is ambiguous. */
export class UnknownNameError extends Error {}

/** @throws UnknownNameError if the mesh has no such client or service, or several workloads of different kinds have the name */
export function filterFor(mesh: Mesh, { client, service, outcome }: ConnectionQuery): ConnectionFilter {
  const workloads = client === undefined ? undefined : workloadsNamed(mesh, client);
  const called = service === undefined ? undefined : new Set(callsNamed(mesh, service));
  return {
    client: workloads && ((one) => workloads.includes(one)),
    requested: called && ((call) => called.has(call)),
    outcome,
  };
}

/**
 * The workload with a name, `namespace/name` or `kind/namespace/name`; the first if nothing distinguishes several.
 *
 * @throws UnknownNameError if the mesh has no such workload, or several of different kinds
 */
export function workloadNamed(mesh: Mesh, text: string): Workload {
  return workloadsNamed(mesh, text, 'workload')[0];
}

/**
 * The workloads that a name matches. Several if the API server generates their names (`generateName`): then nothing
 * distinguishes them.
 *
 * @param what the noun for it in errors
 * @throws UnknownNameError if there is none, or several of different kinds
 */
export function workloadsNamed({ workloads }: Mesh, text: string, what: 'client' | 'workload' = 'client'): readonly Workload[] {
  const found = workloads.filter(({ kind, namespace, name }) => text === `${namespace}/${name}` || text.toLowerCase() === `${kind.toLowerCase()}/${namespace}/${name}`);
  const names = [...new Set(found.map(fullName))];
  if (names.length === 1) return found;
  if (names.length > 1) throw new UnknownNameError(`${what} '${redacted(text)}' matches ${names.length} workloads; expected one of them. Fix: write ${names.join(' or ')}.`);
  const meant = nearest(text, workloads.map(({ namespace, name }) => `${namespace}/${name}`));
  throw new UnknownNameError(`${what} '${redacted(text)}' is not a workload in these manifests; expected namespace/name or kind/namespace/name. Fix: ${meant ? `write ${meant}` : 'check the name'}.`);
}

/**
 * The calls that a name matches: one for each port, unless it names one.
 *
 * @throws UnknownNameError if there is none
 */
export function callsNamed({ decisions: { calls } }: Mesh, text: string): Call[] {
  const [, place, port] = /^(.*?)(?::(\d+))?$/s.exec(text)!;
  const found = calls.filter((call) => isNamed(call, place) && (port === undefined || call.port === Number(port)));
  if (found.length > 0) return found;
  const meant = nearest(text, calls.flatMap((call) => namesOf(call).flatMap((name) => [name, `${name}:${call.port}`])));
  throw new UnknownNameError(`service '${redacted(text)}' is not a service in these manifests; expected namespace/name or a host, with :port or without. Fix: ${meant ? `write ${meant}` : 'check the name'}.`);
}

function isNamed(call: Call, place: string): boolean {
  return namesOf(call).includes(place);
}

function namesOf({ host, services }: Call): string[] {
  return [host, ...services.map(({ namespace, name }) => `${namespace}/${name}`)];
}

function fullName({ kind, namespace, name }: Workload): string {
  return `${kind.toLowerCase()}/${namespace}/${name}`;
}
