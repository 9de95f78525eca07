import { addressEndpoint, Endpoint, machineEndpoint, workloadEndpoint } from './endpoint';
import { Machine } from './machine';
import { ServiceRegistry } from './registry';
import { isHeadless, portOf, Service } from './service';
import { dnsName } from '../names/hosts';
import { podsKey, Workload } from '../workloads/workload';

/** Where a name leads: a Service's own address, a pod, a machine or an address that the manifests don't contain. */
export type Address =
  | { readonly at: 'service'; readonly service: Service }
  | { readonly at: 'workload'; readonly workload: Workload }
  | { readonly at: 'ip'; readonly ip: string; readonly machine?: Machine }
  | { readonly at: 'elsewhere' };

const ELSEWHERE: Address = Object.freeze({ at: 'elsewhere' });

/** Resolves names as the cluster's DNS does, and follows packets as kube-proxy does. */
export class Addresses {
  private readonly machines: ReadonlyMap<string, Machine>;

  constructor(private readonly registry: ServiceRegistry) {
    this.machines = new Map(registry.machines.map((machine) => [machine.address, machine]));
  }

  /** The addresses of a service as an application resolves it: none for a headless Service without pods. */
  of(service: Service, port: number): readonly Address[] {
    const concrete = this.inCluster(service.host);
    if (concrete) return this.ofConcrete(concrete);
    if (service.addresses.length > 0) return service.addresses.map((ip) => this.ip(ip));
    const instances = service.resolution === 'PASSTHROUGH' ? this.instances(service, port) : [];
    return instances.length > 0 ? instances : [ELSEWHERE];
  }

  /** The servers that a packet to an address reaches. */
  reach(address: Address, port: number): readonly Endpoint[] {
    switch (address.at) {
      case 'service': {
        const known = address.service.ports.find(({ number, transport }) => number === port && transport === 'TCP');
        return known ? this.registry.endpointsOf(address.service, known).filter(({ machine }) => machine === undefined) : [];
      }
      case 'workload': return [workloadEndpoint(address.workload, port)];
      case 'ip': return [address.machine ? machineEndpoint(address.machine, port) : addressEndpoint(address.ip, port)];
      default: return [addressEndpoint('', port)];
    }
  }

  /** The servers behind a name that a client's proxy resolves itself. */
  reachHost(host: string, port: number): readonly Endpoint[] | undefined {
    const concrete = this.inCluster(host);
    return concrete && this.ofConcrete(concrete).flatMap((address) => this.reach(address, port));
  }

  /** The Service that a name leads to in the cluster's DNS, through ExternalName Services. */
  inCluster(host: string): Service | undefined {
    const name = dnsName(host);
    const service = this.registry.kubernetesService(this.registry.aliases.targetOf(name) ?? name);
    return service?.externalName === undefined ? service : undefined;
  }

  /** The services of the name that an ExternalName Service stands for in the end. */
  behindAlias(host: string): readonly Service[] {
    return this.registry.byHost.get(this.registry.aliases.targetOf(host) ?? '') ?? [];
  }

  /** The first service of a host, whoever sees it: how to name a destination that nobody can reach. */
  anyService(host: string): Service | undefined {
    return this.registry.byHost.get(host)?.[0];
  }

  private ofConcrete(service: Service): readonly Address[] {
    return isHeadless(service) ? this.membersOf(service) : [{ at: 'service', service }];
  }

  private ip(ip: string): Address {
    return { at: 'ip', ip, machine: this.machines.get(ip) };
  }

  private membersOf(service: Service): readonly Address[] {
    return this.registry.membersOf(service).map((member) => (typeof member === 'string' ? this.ip(member) : { at: 'workload', workload: member }));
  }

  private instances(service: Service, number: number): readonly Address[] {
    const port = portOf(service, number);
    return (port ? this.registry.endpointsOf(service, port) : []).flatMap(({ workload, machine }): readonly Address[] => {
      if (workload) return [{ at: 'workload', workload }];
      return machine ? [this.ip(machine.address)] : []; // neither: another ServiceEntry's own host, if it says DNS
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
