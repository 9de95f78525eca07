import { Condition } from './condition';
import { Shape, shape, shapes, texts } from '../objects/shape';

/** What of a request's target an entry of `to` asks. */
export interface Operation {
  /** The **workload's** ports; undefined: all. */
  readonly ports?: ReadonlySet<string>;
  readonly notPorts: ReadonlySet<string>;
  /** Whether it asks for hosts, methods or paths too, so that only some requests to a port fit. */
  readonly someRequests: boolean;
}

const NO_PORTS: ReadonlySet<string> = new Set();
const ANYTHING: Operation = Object.freeze({ notPorts: NO_PORTS, someRequests: false });

const OF_REQUESTS = ['hosts', 'notHosts', 'methods', 'notMethods', 'paths', 'notPaths'];

/** Each operation of `to`; one that asks nothing where `to` says nothing. */
export function readTo(to: unknown): readonly Operation[] {
  const operations = shapes(to).map(({ operation }) => readOperation(shape(operation)));
  return operations.length === 0 ? [ANYTHING] : operations;
}

function readOperation(operation: Shape): Operation {
  const ports = texts(operation.ports);
  return {
    ports: ports.length === 0 ? undefined : new Set(ports),
    notPorts: new Set(texts(operation.notPorts)),
    someRequests: OF_REQUESTS.some((list) => texts(operation[list]).length > 0),
  };
}

export function isForPort({ ports, notPorts }: Operation, port: number): boolean {
  return (!ports || ports.has(String(port))) && !notPorts.has(String(port));
}

/** Whether a condition of `when` is about the port called; it says so of the workload's ports too. */
export function isOfPort({ attribute }: Condition): boolean {
  return attribute === 'destination.port';
}

export function allowsPort({ negated, values }: Condition, port: number): boolean {
  return values.includes(String(port)) !== negated;
}
