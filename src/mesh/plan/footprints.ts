import { isRollout, objectIn, ChangeUnit } from './change-unit';
import { NamespaceLabels } from './namespace-labels';
import { ServedHosts } from './served-hosts';
import { ServiceReach } from './service-reach';
import { isForSidecars, hostsIn, unitManifests } from './unit-manifests';
import { mapping, text, texts } from '../../manifests/mapping';
import { networkNamedIn } from '../calls/named-networks';
import { grouped } from '../collections';
import { DEFAULT_REVISION } from '../config/control-plane-facts';
import { IstiodSettings } from '../config/istiods';
import { KindName, kindNameOf, Kinds } from '../inventory/kinds';
import { idKey, MeshObject } from '../inventory/object';
import { Mesh } from '../mesh';
import { fullHost, isWildcard, isWithin } from '../names/hosts';
import { isEmpty, selects } from '../names/labels';
import { BACKEND_POLICY_KINDS } from '../policies/backend-policies';
import { readPeerPolicy } from '../policies/peer-authentication';
import { GATEWAY_API_ROUTES } from '../routes/gateway-api';
import { Workload } from '../workloads/workload';

export const EVERYWHERE = 'everywhere';

/** Which calls a unit may affect. */
export interface UnitFootprint {
  /** The hosts to which calls of any client may change. */
  readonly hosts: ReadonlySet<string> | typeof EVERYWHERE;
  /** Hosts whose servers may receive calls differently, although clients send the same. */
  readonly receiving?: ReadonlySet<string>;
  /** The namespace whose clients may send differently, to any host. */
  readonly clients?: string;
  /** The namespace of all servers whose ports the unit may open; undefined if they may be anywhere. */
  readonly servers?: string;
}

const NO_HOSTS: ReadonlySet<string> = new Set();
const NOTHING: UnitFootprint = { hosts: NO_HOSTS };
const ALL: UnitFootprint = { hosts: EVERYWHERE };

/** Kinds that affect connections only if istiod reads their namespace, and that aren't examined closely. */
const UNEXAMINED_IN_NAMESPACES = Kinds.of(
  'ServiceEntry', 'WorkloadEntry', 'WorkloadGroup', 'Sidecar', 'EnvoyFilter', 'WasmPlugin', 'TrafficExtension', 'ProxyConfig',
  ...GATEWAY_API_ROUTES, ...BACKEND_POLICY_KINDS,
);

/** Kinds that affect connections only if istiod reads their namespace, and that are examined closely. */
const EXAMINED_IN_NAMESPACES: readonly KindName[] = ['PeerAuthentication', 'DestinationRule', 'VirtualService', 'Service'];

/** Finds the calls that a unit may affect in any state of the other units, by its kind and fields. */
export class Footprints {
  private readonly hosts: ReadonlySet<string>;
  private readonly labels: NamespaceLabels;
  private readonly istiods: FirstIstiod;
  private readonly services: ServiceReach;
  private readonly roots: ReadonlySet<string>;
  private readonly byNamespace = new Map<string, Set<MeshObject>>();
  /** Whether all proxies are modelled: others may depend on Sidecars and Services in any way. */
  private readonly isUsual: boolean;

  constructor(
    private readonly states: readonly Mesh[], private readonly units: readonly ChangeUnit[], private readonly served: ServedHosts,
  ) {
    this.labels = new NamespaceLabels(states, units);
    this.istiods = new FirstIstiod(states, units);
    this.services = new ServiceReach(states, served);
    this.hosts = new Set(states.flatMap(({ registry }) => registry.services.map(({ host }) => host)));
    this.roots = new Set(states.flatMap(({ planes, configs }) =>
      [planes.default.config, ...Array.from(configs.revisions, (revision) => configs.of(revision))].map(({ rootNamespace }) => (
        rootNamespace))));
    this.isUsual = states.every(({ options }) => options.dataPlanes === undefined);
  }

  of(unit: ChangeUnit): UnitFootprint {
    if (namesNetworkAtTimes(unit)) return ALL;
    if (isRollout(unit)) return { hosts: this.ofPods(unit) };
    const versions = unitManifests(unit);
    const kind = kindNameOf(unit.object);
    switch (kind) {
      case 'Namespace': return this.ofNamespace(unit);
      case 'Service': return versions.length < unit.versions.length ? this.ofMissingService(versions) : this.ofObjects('Service', versions);
      default: return this.ofObjects(kind, versions);
    }
  }

  /** @param objects of one kind */
  private ofObjects(kind: KindName | undefined, objects: readonly MeshObject[]): UnitFootprint {
    switch (kind) {
      case 'PeerAuthentication': return this.ofPolicies(objects);
      case 'DestinationRule':
        return { hosts: new Set(objects.flatMap((rule) => this.matching(fullHost(text(rule.spec.host) ?? '', rule)))) };
      case 'VirtualService': return { hosts: this.ofRoutes(objects) };
      case 'Sidecar': return this.ofSidecars(objects);
      case 'Service': return this.isUsual ? { hosts: this.services.of(objects) } : ALL;
      default: return ALL;
    }
  }

  private ofMissingService(versions: readonly MeshObject[]): UnitFootprint {
    return this.isUsual ? { hosts: this.services.ofMissing(versions) } : ALL;
  }

  private ofRoutes(objects: readonly MeshObject[]): UnitFootprint['hosts'] {
    const routes = objects.filter(isForSidecars);
    return routes.some(leadsAnywhere) || (routes.length > 0 && this.services.listPodsElsewhere)
      ? EVERYWHERE
      : new Set(routes.flatMap(hostsIn).flatMap((host) => this.matching(host)));
  }

  private matching(host: string): readonly string[] {
    return isWildcard(host) ? [...this.hosts].filter((one) => isWithin(one, host)) : [host];
  }

  /** Pods of another istiod, or in a namespace that isn't in the manifests, may change the configuration of all proxies. */
  private ofPods(unit: ChangeUnit): UnitFootprint['hosts'] {
    const { versions } = unit;
    const revisions = new Set(versions.flatMap(({ pods }) => (pods && pods.proxy.encrypts !== false ? [pods.proxy.revision] : [])));
    if (revisions.size > 1 || this.istiods.mayBeAnotherBy(unit)) return EVERYWHERE;
    return new Set(versions.flatMap(({ pods }) => (pods ? [...this.served.byWorkload.get(idKey(pods)) ?? []] : [])));
  }

  /** A policy of a namespace also determines what clients send to services there. */
  private ofPolicies(policies: readonly MeshObject[]): UnitFootprint {
    if (policies.some(({ namespace }) => this.roots.has(namespace))) return ALL;
    const hosts = new Set(policies.flatMap((object) => {
      const { selector = {} } = readPeerPolicy(object);
      const there = this.served.byNamespace.get(object.namespace) ?? [];
      const served = there.flatMap(({ labels, host }) => (selects(selector, labels) ? [host] : []));
      return [...served, ...isEmpty(selector) ? this.served.ownHosts.get(object.namespace) ?? [] : []];
    }));
    return { hosts, servers: policies[0]?.namespace };
  }

  /** A Sidecar affects what the proxies of its namespace send, to any host, and what they accept, but not what others send to them. */
  private ofSidecars(sidecars: readonly MeshObject[]): UnitFootprint {
    if (!this.isUsual || sidecars.some(({ namespace }) => this.roots.has(namespace))) return ALL;
    const [{ namespace }] = sidecars;
    const receiving = new Set((this.served.byNamespace.get(namespace) ?? []).map(({ host }) => host));
    return { hosts: NO_HOSTS, receiving, clients: namespace, servers: namespace };
  }

  /**
   * If labels start or stop an istiod reading a namespace, that has the effect of adding or deleting all objects there; and its pods that
   * EndpointSlices of other namespaces list become or stop being servers, which may affect any call.
   */
  private ofNamespace(unit: ChangeUnit): UnitFootprint {
    if (!this.labels.decide(unit)) return NOTHING;
    const { name } = unit.object;
    if (this.roots.has(name) || this.services.listPodsElsewhere || !this.labels.decideDiscoveryAlone(unit)) return ALL;
    const there = this.objectsIn(name);
    if (there.some((object) => UNEXAMINED_IN_NAMESPACES.has(object))) return ALL;
    const byKind = grouped(there, kindNameOf);
    const found = new Set<string>();
    for (const kind of EXAMINED_IN_NAMESPACES) {
      const { hosts } = byKind.has(kind) ? this.ofObjects(kind, byKind.get(kind)!) : NOTHING;
      if (hosts === EVERYWHERE) return ALL;
      for (const host of hosts) found.add(host);
    }
    return { hosts: found, servers: name };
  }

  /** All versions of the objects in a namespace. */
  private objectsIn(namespace: string): readonly MeshObject[] {
    if (this.byNamespace.size === 0) {
      const all = [...this.states.flatMap(({ objects }) => [...objects.all()]), ...this.units.flatMap(unitManifests)];
      for (const object of all) this.byNamespace.set(object.namespace, (this.byNamespace.get(object.namespace) ?? new Set()).add(object));
    }
    return [...this.byNamespace.get(namespace) ?? []];
  }
}

/**
 * Settings that all istiods share are read from the first istiod that configures a sidecar. If istiods' settings
 * differ, one sidecar more or less may make another istiod the first, and so leave unrelated calls undecided.
 */
class FirstIstiod {
  private readonly settingsOf: (pods: Workload | undefined) => IstiodSettings | undefined;
  private readonly differ: boolean;

  constructor(states: readonly Mesh[], units: readonly ChangeUnit[]) {
    const [{ istiods }] = states;
    this.settingsOf = (pods) => (pods?.proxy.encrypts === true ? istiods.of(pods.proxy.revision) : undefined);
    const pods = [...states.flatMap(({ workloads }) => workloads),
      ...units.flatMap(({ versions }) => versions.map((version) => version.pods))];
    this.differ = new Set([istiods.of(DEFAULT_REVISION), ...pods.flatMap((one) => this.settingsOf(one) ?? [])]).size > 1;
  }

  mayBeAnotherBy({ versions }: ChangeUnit): boolean {
    return this.differ && new Set(versions.map(({ pods }) => this.settingsOf(pods))).size > 1;
  }
}

/** Whether only some of its versions name a network: if nothing else does, they show that there may be several. */
function namesNetworkAtTimes(unit: ChangeUnit): boolean {
  return new Set(unit.versions.map(({ pods }, version) => {
    const object = objectIn(unit, version);
    return pods ? namesNetwork(pods) : object !== undefined && networkNamedIn(object) !== undefined;
  })).size > 1;
}

/** Whether a network of the pods has a name, which also those have whose namespace's or mesh's network changes later. */
function namesNetwork({ location: { network, callsFrom, servesOn } }: Workload): boolean {
  return [network, callsFrom, servesOn].some(({ name }) => Boolean(name));
}

/** Whether a route may receive calls to other hosts, by port or name alone; delegates and their delegators aren't examined. */
function leadsAnywhere({ spec }: MeshObject): boolean {
  const http = Array.isArray(spec.http) ? spec.http.map(mapping) : [];
  const isByPort = spec.tcp !== undefined || spec.tls !== undefined;
  return isByPort || texts(spec.hosts).length === 0 || http.some(({ delegate }) => delegate !== undefined)
    || texts(spec.hosts).some(isWildcard);
}
