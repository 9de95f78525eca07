import { ApiObject, ApiObjectProps, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { Destination } from './destination';
import { CLIENT_WORDS } from './destination-parts';
import { DestinationPort } from './destination-props';
import { checkExportTo } from './export-to';
import { checkExternalHosts, ExternalResolution, resolutionOf } from './external-hosts';
import { checkExternalPorts, entryPort, ExternalPort, originatesTls, tlsTowards } from './external-port';
import { ICallable } from './services';
import * as networking from '../../../imports/networking.istio.io';
import { isDnsSubdomain } from '../../admission/metadata/kubernetes-names';
import { IstioAdmission } from '../../integration/istio-admission';
import { pathIn } from '../api-object';
import { namespaceOf } from '../namespace';
import { IWorkload } from '../pods';
import { Refuse, refusing } from '../refuse';
import { WorkloadSelection } from '../workload-selection';

/** Properties of ExternalService. */
export interface ExternalServiceProps {
  /**
   * The hosts that applications call: fully qualified names such as `api.bank.example`, or names whose first label is `*`. At least one.
   */
  readonly hosts: string[];

  /** The ports of every host, and the TLS on each. At least one. */
  readonly ports: ExternalPort[];

  /**
   * How sidecars find the hosts' addresses.
   *
   * @default - with `endpoints`, STATIC if all are IP addresses, otherwise DNS; without, NONE if a host is a wildcard, otherwise DNS
   */
  readonly resolution?: ExternalResolution;

  /**
   * Where calls go instead of the hosts' own addresses: IP addresses, or DNS names that sidecars resolve.
   *
   * @default - the hosts themselves
   */
  readonly endpoints?: string[];

  /**
   * Virtual IP addresses of the hosts, as applications see them.
   *
   * @default - those that Istio assigns
   */
  readonly addresses?: string[];

  /**
   * The one client whose sidecars use the given TLS: a Deployment or other workload of cdk8s-plus (any version), or
   * an ApiObject in `Pods.of`. To select client pods by labels alone, pass `Pods.withLabels`. Required if a credential is a Secret,
   * because sidecars read one only for a selected client. Other clients that see the hosts send TLS without the credential,
   * never plaintext.
   *
   * @default - all clients that see the hosts
   */
  readonly client?: IWorkload;

  /**
   * The service account of the client pods, which gets permission to list the Secrets in its namespace.
   *
   * @default - that of `client`'s pod template; with `Pods.withLabels`, an error if sidecars read a Secret with a key
   */
  readonly clientServiceAccount?: string;

  /**
   * Whether to emit a Role and a RoleBinding that let the client's service account list Secrets. Without this permission,
   * istiod sends no certificate with a key. It covers all Secrets in the namespace, because istiod requires it.
   *
   * @default true, if a credential of MUTUAL is a Secret
   */
  readonly secretReader?: boolean;

  /**
   * The namespace of all emitted objects.
   *
   * @default - the namespace of `client`; with `Pods.withLabels`, or without `client`, the chart's; an error if there is none
   */
  readonly namespace?: string;

  /**
   * The namespaces whose clients see the hosts: names, `.` for its own, or `*` alone for all.
   *
   * @default - its own, if there is a `client`; otherwise Istio's: all, or those of the mesh config
   */
  readonly exportTo?: string[];

  /**
   * Name of the ServiceEntry.
   *
   * @default - generated from the construct's path
   */
  readonly name?: string;
}

/**
 * Istio's ServiceEntry for hosts outside the mesh, with TLS that the application or the sidecars originate.
 *
 * Emits one ServiceEntry. If a port has `tls`, it also emits a DestinationRule for each host; with `client`, a second one for
 * other clients, so that they don't send plaintext; and if the client reads a Secret with a key, a Role and a RoleBinding.
 *
 * @throws if there are no hosts or ports, if a host or port is invalid, if a port has no TLS, TLS within TLS, or TLS from sidecars for a
 * protocol that negotiates it, if sidecars would verify another name than the host, if the resolution doesn't fit the hosts, if a
 * Secret has no `client`, or if there is no namespace
 * @see https://istio.io/latest/docs/tasks/traffic-management/egress/egress-tls-origination/
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { ClientTls, ExternalProtocol, ExternalService } from 'cdk8s-istio-mtls';
 *
 * const shop = new Chart(new App(), 'shop', { namespace: 'shop' });
 * new ExternalService(shop, 'bank', {
 *   hosts: ['api.bank.example'],
 *   ports: [
 *     { port: 443, protocol: ExternalProtocol.TLS }, // https://api.bank.example, by the application
 *     { port: 80, protocol: ExternalProtocol.HTTP, tls: ClientTls.simple() }, // http://api.bank.example, TLS by the sidecar
 *   ],
 * });
 */
export class ExternalService extends ApiObject implements ICallable {
  /** The hosts that applications call. */
  public readonly hosts: string[];

  /** The namespace of the ServiceEntry. */
  public readonly namespace: string;

  /** The first of its ports. */
  public readonly port: number;

  public constructor(scope: Construct, id: string, props: ExternalServiceProps) {
    const path = pathIn(scope, id);
    const refuse = refusing('ServiceEntry', path);
    const { ports } = props;
    checkExternalHosts(props, refuse);
    checkExternalPorts(ports, props.hosts, refuse);
    const resolution = resolutionOf(props, refuse);
    const clients = clientsOf(scope, path, props);
    const namespace = clients?.namespace ?? namespaceOf({ scope, path, kind: 'ServiceEntry', asked: props.namespace });
    const exportTo = props.exportTo ?? (clients ? ['.'] : undefined);
    checkExportTo(exportTo, namespace, refuse);
    if (!clients) checkCredentials(ports, namespace, refuse);
    const account = clients && needsReader(props) ? checkedAccount(clients, props, refuse) : undefined;
    super(scope, id, serviceEntry({ ...props, namespace, exportTo, resolution }));
    this.hosts = [...props.hosts];
    this.namespace = namespace;
    this.port = ports[0].port;
    for (const host of this.hosts) this.addRules(host, { ...props, namespace, exportTo });
    if (clients && needsReader(props)) this.addReader(account ?? Lazy.any({ produce: () => clients.serviceAccount() }) as string);
    IstioAdmission.attach(this);
  }

  private addRules(host: string, { client, namespace, exportTo, ports }: ExternalServiceProps): void {
    const portsWithTls = ports.filter(({ tls }) => tls !== undefined)
      .map((port): ExternalPort => ({ ...port, tls: tlsTowards(host, port) }));
    if (portsWithTls.length === 0) return;
    // The generated name, which contains the path, can't have an asterisk.
    const suffix = host.startsWith('*') ? `Wildcard-${host.replace(/^[*.-]+/, '')}` : host;
    const rule = (id: string, of: object, rulePorts: DestinationPort[]) => (
      new Destination(this, `${id}-${suffix}`, { host, namespace, ports: rulePorts, ...of }));
    const portsWith = (tls: (port: ExternalPort) => ExternalPort['tls']) => (
      portsWithTls.map((port) => ({ port: port.port, tls: tls(port) })));
    if (!client) {
      rule('Tls', { exportTo }, portsWith(({ tls }) => tls));
      return;
    }
    rule('Tls', { client }, portsWith(({ tls }) => tls));
    // Not '.', which Istio would merge into the rule above.
    const readers = exportTo?.map((reader) => (reader === '.' ? namespace! : reader));
    rule('Others', { exportTo: readers }, portsWith((port) => (originatesTls(port) ? port.tls!._withoutCertificate() : port.tls)));
  }

  /** istiod sends a Secret with a key only to sidecars whose service account may list all Secrets. */
  private addReader(account: string): void {
    const { namespace } = this;
    const apiVersion = 'rbac.authorization.k8s.io/v1';
    const role = new ApiObject(this, 'SecretReader', {
      apiVersion, kind: 'Role', metadata: { namespace }, rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['list'] }],
    } as ApiObjectProps);
    new ApiObject(this, 'SecretReaderBinding', {
      apiVersion,
      kind: 'RoleBinding',
      metadata: { namespace },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: role.name },
      subjects: [{ kind: 'ServiceAccount', name: account, namespace }],
    } as ApiObjectProps);
  }
}

function clientsOf(scope: Construct, path: string, { client, namespace }: ExternalServiceProps): WorkloadSelection | undefined {
  return client && new WorkloadSelection(scope, path, { workload: client, namespace }, { ...CLIENT_WORDS, kind: 'ServiceEntry' });
}

function serviceEntry({ name, namespace, hosts, addresses, ports, resolution, endpoints, exportTo }: ExternalServiceProps): ApiObjectProps {
  return {
    ...networking.ServiceEntry.GVK,
    metadata: name ? { namespace, name } : { namespace },
    spec: {
      hosts: [...hosts],
      addresses,
      location: 'MESH_EXTERNAL',
      ports: ports.map(entryPort),
      resolution,
      endpoints: endpoints?.map((address) => ({ address })),
      exportTo,
    },
  } as ApiObjectProps;
}

/** Whether a sidecar gets a key from istiod; CA certificates need no permission. */
function needsReader({ ports, secretReader = true }: ExternalServiceProps): boolean {
  return secretReader && ports.some(({ tls }) => tls?._mode === 'MUTUAL' && tls._credential !== undefined);
}

/** Undefined means the workload's, which is read at synth. */
function checkedAccount(
  { byLabels }: WorkloadSelection, { clientServiceAccount }: ExternalServiceProps, refuse: Refuse,
): string | undefined {
  if (clientServiceAccount === undefined ? !byLabels : isDnsSubdomain(clientServiceAccount)) return clientServiceAccount;
  throw refuse({
    code: 'API824',
    field: 'clientServiceAccount',
    actual: clientServiceAccount === undefined ? 'missing for a client selected by labels' : 'not a service account name',
    expected: "the service account of the client's pods",
    because: 'istiod sends a Secret with a key only to a service account that may list Secrets',
    fix: "pass it, or 'secretReader: false' if it already has that permission",
  });
}

/** `gatewaysOnly` makes no difference here: sidecars originate this TLS. */
function checkCredentials(ports: readonly ExternalPort[], namespace: string, refuse: Refuse): void {
  const secret = ports.map(({ tls }) => tls?._credential).find((credential) => credential && !credential._caOnly);
  if (!secret) return;
  throw refuse({
    code: 'API026',
    field: 'ports.tls.credentialName',
    actual: `'${secret._render(namespace)}' for all clients`,
    expected: "a 'client'",
    because: 'without a selector, sidecars ignore the credential and send plaintext',
    fix: 'pass the client, or use ClientCredential.configMap if it only verifies the host',
  });
}
