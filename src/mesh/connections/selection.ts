import { Call } from './call';
import { ConnectionFilter } from './listing';
import { Outcome } from './outcome';
import { nearest } from '../../findings/nearest';
import { Mesh } from '../mesh';
import { Workload } from '../workloads/workload';

/** Which connections somebody wants, in the words in which people name them. */
export interface ConnectionQuery {
  /** `namespace/name`, or `kind/namespace/name`. */
  readonly client?: string;
  /** `namespace/name`, or a host; both with `:port` or without. */
  readonly service?: string;
  readonly outcome?: Outcome;
}

/** What a query names isn't in the mesh, or isn't one thing. */
export class UnknownNameError extends Error {}

/** @throws UnknownNameError if the mesh has no such client or service */
export function filterFor(mesh: Mesh, { client, service, outcome }: ConnectionQuery): ConnectionFilter {
  const workload = client === undefined ? undefined : workloadNamed(mesh, client);
  const called = service === undefined ? undefined : new Set(callsNamed(mesh, service));
  return {
    client: workload && ((one) => one === workload),
    requested: called && ((call) => called.has(call)),
    outcome,
  };
}

function workloadNamed({ workloads }: Mesh, text: string): Workload {
  const found = workloads.filter(({ kind, namespace, name }) => text === `${namespace}/${name}` || text.toLowerCase() === `${kind.toLowerCase()}/${namespace}/${name}`);
  if (found.length === 1) return found[0];
  if (found.length > 1) {
    throw new UnknownNameError(`client '${text}' is ${found.length} workloads; expected one of them. Fix: write ${found.map(fullName).join(' or ')}.`);
  }
  const meant = nearest(text, workloads.map(({ namespace, name }) => `${namespace}/${name}`));
  throw new UnknownNameError(`client '${text}' is no workload of these manifests; expected namespace/name or kind/namespace/name. Fix: ${meant ? `write ${meant}` : 'look at its manifest'}.`);
}

function callsNamed({ decisions: { calls } }: Mesh, text: string): Call[] {
  const [, place, port] = /^(.*?)(?::(\d+))?$/.exec(text)!;
  const found = calls.filter((call) => isNamed(call, place) && (port === undefined || call.port === Number(port)));
  if (found.length > 0) return found;
  const meant = nearest(text, calls.flatMap((call) => namesOf(call).flatMap((name) => [name, `${name}:${call.port}`])));
  throw new UnknownNameError(`service '${text}' is no service of these manifests; expected namespace/name or a host, with :port or without. Fix: ${meant ? `write ${meant}` : 'look at its manifest'}.`);
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
