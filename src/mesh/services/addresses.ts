import { Named } from './cluster-names';
import { addressEndpoint, Endpoint, machineEndpoint, workloadEndpoint } from './endpoint';
import { AddressHolder } from './known-addresses';
import { Machine, machinesListedBy } from './machine';
import { ServiceRegistry } from './registry';
import { connectablePort, isHeadless, isRange, Service } from './service';
import { podsKey, Workload } from '../workloads/workload';

/** What a name resolves to: a Service's own address, a pod, a machine, or an address that the manifests don't contain. */
export type Address =
  | { readonly at: 'service'; readonly service: Service }
  | { readonly at: 'workload'; readonly workload: Workload }
  | { readonly at: 'ip'; readonly ip: string; readonly machine?: Machine; readonly holder?: AddressHolder }
  | { readonly at: 'elsewhere' };

const ELSEWHERE: Address = Object.freeze({ at: 'elsewhere' });

/** Resolves names as the cluster's DNS does, and forwards packets as kube-proxy does. */
export class Addresses {
  /** Machines by address: WorkloadEntries, and endpoints of ServiceEntries with a sidecar. Nothing is known about other addresses. */
  private readonly machines: ReadonlyMap<string, Machine>;

  constructor(private readonly registry: ServiceRegistry) {
    const listed = registry.services.flatMap(({ object, registry: of }) => (
      of === 'ServiceEntry' ? machinesListedBy(object).filter(({ tlsMode }) => tlsMode === 'istio') : []));
    this.machines = new Map([...listed, ...registry.machines].map((machine) => [machine.address, machine]));
  }

  /** The addresses to which an application resolves a service; empty for a headless Service without pods. */
  of(service: Service, port: number): readonly Address[] {
    const named = this.registry.names.lookUp(service.host);
    if (named) return this.ofNamed(named);
    if (service.addresses.length > 0) return service.addresses.map((ip) => this.ip(ip));
    const instances = service.resolution === 'PASSTHROUGH' ? this.instances(service, port) : [];
    return instances.length > 0 ? instances : [ELSEWHERE];
  }

  /** The servers that a packet to an address reaches. */
  reach(address: Address, port: number): readonly Endpoint[] {
    switch (address.at) {
      case 'service': return this.forwarded(address.service, port);
      case 'workload': return [workloadEndpoint(address.workload, port)];
      case 'ip': {
        const { ip, machine, holder } = address;
        if (holder && 'service' in holder) return this.forwarded(holder.service, port);
        return [machine ? machineEndpoint(machine, port, holder) : addressEndpoint(ip, port, '', holder)];
      }
      default: return [addressEndpoint('', port)];
    }
  }

  /** The servers behind a name that a client's proxy resolves itself; undefined if the cluster's DNS can't resolve it. */
  reachHost(host: string, port: number): readonly Endpoint[] | 'varies' | undefined {
    const { names } = this.registry;
    const named = names.lookUp(host);
    if (named === 'varies') return named;
    return named ? this.ofNamed(named).flatMap((address) => this.reach(address, port)) : names.isOwn(host) ? [] : undefined;
  }

  /** The services of an ExternalName's final target. */
  behindAlias(host: string): readonly Service[] {
    return this.registry.byHost.get(this.registry.aliases.targetOf(host) ?? '') ?? [];
  }

  /** The first service of a host, whoever sees it, to name a destination that no client reaches. */
  anyService(host: string): Service | undefined {
    return this.registry.byHost.get(host)?.[0];
  }

  /** A name that each namespace resolves differently has no known address. */
  private ofNamed(named: Named | 'varies'): readonly Address[] {
    if (named === 'varies') return [];
    if ('pods' in named) return named.pods.map((workload) => ({ at: 'workload', workload }));
    const { service } = named;
    return isHeadless(service) ? this.membersOf(service) : [{ at: 'service', service }];
  }

  /** Whether an address is a range that contains addresses of the manifests: the result depends on which address the application calls. */
  isInhabited(address: Address): boolean {
    return address.at === 'ip' && isRange(address.ip) && this.registry.isInhabited(address.ip);
  }

  /**
   * The servers behind an endpoint's address, if it is a Service's, which
   * kube-proxy forwards; undefined if the manifests have no such Service.
   */
  behind(ip: string, port: number): readonly Endpoint[] | undefined {
    const holder = this.registry.knownAddresses.at(ip);
    return holder && 'service' in holder ? this.forwarded(holder.service, port) : undefined;
  }

  /** kube-proxy doesn't forward to machines. */
  private forwarded(service: Service, port: number): readonly Endpoint[] {
    const known = service.ports.find(({ number, transport }) => number === port && transport === 'TCP');
    return known ? this.registry.endpointsOf(service, known).filter(({ machine }) => machine === undefined) : [];
  }

  private ip(ip: string): Address {
    const holder = this.registry.knownAddresses.at(ip);
    if (holder && 'pod' in holder) return { at: 'workload', workload: holder.pod };
    if (holder && 'service' in holder && holder.service.addresses[0] === ip) return { at: 'service', service: holder.service };
    return { at: 'ip', ip, machine: this.machines.get(ip), holder };
  }

  private membersOf(service: Service): readonly Address[] {
    return this.registry.membersOf(service)
      .map((member) => (typeof member === 'string' ? this.ip(member) : { at: 'workload', workload: member }));
  }

  private instances(service: Service, number: number): readonly Address[] {
    const port = connectablePort(service, number);
    return (port ? this.registry.endpointsOf(service, port) : []).flatMap(({ workload, machine }): readonly Address[] => {
      if (workload) return [{ at: 'workload', workload }];
      return machine ? [this.ip(machine.address)] : []; // neither: the host of another ServiceEntry, which resolution DNS resolves
    });
  }
}

/** A key that is equal for equal addresses. */
export function addressKey(address: Address): string {
  switch (address.at) {
    case 'service': return `service ${address.service.host}`;
    case 'workload': return podsKey(address.workload);
    case 'ip': return address.ip;
    default: return '';
  }
}
