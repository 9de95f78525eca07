import { FieldPath } from '../findings/finding';
import { isOf, KIND } from '../mesh/inventory/kinds';
import { MeshObject } from '../mesh/inventory/object';
import { Mesh } from '../mesh/mesh';
import { HostIndex } from '../mesh/names/hosts';
import { DestinationRule, readDestinationRule } from '../mesh/policies/destination-rule';
import { WrittenDestination } from '../mesh/routes/route';
import { destinationsOf } from '../mesh/routes/virtual-service';
import { Aliases } from '../mesh/services/aliases';

/** A destination of a VirtualService that sends requests to a subset that no DestinationRule in the manifests defines. */
export interface UndefinedDestination {
  readonly object: MeshObject;
  readonly field: FieldPath;
  /** The full host name. */
  readonly host: string;
  readonly subset: string;
  /** Whether it receives mirrored requests, whose responses are ignored. */
  readonly isMirror: boolean;
}

/** The DestinationRules of one host as written, and the VirtualServices that route to the host or to hosts under it. */
interface HostSubsets {
  readonly rules: readonly DestinationRule[];
  /** The names of all subsets that the rules define. */
  readonly names: ReadonlySet<string>;
  /** The subsets that routes name, and whether requests reach them. */
  readonly used: ReadonlyMap<string, boolean>;
  /** The first VirtualService that routes there, with or without a subset. */
  readonly router?: MeshObject;
}

/** The subsets that DestinationRules define and VirtualServices name, whoever sees them. Needs no workload or Service. */
export class Subsets {
  readonly undefinedDestinations: readonly UndefinedDestination[];
  /** The destinations whose host has a service but no rule. */
  readonly unruledDestinations: readonly UndefinedDestination[];
  private readonly aliases: Aliases;
  private readonly byHost = new HostIndex<Growing>();

  constructor({ objects, registry }: Pick<Mesh, 'objects' | 'registry'>) {
    for (const rule of objects.of(KIND.DestinationRule).map(readDestinationRule)) this.define(rule).rules.push(rule);
    // Of two manifests of one object both may be meant, for two namespaces or clusters.
    for (const { object } of objects.replaced) if (isOf(object, KIND.DestinationRule)) this.define(readDestinationRule(object));
    this.aliases = registry.aliases;
    const open = objects.of(KIND.VirtualService).flatMap(destinationsOf).flatMap((one) => this.readDestination(one));
    this.undefinedDestinations = open.filter(({ host }) => this.of(host));
    this.unruledDestinations = open.filter(({ host }) => !this.of(host) && registry.byHost.has(host));
  }

  /** The rules for a host as written: a wildcard's own, or an exact host's own. */
  of(host: string): HostSubsets | undefined {
    return this.byHost.get(host);
  }

  private define({ host, subsets }: DestinationRule): Growing {
    let known = this.byHost.get(host);
    if (!known) this.byHost.set(host, known = { rules: [], names: new Set(), used: new Map() });
    for (const { name } of subsets) known.names.add(name);
    return known;
  }

  /** The destination, if nothing defines its subset. */
  private readDestination({ at: { object, field }, host, subset, ...of }: WrittenDestination): readonly UndefinedDestination[] {
    const isMirror = Boolean(of.mirrored);
    const reached = of.reached || isMirror;
    const isDefined = this.use(host, object, subset, reached);
    const target = this.aliases.targetOf(host);
    if (target !== undefined) this.use(target, object, subset, reached);
    if (subset === undefined || isDefined || !reached) return NONE;
    return [{ object, field, host, subset, isMirror }];
  }

  /** Records that a route names a host; returns whether any rule for it, or for a wildcard around it, defines the subset. */
  private use(host: string, object: MeshObject, subset: string | undefined, isReached: boolean): boolean {
    let isDefined = false;
    for (const known of this.byHost.covering(host)) {
      known.router ??= object;
      if (subset === undefined) continue;
      known.used.set(subset, isReached || (known.used.get(subset) ?? false));
      isDefined ||= known.names.has(subset);
    }
    return isDefined;
  }
}

const NONE: readonly UndefinedDestination[] = Object.freeze([]);

interface Growing extends HostSubsets {
  readonly rules: DestinationRule[];
  readonly names: Set<string>;
  readonly used: Map<string, boolean>;
  router?: MeshObject;
}
