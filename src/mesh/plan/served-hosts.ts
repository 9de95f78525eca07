import { ChangeUnit } from './change-unit';
import { addTo, grouped } from '../collections';
import { idKey } from '../inventory/object';
import { Mesh } from '../mesh';
import { Labels, selects } from '../names/labels';
import { Endpoint } from '../services/endpoint';
import { connectable, Service } from '../services/service';
import { Workload } from '../workloads/workload';

/** A host of a server, and the server's labels. */
interface Served {
  readonly labels: Labels;
  readonly host: string;
}

/**
 * Which hosts lead to which servers in any state: by the decisions before and after the change, and by all versions of selectors, since a
 * Service of one state may select pods of another. Precomputed, since a change may have thousands of workloads and policies that each ask.
 */
export class ServedHosts {
  /** By the id of a workload that serves. */
  readonly byWorkload = new Map<string, Set<string>>();
  /** By the namespace of servers, with their labels. */
  readonly byNamespace = new Map<string, Served[]>();
  /** By the namespace of services. */
  readonly ownHosts = new Map<string, Set<string>>();
  /** The ids of the workloads that serve, by host. */
  readonly workloadsOf = new Map<string, Set<string>>();
  private readonly known = new Set<string>();
  private readonly numbers = new Map<Labels, number>();

  constructor(states: readonly Mesh[], units: readonly ChangeUnit[]) {
    const changing = units.flatMap(({ versions }) => versions.flatMap((version) => version.pods ?? []));
    const byNamespace = grouped(new Set([...states.flatMap(({ workloads }) => workloads), ...changing]), ({ namespace }) => namespace);
    for (const state of states) {
      for (const service of state.registry.services) {
        addToSet(this.ownHosts, service.namespace, service.host);
        this.addServersOf(service, state, byNamespace);
      }
      this.addDecided(state);
    }
  }

  private addServersOf(service: Service, { registry }: Mesh, byNamespace: ReadonlyMap<string, readonly Workload[]>): void {
    const { host, namespace, selector } = service;
    for (const port of connectable(service)) for (const endpoint of registry.endpointsOf(service, port)) this.add(endpoint, host);
    for (const member of registry.membersOf(service)) if (typeof member !== 'string') this.addWorkload(member, host);
    for (const pods of selector ? byNamespace.get(namespace) ?? [] : []) if (selects(selector!, pods.labels)) this.addWorkload(pods, host);
  }

  /** A call may end at servers of another service, such as one whose name or address a ServiceEntry lists. */
  private addDecided({ decisions }: Mesh): void {
    for (const call of decisions.calls) {
      for (const { paths } of decisions.of(call)) {
        for (const { received: { endpoint } } of paths.flatMap(({ hops }) => hops)) {
          if (endpoint) this.add(endpoint, call.host);
        }
      }
    }
  }

  private add({ workload, namespace, labels }: Endpoint, host: string): void {
    if (workload) this.addWorkload(workload, host);
    this.addServer(namespace, labels, host);
  }

  private addWorkload(workload: Workload, host: string): void {
    addToSet(this.byWorkload, idKey(workload), host);
    addToSet(this.workloadsOf, host, idKey(workload));
    this.addServer(workload.namespace, workload.labels, host);
  }

  private addServer(namespace: string, labels: Labels, host: string): void {
    let number = this.numbers.get(labels);
    if (number === undefined) this.numbers.set(labels, number = this.numbers.size);
    const key = `${number} ${namespace} ${host}`;
    if (this.known.has(key)) return;
    this.known.add(key);
    addTo(this.byNamespace, namespace, { labels, host });
  }
}

function addToSet(sets: Map<string, Set<string>>, key: string, value: string): void {
  sets.set(key, (sets.get(key) ?? new Set()).add(value));
}
