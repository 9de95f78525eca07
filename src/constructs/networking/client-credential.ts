import { shown } from '../../findings/safe-text';
import { Refuse } from '../refuse';

const OBJECT_NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

/** Which proxies read a Secret with certificates. */
export interface SecretCredentialOptions {
  /**
   * Whether only gateways call the host with this credential. Gateways need no workload selector.
   *
   * A sidecar reads a Secret only for a Destination with a `client`. Without one, it ignores the credential and sends
   * **plaintext**, so set `true` only if no sidecar calls the host.
   *
   * @default false: the Destination must have a `client`
   */
  readonly gatewaysOnly?: boolean;
}

/**
 * Certificates that a client's proxy gets from istiod instead of from files: Istio's `credentialName`.
 *
 * The Destination or ExternalService that uses it reports its errors.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#ClientTLSSettings
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { ClientCredential, ClientTls, Destination } from 'cdk8s-istio-mtls';
 *
 * const egress = new Chart(new App(), 'egress', { namespace: 'istio-egress' });
 * new Destination(egress, 'bank', {
 *   host: 'api.bank.example',
 *   tls: ClientTls.mutualByCredential(ClientCredential.secret('bank-client', { gatewaysOnly: true })),
 * });
 */
export class ClientCredential {
  /**
   * A Secret in the namespace of the **client**: `tls.crt` and `tls.key` for MUTUAL, and `ca.crt` (or a second Secret whose
   * name ends with `-cacert`) to verify the server. A sidecar's service account needs permission to list Secrets there, except
   * for a `-cacert` Secret.
    */
  public static secret(name: string, options: SecretCredentialOptions = {}): ClientCredential {
    return new ClientCredential('Secret', name, options.gatewaysOnly ?? false);
  }

  /**
   * A ConfigMap in the namespace of the DestinationRule, whose `ca.crt` verifies the server. It can't hold a client
   * certificate, so it works only with SIMPLE. Both sidecars and gateways read it.
   */
  public static configMap(name: string): ClientCredential {
    return new ClientCredential('ConfigMap', name, false);
  }

  private constructor(
    private readonly kind: 'Secret' | 'ConfigMap', private readonly name: string, private readonly gatewaysOnly: boolean,
  ) {}

  /**
   * Rejects an invalid name.
   * @internal
   */
  public _check(refuse: Refuse): void {
    if (typeof this.name === 'string' && this.name.length <= 253 && OBJECT_NAME.test(this.name)) return;
    throw refuse({
      code: 'API027',
      field: 'tls.credentialName',
      actual: shown(this.name),
      expected: `the name of a ${this.kind}`,
      because: 'the library adds prefix and namespace',
      fix: 'pass only the name, without prefix and namespace',
    });
  }

  /**
   * Whether it can't hold a client certificate.
   * @internal
   */
  public get _caOnly(): boolean {
    return this.kind === 'ConfigMap';
  }

  /**
   * Whether sidecars read it only for selected clients.
   * @internal
   */
  public get _needsClient(): boolean {
    return this.kind === 'Secret' && !this.gatewaysOnly;
  }

  /** @internal */
  public _render(namespace: string): string {
    return this.kind === 'Secret' ? this.name : `configmap://${namespace}/${this.name}`;
  }
}
