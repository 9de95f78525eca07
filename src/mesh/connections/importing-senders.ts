import { ControlPlane } from '../control-plane';
import { Apart } from './apart';
import { alone, Audience, together } from './audience';
import { Call } from './call';
import { Sender, SidecarSender } from './sender';
import { SenderSet } from './sender-set';
import { addTo, grouped } from '../grouped';
import { Registry } from '../services/registry';

/** Clients that import the same of a port. */
interface PortGroups {
  /** The namespaces of what may take any call on the port, or keep others from it. */
  readonly namespaces: ReadonlySet<string>;
  readonly groups: readonly SenderSet[];
  readonly groupOf: ReadonlyMap<Sender, SenderSet>;
}

/**
 * Clients of one istiod whose Sidecar resource leaves something out. Those that import from no namespace that a
 * call concerns don't know its host, and all do the same with it; on a port where any service may take calls, those
 * that import the same of the port.
 */
export class ImportingSenders {
  private readonly byNamespace: ReadonlyMap<string, readonly SidecarSender[]>;
  private readonly byImported = new Map<string, SidecarSender[]>();
  private readonly covered: readonly SidecarSender[];
  private readonly fromAnywhere: readonly SidecarSender[];
  private readonly alike: readonly SenderSet[];
  private readonly byPort = new Map<number, PortGroups>();

  constructor(
    readonly plane: ControlPlane, private readonly senders: readonly SidecarSender[],
    private readonly registry: Registry, private readonly apart: Apart,
  ) {
    this.byNamespace = grouped(senders, ({ namespace }) => namespace);
    this.covered = senders.filter(({ namespace }) => registry.coveredNamespaces.has(namespace));
    this.fromAnywhere = senders.filter(({ scope }) => scope.importedNamespaces === undefined);
    for (const one of senders) for (const namespace of one.scope.importedNamespaces ?? []) addTo(this.byImported, namespace, one);
    this.alike = [...grouped(senders, sidecarKey).values()].map((group) => SenderSet.of(group));
  }

  /** @param apart the namespaces whose clients may see the call as no others do; undefined: each client may see it in its own way */
  of(call: Call, apart: () => ReadonlySet<string> | undefined): readonly Audience[] {
    if (this.senders.length === 0) return [];
    const namespaces = this.namespacesOf(call);
    if (this.registry.isGreedyPort(call.port)) return this.onPort(call.port, namespaces, apart());
    const importing = new Set([...this.covered, ...this.importingFrom(namespaces)]);
    const blind = this.alike.flatMap((senders) => together(senders.without(new Set([...importing].filter((one) => senders.has(one))))));
    return [...[...importing].map(alone), ...blind];
  }

  private onPort(port: number, ofCall: readonly string[], apart: ReadonlySet<string> | undefined): readonly Audience[] {
    if (!apart) return this.senders.map(alone);
    const { namespaces, groups, groupOf } = this.groupsOn(port);
    const special = new Set([...apart].flatMap((namespace) => this.byNamespace.get(namespace) ?? []));
    for (const one of this.importingFrom(ofCall.filter((namespace) => !namespaces.has(namespace)))) special.add(one);
    const left = grouped(special, (one) => groupOf.get(one)!);
    return [...[...special].map(alone), ...groups.flatMap((group) => together(group.without(new Set(left.get(group)))))];
  }

  private groupsOn(port: number): PortGroups {
    let found = this.byPort.get(port);
    if (!found) {
      const { namespaces } = this.apart.ofPort(port, this.plane)!;
      const alike = grouped(this.senders, (one) => `${sidecarKey(one)} ${one.scope.importsKey(namespaces)}`);
      const groups = [...alike.values()].map((group) => SenderSet.of(group));
      this.byPort.set(port, found = { namespaces, groups, groupOf: new Map(groups.flatMap((group) => [...group].map((one) => [one, group]))) });
    }
    return found;
  }

  private importingFrom(namespaces: readonly string[]): readonly SidecarSender[] {
    return namespaces.length === 0 ? [] : [...this.fromAnywhere, ...namespaces.flatMap((namespace) => this.byImported.get(namespace) ?? [])];
  }

  /** The namespaces of the services and routes that a call may meet. */
  private namespacesOf({ neighbours: services }: Call): readonly string[] {
    const namespaces = new Set(services.map(({ namespace }) => namespace));
    for (const { host } of services) for (const { route } of this.plane.routes.touching(host)) namespaces.add(route.object.namespace);
    for (const { externalName } of services) {
      for (const { namespace } of externalName === undefined ? [] : this.registry.services) namespaces.add(namespace);
    }
    return [...namespaces];
  }
}

/** What sets clients apart by their Sidecar, if they have one, whatever they import. */
export function sidecarKey({ one, scope: { resource, outbound }, traits }: SidecarSender): string {
  const hasListeners = resource?.egress.some(({ special }) => special);
  return JSON.stringify([one.proxy.revision, resource !== undefined, outbound, resource?.egressProxy, hasListeners, traits]);
}
