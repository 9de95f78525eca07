import { ApiObject } from 'cdk8s';
import { CaTarget, caRefusing } from './ca-target';
import { SealedSecretCaProps } from './sealed-secret-ca';
import { SealedSecretScope } from './sealed-secret-scope';
import { CA_SECRET_NAME, secretKeysFault } from '../../certificates/ca-secret';
import { isSealed } from '../../certificates/sealed-value';
import { checkWord } from '../enum-word';
import { Refuse } from '../refuse';

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
  const metadata = { namespace: target.namespace, name: CA_SECRET_NAME };
  const annotations = scope === SealedSecretScope.STRICT ? undefined : { [`${PREFIX}/${scope}`]: 'true' };
  return new ApiObject(target.scope, 'Resource', {
    apiVersion: 'bitnami.com/v1alpha1',
    kind: KIND,
    metadata: { ...metadata, ...annotations && { annotations } },
    spec: {
      encryptedData: { ...encryptedData },
      template: { metadata: { ...metadata, annotations: { ...annotations, ...INDEPENDENT } } },
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
