import { Expectation, Selection } from './expectation';
import { CallPattern, WorkloadPattern } from './pattern';
import { ObjectName, objectText } from '../mesh/inventory/object';
import { Mesh } from '../mesh/mesh';
import { callsCalled, NameContext, workloadsCalled } from '../mesh/queries/names';

/** An expectation with patterns that match what other names of workloads and services mean, where they match nothing as written. */
export function withKnownNames(expectation: Expectation, mesh: Mesh, context: NameContext): Expectation {
  const named = new KnownNames(mesh, context);
  const except = expectation.except.map((exception) => ({ ...exception, ...named.selection(exception) }));
  return { ...expectation, ...named.selection(expectation), except };
}

class KnownNames {
  constructor(private readonly mesh: Mesh, private readonly context: NameContext) {}

  selection({ from, to, server }: Selection): Selection {
    return { from: from && this.workload(from), to: to && this.call(to), server: server && this.workload(server) };
  }

  /** One workload, of one kind: where several share a name that isn't in full, none is meant. */
  private workload(pattern: WorkloadPattern): WorkloadPattern {
    const { workloads, registry: { machines } } = this.mesh;
    const isInFull = [...workloads, ...machines.flatMap(({ entry }) => entry ?? [])].some(pattern.matches);
    if (pattern.text.includes('*') || isInFull) return pattern;
    const meant = new Set<string>(workloadsCalled(this.mesh, placeOf(pattern), this.context).map(objectText));
    return meant.size === 1 ? { ...pattern, matches: (one: ObjectName) => meant.has(objectText(one)) } : pattern;
  }

  /** The calls to one service. */
  private call(pattern: CallPattern): CallPattern {
    if (pattern.text.includes('*') || this.mesh.decisions.calls.some(pattern.matches)) return pattern;
    const called = callsCalled(this.mesh, placeOf(pattern), this.context);
    const services = new Set(called.map(({ services: [{ namespace, name }] }) => `${namespace}/${name}`));
    if (services.size !== 1) return pattern;
    const meant = new Set(called.map(({ key }) => key));
    return { ...pattern, matches: (call) => meant.has(call.key) && (pattern.port === undefined || call.port === pattern.port) };
  }
}

function placeOf({ text, port }: { readonly text: string; readonly port?: number }): string {
  return port === undefined ? text : text.slice(0, text.lastIndexOf(':'));
}
