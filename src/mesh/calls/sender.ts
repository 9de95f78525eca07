import { ControlPlane } from '../control-plane';
import { SidecarScope } from '../dataplane/sidecar-scope';
import { Labels } from '../names/labels';
import { Network } from '../workloads/networks';
import { Workload } from '../workloads/workload';

/** Clients that no rule of the mesh tells apart: what is decided for one holds for all. */
export interface Sender {
  readonly namespace: string;
  /** The labels of one of them: rules tell them from others' labels, not from each other's. */
  readonly labels: Labels;
  /** Any one of them, for what its proxy and annotations say. */
  readonly one: Workload;
  readonly workloads: readonly Workload[];
  /** The network that they call from. */
  readonly network: Network;
  /** What sets them apart from others whatever they call: their network, the EnvoyFilters of their proxies, and names that they resolve themselves. */
  readonly traits: string;
  /** The istiod of their proxies, and what it tells them of; undefined: they have no proxy, or none that is modelled. */
  readonly plane?: ControlPlane;
  readonly scope?: SidecarScope;
}

/** Clients whose sidecars are configured by an istiod of the mesh. */
export type SidecarSender = Sender & { readonly plane: ControlPlane; readonly scope: SidecarScope };

const MEMBERS = new WeakMap<Sender, ReadonlySet<Workload>>();

/** Whether a workload is one of the clients of a sender. */
export function isMember(workload: Workload, one: Sender): boolean {
  let members = MEMBERS.get(one);
  if (!members) MEMBERS.set(one, members = new Set(one.workloads));
  return members.has(workload);
}

const NONE: ReadonlySet<Sender> = new Set();

/** Classes of clients; a large set without some of its members costs no more than those do. */
export class SenderSet implements Iterable<Sender> {
  static of(senders: Iterable<Sender>): SenderSet {
    const all = new Set(senders);
    return new SenderSet(all, NONE, clientsIn(all));
  }

  private constructor(
    /** Larger sets have it in common; `left` are those of it that this one is without. */
    readonly all: ReadonlySet<Sender>, readonly left: ReadonlySet<Sender>,
    /** How many clients there are in all. */
    readonly clients: number,
  ) {}

  /** The set without some senders, of which each must be in it. */
  without(left: ReadonlySet<Sender>): SenderSet {
    return new SenderSet(this.all, left, this.clients - clientsIn(left));
  }

  has(one: Sender): boolean {
    return this.all.has(one) && !this.left.has(one);
  }

  /** Any of the senders; undefined if there is none. */
  get one(): Sender | undefined {
    for (const one of this.all) if (!this.left.has(one)) return one;
    return undefined;
  }

  * [Symbol.iterator](): Generator<Sender> {
    for (const one of this.all) if (!this.left.has(one)) yield one;
  }
}

function clientsIn(senders: Iterable<Sender>): number {
  let clients = 0;
  for (const { workloads } of senders) clients += workloads.length;
  return clients;
}
