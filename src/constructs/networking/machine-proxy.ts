import { ClientTls } from './client-tls';
import { ExternalPort, ExternalProtocol, originatesTls, checkOrigination } from './external-port';
import { isDnsSubdomain } from '../../admission/metadata/kubernetes-names';
import { checkMadeBy, Refuse, valueWord } from '../refuse';

/**
 * Whether the machines of a MachineService have a sidecar, and so a place in the mesh.
 *
 * The MachineService that uses it reports its errors, with that construct's path.
 *
 * @see https://istio.io/latest/docs/ops/deployment/vm-architecture/
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { MachineProxy, MachineService } from 'cdk8s-istio-mtls';
 *
 * const shop = new Chart(new App(), 'shop', { namespace: 'shop' });
 * new MachineService(shop, 'billing', {
 *   host: 'billing.example',
 *   ports: [{ name: 'http', port: 80, targetPort: 8080 }],
 *   proxy: MachineProxy.sidecar('billing'), // istiod registers each machine that connects
 * });
 */
export class MachineProxy {
  /**
   * The machines have no proxy: they are outside the mesh, and present no certificate of it. The MachineService emits a
   * DestinationRule with the given TLS.
   *
   * @param tls the TLS that the clients' sidecars originate: `ClientTls.simple`, `ClientTls.mutual` or either with a ConfigMap as
   * credential. By default, the host is the SNI, and the machine's certificate must have that name. With `ClientTls.disable()`,
   * sidecars forward calls as they are: in plaintext, unless the application originates TLS
   */
  public static none(tls: ClientTls): MachineProxy {
    return new MachineProxy(false, tls);
  }

  /**
   * Each machine runs a sidecar with a certificate of the mesh, as Istio's guide for virtual machines installs it. The MachineService
   * emits a WorkloadGroup, and clients use mutual TLS.
   *
   * @param serviceAccount name of the service account that the sidecars run as, in the namespace of the MachineService. Create it
   * yourself: its token is how a machine first proves itself to istiod
   */
  public static sidecar(serviceAccount: string): MachineProxy {
    return new MachineProxy(true, undefined, serviceAccount);
  }

  private constructor(
    /** @internal */
    public readonly _isSidecar: boolean,
    /**
     * The TLS to machines without a proxy.
     * @internal
     */
    public readonly _tls?: ClientTls,
    /**
     * The service account of machines with a sidecar.
     * @internal
     */
    public readonly _serviceAccount?: string,
  ) {}

  /**
   * Rejects a service account that can't exist, and TLS that the machines' ports can't take.
   * @internal
   */
  public _check(host: string, ports: readonly ExternalPort[], refuse: Refuse): void {
    if (this._isSidecar) checkAccount(this._serviceAccount, refuse);
    else checkTls(this._tls, host, ports, refuse);
  }
}

function checkAccount(name: unknown, refuse: Refuse): void {
  if (typeof name === 'string' && isDnsSubdomain(name)) return;
  throw refuse({
    code: 'API803',
    field: 'proxy.serviceAccount',
    actual: valueWord(name),
    expected: 'a valid service account name in lowercase letters',
    because: 'no other service account can exist',
    fix: 'pass the name of the ServiceAccount that the machines run as',
  });
}

function checkTls(tls: ClientTls | undefined, host: string, ports: readonly ExternalPort[], refuse: Refuse): void {
  checkMadeBy('ClientTls', { field: 'proxy.tls', value: tls, member: '_check' }, refuse);
  tls!._check((details) => refuse({ ...details, field: `proxy.${details.field}` }));
  const wrong = (actual: string, expected: string, because: string, fix: string) => (
    refuse({ code: 'API821', field: 'proxy.tls', actual, expected, because, fix }));
  if (tls!._mode === 'ISTIO_MUTUAL') {
    throw wrong('ISTIO_MUTUAL', 'SIMPLE, MUTUAL or DISABLE', "a machine without a proxy neither has nor trusts the mesh's certificates",
      'use MachineProxy.sidecar, or ClientTls.simple, mutual or disable');
  }
  checkCredential(tls!, refuse);
  for (const port of ports.map((one): ExternalPort => ({ ...one, tls }))) {
    if (originatesTls(port) && [ExternalProtocol.HTTPS, ExternalProtocol.TLS].includes(port.protocol)) {
      throw wrong(`${tls!._mode} for port ${port.port} with protocol ${port.protocol}`,
        'DISABLE, or a port that applications call in plaintext',
        'the application originates TLS on this port, and the sidecar would add a second TLS layer',
        'use ClientTls.disable() if applications originate TLS on all ports, otherwise a MachineService for each kind of port');
    }
    checkOrigination(port, [host], 'proxy.tls', refuse);
  }
}

/** The rule is for all clients, so their sidecars ignore a Secret. */
function checkCredential({ _credential: credential }: ClientTls, refuse: Refuse): void {
  if (!credential || credential._caOnly) return;
  throw refuse({
    code: 'API026',
    field: 'proxy.tls.credentialName',
    actual: 'a Secret for all clients',
    expected: 'files, or a ConfigMap',
    because: 'without a selector, sidecars ignore the credential and send plaintext',
    fix: 'use ClientTls.mutual with files, or ClientCredential.configMap if it only verifies the machines',
  });
}
