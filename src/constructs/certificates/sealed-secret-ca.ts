import { ApiObject } from 'cdk8s';
import { caRefusing, CaTarget, refuseTrust } from './ca-emitter';
import { CA_SECRET_NAME, secretKeysFault } from '../../certificates/ca-secret';
import { isSealed } from '../../certificates/sealed-value';
import { checkWord, Refuse } from '../refuse';

/** A CA that was sealed with kubeseal; only the controller in the cluster can open it. */
export interface SealedSecretCaProps {
  /**
   * The sealed values, as kubeseal writes them, by the names that istiod reads: either `ca-cert.pem`, `ca-key.pem`,
   * `root-cert.pem` and `cert-chain.pem`, optionally with `ca-crl.pem`; or `tls.crt`, `tls.key` and `ca.crt`.
   * What is sealed in them can't be checked.
   */
  readonly encryptedData: { [key: string]: string };

  /**
   * The scope that the values were sealed for. With another one the controller cannot open them.
   *
   * @default SealedSecretScope.STRICT, kubeseal's own
   */
  readonly scope?: SealedSecretScope;
}

/** What a SealedSecret was sealed for, by kubeseal's names. */
export enum SealedSecretScope {
  /** For its name and namespace: it must have been sealed as `cacerts` in istiod's namespace. */
  STRICT = 'strict',
  /** For its namespace: it must have been sealed in istiod's namespace, under any name. */
  NAMESPACE_WIDE = 'namespace-wide',
  /** For the cluster, under any name. */
  CLUSTER_WIDE = 'cluster-wide',
}

const KIND = 'SealedSecret';
const PREFIX = 'sealedsecrets.bitnami.com';

/** Keeps `cacerts` when the SealedSecret is deleted, and lets the controller update it nevertheless. */
const INDEPENDENT = { [`${PREFIX}/skip-set-owner-references`]: 'true', [`${PREFIX}/managed`]: 'true' };

export function emitSealedSecret(target: CaTarget, props: SealedSecretCaProps): ApiObject {
  const { encryptedData, scope = SealedSecretScope.STRICT } = props;
  const refuse = caRefusing(target, KIND);
  checkWord('scope', scope, SealedSecretScope, refuse);
  const fault = secretKeysFault('encryptedData', Object.keys(encryptedData ?? {}));
  if (fault) throw refuse(fault);
  for (const [key, value] of Object.entries(encryptedData)) checkSealed(key, value, refuse);
  if ('tls.crt' in encryptedData) refuseTrust(target, 'CaSource.sealedSecret with the keys of a TLS Secret', 'istiod makes the chain of tls.crt and ca.crt, and workloads would send the roots of both CAs', refuse);
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
        // Not sealed, and written over what is.
        ...target.trust && { data: { 'root-cert.pem': target.trust.rootCert } },
      },
    },
  });
}

function checkSealed(key: string, value: string, refuse: Refuse): void {
  if (isSealed(value)) return;
  throw refuse({
    code: 'MTLS070',
    field: `encryptedData['${key}']`,
    actual: 'not a sealed value',
    expected: 'base64 as kubeseal writes it',
    because: 'anything else would be in the manifest for everybody to read, and the controller could not open it',
    fix: 'seal the Secret with kubeseal and pass its spec.encryptedData; replace the CA if a private key has been committed',
  });
}
