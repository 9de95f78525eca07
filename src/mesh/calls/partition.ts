import { AffectedNamespaces } from './affected-namespaces';
import { addTo, grouped } from '../collections';
import { ControlPlane } from '../control-planes/control-plane';
import { DataPlanes } from '../dataplane/data-planes';
import { hasOwnInterception } from '../dataplane/sidecar/sidecar';
import { idKey } from '../inventory/object';
import { Call } from '../model/call';
import { MeshCaller, Sender, SenderSet, SidecarSender } from '../model/sender';
import { ServiceRegistry } from '../services/registry';
import { Workload } from '../workloads/workload';

/** The clients of a mesh, grouped where no rule distinguishes them. */
export function sendersOf(callers: readonly MeshCaller[], dataPlanes: DataPlanes): readonly Sender[] {
  const groups = grouped(callers, (workload) => {
    const { plane, key } = dataPlanes.groupOf(workload);
    return `${proxySettingsOf(workload, plane)}\n${key}`;
  });
  return [...groups.values()].map((members): Sender => {
    const [one] = members;
    const { plane } = dataPlanes.groupOf(one);
    const { namespace, labels, location: { callsFrom: network }, proxy: { kind } } = one;
    const alike = { namespace, labels, members, network, proxySettings: proxySettingsOf(one, plane) };
    return kind === 'sidecar' ? { ...alike, kind, plane: plane!, scope: plane!.scopeOf(one) } : { ...alike, kind };
  });
}

function proxySettingsOf(workload: Workload, plane: ControlPlane | undefined): string {
  const { name, unclear, injector } = workload.location.callsFrom;
  const { ownNames } = workload;
  const filters = plane?.envoyFilters.clientKey(workload) ?? '';
  return name === undefined && !unclear && filters === '' && ownNames.length === 0
    ? ''
    : JSON.stringify([name, unclear, injector, filters, ownNames]);
}

/** Clients that a call treats alike, with one of them to decide for. */
export interface ClientGroup {
  readonly one: Sender;
  readonly senders: SenderSet;
}

function alone(one: Sender): ClientGroup {
  return { one, senders: SenderSet.of([one]) };
}

/** The group of all senders of a set; none if it is empty. */
function together(senders: SenderSet): readonly ClientGroup[] {
  const { one } = senders;
  return one ? [{ one, senders }] : [];
}

/** Clients with the same imports on a port. */
interface PortGroups {
  /** The namespaces of services and routes that may receive any call on the port, or hide others. */
  readonly namespaces: ReadonlySet<string>;
  readonly groups: readonly SenderSet[];
  readonly groupOf: ReadonlyMap<Sender, SenderSet>;
}

/**
 * Clients of one istiod whose Sidecar restricts their imports. Clients that import from none of the namespaces that matter to a call don't
 * know its host, so they all handle it alike. On a port where any service may receive calls, clients with the same imports on the port do.
 */
class ImportingSenders {
  private readonly byNamespace: ReadonlyMap<string, readonly SidecarSender[]>;
  private readonly byImported = new Map<string, SidecarSender[]>();
  private readonly covered: readonly SidecarSender[];
  private readonly fromAnywhere: readonly SidecarSender[];
  private readonly alike: readonly SenderSet[];
  private readonly byPort = new Map<number, PortGroups>();

  constructor(
    readonly plane: ControlPlane, private readonly senders: readonly SidecarSender[],
    private readonly registry: ServiceRegistry, private readonly apart: AffectedNamespaces,
  ) {
    this.byNamespace = grouped(senders, ({ namespace }) => namespace);
    this.covered = senders.filter(({ namespace }) => registry.coveredNamespaces.has(namespace));
    this.fromAnywhere = senders.filter(({ scope }) => scope.importedNamespaces === undefined);
    for (const one of senders) for (const namespace of one.scope.importedNamespaces ?? []) addTo(this.byImported, namespace, one);
    this.alike = [...grouped(senders, sidecarKey).values()].map((group) => SenderSet.of(group));
  }

  /** @param apart the namespaces whose clients may resolve the call differently; undefined if any client may */
  of(call: Call, apart: () => ReadonlySet<string> | undefined): readonly ClientGroup[] {
    if (this.senders.length === 0) return [];
    const namespaces = this.namespacesOf(call);
    if (this.registry.isCatchAllPort(call.port)) return this.onPort(call.port, namespaces, apart());
    const importing = new Set([...this.covered, ...this.importingFrom(namespaces)]);
    const blind = this.alike.flatMap((senders) => together(senders.without(new Set([...importing].filter((one) => senders.has(one))))));
    return [...[...importing].map(alone), ...blind];
  }

  private onPort(port: number, ofCall: readonly string[], apart: ReadonlySet<string> | undefined): readonly ClientGroup[] {
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
      this.byPort.set(port,
        found = { namespaces, groups, groupOf: new Map(groups.flatMap((group) => [...group].map((one) => [one, group]))) });
    }
    return found;
  }

  private importingFrom(namespaces: readonly string[]): readonly SidecarSender[] {
    return namespaces.length === 0 ? [] : [...this.fromAnywhere,
      ...namespaces.flatMap((namespace) => this.byImported.get(namespace) ?? [])];
  }

  /** The namespaces of the services and routes that may take part in a call; the host may be another spelling of a Service's. */
  private namespacesOf({ neighbours, host: called }: Call): readonly string[] {
    const services = [...neighbours, ...this.registry.spellings.of(called)];
    const namespaces = new Set(services.map(({ namespace }) => namespace));
    for (const { host } of services) for (const { route } of this.plane.routes.touching(host)) namespaces.add(route.object.namespace);
    for (const { externalName } of services) {
      for (const { namespace } of externalName === undefined ? [] : this.registry.services) namespaces.add(namespace);
    }
    return [...namespaces];
  }
}

/**
 * A key of a client's Sidecar apart from its imports, and of whether its istiod may ignore its namespace. Egress listeners with ports make
 * it differ from all other Sidecars.
 */
function sidecarKey(sender: SidecarSender): string {
  const { members: [one], namespace, plane, scope: { resource, outbound }, proxySettings: traits } = sender;
  const ownListeners = hasListeners(sender) ? `${namespace} ${idKey(resource!.object)}` : undefined;
  const isUnclear = plane.isUnclear(namespace);
  return JSON.stringify([one.proxy.revision, isUnclear, resource !== undefined, outbound, resource?.egressProxy, ownListeners, traits]);
}

function hasListeners({ scope: { resource } }: SidecarSender): boolean {
  return resource?.egress.some(({ port, boundElsewhere }) => port !== undefined || boundElsewhere) ?? false;
}

/**
 * Splits the clients of a call: those in namespaces whose rules or services may matter to its hosts, and all
 * others together. This decides a mesh of thousands of services without trying each client with each service.
 */
export class ClientPartition {
  private readonly always: readonly ClientGroup[];
  private readonly importing: readonly ImportingSenders[];
  private readonly plain: readonly Plain[];
  private readonly affected: AffectedNamespaces;
  /** Clients that share a Sidecar with an egress listener for a port, and that something else distinguishes. */
  private readonly listening: readonly SidecarSender[];

  constructor(senders: readonly Sender[], registry: ServiceRegistry) {
    const isOrdinary = (one: Sender): one is SidecarSender => one.scope !== undefined && !hasOwnInterception(one);
    const sidecars = senders.filter(isOrdinary);
    this.always = senders.filter((one) => !isOrdinary(one)).map(alone);
    this.affected = new AffectedNamespaces(registry);
    const planes = [...grouped(sidecars, ({ plane }) => plane)];
    this.importing = planes.map(([plane, all]) => (
      new ImportingSenders(plane, all.filter(({ scope }) => !scope.importsAll), registry, this.affected)));
    this.plain = planes.flatMap(([, all]) => [...grouped(all.filter(({ scope }) => scope.importsAll), sidecarKey).values()].map(plainOf));
    this.listening = [...grouped(sidecars.filter(hasListeners), sidecarKey).values()].filter(({ length }) => length > 1).flat();
  }

  of(call: Call): readonly ClientGroup[] {
    const known = new Map<ControlPlane, ReadonlySet<string> | undefined>();
    const apartIn = (plane: ControlPlane): ReadonlySet<string> | undefined => {
      if (!known.has(plane)) known.set(plane, this.affected.namespaces(call, plane));
      return known.get(plane);
    };
    const partition = [...this.always, ...this.importing.flatMap((one) => one.of(call, () => apartIn(one.plane)))];
    for (const plain of this.plain) {
      const namespaces = apartIn(plain.plane);
      const special = new Set<Sender>(namespaces ? [] : plain.all);
      for (const namespace of namespaces ?? []) for (const one of plain.byNamespace.get(namespace) ?? []) special.add(one);
      for (const one of special) partition.push(plain.alone.get(one)!);
      partition.push(...together(plain.all.without(special)));
    }
    return this.withoutListening(partition, call);
  }

  /** An egress listener for a port may take any call there, and send it by routes and rules that are for some of its clients. */
  private withoutListening(partition: readonly ClientGroup[], { port }: Call): readonly ClientGroup[] {
    const taking = this.listening.filter(({ scope }) => (scope.onPort(port).egressPort(port)?.protocol ?? 'HTTP') !== 'HTTP');
    return taking.length === 0 ? partition : partition.flatMap((group) => {
      const own = taking.filter((one) => group.senders.has(one));
      return own.length === 0 ? [group] : [...own.map(alone), ...together(group.senders.without(new Set(own)))];
    });
  }
}

/** Clients of one istiod with equal Sidecar keys, whose Sidecar, if any, imports everything that is exported to them. */
interface Plain {
  readonly plane: ControlPlane;
  readonly all: SenderSet;
  readonly alone: ReadonlyMap<Sender, ClientGroup>;
  readonly byNamespace: ReadonlyMap<string, readonly Sender[]>;
}

function plainOf(senders: readonly SidecarSender[]): Plain {
  const byNamespace = grouped(senders, ({ namespace }) => namespace);
  return { plane: senders[0].plane, all: SenderSet.of(senders), alone: new Map(senders.map((one) => [one, alone(one)])), byNamespace };
}
