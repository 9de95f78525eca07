import { ApiObject, ApiObjectProps, Names } from 'cdk8s';
import { Construct } from 'constructs';
import { Destination } from './destination';
import { checkExportTo } from './export-to';
import { checkExternalHosts, ExternalResolution } from './external-hosts';
import { ExternalPort, tlsTowards } from './external-port';
import { checkedMachinePorts, MachinePort, withTellingName } from './machine-port';
import { MachineProxy } from './machine-proxy';
import { ICallable } from './services';
import * as networking from '../../../imports/networking.istio.io';
import { IstioAdmission } from '../../integration/istio-admission';
import { isGoIpAddress } from '../../manifests/go-values';
import { pathIn } from '../api-object';
import { Caller } from '../authorization/caller';
import { namespaceOf } from '../namespace';
import { checkMadeBy, labelValues, Refuse, refusing, valueWord } from '../refuse';

/** Properties of MachineService. */
export interface MachineServiceProps {
  /** The host that applications call: a fully qualified name such as `billing.example`, or one whose first label is `*`. */
  readonly host: string;

  /** The ports of the host. At least one. */
  readonly ports: MachinePort[];

  /** Whether the machines have a sidecar, and the TLS to them if not. */
  readonly proxy: MachineProxy;

  /**
   * IP addresses of the machines, each once.
   *
   * @default - with a sidecar, those of the machines that istiod registers when they connect; without, an error
   */
  readonly addresses?: string[];

  /**
   * Virtual IP addresses of the host, as applications see them.
   *
   * @default - those that Istio assigns
   */
  readonly virtualAddresses?: string[];

  /**
   * Labels of the machines. The ServiceEntry selects by them, and policies can: `Pods.withLabels(machine.labels)`. Pods in the namespace
   * that have all of them would serve calls too. At least one.
   *
   * @default - a label that is unique to the construct
   */
  readonly labels?: { [key: string]: string };

  /**
   * The network of the machines, if pods can't reach their addresses directly.
   *
   * @default - the network of the cluster
   */
  readonly network?: string;

  /**
   * The namespace of all emitted objects.
   *
   * @default - the chart's; an error if there is none
   */
  readonly namespace?: string;

  /**
   * The namespaces whose clients see the host: names, `.` for its own, or `*` alone for all.
   *
   * @default - Istio's: all, or those of the mesh config
   */
  readonly exportTo?: string[];

  /**
   * Name of the ServiceEntry, and of the WorkloadGroup or DestinationRule. The WorkloadEntries have it before their address.
   *
   * @default - generated from the construct's path
   */
  readonly name?: string;
}

/**
 * Istio's ServiceEntry for machines outside the cluster, such as virtual machines: adds them as one host, with or without a sidecar.
 *
 * Emits one ServiceEntry and a WorkloadEntry for each address. Without a sidecar, the host is outside the mesh, and a DestinationRule
 * has the TLS to it. With one, the host is in the mesh, and a WorkloadGroup describes the machines, from which
 * `istioctl x workload entry configure` makes their configuration. Use its option `--autoregister` only without `addresses`: istiod
 * then adds the WorkloadEntries itself, so that until a machine connects, the analysis leaves calls to it undecided.
 *
 * @throws if there are no ports, if the host, a port, an address or `exportTo` is invalid, if machines without a sidecar have no address,
 * if a port can't take the TLS, if sidecars would verify another name than the host, or if there is no namespace
 * @see https://istio.io/latest/docs/setup/install/virtual-machine/
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { ClientTls, MachineProxy, MachineService } from 'cdk8s-istio-mtls';
 *
 * const shop = new Chart(new App(), 'shop', { namespace: 'shop' });
 * new MachineService(shop, 'billing', {
 *   host: 'billing.example',
 *   addresses: ['10.20.0.7'],
 *   ports: [{ name: 'http', port: 80, targetPort: 8080 }],
 *   proxy: MachineProxy.none(ClientTls.disable()), // in plaintext
 * });
 */
export class MachineService extends ApiObject implements ICallable {
  /** The host that applications call. */
  public readonly host: string;

  /** The first of the ports that applications call. */
  public readonly port: number;

  /** The namespace of all emitted objects. */
  public readonly namespace: string;

  /** The labels of the machines. */
  public readonly labels: { [key: string]: string };

  /** The WorkloadEntries, in the order of `addresses`. */
  public readonly workloadEntries: ApiObject[];

  /** The WorkloadGroup; undefined without a sidecar. */
  public readonly workloadGroup?: ApiObject;

  /** The DestinationRule; undefined with a sidecar. */
  public readonly destination?: Destination;

  private readonly proxy: MachineProxy;

  public constructor(scope: Construct, id: string, props: MachineServiceProps) {
    const path = pathIn(scope, id);
    const refuse = refusing('ServiceEntry', path);
    const { host, proxy, exportTo } = props;
    checkExternalHosts({ hosts: [host] }, refuse);
    const ports = checkedMachinePorts(props.ports, refuse);
    checkMadeBy('MachineProxy', { field: 'proxy', value: proxy, member: '_check' }, refuse);
    proxy._check(host, ports.map(withTellingName), refuse);
    const addresses = checkedAddresses(props, refuse);
    const labels = machineLabels(scope, id, props, refuse);
    const namespace = namespaceOf({ scope, path, kind: 'ServiceEntry', asked: props.namespace });
    checkExportTo(exportTo, namespace, refuse);
    super(scope, id, serviceEntry({ ...props, namespace, labels }, ports));
    this.host = host;
    this.port = ports[0].port;
    this.namespace = namespace;
    this.labels = { ...labels };
    this.proxy = proxy;
    this.workloadEntries = addresses.map((address) => this.addEntry(address, { ...props, labels }));
    if (proxy._isSidecar) this.workloadGroup = this.addGroup({ ...props, labels });
    else this.destination = this.addRule(ports[0], exportTo);
    IstioAdmission.attach(this.node.root);
  }

  /**
   * The machines as a caller of other workloads, for AllowedCallers: all that run as their service account.
   *
   * @throws if the machines have no sidecar, which presents a certificate
   */
  public get caller(): Caller {
    if (this.proxy._isSidecar) return Caller.serviceAccount(this.namespace, this.proxy._serviceAccount!);
    throw refusing('ServiceEntry', this.node.path, this.name)({
      code: 'API831',
      field: 'caller',
      actual: 'a machine without a proxy',
      expected: 'one with a sidecar',
      because: 'a policy identifies callers by the certificates that their proxies present',
      fix: 'use MachineProxy.sidecar, or leave the machine out of the callers',
    });
  }

  private addEntry(address: string, { labels, network }: MachineServiceProps): ApiObject {
    const { namespace, proxy } = this;
    return new ApiObject(this, `WorkloadEntry-${address}`, {
      ...networking.WorkloadEntry.GVK,
      metadata: { namespace, name: workloadEntryName(this.name, address) },
      spec: { address, labels, serviceAccount: proxy._serviceAccount, network },
    } as ApiObjectProps);
  }

  private addGroup({ labels, network }: MachineServiceProps): ApiObject {
    const { namespace, name, proxy } = this;
    return new ApiObject(this, 'WorkloadGroup', {
      ...networking.WorkloadGroup.GVK,
      metadata: { namespace, name },
      spec: { metadata: { labels }, template: { serviceAccount: proxy._serviceAccount, network } },
    } as ApiObjectProps);
  }

  private addRule(port: ExternalPort, exportTo: string[] | undefined): Destination {
    const { host, namespace, name, proxy } = this;
    return new Destination(this, 'Tls', { host, namespace, name, exportTo, tls: tlsTowards(host, { ...port, tls: proxy._tls }) });
  }
}

function serviceEntry(
  { name, namespace, host, virtualAddresses, proxy, labels, exportTo }: MachineServiceProps, ports: readonly ExternalPort[],
): ApiObjectProps {
  return {
    ...networking.ServiceEntry.GVK,
    metadata: name ? { namespace, name } : { namespace },
    spec: {
      hosts: [host],
      addresses: virtualAddresses,
      location: proxy._isSidecar ? 'MESH_INTERNAL' : 'MESH_EXTERNAL',
      ports: ports.map(({ port, name: portName, protocol, targetPort }) => ({ number: port, name: portName, protocol, targetPort })),
      resolution: ExternalResolution.STATIC,
      workloadSelector: { labels },
      exportTo,
    },
  } as ApiObjectProps;
}

/** As istiod names the WorkloadEntries that it adds itself; a name can't end with a dash. */
export function workloadEntryName(name: string, address: string): string {
  return `${name}-${address.toLowerCase().replaceAll(':', '-').replace(/-$/, '-0')}`;
}

function checkedAddresses({ addresses = [], proxy }: MachineServiceProps, refuse: Refuse): readonly string[] {
  const wrong = (actual: string, because: string, fix: string) => (
    refuse({ code: 'API829', field: 'addresses', actual, expected: 'IP addresses, each once', because, fix }));
  if (!Array.isArray(addresses)) throw wrong(valueWord(addresses), 'each machine has an address', "pass a list, such as ['10.20.0.7']");
  if (addresses.length === 0 && !proxy._isSidecar) {
    throw wrong('empty for machines without a proxy', 'istiod registers only machines whose sidecar connects to it',
      'pass the addresses of the machines, or use MachineProxy.sidecar');
  }
  const known = new Set<string>();
  for (const address of addresses as readonly unknown[]) {
    if (typeof address !== 'string' || !isGoIpAddress(address) || address.includes('%')) {
      throw wrong(valueWord(address), 'with resolution STATIC no name is looked up',
        'pass an IP address, or use ExternalService for a name');
    }
    if (known.has(address.toLowerCase())) throw wrong(`'${address}' twice`, 'each machine has one WorkloadEntry', 'remove one');
    known.add(address.toLowerCase());
  }
  return addresses;
}

function machineLabels(scope: Construct, id: string, { labels }: MachineServiceProps, refuse: Refuse): { [key: string]: string } {
  if (labels === undefined) return { 'cdk8s.io/metadata.addr': Names.toLabelValue(scope, { extra: [id] }) };
  const given = labelValues(labels ?? {}, 'workloadSelector.labels', refuse);
  if (Object.keys(given).length > 0) return given;
  throw refuse({
    code: 'API003',
    field: 'workloadSelector.labels',
    actual: 'empty',
    expected: 'at least one label',
    because: 'an empty selector selects everything in the namespace',
    fix: "pass a label of the machines, or remove 'labels'",
  });
}
