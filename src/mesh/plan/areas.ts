import { NamespaceLabels } from './namespace-labels';
import { isRollout, objectIn, Unit } from './unit';
import { MESH_GATEWAY } from '../../manifests/kinds';
import { isMapping, Mapping, mapping, text, texts } from '../../manifests/mapping';
import { addTo } from '../collections';
import { DEFAULT_REVISION } from '../config/control-plane-facts';
import { IstiodSettings } from '../config/istiods';
import { Inventory } from '../inventory/inventory';
import { idKey, MeshObject } from '../inventory/object';
import { Mesh } from '../mesh';
import { fullHost, isWildcard, isWithin } from '../names/hosts';
import { isEmpty, Labels, selects } from '../names/labels';
import { readPeerPolicy } from '../policies/peer-authentication';
import { Endpoint } from '../services/endpoint';
import { connectable } from '../services/service';
import { Workload } from '../workloads/workload';

/** Calls that the same units may affect: those to hosts which routes, addresses or names connect. */
export interface Area {
  readonly hosts: ReadonlySet<string>;
  /** The units, by their index. */
  readonly units: readonly number[];
}

/**
 * Which calls each unit of a change may affect, in whatever state the others are: what its kind and fields allow, rather than its
 * effect in one of them. For kinds that aren't examined closely, all calls.
 */
export class Areas {
  /** The calls that some unit affects. */
  readonly touched: readonly Area[];
  private readonly byHost: ReadonlyMap<string, Area>;
  private readonly byUnit = new Map<number, number[]>();
  private readonly everywhere: ReadonlySet<number>;

  constructor(states: readonly Mesh[], private readonly units: readonly Unit[]) {
    const ties = tiesOf(states, units);
    const footprints = new Footprints(states, units);
    const touching = new Map<string, Set<number>>();
    const everywhere: number[] = [];
    for (const [index, unit] of units.entries()) {
      const hosts = footprints.of(unit);
      if (hosts === EVERYWHERE) everywhere.push(index);
      else for (const host of hosts) touching.set(ties.rootOf(host), (touching.get(ties.rootOf(host)) ?? new Set()).add(index));
    }
    this.everywhere = new Set(everywhere);
    const areas = new Map<string, Area & { readonly hosts: Set<string> }>();
    for (const host of ties.hosts) {
      const root = ties.rootOf(host);
      const touched = [...everywhere, ...touching.get(root) ?? []].sort((one, other) => one - other);
      const area = areas.get(root) ?? { hosts: new Set<string>(), units: touched };
      area.hosts.add(host);
      areas.set(root, area);
    }
    this.touched = [...areas.values()].filter((area) => area.units.length > 0);
    for (const [index, area] of this.touched.entries()) for (const unit of area.units) addTo(this.byUnit, unit, index);
    this.byHost = new Map(this.touched.flatMap((area) => [...area.hosts].map((host) => [host, area] as const)));
  }

  /** Undefined: no unit affects calls to the host. */
  of(host: string): Area | undefined {
    return this.byHost.get(host);
  }

  /** Whether a unit may affect all calls. */
  isEverywhere(unit: number): boolean {
    return this.everywhere.has(unit);
  }

  /** The areas that a unit affects, by their index. */
  touching(unit: number): readonly number[] {
    return this.byUnit.get(unit) ?? [];
  }

  /**
   * A number for each unit, so that no two units that affect a common area, or are of a common set, have the same.
   *
   * @param sets units that are examined together for other reasons
   */
  colours(sets: readonly (readonly number[])[]): readonly number[] {
    const together = new Map<number, (readonly number[])[]>();
    for (const set of [...this.touched.map(({ units }) => units), ...sets]) for (const unit of set) addTo(together, unit, set);
    const colours: number[] = [];
    for (const index of this.units.keys()) {
      const taken = new Set((together.get(index) ?? []).flatMap((set) => set.map((other) => colours[other])));
      let colour = 0;
      while (taken.has(colour)) colour++;
      colours.push(colour);
    }
    return colours;
  }
}

const EVERYWHERE = 'everywhere';
const NOWHERE: ReadonlySet<string> = new Set();

/** Finds the hosts whose calls a unit may affect. */
class Footprints {
  private readonly hosts: ReadonlySet<string>;
  private readonly labels: NamespaceLabels;
  private readonly istiods: FirstIstiod;
  private readonly served: ServedHosts;

  constructor(private readonly states: readonly Mesh[], units: readonly Unit[]) {
    this.labels = new NamespaceLabels(states, units);
    this.istiods = new FirstIstiod(states, units);
    this.served = new ServedHosts(states);
    this.hosts = new Set(states.flatMap(({ registry }) => registry.services.map(({ host }) => host)));
  }

  of(unit: Unit): ReadonlySet<string> | typeof EVERYWHERE {
    if (isRollout(unit)) return this.ofPods(unit);
    const versions = manifestsOf(unit);
    switch (unit.object.kind) {
      case 'PeerAuthentication': return this.ofPolicies(versions);
      case 'DestinationRule': return new Set(versions.flatMap((rule) => this.matching(fullHost(text(rule.spec.host) ?? '', rule))));
      case 'VirtualService': return versions.filter(isForSidecars).some(leadsAnywhere) ? EVERYWHERE : new Set(versions.filter(isForSidecars).flatMap(hostsIn).flatMap((host) => this.matching(host)));
      case 'Namespace': return this.labels.decide(unit) ? EVERYWHERE : NOWHERE;
      default: return EVERYWHERE;
    }
  }

  private matching(host: string): readonly string[] {
    return isWildcard(host) ? [...this.hosts].filter((one) => isWithin(one, host)) : [host];
  }

  /** Pods of another istiod, or in a namespace that isn't in the manifests, may change the configuration of all. */
  private ofPods(unit: Unit): ReadonlySet<string> | typeof EVERYWHERE {
    const { versions } = unit;
    const revisions = new Set(versions.flatMap(({ pods }) => (pods && pods.proxy.kind !== 'none' ? [pods.proxy.revision] : [])));
    if (revisions.size > 1 || this.istiods.mayBeAnotherBy(unit)) return EVERYWHERE;
    return new Set(versions.flatMap(({ pods }) => (pods ? [...this.served.byWorkload.get(idKey(pods)) ?? []] : [])));
  }

  /** A policy of a namespace also determines what clients send to services there. */
  private ofPolicies(policies: readonly MeshObject[]): ReadonlySet<string> | typeof EVERYWHERE {
    const isRoot = ({ namespace }: MeshObject): boolean => this.states.some(({ planes }) => planes.default.config.rootNamespace === namespace);
    if (policies.some(isRoot)) return EVERYWHERE;
    return new Set(policies.flatMap((object) => {
      const { selector = {} } = readPeerPolicy(object);
      const served = (this.served.byNamespace.get(object.namespace) ?? []).flatMap(({ labels, host }) => (selects(selector, labels) ? [host] : []));
      return [...served, ...isEmpty(selector) ? this.served.ownHosts.get(object.namespace) ?? [] : []];
    }));
  }
}

/** Which hosts lead to which endpoints in some state: a change may be of thousands of workloads and policies, each of which asks. */
class ServedHosts {
  /** By the id of a workload that serves. */
  readonly byWorkload = new Map<string, Set<string>>();
  /** By the namespace of endpoints, with their labels. */
  readonly byNamespace = new Map<string, { readonly labels: Labels; readonly host: string }[]>();
  /** By the namespace of services. */
  readonly ownHosts = new Map<string, string[]>();

  constructor(states: readonly Mesh[]) {
    for (const { registry } of states) {
      for (const service of registry.services) {
        addTo(this.ownHosts, service.namespace, service.host);
        const endpoints = new Set(connectable(service).flatMap((port) => registry.endpointsOf(service, port)));
        for (const endpoint of endpoints) this.add(endpoint, service.host);
      }
    }
  }

  private add({ workload, namespace, labels }: Endpoint, host: string): void {
    addTo(this.byNamespace, namespace, { labels, host });
    if (!workload) return;
    const hosts = this.byWorkload.get(idKey(workload)) ?? new Set<string>();
    this.byWorkload.set(idKey(workload), hosts.add(host));
  }
}

/**
 * What all istiods share is read from the settings of the first one that configures a sidecar: if their settings differ, a sidecar more
 * or less may make another one the first, and so leave calls undecided that have nothing else to do with it.
 */
class FirstIstiod {
  private readonly settingsOf: (pods: Workload | undefined) => IstiodSettings | undefined;
  private readonly differ: boolean;

  constructor(states: readonly Mesh[], units: readonly Unit[]) {
    const [{ istiods }] = states;
    this.settingsOf = (pods) => (pods?.proxy.kind === 'sidecar' ? istiods.of(pods.proxy.revision) : undefined);
    const pods = [...states.flatMap(({ workloads }) => workloads), ...units.flatMap(({ versions }) => versions.map((version) => version.pods))];
    this.differ = new Set([istiods.of(DEFAULT_REVISION), ...pods.flatMap((one) => this.settingsOf(one) ?? [])]).size > 1;
  }

  mayBeAnotherBy({ versions }: Unit): boolean {
    return this.differ && new Set(versions.map(({ pods }) => this.settingsOf(pods))).size > 1;
  }
}

/** The manifests of an object's versions, as they are read. */
function manifestsOf(unit: Unit): readonly MeshObject[] {
  return [...unit.versions.keys()].flatMap((version) => objectIn(unit, version) ?? []);
}

/** A route that only names gateways routes no calls of sidecars. */
function isForSidecars({ spec }: MeshObject): boolean {
  const gateways = texts(spec.gateways);
  return gateways.length === 0 || gateways.includes(MESH_GATEWAY);
}

/** A route by port and name alone may receive calls to others; delegates and their delegators aren't examined. */
function leadsAnywhere({ spec }: MeshObject): boolean {
  const http = Array.isArray(spec.http) ? spec.http.map(mapping) : [];
  const isByPort = spec.tcp !== undefined || spec.tls !== undefined;
  return isByPort || texts(spec.hosts).length === 0 || http.some(({ delegate }) => delegate !== undefined) || texts(spec.hosts).some(isWildcard);
}

/** The hosts of a VirtualService and those that it routes to. */
function hostsIn(object: MeshObject): readonly string[] {
  const found = [...texts(object.spec.hosts)];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      value.forEach(visit);
    } else if (isMapping(value)) {
      const { host } = value as Mapping;
      if (typeof host === 'string') found.push(host);
      Object.values(value).forEach(visit);
    }
  };
  visit([object.spec.http, object.spec.tcp, object.spec.tls]);
  return found.map((host) => fullHost(host, object));
}

/** Sets of hosts, merged where something connects two of them. */
class Ties {
  private readonly parents = new Map<string, string>();

  get hosts(): Iterable<string> {
    return this.parents.keys();
  }

  rootOf(host: string): string {
    const parent = this.parents.get(host);
    if (parent === undefined) this.parents.set(host, host);
    if (parent === undefined || parent === host) return host;
    const root = this.rootOf(parent);
    this.parents.set(host, root);
    return root;
  }

  join(hosts: readonly string[]): void {
    const [first, ...others] = hosts.map((host) => this.rootOf(host));
    for (const root of others) this.parents.set(root, first);
  }
}

function tiesOf(states: readonly Mesh[], units: readonly Unit[]): Ties {
  const ties = new Ties();
  for (const { registry, decisions } of states) {
    for (const { host, externalName } of registry.services) ties.join([host, ...externalName === undefined ? [] : [externalName]]);
    for (const { host, services } of decisions.calls) ties.join([host, ...services.map((service) => service.host)]);
  }
  const known = [...ties.hosts];
  for (const route of routesOf(states.map(({ objects }) => objects), units).filter(isForSidecars)) {
    const hosts = hostsIn(route);
    ties.join(hosts.flatMap((host) => (isWildcard(host) ? known.filter((one) => isWithin(one, host)) : [host])));
  }
  return ties;
}

function routesOf(inventories: readonly Inventory[], units: readonly Unit[]): readonly MeshObject[] {
  const routes = new Set(inventories.flatMap((objects) => objects.of('VirtualService')));
  for (const unit of units) if (unit.object.kind === 'VirtualService') manifestsOf(unit).forEach((route) => routes.add(route));
  return [...routes];
}

