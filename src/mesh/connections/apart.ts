import { ControlPlane } from '../control-plane';
import { Call } from './call';
import { HiddenCalls } from './hidden-calls';
import { Registry } from '../services/registry';

const NONE: ReadonlySet<string> = new Set();

/** Tells which namespaces' clients may see a call as no others do. */
export class Apart {
  private readonly hidden: HiddenCalls;
  private readonly byPort = new Map<ControlPlane, Map<number, ReadonlySet<string> | undefined>>();

  constructor(private readonly registry: Registry) {
    this.hidden = new HiddenCalls(registry);
  }

  /** The namespaces apart; undefined: each client may see it in its own way. */
  namespaces(call: Call, plane: ControlPlane): ReadonlySet<string> | undefined {
    if (this.hidden.dependOnPort(call, plane)) return undefined;
    const ofPort = this.registry.isGreedyPort(call.port) ? this.ofPort(call.port, plane) : NONE;
    return ofPort && this.ofHosts(call.neighbours.map(({ host }) => host), plane, ofPort);
  }

  /** On a port where some service takes calls that aren't for it, any service of the port may take them, or keep others from it. */
  private ofPort(port: number, plane: ControlPlane): ReadonlySet<string> | undefined {
    let known = this.byPort.get(plane);
    if (!known) this.byPort.set(plane, known = new Map());
    if (!known.has(port)) known.set(port, this.ofHosts(this.registry.hostsOn(port), plane, NONE));
    return known.get(port);
  }

  /** @param more namespaces that are apart already */
  private ofHosts(of: readonly string[], plane: ControlPlane, more: ReadonlySet<string>): ReadonlySet<string> | undefined {
    const apart = new Set([...more, ...this.registry.coveredNamespaces]);
    const hosts = new Set(of);
    for (const { route, exportTo } of [...hosts].flatMap((host) => plane.routes.touching(host))) {
      if (route.sourceLabels.length > 0) return undefined;
      apart.add(route.object.namespace);
      for (const namespace of exportTo.namespaces) apart.add(namespace);
      for (const namespace of route.sourceNamespaces) apart.add(namespace);
      for (const { host } of route.destinations) hosts.add(host);
    }
    for (const host of hosts) if (!this.addOfHost(host, plane, apart)) return undefined;
    return apart;
  }

  /** False if the host stands for another, whose rules count too. */
  private addOfHost(host: string, plane: ControlPlane, apart: Set<string>): boolean {
    for (const service of this.registry.byHost.get(host) ?? []) {
      if (service.externalName !== undefined) return false;
      apart.add(service.namespace);
      for (const namespace of plane.exportOf(service).namespaces) apart.add(namespace);
    }
    for (const rules of [plane.rules, plane.backendPolicies]) {
      for (const namespaces of rules.namespacesConcernedBy(host)) for (const namespace of namespaces) apart.add(namespace);
    }
    return true;
  }
}
