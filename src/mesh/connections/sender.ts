import { ControlPlane } from '../control-plane';
import { Labels } from '../names/selector';
import { Scope } from '../visibility/scope';
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
  readonly scope?: Scope;
}

/** Clients whose sidecars are configured by an istiod of the mesh. */
export type SidecarSender = Sender & { readonly plane: ControlPlane; readonly scope: Scope };

const MEMBERS = new WeakMap<Sender, ReadonlySet<Workload>>();

/** Whether a workload is one of the clients of a class. */
export function isMember(workload: Workload, one: Sender): boolean {
  let members = MEMBERS.get(one);
  if (!members) MEMBERS.set(one, members = new Set(one.workloads));
  return members.has(workload);
}
