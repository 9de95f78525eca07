import { ClientCredential } from './client-credential';
import { checkMadeBy, Refuse } from '../refuse';

/**
 * The TLS that clients use to connect to a host.
 *
 * The Destination or ExternalService that uses it reports its errors, with that construct's path.
 *
 * Within a mesh with auto mTLS (Istio's default) you don't need it: a client's proxy uses mutual TLS wherever the server's
 * proxy accepts it.
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
   * Mutual TLS with the mesh's certificates: ISTIO_MUTUAL. Every call to the host uses it, so every endpoint must have a
   * sidecar: calls to endpoints without one fail.
   *
   * @param options `sni` and `subjectAltNames`; the others are refused, because the mesh's certificates are always verified, and with
   * the mesh's own CA
   */
  public static istioMutual(options: TlsOptions = {}): ClientTls {
    return new ClientTls('ISTIO_MUTUAL', { ...options });
  }

  /**
   * Mutual TLS with your own certificates from files: MUTUAL. `insecureSkipVerify` excludes all options that verify the server.
   */
  public static mutual(options: MutualTlsOptions): ClientTls {
    return new ClientTls('MUTUAL', { ...options });
  }

  /**
   * Mutual TLS with your own certificates, which istiod sends to the proxies: MUTUAL. `insecureSkipVerify` excludes
   * `subjectAltNames`.
   *
   * @param credential a Secret: a ConfigMap can't hold a client certificate
   * @param options the server name that the client requests, and how it verifies the server; `caCertificates` and `caCrl` are refused,
   * because the Secret has their contents
   */
  public static mutualByCredential(credential: ClientCredential, options: TlsOptions = {}): ClientTls {
    return new ClientTls('MUTUAL', { ...options, credential });
  }

  /**
   * TLS in which only the server presents a certificate, verified with files: SIMPLE. A workload with mode STRICT rejects it.
   * `insecureSkipVerify` excludes all options that verify the server.
   */
  public static simple(options: TlsOptions = {}): ClientTls {
    return new ClientTls('SIMPLE', { ...options });
  }

  /**
   * TLS in which only the server presents a certificate, verified with CA certificates that istiod sends to the proxies:
   * SIMPLE. A workload with mode STRICT rejects it.
   *
   * @param credential a Secret or a ConfigMap with the CA certificates
   * @param options `sni` and `subjectAltNames`; the others are refused, because the credential has the contents of the files, and
   * verifies the server
   */
  public static simpleByCredential(credential: ClientCredential, options: TlsOptions = {}): ClientTls {
    return new ClientTls('SIMPLE', { ...options, credential });
  }

  /** No TLS, not even where auto mTLS would use it: DISABLE. A workload with mode STRICT rejects such calls. */
  public static disable(): ClientTls {
    return new ClientTls('DISABLE', {});
  }

  private constructor(
    /** @internal */
    public readonly _mode: string,
    /**
     * As the user passed them.
     * @internal
     */
    public readonly _options: TlsSettings,
  ) {}

  /** @internal */
  public get _credential(): ClientCredential | undefined {
    return this._options.credential;
  }

  /**
   * Rejects what istiod's webhook rejects (ValidateTLS), and what Istio would silently ignore.
   * @internal
   */
  public _check(refuse: Refuse): void {
    const { _mode: mode, _options: options } = this;
    checkUsed(mode, options, refuse);
    if (options.credential !== undefined) checkCredential(mode, options, refuse);
    else if (mode === 'MUTUAL') checkClientCertificate(options, refuse);
    if (options.insecureSkipVerify) checkNothingVerified(mode, options, refuse);
  }

  /**
   * Istio's ClientTLSSettings, for a DestinationRule in that namespace. It always has the mode: Istio reads `tls: {}` as
   * DISABLE.
   * @internal
   */
  public _render(namespace: string): Record<string, unknown> {
    const { sni, clientCertificate, privateKey, caCertificates, caCrl, credential, insecureSkipVerify } = this._options;
    return {
      mode: this._mode,
      clientCertificate,
      privateKey,
      caCertificates,
      caCrl,
      credentialName: credential?._render(namespace),
      sni,
      subjectAltNames: this._mode === 'ISTIO_MUTUAL' ? this._options.subjectAltNames : expectedNames(this._options),
      insecureSkipVerify,
    };
  }

  /**
   * The same TLS with the host as SNI, and verified as the server's name unless the user passed other names.
   * @internal
   */
  public _towards(host: string): ClientTls {
    const { sni = host, subjectAltNames } = this._options;
    const saysNone = this._options.sni === undefined && subjectAltNames?.length === 0;
    return new ClientTls(this._mode, { ...this._options, sni, subjectAltNames: saysNone ? undefined : subjectAltNames });
  }

  /**
   * TLS with the same SNI and verification, without the credential that only certain clients can read.
   * @internal
   */
  public _withoutCertificate(): ClientTls {
    const { sni, subjectAltNames, insecureSkipVerify } = this._options;
    return new ClientTls('SIMPLE', { sni, subjectAltNames, insecureSkipVerify });
  }
}

/** Istio verifies the server's name against the SNI only if it chooses the SNI itself. */
function expectedNames({ sni, subjectAltNames, insecureSkipVerify }: TlsOptions): string[] | undefined {
  return subjectAltNames ?? (sni && !insecureSkipVerify ? [sni] : undefined);
}

/**
 * The names that a client requests in a TLS handshake, and how it verifies the server. An option that the kind of TLS doesn't use
 * is refused, never ignored.
 */
export interface TlsOptions {
  /**
   * The server name (SNI) that the client requests.
   *
   * @default - Istio's: the cluster's name for ISTIO_MUTUAL, otherwise the Host header of the request
   */
  readonly sni?: string;

  /**
   * Names of which the server's certificate must have at least one. For ISTIO_MUTUAL they replace the identities that Istio
   * expects by default, `spiffe://<trust domain>/ns/<namespace>/sa/<service account>`. An empty list with an `sni` means that
   * **no name is verified**: any server with a certificate of a trusted CA is accepted.
   *
   * @default - for ISTIO_MUTUAL Istio's: the server's service accounts; otherwise `sni`, because Istio verifies no name if an
   * SNI is set; without `sni` Istio's: the Host header of the request
   */
  readonly subjectAltNames?: string[];

  /**
   * Whether to skip all verification of the server's certificate. Anyone on the network path can then impersonate the server. Not
   * for ISTIO_MUTUAL, and not for SIMPLE with a credential.
   *
   * @default false
   */
  readonly insecureSkipVerify?: boolean;

  /**
   * File in the client's proxy container with the CA certificates that verify the server. Not for ISTIO_MUTUAL, and not with a
   * credential.
   *
   * @default - Istio's: the CA certificates of the proxy's operating system
   */
  readonly caCertificates?: string;

  /**
   * File in the client's proxy container with a certificate revocation list (CRL). Not for ISTIO_MUTUAL, and not with a credential.
   *
   * @default - none
   */
  readonly caCrl?: string;
}

/** How a client authenticates itself, and verifies the server, with your own certificates from files. */
export interface MutualTlsOptions extends TlsOptions {
  /** File in the client's proxy container with the client's certificate. */
  readonly clientCertificate: string;

  /** File in the client's proxy container with the client's private key. */
  readonly privateKey: string;
}

/** The options of all factories. */
interface TlsSettings extends Partial<MutualTlsOptions> {
  readonly credential?: ClientCredential;
}

/** Rejects options without a meaning in the mode, which Istio would ignore. MUTUAL has a meaning for all of them. */
function checkUsed(mode: string, options: TlsSettings, refuse: Refuse): void {
  const { clientCertificate, privateKey, caCertificates, caCrl, insecureSkipVerify, credential } = options;
  const isSimple = mode === 'SIMPLE';
  if (mode === 'MUTUAL' || (isSimple && credential !== undefined)) return; // files beside a credential: checkCredential
  const certificate = { clientCertificate, privateKey };
  const [unused] = givenOf(isSimple ? certificate
    : { ...certificate, caCertificates, caCrl, credential, insecureSkipVerify: insecureSkipVerify || undefined });
  if (unused === undefined) return;
  throw refuse({
    code: 'API024',
    field: `tls.${unused}`,
    actual: `given for mode ${mode}`,
    expected: isSimple ? 'only options that verify the server' : 'only sni and subjectAltNames',
    because: isSimple ? 'the client presents no certificate, and Istio would ignore it'
      : "clients present and verify the mesh's certificates, and Istio would ignore it",
    fix: 'remove it, or use ClientTls.mutual for your own certificates',
  });
}

function checkCredential(
  mode: string, { credential, clientCertificate, privateKey, caCertificates, caCrl }: TlsSettings, refuse: Refuse,
): void {
  checkMadeBy('ClientCredential', { field: 'tls.credentialName', value: credential, member: '_check' }, refuse);
  credential!._check(refuse);
  const files = givenOf({ clientCertificate, privateKey, caCertificates, caCrl });
  if (files.length > 0) {
    throw refuse({
      code: 'API024',
      field: `tls.${files[0]}`,
      actual: 'given together with a credential',
      expected: 'either files or a credential',
      because: 'istiod rejects the combination',
      fix: 'remove the files, and add their contents to the credential',
    });
  }
  if (mode === 'MUTUAL' && credential!._caOnly) {
    throw refuse({
      code: 'API027',
      field: 'tls.credentialName',
      actual: 'a ConfigMap with mode MUTUAL',
      expected: 'a Secret',
      because: 'Istio reads only CA certificates from a ConfigMap, and MUTUAL needs a client certificate and key',
      fix: 'use ClientCredential.secret',
    });
  }
}

function checkClientCertificate({ clientCertificate, privateKey }: TlsSettings, refuse: Refuse): void {
  if (clientCertificate && privateKey) return;
  throw refuse({
    code: 'API023',
    field: clientCertificate ? 'tls.privateKey' : 'tls.clientCertificate',
    actual: 'missing',
    expected: 'a file',
    because: 'without a certificate, Istio sends plaintext',
    fix: "pass both files, or use ClientTls.mutualByCredential, or ClientTls.istioMutual() for the mesh's certificates",
  });
}

function checkNothingVerified(mode: string, { credential, caCertificates, caCrl, subjectAltNames }: TlsSettings, refuse: Refuse): void {
  const verifying = givenOf({ caCertificates, caCrl, subjectAltNames, credential: mode === 'SIMPLE' ? credential : undefined });
  if (verifying.length === 0) return;
  throw refuse({
    code: 'API025',
    field: 'tls.insecureSkipVerify',
    actual: `true together with ${verifying.join(', ')}`,
    expected: 'only one of them',
    because: 'nothing would be verified',
    fix: "remove 'insecureSkipVerify'",
  });
}

function givenOf(options: Record<string, unknown>): string[] {
  return Object.keys(options).filter((name) => options[name] !== undefined);
}
