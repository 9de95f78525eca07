import { ControlPlane } from '../control-plane';
import { addTo } from '../grouped';
import { Labels, SelectorIndex } from '../names/selector';
import { Scope } from '../visibility/scope';
import { OUTBOUND_ANNOTATIONS } from '../workloads/interception';
import { Network } from '../workloads/networks';
import { Workload } from '../workloads/workload';

/** Clients that no rule of the mesh tells apart: what is decided for one holds for all. */
export interface ClientClass {
  readonly namespace: string;
  /** The labels of one of them: rules tell them from others' labels, not from each other's. */
  readonly labels: Labels;
  /** Any one of them, for what its proxy and annotations say. */
  readonly one: Workload;
  readonly workloads: readonly Workload[];
  /** The network that they call from. */
  readonly network: Network;
  /** What sets them apart from others whatever they call: their network, and the EnvoyFilters of their proxies. */
  readonly traits: string;
  /** The istiod of their sidecars, and what they see; undefined: they have none, or none that is modelled. */
  readonly plane?: ControlPlane;
  readonly scope?: Scope;
}

/** Clients whose sidecars are configured by an istiod of the mesh. */
export type SidecarClass = ClientClass & { readonly plane: ControlPlane; readonly scope: Scope };

export function clientClasses(workloads: readonly Workload[], planeOf: (revision: string) => ControlPlane): readonly ClientClass[] {
  const signatures = new Map<ControlPlane, Signatures>();
  const groups = new Map<string, Workload[]>();
  for (const workload of workloads) {
    const plane = workload.proxy.kind === 'sidecar' ? planeOf(workload.proxy.revision) : undefined;
    let known = plane && signatures.get(plane);
    if (plane && !known) signatures.set(plane, known = new Signatures(plane));
    addTo(groups, `${traitsOf(workload, plane)}\n${plane ? sidecarKey(workload, plane, known!) : workload.proxy.kind}`, workload);
  }
  return [...groups.values()].map((group) => {
    const [one] = group;
    const plane = one.proxy.kind === 'sidecar' ? planeOf(one.proxy.revision) : undefined;
    const traits = traitsOf(one, plane);
    const { namespace, labels, place: { callsFrom: network } } = one;
    return { namespace, labels, one, workloads: group, network, traits, plane, scope: plane?.scopeOf(one) };
  });
}

function traitsOf(workload: Workload, plane: ControlPlane | undefined): string {
  const { name, unclear } = workload.place.callsFrom;
  const filters = plane?.envoyFilters.clientKey(workload) ?? '';
  return name === undefined && !unclear && filters === '' ? '' : JSON.stringify([name, unclear, filters]);
}

const MEMBERS = new WeakMap<ClientClass, ReadonlySet<Workload>>();

/** Whether a workload is one of the clients of a class. */
export function isMember(workload: Workload, one: ClientClass): boolean {
  let members = MEMBERS.get(one);
  if (!members) MEMBERS.set(one, members = new Set(one.workloads));
  return members.has(workload);
}

/** Clients whose traffic gets to their sidecars, or is named there, otherwise than the mesh config has it. */
export function hasOwnInterception({ one, plane }: ClientClass): boolean {
  return plane !== undefined && isTelling(one, plane);
}

function isTelling({ annotations, interception: { redirection, asProxy }, dnsCapture }: Workload, { config }: ControlPlane): boolean {
  if (asProxy || dnsCapture !== config.dnsCapture) return true;
  return (redirection === 'NONE') !== (config.interceptionMode === 'NONE') || OUTBOUND_ANNOTATIONS.some((name) => annotations[name] !== undefined);
}

function sidecarKey(workload: Workload, plane: ControlPlane, signatures: Signatures): string {
  const { namespace, labels, annotations, interception: { redirection, asProxy }, dnsCapture, proxy } = workload;
  const key = `${proxy.revision}\n${namespace}\n${signatures.of(namespace, labels)}`;
  if (!isTelling(workload, plane)) return key;
  return [key, redirection, asProxy, dnsCapture, JSON.stringify(OUTBOUND_ANNOTATIONS.map((name) => annotations[name]))].join('\n');
}

/** Which selectors of the mesh select given labels: equal answers, equal treatment. */
class Signatures {
  private readonly byNamespace = new Map<string, SelectorIndex<number>>();

  constructor(private readonly plane: ControlPlane) {}

  of(namespace: string, labels: Labels): string {
    let index = this.byNamespace.get(namespace);
    if (!index) this.byNamespace.set(namespace, index = this.indexOf(namespace));
    return index.matching(labels).join();
  }

  private indexOf(namespace: string): SelectorIndex<number> {
    const { rules, sidecars, routes } = this.plane;
    const index = new SelectorIndex<number>();
    const selectors = [...rules.selectorsOf(namespace), ...sidecars.selectorsOf(namespace), ...routes.sourceLabels];
    selectors.forEach((selector, number) => index.add(selector, number));
    return index;
  }
}
