import { isHeadless, isRange, Service } from './service';
import { mapping, mappings, text, texts } from '../../manifests/mapping';
import { Inventory } from '../inventory/inventory';
import { KIND } from '../inventory/kinds';
import { MeshObject } from '../inventory/object';
import { keyOf } from '../inventory/owners';
import { Workload } from '../workloads/workload';

/** The holder of an address: a pod, a Service by kube-proxy's rules, or a node, where any process may answer. */
export type AddressHolder =
  | { readonly pod: Workload }
  | { readonly service: Service }
  | { readonly node: true };

const NODE: AddressHolder = { node: true };

/** The addresses of pods, nodes and Services in the manifests: objects of a live cluster contain them, others only if they are fixed. */
export class KnownAddresses {
  static readonly NONE = new KnownAddresses(new Map(), new Map());

  static of(objects: Inventory, workloads: readonly Workload[], services: readonly Service[]): KnownAddresses {
    const holders = new Map<string, AddressHolder>();
    const ips = new Map<Workload, string[]>();
    for (const service of services) for (const ip of forwardedTo(service)) holders.set(ip, { service });
    const byKey = new Map(workloads.map((workload) => [keyOf(workload), workload]));
    const made = objects.owners.madeBy(new Set(byKey.keys()));
    for (const object of objects.of(KIND.Pod)) {
      const { hostIP, hostIPs } = mapping(mapping(object.source).status);
      for (const ip of [text(hostIP), ...mappings(hostIPs).map(({ ip: one }) => text(one))]) if (ip !== undefined) holders.set(ip, NODE);
    }
    for (const object of objects.of(KIND.Pod)) {
      const key = keyOf(object);
      const workload = byKey.get(key) ?? byKey.get(made.get(key) ?? '');
      for (const ip of workload ? podIpsOf(object) : []) {
        const known = holders.get(ip);
        // Several pods on the host's network share the node's address.
        holders.set(ip, known && 'pod' in known && known.pod !== workload ? NODE : { pod: workload! });
        ips.set(workload!, [...ips.get(workload!) ?? [], ip]);
      }
    }
    return holders.size === 0 ? KnownAddresses.NONE : new KnownAddresses(holders, ips);
  }

  private constructor(
    private readonly holders: ReadonlyMap<string, AddressHolder>, private readonly ips: ReadonlyMap<Workload, readonly string[]>,
  ) {}

  /** Undefined if the manifests don't contain the address. */
  at(ip: string): AddressHolder | undefined {
    return this.holders.get(ip);
  }

  /** The addresses of a workload's pods. */
  of(workload: Workload): readonly string[] {
    return this.ips.get(workload) ?? [];
  }

  get all(): Iterable<string> {
    return this.holders.keys();
  }
}

/** The addresses that kube-proxy forwards to a Service's servers. */
export function forwardedTo(service: Service): readonly string[] {
  if (service.registry !== 'Kubernetes' || isHeadless(service) || service.externalName !== undefined) return [];
  const { spec, source } = service.object;
  const ingress = mappings(mapping(mapping(mapping(source).status).loadBalancer).ingress);
  const balanced = ingress.flatMap(({ ip, ipMode }) => (text(ip) !== undefined && (ipMode ?? 'VIP') === 'VIP' ? [text(ip)!] : []));
  return [...service.addresses, ...texts(spec.externalIPs), ...balanced];
}

function podIpsOf({ source }: MeshObject): readonly string[] {
  const { podIP, podIPs } = mapping(mapping(source).status);
  return [...new Set([text(podIP), ...mappings(podIPs).map(({ ip }) => text(ip))])].filter((ip) => ip !== undefined);
}

/** Whether an address is in a range (CIDR), both spelled as in manifests. */
export function liesIn(address: string, range: string): boolean {
  const [network, length] = range.split('/');
  const [bits, wanted] = [bitsOf(address), bitsOf(network)];
  return isRange(range) && bits !== undefined && bits.length === wanted?.length && bits.startsWith(wanted.slice(0, Number(length)));
}

/** The bits of an address, as text; undefined if it isn't one. */
function bitsOf(address: string): string | undefined {
  const binary = (parts: readonly string[], base: number, width: number): string =>
    parts.map((part) => Number.parseInt(part, base).toString(2).padStart(width, '0')).join('');
  if (/^\d+(\.\d+){3}$/.test(address)) return binary(address.split('.'), 10, 8);
  if (!/^[\da-f]*(:[\da-f]*){2,7}$/i.test(address)) return undefined;
  const [left, right] = address.split('::').map((half) => half.split(':').filter(Boolean));
  const zeros = right === undefined ? 0 : 8 - left.length - right.length;
  return binary([...left, ...Array<string>(Math.max(0, zeros)).fill('0'), ...right ?? []], 16, 16);
}
