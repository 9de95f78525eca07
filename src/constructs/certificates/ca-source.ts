import { ApiObject } from 'cdk8s';
import { CaCertificates, CaEmitter, caRefusing, CaTarget, refuseTrust } from './ca-emitter';
import { CertManagerCaProps, emitCertificate } from './cert-manager-ca';
import { emitExternalSecret, ExternalSecretCaProps } from './external-secret-ca';
import { emitPemFilesSecret, emitPemSecret, PemCaProps, PemFilesCaProps, readPemFiles } from './pem-ca';
import { emitSealedSecret, SealedSecretCaProps } from './sealed-secret-ca';
import { CA_SECRET_NAME, shownName } from '../../certificates/ca-secret';

/**
 * The source of Secret `cacerts`. The safest come first.
 *
 * The CustomCa or CaRotation that uses a source reports its errors, with that construct's path. Errors and the string form
 * of a source never show its values.
 *
 * @see https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { CaSource, CustomCa, ExternalSecretStore } from 'cdk8s-istio-mtls';
 *
 * const chart = new Chart(new App(), 'platform');
 * new CustomCa(chart, 'ca', {
 *   source: CaSource.externalSecret({ store: ExternalSecretStore.clusterSecretStore('vault'), key: 'istio/cacerts' }),
 * });
 */
export class CaSource {
  /**
   * A CA that cert-manager issues and renews. Emits one Certificate `cacerts` (cert-manager.io/v1) with `isCA`.
   *
   * The issuer must sign CA certificates and return the root, which cert-manager writes to `ca.crt`: CA and Vault issuers do
   * both, ACME issuers neither. Without `ca.crt`, istiod doesn't start.
   */
  public static certManager(props: CertManagerCaProps): CaSource {
    return new CaSource((target) => emitCertificate(target, props));
  }

  /**
   * A CA that the External Secrets Operator copies from a vault. Emits one ExternalSecret `cacerts`
   * (external-secrets.io/v1). The Secret stays if the ExternalSecret or the vault's entry is deleted.
   */
  public static externalSecret(props: ExternalSecretCaProps): CaSource {
    return new CaSource((target) => emitExternalSecret(target, props));
  }

  /**
   * A CA that is sealed with kubeseal. Emits one SealedSecret `cacerts` (bitnami.com/v1alpha1). The Secret stays if the
   * SealedSecret is deleted.
   */
  public static sealedSecret(props: SealedSecretCaProps): CaSource {
    return new CaSource((target) => emitSealedSecret(target, props));
  }

  /**
   * A Secret that already exists, or that something else creates. Emits nothing.
   *
   * @param secretName must be `cacerts`, the default: istiod reads no other Secret
   */
  public static fromSecret(secretName: string = 'cacerts'): CaSource {
    return new CaSource((target) => {
      checkSecretName(target, secretName);
      refuseTrust(target, 'CaSource.fromSecret', 'it emits no object that could hold them', caRefusing(target, 'Secret'));
      return undefined;
    });
  }

  /**
   * A CA as PEM texts, with the private key. Emits one Secret `cacerts` in a separate chart, so that the key is in a separate
   * file. Keep that file out of version control.
   */
  public static pem(props: PemCaProps): CaSource {
    return new CaSource((target) => emitPemSecret(target, props), () => props);
  }

  /**
   * A CA as PEM files, with the private key. Emits the same as `pem`. The files are read when the construct is created.
   */
  public static pemFiles(props: PemFilesCaProps): CaSource {
    return new CaSource((target) => emitPemFilesSecret(target, props), (target) => readPemFiles(target, props));
  }

  // A function, not the props: printing a source can't reveal them.
  private constructor(private readonly emit: CaEmitter, private readonly certificates?: (target: CaTarget) => CaCertificates) {}

  /** @internal */
  public _emit(target: CaTarget): ApiObject | undefined {
    return this.emit(target);
  }

  /**
   * The certificates, unchecked, if the source has them.
   *
   * @internal
   */
  public _certificates(target: CaTarget): CaCertificates | undefined {
    const certificates = this.certificates?.(target);
    return certificates
      && { caCert: certificates.caCert, certChain: certificates.certChain, rootCert: certificates.rootCert, crl: certificates.crl };
  }
}

/** Rejects a Secret that istiod never reads. */
function checkSecretName(target: CaTarget, secretName: string): void {
  if (secretName === CA_SECRET_NAME) return;
  const refuse = caRefusing(target, 'Secret');
  throw refuse({
    code: 'API061',
    field: 'secretName',
    actual: shownName(secretName),
    expected: `'${CA_SECRET_NAME}'`,
    because: `istiod reads only Secret '${CA_SECRET_NAME}': it would continue to sign with a CA that it generates`,
    fix: `store the CA as Secret '${CA_SECRET_NAME}' in namespace '${target.namespace}'`,
  });
}
