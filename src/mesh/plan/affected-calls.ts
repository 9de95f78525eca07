import { ChangeUnit } from './change-unit';
import { EVERYWHERE, Footprints, UnitFootprint } from './footprints';
import { ServedHosts } from './served-hosts';
import { hostsIn, isForSidecars, unitManifests } from './unit-manifests';
import { addTo } from '../collections';
import { Inventory } from '../inventory/inventory';
import { isOf, KIND } from '../inventory/kinds';
import { MeshObject } from '../inventory/object';
import { Mesh } from '../mesh';
import { isWildcard, isWithin } from '../names/hosts';
import { readSidecar } from '../policies/sidecar';

/** Calls that the same units may affect: calls to hosts that share routes, addresses, ports or names. */
export interface AffectedCalls {
  readonly hosts: ReadonlySet<string>;
  /**
   * The indices of units that may affect these calls of all clients. Excludes
   * units that affect only one namespace's clients, but calls to any host.
   */
  readonly units: readonly number[];
  /** `units`, and units that may affect how servers receive the calls but not what clients send. */
  readonly receiving: readonly number[];
}

export const NO_UNITS: readonly number[] = [];

/**
 * Which calls each unit of a change may affect in any state of the other units: judged by what its kind and
 * fields allow, not by its effect in one state. Kinds that aren't examined closely may affect all calls.
 */
export class AffectedCallsIndex {
  /** The calls that some unit affects. */
  readonly touched: readonly AffectedCalls[];
  private readonly byHost: ReadonlyMap<string, AffectedCalls>;
  private readonly byUnit = new Map<number, number[]>();
  private readonly byClients = new Map<string, number[]>();
  private readonly footprints: readonly UnitFootprint[];

  constructor(states: readonly Mesh[], private readonly units: readonly ChangeUnit[]) {
    const served = new ServedHosts(states, units);
    const ties = tiesOf(states, units, served);
    const footprints = new Footprints(states, units, served);
    this.footprints = units.map((unit) => footprints.of(unit));
    const [sending, receiving] = [new UnitsByArea(ties), new UnitsByArea(ties)];
    const everywhere: number[] = [];
    for (const [index, { hosts, receiving: servers = [], clients }] of this.footprints.entries()) {
      if (hosts === EVERYWHERE) everywhere.push(index);
      else for (const host of hosts) sending.add(host, index);
      for (const host of servers) receiving.add(host, index);
      if (clients !== undefined) addTo(this.byClients, clients, index);
    }
    const areas = new Map<string, AffectedCalls & { readonly hosts: Set<string> }>();
    for (const host of ties.hosts) {
      const own = [...everywhere, ...sending.of(host)];
      const both = sorted([...own, ...receiving.of(host)]);
      // Calls that only some clients' units affect are examined together.
      const root = both.length === 0 ? '' : ties.rootOf(host);
      const same = both.length === own.length ? both : sorted(own);
      const area = areas.get(root) ?? { hosts: new Set<string>(), units: same, receiving: both };
      area.hosts.add(host);
      areas.set(root, area);
    }
    this.touched = [...areas.values()].filter((area) => area.receiving.length > 0 || this.byClients.size > 0);
    for (const [index, area] of this.touched.entries()) for (const unit of area.receiving) addTo(this.byUnit, unit, index);
    this.byHost = new Map(this.touched.flatMap((area) => [...area.hosts].map((host) => [host, area] as const)));
  }

  /** Undefined if no unit affects calls to the host. */
  of(host: string): AffectedCalls | undefined {
    return this.byHost.get(host);
  }

  /** Which calls a unit may affect. */
  footprintOf(unit: number): UnitFootprint {
    return this.footprints[unit];
  }

  /** The indices of the `AffectedCalls` that a unit affects for all clients. */
  touching(unit: number): readonly number[] {
    return this.byUnit.get(unit) ?? NO_UNITS;
  }

  /** The units that affect what clients of a namespace send to any host: the same array for all clients. */
  ofClients(namespace: string): readonly number[] {
    return this.byClients.get(namespace) ?? NO_UNITS;
  }

  /**
   * A colour (number) for each unit, so that units which affect the same calls, or are in one of the sets, have
   * different colours. Units that affect a namespace's clients differ from all other units, since they are
   * examined with each group of calls, but not from those of other namespaces: no client is in two.
   *
   * @param sets units that are examined together for other reasons
   */
  colours(sets: readonly (readonly number[])[]): readonly number[] {
    const together = new Map<number, (readonly number[])[]>();
    const all = [...this.touched.map(({ receiving }) => receiving), ...this.byClients.values(), ...sets];
    for (const set of all) for (const unit of set) addTo(together, unit, set);
    const colours: number[] = [];
    const colour = (index: number, first: number): void => {
      const taken = new Set((together.get(index) ?? []).flatMap((set) => set.map((other) => colours[other])));
      let number = first;
      while (taken.has(number)) number++;
      colours[index] = number;
    };
    const ofClients = new Set([...this.byClients.values()].flat());
    for (const index of this.units.keys()) if (!ofClients.has(index)) colour(index, 0);
    const first = colours.reduce((most, number) => Math.max(most, number + 1), 0);
    for (const index of ofClients) colour(index, first);
    return colours;
  }
}

/** Merges two sorted lists of units. */
export function joined(units: readonly number[], own: readonly number[]): readonly number[] {
  return own.length === 0 ? units : sorted([...units, ...own]);
}

function sorted(units: readonly number[]): readonly number[] {
  return [...new Set(units)].sort((one, other) => one - other);
}

/** Groups units by connected hosts. */
class UnitsByArea {
  private readonly byRoot = new Map<string, Set<number>>();

  constructor(private readonly ties: Ties) {}

  add(host: string, unit: number): void {
    const root = this.ties.rootOf(host);
    this.byRoot.set(root, (this.byRoot.get(root) ?? new Set()).add(unit));
  }

  of(host: string): Iterable<number> {
    return this.byRoot.get(this.ties.rootOf(host)) ?? NO_UNITS;
  }
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

function tiesOf(states: readonly Mesh[], units: readonly ChangeUnit[], served: ServedHosts): Ties {
  const ties = new Ties();
  const byPort = new Map<number, string[]>();
  const byAddress = new Map<string, string[]>();
  const headless = new Set<string>();
  for (const { registry, decisions } of states) {
    for (const { host, externalName, ports, addresses, resolution } of registry.services) {
      ties.join([host, ...externalName === undefined ? [] : [externalName]]);
      for (const { number } of ports) addTo(byPort, number, host);
      for (const address of addresses) addTo(byAddress, address, host);
      if (resolution === 'PASSTHROUGH') headless.add(host);
    }
    for (const call of decisions.calls) {
      const destinations = decisions.of(call).flatMap(({ paths }) => paths.flatMap(({ hops }) => hops.map(({ target }) => target.host)));
      ties.join([call.host, ...call.neighbours.map((service) => service.host), ...new Set(destinations)]);
    }
  }
  // The services listen at the same place in some state, if not before or after the change.
  for (const hosts of byAddress.values()) ties.join(hosts);
  for (const hosts of served.byWorkload.values()) ties.join([...hosts].filter((host) => headless.has(host)));
  // A Sidecar's egress port lets any service there receive calls that no other
  // listener accepts; that service's DestinationRules and policies then decide.
  const opened = states.flatMap(({ objects }) => objects.of(KIND.Sidecar))
    .flatMap((object) => readSidecar(object).egress.map(({ port }) => port?.number));
  const isShared = (port: number): boolean => opened.includes(port) || states.some(({ registry }) => registry.isCatchAllPort(port));
  for (const [port, hosts] of byPort) if (isShared(port)) ties.join(hosts);
  const known = [...ties.hosts];
  for (const route of routesOf(states.map(({ objects }) => objects), units).filter(isForSidecars)) {
    const hosts = hostsIn(route);
    ties.join(hosts.flatMap((host) => (isWildcard(host) ? known.filter((one) => isWithin(one, host)) : [host])));
  }
  return ties;
}

function routesOf(inventories: readonly Inventory[], units: readonly ChangeUnit[]): readonly MeshObject[] {
  const routes = new Set(inventories.flatMap((objects) => objects.of(KIND.VirtualService)));
  for (const unit of units) if (isOf(unit.object, KIND.VirtualService)) unitManifests(unit).forEach((route) => routes.add(route));
  return [...routes];
}

