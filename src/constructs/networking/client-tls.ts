import { ClientCredential } from './client-credential';
import { checkMadeBy, Refuse } from '../refuse';

/**
 * The TLS that clients use towards a host.
 *
 * The Destination that uses it reports its errors, with that construct's path.
 *
 * A mesh with auto mTLS (Istio's default) doesn't need it: a client's proxy uses mutual TLS wherever the
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
   * Mutual TLS with certificates of your own, from files: MUTUAL. `insecureSkipVerify` can't stand beside what verifies.
   */
  public static mutual(options: MutualTlsOptions): ClientTls {
    return new ClientTls('MUTUAL', { ...options });
  }

  /**
   * Mutual TLS with certificates of your own that istiod hands out: MUTUAL. `insecureSkipVerify` can't stand beside
   * `subjectAltNames`.
   *
   * @param credential a Secret: a ConfigMap holds no client certificate
   * @param options what the client says, and expects of the server
   */
  public static mutualByCredential(credential: ClientCredential, options: CredentialTlsOptions = {}): ClientTls {
    const { sni, subjectAltNames, insecureSkipVerify } = options;
    return new ClientTls('MUTUAL', { credential, sni, subjectAltNames, insecureSkipVerify });
  }

  /**
   * TLS in which only the server shows a certificate, verified by files: SIMPLE. A mesh workload with mode STRICT refuses it.
   * `insecureSkipVerify` can't stand beside what verifies.
   */
  public static simple(options: SimpleTlsOptions = {}): ClientTls {
    const { sni, subjectAltNames, caCertificates, caCrl, insecureSkipVerify, credential } = options as TlsSettings;
    return new ClientTls('SIMPLE', { credential, sni, subjectAltNames, caCertificates, caCrl, insecureSkipVerify });
  }

  /**
   * TLS in which only the server shows a certificate, verified by what istiod hands out: SIMPLE. A mesh workload with mode
   * STRICT refuses it.
   *
   * @param credential a Secret or a ConfigMap with the CA certificates
   * @param options what the client says, and expects of the server
   */
  public static simpleByCredential(credential: ClientCredential, options: HandshakeOptions = {}): ClientTls {
    const { sni, subjectAltNames } = options;
    return new ClientTls('SIMPLE', { credential, sni, subjectAltNames });
  }

  /** No TLS, not even where auto mTLS would use it: DISABLE. A workload with mode STRICT refuses such calls. */
  public static disable(): ClientTls {
    return new ClientTls('DISABLE', {});
  }

  private constructor(
    /** @internal */
    public readonly _mode: string,
    /**
     * As the user said them.
     * @internal
     */
    public readonly _options: TlsSettings,
  ) {}

  /** @internal */
  public get _credential(): ClientCredential | undefined {
    return this._options.credential;
  }

  /**
   * Refuses what istiod's webhook refuses (ValidateTLS), and what Istio would ignore without a word.
   * @internal
   */
  public _check(refuse: Refuse): void {
    const { _mode: mode, _options: options } = this;
    if (options.credential !== undefined) checkCredential(mode, options, refuse);
    else if (mode === 'MUTUAL') checkClientCertificate(options, refuse);
    if (options.insecureSkipVerify) checkNothingVerified(mode, options, refuse);
  }

  /**
   * Istio's ClientTLSSettings, for a DestinationRule of that namespace. It always says the mode: Istio reads
   * `tls: {}` as DISABLE.
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
   * The same TLS, by which the server of one host is asked for that host and must prove it, unless the user says other names.
   * @internal
   */
  public _towards(host: string): ClientTls {
    const { sni = host, subjectAltNames } = this._options;
    const saysNone = this._options.sni === undefined && subjectAltNames?.length === 0;
    return new ClientTls(this._mode, { ...this._options, sni, subjectAltNames: saysNone ? undefined : subjectAltNames });
  }

  /**
   * TLS that asks and verifies the same, without anything that only certain clients have.
   * @internal
   */
  public _withoutCertificate(): ClientTls {
    const { sni, subjectAltNames, insecureSkipVerify } = this._options;
    return new ClientTls('SIMPLE', { sni, subjectAltNames, insecureSkipVerify });
  }
}

/** Istio compares the server's certificate with the name asked for only where it chooses that name itself. */
function expectedNames({ sni, subjectAltNames, insecureSkipVerify }: CredentialTlsOptions): string[] | undefined {
  return subjectAltNames ?? (sni && !insecureSkipVerify ? [sni] : undefined);
}

/** What a client says and expects in a TLS handshake, whatever the certificates. */
export interface HandshakeOptions {
  /**
   * The server name (SNI) that the client asks for.
   *
   * @default - Istio's: the cluster's name for ISTIO_MUTUAL, else the Host header of the request
   */
  readonly sni?: string;

  /**
   * Names of which the server's certificate must bear one. For ISTIO_MUTUAL they replace the identities that
   * Istio expects by itself, `spiffe://<trust domain>/ns/<namespace>/sa/<service account>`. An empty list beside
   * an `sni` means that **no name is verified**: any server with a certificate of a trusted CA will do.
   *
   * @default - for ISTIO_MUTUAL Istio's: the server's service accounts; else `sni`, because Istio verifies no
   * name at all beside an SNI of the user's own; without `sni` Istio's: the Host header of the request
   */
  readonly subjectAltNames?: string[];
}

/** How a client verifies a server outside the mesh's own certificates, by what istiod hands out. */
export interface CredentialTlsOptions extends HandshakeOptions {
  /**
   * Don't verify the server's certificate at all. Anyone on the way may then play the server.
   *
   * @default false
   */
  readonly insecureSkipVerify?: boolean;
}

/** How a client verifies a server outside the mesh's own certificates, by files. */
export interface SimpleTlsOptions extends CredentialTlsOptions {
  /**
   * File in the client's proxy container with the CA certificates that verify the server.
   *
   * @default - Istio's: the CA certificates of the proxy's operating system
   */
  readonly caCertificates?: string;

  /**
   * File in the client's proxy container with a certificate revocation list (CRL).
   *
   * @default - none
   */
  readonly caCrl?: string;
}

/** How a client proves who it is, and verifies the server, by files with certificates of the user's own. */
export interface MutualTlsOptions extends SimpleTlsOptions {
  /** File in the client's proxy container with the client's certificate. */
  readonly clientCertificate: string;

  /** File in the client's proxy container with the client's private key. */
  readonly privateKey: string;
}

/** Whatever a factory was given. */
interface TlsSettings extends Partial<MutualTlsOptions> {
  readonly credential?: ClientCredential;
}

function checkCredential(mode: string, { credential, clientCertificate, privateKey, caCertificates, caCrl }: TlsSettings, refuse: Refuse): void {
  checkMadeBy('ClientCredential', { field: 'tls.credentialName', value: credential, member: '_check' }, refuse);
  credential!._check(refuse);
  const files = givenOf({ clientCertificate, privateKey, caCertificates, caCrl });
  if (files.length > 0) {
    throw refuse({
      code: 'MTLS024',
      field: `tls.${files[0]}`,
      actual: 'given together with a credential',
      expected: 'either files or a credential',
      because: 'istiod refuses both together',
      fix: 'leave out the files, and put their contents into the credential',
    });
  }
  if (mode === 'MUTUAL' && credential!._caOnly) {
    throw refuse({
      code: 'MTLS027',
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
    code: 'MTLS023',
    field: clientCertificate ? 'tls.privateKey' : 'tls.clientCertificate',
    actual: 'missing',
    expected: 'a file',
    because: 'without a certificate Istio would send no TLS at all',
    fix: "pass both files, or use ClientTls.mutualByCredential; the mesh's own certificates need none of it: ClientTls.istioMutual()",
  });
}

function checkNothingVerified(mode: string, { credential, caCertificates, caCrl, subjectAltNames }: TlsSettings, refuse: Refuse): void {
  const verifying = givenOf({ caCertificates, caCrl, subjectAltNames, credential: mode === 'SIMPLE' ? credential : undefined });
  if (verifying.length === 0) return;
  throw refuse({
    code: 'MTLS025',
    field: 'tls.insecureSkipVerify',
    actual: `true together with ${verifying.join(', ')}`,
    expected: 'one or the other',
    because: 'nothing would be verified by it',
    fix: "leave out 'insecureSkipVerify'",
  });
}

function givenOf(options: Record<string, unknown>): string[] {
  return Object.keys(options).filter((name) => options[name] !== undefined);
}
