import { ClientCredential } from './client-credential';
import { checkTls } from './client-tls-checks';
import { HandshakeOptions, MutualTlsOptions, SimpleTlsOptions } from './client-tls-options';

/**
 * The TLS that clients use towards a host.
 *
 * A mesh with auto mTLS (Istio's default) needs none of it: a client's proxy uses mutual TLS wherever the
 * server's proxy takes it.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#ClientTLSSettings
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { ClientTls, Destination } from 'cdk8s-istio-mtls';
 *
 * const shop = new Chart(new App(), 'shop', { namespace: 'shop' });
 * new Destination(shop, 'bank', {
 *   host: 'api.bank.example',
 *   tls: ClientTls.mutual({ clientCertificate: '/etc/bank/tls.crt', privateKey: '/etc/bank/tls.key' }),
 * });
 */
export class ClientTls {
  /**
   * Mutual TLS with the mesh's own certificates: ISTIO_MUTUAL. Every call to the host uses it, so every
   * endpoint must have a sidecar: calls to one without fail.
   */
  public static istioMutual(options: HandshakeOptions = {}): ClientTls {
    const { sni, subjectAltNames } = options;
    return new ClientTls('ISTIO_MUTUAL', { sni, subjectAltNames });
  }

  /**
   * Mutual TLS with certificates of your own: MUTUAL.
   *
   * @throws if there is neither a certificate with its key nor a credential, if there are both, if the
   * credential is a ConfigMap, or if `insecureSkipVerify` stands beside what verifies
   */
  public static mutual(options: MutualTlsOptions): ClientTls {
    checkTls('MUTUAL', options);
    return new ClientTls('MUTUAL', { ...options, subjectAltNames: expectedNames(options) });
  }

  /**
   * TLS in which only the server shows a certificate: SIMPLE. A mesh workload with mode STRICT refuses it.
   *
   * @throws if there are both files and a credential, or if `insecureSkipVerify` stands beside what verifies
   */
  public static simple(options: SimpleTlsOptions = {}): ClientTls {
    checkTls('SIMPLE', options);
    const { sni, caCertificates, caCrl, credential, insecureSkipVerify } = options;
    return new ClientTls('SIMPLE', { sni, subjectAltNames: expectedNames(options), caCertificates, caCrl, credential, insecureSkipVerify });
  }

  /** No TLS, not even where auto mTLS would use it: DISABLE. A workload with mode STRICT refuses such calls. */
  public static disable(): ClientTls {
    return new ClientTls('DISABLE', {});
  }

  private constructor(private readonly mode: string, private readonly options: MutualTlsOptions) {}

  /** @internal */
  public get _credential(): ClientCredential | undefined {
    return this.options.credential;
  }

  /**
   * Istio's ClientTLSSettings, for a DestinationRule of that namespace. It always says the mode: Istio reads
   * `tls: {}` as DISABLE.
   * @internal
   */
  public _render(namespace: string): Record<string, unknown> {
    const { sni, subjectAltNames, clientCertificate, privateKey, caCertificates, caCrl, credential, insecureSkipVerify } = this.options;
    return {
      mode: this.mode,
      clientCertificate,
      privateKey,
      caCertificates,
      caCrl,
      credentialName: credential?._render(namespace),
      sni,
      subjectAltNames,
      insecureSkipVerify,
    };
  }
}

/** Istio compares the server's certificate with the name asked for only where it chooses that name itself. */
function expectedNames({ sni, subjectAltNames, insecureSkipVerify }: SimpleTlsOptions): string[] | undefined {
  return subjectAltNames ?? (sni && !insecureSkipVerify ? [sni] : undefined);
}
