import { text, labelsOf, mapping } from '../../manifests/mapping';
import { Inventory } from '../inventory/inventory';
import { isOf, KIND, Kinds } from '../inventory/kinds';
import { MeshObject } from '../inventory/object';
import { Machine, machineOfEntry, machinesListedBy } from '../services/machine';
import { NamedNetwork, NETWORK, networkOfProxyConfig, Networks } from '../workloads/networks';
import { Workload } from '../workloads/workload';

/** What names a network in a mesh: if nothing does, everything is on one. */
export class NamedNetworks {
  private found?: { readonly first: NamedNetwork | undefined };

  constructor(private readonly objects: Inventory, private readonly workloads: readonly Workload[], private readonly networks: Networks) {}

  /** The first that is found; undefined: none. */
  get first(): NamedNetwork | undefined {
    this.found ??= { first: this.networks.namedBy ?? this.ofWorkloads() ?? this.ofObjects() };
    return this.found.first;
  }

  private ofWorkloads(): NamedNetwork | undefined {
    for (const { location: { callsFrom, network, servesOn } } of this.workloads) {
      const named = [callsFrom, network, servesOn].find(({ name }) => name);
      if (named) return named;
    }
    return undefined;
  }

  private ofObjects(): NamedNetwork | undefined {
    return firstOf(this.objects.all(), networkNamedIn);
  }
}

/** The kinds whose label says that a gateway leads to a network, or which is that of everything that sets none. */
const LABELLED = Kinds.of('Namespace', 'Service', 'GatewayApiGateway');

/** The network that an object other than a workload names in its label, for a machine, or for proxies. */
export function networkNamedIn(object: MeshObject): NamedNetwork | undefined {
  const { spec } = object;
  if (LABELLED.has(object)) return labelled(object);
  if (isOf(object, KIND.WorkloadEntry)) return ofMachine(machineOfEntry(object), object);
  if (isOf(object, KIND.ServiceEntry)) return firstOf(machinesListedBy(object), (machine) => ofMachine(machine, object));
  if (isOf(object, KIND.WorkloadGroup)) {
    const { network, labels } = mapping(spec.template);
    const ofTemplate = { ...labelsOf(labels), ...labelsOf(mapping(spec.metadata).labels) };
    return ofMachine({ network: text(network), labels: ofTemplate }, object);
  }
  return isOf(object, KIND.ProxyConfig) ? networkOfProxyConfig(object) : undefined;
}

function labelled(object: MeshObject): NamedNetwork | undefined {
  const name = object.labels[NETWORK];
  return name ? { name, at: { object, field: ['metadata', 'labels', NETWORK] } } : undefined;
}

function ofMachine({ network, labels }: Pick<Machine, 'network' | 'labels'>, object: MeshObject): NamedNetwork | undefined {
  const name = network || labels[NETWORK];
  return name ? { name, at: { object, field: ['spec'] } } : undefined;
}

function firstOf<T>(all: Iterable<T>, read: (one: T) => NamedNetwork | undefined): NamedNetwork | undefined {
  for (const one of all) {
    const named = read(one);
    if (named) return named;
  }
  return undefined;
}
