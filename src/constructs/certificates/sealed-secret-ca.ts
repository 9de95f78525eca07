import { ApiObject } from 'cdk8s';
import { caRefusing, CaTarget, refuseTrust } from './ca-emitter';
import { CA_SECRET_NAME, secretKeysFault } from '../../certificates/ca-secret';
import { isSealed } from '../../certificates/sealed-value';
import { checkWord, Refuse } from '../refuse';

/** A CA that is sealed with kubeseal. Only the controller in the cluster can decrypt it. */
export interface SealedSecretCaProps {
  /**
   * The sealed values, as kubeseal writes them, with the names that istiod reads: either `ca-cert.pem`, `ca-key.pem`,
   * `root-cert.pem` and `cert-chain.pem`, optionally with `ca-crl.pem`; or `tls.crt`, `tls.key` and `ca.crt`. Their content
   * can't be checked.
   */
  readonly encryptedData: { [key: string]: string };

  /**
   * The scope that the values were sealed for. With another scope, the controller can't decrypt them.
   *
   * @default SealedSecretScope.STRICT, kubeseal's default
   */
  readonly scope?: SealedSecretScope;
}

/** The scope of a SealedSecret. */
export enum SealedSecretScope {
  /** Its name and namespace: sealed as `cacerts` in istiod's namespace. */
  STRICT = 'strict',
  /** Its namespace: sealed in istiod's namespace, with any name. */
  NAMESPACE_WIDE = 'namespace-wide',
  /** The cluster: sealed in any namespace, with any name. */
  CLUSTER_WIDE = 'cluster-wide',
}

const KIND = 'SealedSecret';
const PREFIX = 'sealedsecrets.bitnami.com';

/** Keeps `cacerts` when the SealedSecret is deleted, but lets the controller update it. */
const INDEPENDENT = { [`${PREFIX}/skip-set-owner-references`]: 'true', [`${PREFIX}/managed`]: 'true' };

export function emitSealedSecret(target: CaTarget, props: SealedSecretCaProps): ApiObject {
  const { encryptedData, scope = SealedSecretScope.STRICT } = props;
  const refuse = caRefusing(target, KIND);
  checkWord('scope', scope, SealedSecretScope, refuse);
  const fault = secretKeysFault('encryptedData', Object.keys(encryptedData ?? {}));
  if (fault) throw refuse(fault);
  for (const [key, value] of Object.entries(encryptedData)) checkSealed(key, value, refuse);
  if ('tls.crt' in encryptedData) {
    refuseTrust(target, 'CaSource.sealedSecret with the keys of a TLS Secret',
      'istiod builds the chain from tls.crt and ca.crt, so workloads would send the roots of both CAs', refuse);
  }
  const metadata = { namespace: target.namespace, name: CA_SECRET_NAME };
  const annotations = scope === SealedSecretScope.STRICT ? undefined : { [`${PREFIX}/${scope}`]: 'true' };
  return new ApiObject(target.scope, 'Resource', {
    apiVersion: 'bitnami.com/v1alpha1',
    kind: KIND,
    metadata: { ...metadata, ...annotations && { annotations } },
    spec: {
      encryptedData: { ...encryptedData },
      template: {
        metadata: { ...metadata, annotations: { ...annotations, ...INDEPENDENT } },
        // Not sealed, and replaces the sealed value.
        ...target.trust && { data: { 'root-cert.pem': target.trust.rootCert } },
      },
    },
  });
}

function checkSealed(key: string, value: string, refuse: Refuse): void {
  if (isSealed(value)) return;
  throw refuse({
    code: 'API070',
    field: `encryptedData['${key}']`,
    actual: 'not a sealed value',
    expected: 'base64 as kubeseal writes it',
    because: 'any other value would be readable in the manifest, and the controller could not decrypt it',
    fix: 'seal the Secret with kubeseal and pass its spec.encryptedData; replace the CA if you committed a private key',
  });
}
