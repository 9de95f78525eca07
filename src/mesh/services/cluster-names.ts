import { Aliases } from './aliases';
import { isHeadless, Service } from './service';
import { integer, mapping, text } from '../../manifests/mapping';
import { STATEFUL_SETS } from '../inventory/kinds';
import { dnsName } from '../names/hosts';
import { podSpecOf } from '../workloads/pod-template';
import { Workload } from '../workloads/workload';

/** What a name in the cluster's DNS stands for: a Service, or pods with names of their own. */
export type Named =
  | { readonly service: Service }
  | { readonly pods: readonly Workload[] };

/** What names are looked up in. */
interface Zone {
  readonly clusterDomain: string;
  readonly services: readonly Service[];
  readonly aliases: Aliases;
  kubernetesService(host: string): Service | undefined;
  membersOf(service: Service): readonly (Workload | string)[];
}

/** The kubelet sets `ndots:5`: a name with at least that many dots is looked up as it is before the search domains. */
const NDOTS = 5;

/** Resolves names as the cluster's DNS, and the resolvers of its pods, do. */
export class ClusterNames {
  private readonly known = new Map<string, Named | 'varies' | undefined>();

  private knownNamespaces: readonly string[] | undefined;

  constructor(private readonly zone: Zone) {}

  private get namespaces(): readonly string[] {
    return this.knownNamespaces ??= [...new Set(this.zone.services.map(({ namespace }) => namespace))];
  }

  /** What a pod resolves a name to; `varies` if that depends on its namespace; undefined if the cluster's DNS has no such name. */
  lookUp(name: string): Named | 'varies' | undefined {
    if (!this.known.has(name)) this.known.set(name, this.search(name));
    return this.known.get(name);
  }

  /** Whether a name is in the cluster's domain, so that no other DNS server has it. */
  isOwn(name: string): boolean {
    return dnsName(name).endsWith(`.svc.${this.zone.clusterDomain}`);
  }

  private search(asked: string): Named | 'varies' | undefined {
    const name = asked.toLowerCase();
    // Full names have too many labels for a search domain, since namespaces have no dots.
    if (!name.endsWith('.') && !this.isOwn(name) && name.split('.').length <= NDOTS) {
      const services = `svc.${this.zone.clusterDomain}`;
      // Below a namespace, a Service's name has one label, and a pod's two.
      const isShort = name.split('.').length <= 2;
      if (isShort && this.namespaces.some((namespace) => this.find(`${name}.${namespace}.${services}`))) return 'varies';
      const found = this.find(`${name}.${services}`) ?? this.find(`${name}.${this.zone.clusterDomain}`);
      if (found) return found;
    }
    return this.find(dnsName(name));
  }

  /** Looks up a full name, through ExternalName Services. */
  private find(name: string): Named | undefined {
    const target = this.zone.aliases.targetOf(name) ?? name;
    const service = this.zone.kubernetesService(target);
    if (service) return service.externalName === undefined ? { service } : undefined;
    const pods = this.podsNamed(target);
    return pods.length > 0 ? { pods } : undefined;
  }

  private podsNamed(host: string): readonly Workload[] {
    const dot = host.indexOf('.');
    const service = dot < 0 ? undefined : this.zone.kubernetesService(host.slice(dot + 1));
    if (!service || !isHeadless(service)) return [];
    return this.zone.membersOf(service)
      .filter((member) => typeof member !== 'string' && hasName(member, host.slice(0, dot), service.name)) as readonly Workload[];
  }
}

/**
 * Whether pods of a workload have a name in a Service: a StatefulSet numbers its pods; pods of others share the hostname of their template.
 */
function hasName(workload: Workload, name: string, service: string): boolean {
  const { object: { spec }, podSource } = workload;
  if (!STATEFUL_SETS.has(workload)) {
    const { hostname, subdomain } = podSpecOf(podSource);
    return text(hostname) === name && text(subdomain) === service;
  }
  const ordinal = name.startsWith(`${workload.name}-`) ? /^(0|[1-9]\d*)$/.exec(name.slice(workload.name.length + 1))?.[0] : undefined;
  if (ordinal === undefined || text(spec.serviceName) !== service) return false;
  const first = integer(mapping(spec.ordinals).start) ?? 0;
  return Number(ordinal) >= first && Number(ordinal) < first + (integer(spec.replicas) ?? 1);
}
