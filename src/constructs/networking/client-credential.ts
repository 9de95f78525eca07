import { shown } from '../../findings/safe-text';
import { Refuse } from '../refuse';

const OBJECT_NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

/** Who reads a Secret of certificates. */
export interface SecretCredentialOptions {
  /**
   * Only gateways call the host by this credential; they need no workload selector.
   *
   * A sidecar reads a Secret only for a Destination that names its clients. Without that it ignores the
   * credential and sends **plaintext**, so say true here only where no sidecar calls the host.
   *
   * @default false: the Destination must name its clients
   */
  readonly gatewaysOnly?: boolean;
}

/**
 * Certificates that a client's proxy gets from istiod, instead of from files of its own: Istio's credentialName. What is
 * wrong with it is told by the Destination that it comes to.
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
   * A Secret in the namespace of the **client**: `tls.crt` and `tls.key` for MUTUAL, and `ca.crt` (or a second
   * Secret, named with `-cacert` at the end) to verify the server by. A sidecar's service account needs the
   * right to list Secrets there, except for a `-cacert` Secret.
    */
  public static secret(name: string, options: SecretCredentialOptions = {}): ClientCredential {
    return new ClientCredential('Secret', name, options.gatewaysOnly ?? false);
  }

  /**
   * A ConfigMap in the namespace of the DestinationRule, whose `ca.crt` verifies the server. It holds no client
   * certificate, so it goes with SIMPLE only. Sidecars and gateways both read it.
   */
  public static configMap(name: string): ClientCredential {
    return new ClientCredential('ConfigMap', name, false);
  }

  private constructor(private readonly kind: 'Secret' | 'ConfigMap', private readonly name: string, private readonly gatewaysOnly: boolean) {}

  /**
   * Refuses what is no name of its kind.
   * @internal
   */
  public _check(refuse: Refuse): void {
    if (typeof this.name === 'string' && this.name.length <= 253 && OBJECT_NAME.test(this.name)) return;
    throw refuse({
      code: 'MTLS027',
      field: 'tls.credentialName',
      actual: shown(this.name),
      expected: `the name of a ${this.kind}`,
      because: 'prefix and namespace are written by the library',
      fix: 'give the bare name: lower-case letters, digits, - and .',
    });
  }

  /**
   * Whether it holds no client certificate.
   * @internal
   */
  public get _caOnly(): boolean {
    return this.kind === 'ConfigMap';
  }

  /**
   * Whether a sidecar reads it for a selected client only.
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
