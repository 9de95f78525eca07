import { Call } from './call';
import { ControlPlane } from '../control-planes/control-plane';
import { ProxyScope } from '../control-planes/sidecar-scope';
import { Labels } from '../names/labels';
import { ProxyKind } from '../workloads/injection';
import { Network } from '../workloads/networks';
import { Workload } from '../workloads/workload';

/** A caller: currently always a workload. */
export type MeshCaller = Workload;

/** Clients that no configuration distinguishes: a decision for one applies to all. */
export type Sender = SidecarSender | OtherSender;

/** Clients whose sidecars an istiod of the mesh configures. */
export interface SidecarSender extends Alike {
  readonly kind: 'sidecar';
  /** The istiod that configures their proxies. */
  readonly plane: ControlPlane;
  /** What their proxies import. */
  readonly scope: ProxyScope;
}

/** Clients without a proxy, or with one that isn't modelled. */
export interface OtherSender extends Alike {
  readonly kind: Exclude<ProxyKind, 'sidecar'>;
  readonly plane?: undefined;
  readonly scope?: undefined;
}

/** What all senders have. */
interface Alike {
  readonly namespace: string;
  /** The labels of one of them: selectors treat all members' labels alike. */
  readonly labels: Labels;
  /** At least one. Any of them stands for all where proxies and annotations count. */
  readonly members: readonly [MeshCaller, ...MeshCaller[]];
  /** The network that they call from. */
  readonly network: Network;
  /**
   * What distinguishes them from other senders in all calls: their network, the
   * EnvoyFilters for their proxies, and names that they resolve themselves.
   */
  readonly proxySettings: string;
  /** The calls that they make; undefined: any. */
  readonly calls?: ReadonlySet<Call>;
}

const MEMBERS = new WeakMap<Sender, ReadonlySet<Workload>>();

/** Whether a workload is one of a sender's clients. */
export function isMember(workload: Workload, one: Sender): boolean {
  let members = MEMBERS.get(one);
  if (!members) MEMBERS.set(one, members = new Set(one.members));
  return members.has(workload);
}

const NONE: ReadonlySet<Sender> = new Set();

/** A set of senders that shares its base: excluding a few members takes no more memory than they do. */
export class SenderSet implements Iterable<Sender> {
  static of(senders: Iterable<Sender>): SenderSet {
    const all = new Set(senders);
    return new SenderSet(all, NONE, clientsIn(all));
  }

  private constructor(
    /** Shared with other sets; `left` are the members of it that this set excludes. */
    readonly all: ReadonlySet<Sender>, readonly left: ReadonlySet<Sender>,
    /** The total number of clients. */
    readonly clients: number,
  ) {}

  /** The set without some senders, each of which must be in it. */
  without(left: ReadonlySet<Sender>): SenderSet {
    return new SenderSet(this.all, left, this.clients - clientsIn(left));
  }

  has(one: Sender): boolean {
    return this.all.has(one) && !this.left.has(one);
  }

  /** Any one of the senders; undefined if there is none. */
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
  for (const { members: workloads } of senders) clients += workloads.length;
  return clients;
}
