import { ApiObject } from 'cdk8s';
import { CaCertificates, CaEmitter, caRefusing, CaTarget, refuseTrust } from './ca-emitter';
import { CertManagerCaProps, emitCertificate } from './cert-manager-ca';
import { emitExternalSecret, ExternalSecretCaProps } from './external-secret-ca';
import { emitPemFilesSecret, emitPemSecret, PemCaProps, PemFilesCaProps, readPemFiles } from './pem-ca';
import { emitSealedSecret, SealedSecretCaProps } from './sealed-secret-ca';
import { CA_SECRET_NAME, shownName } from '../../certificates/ca-secret';

/**
 * Where the Secret `cacerts` comes from; the safest first.
 *
 * The CustomCa that uses a source reports its errors, with that construct's path. No error
 * and no text form of a source shows any of its values.
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
   * cert-manager issues and renews it. Emits one Certificate `cacerts` (cert-manager.io/v1) with `isCA`.
   *
   * The issuer must sign CAs and must tell the root, since cert-manager writes `ca.crt` from that: CA and Vault
   * issuers do both, ACME issuers neither. Without `ca.crt` istiod doesn't start.
   */
  public static certManager(props: CertManagerCaProps): CaSource {
    return new CaSource((target) => emitCertificate(target, props));
  }

  /**
   * The External Secrets Operator copies it from a vault. Emits one ExternalSecret `cacerts`
   * (external-secrets.io/v1), which leaves the Secret in place when itself or the vault's entry is deleted.
   */
  public static externalSecret(props: ExternalSecretCaProps): CaSource {
    return new CaSource((target) => emitExternalSecret(target, props));
  }

  /**
   * It was sealed with kubeseal. Emits one SealedSecret `cacerts` (bitnami.com/v1alpha1), which leaves the Secret
   * in place when itself is deleted.
   */
  public static sealedSecret(props: SealedSecretCaProps): CaSource {
    return new CaSource((target) => emitSealedSecret(target, props));
  }

  /**
   * It exists already, or somebody else makes it. Emits nothing.
   *
   * @param secretName must be `cacerts`: istiod reads no other Secret. That is also the default.
   */
  public static fromSecret(secretName: string = 'cacerts'): CaSource {
    return new CaSource((target) => {
      checkSecretName(target, secretName);
      refuseTrust(target, 'CaSource.fromSecret', 'nothing is emitted for it that could hold them', caRefusing(target, 'Secret'));
      return undefined;
    });
  }

  /**
   * PEM texts, with the private key. Emits one Secret `cacerts` in a chart of its own, so that the key is in a file
   * of its own. Keep that file out of version control.
   */
  public static pem(props: PemCaProps): CaSource {
    return new CaSource((target) => emitPemSecret(target, props), () => props);
  }

  /**
   * PEM files, with the private key. Emits what `pem` emits; the files are read when the CustomCa is made.
   */
  public static pemFiles(props: PemFilesCaProps): CaSource {
    return new CaSource((target) => emitPemFilesSecret(target, props), (target) => readPemFiles(target, props));
  }

  // A function, not the props: whatever prints a source can't look into it.
  private constructor(private readonly emit: CaEmitter, private readonly certificates?: (target: CaTarget) => CaCertificates) {}

  /** @internal */
  public _emit(target: CaTarget): ApiObject | undefined {
    return this.emit(target);
  }

  /**
   * The certificates, unchecked, where the source holds them.
   *
   * @internal
   */
  public _certificates(target: CaTarget): CaCertificates | undefined {
    const held = this.certificates?.(target);
    return held && { caCert: held.caCert, certChain: held.certChain, rootCert: held.rootCert, crl: held.crl };
  }
}

/** Refuses a Secret that istiod would never read. */
function checkSecretName(target: CaTarget, secretName: string): void {
  if (secretName === CA_SECRET_NAME) return;
  const refuse = caRefusing(target, 'Secret');
  throw refuse({
    code: 'MTLS061',
    field: 'secretName',
    actual: shownName(secretName),
    expected: `'${CA_SECRET_NAME}'`,
    because: `istiod mounts the Secret '${CA_SECRET_NAME}' and never reads another: it would go on signing with a CA that it makes itself`,
    fix: `store the CA as Secret '${CA_SECRET_NAME}' in namespace '${target.namespace}'`,
  });
}
