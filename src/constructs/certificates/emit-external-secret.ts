import { ApiObject } from 'cdk8s';
import { CaTarget, caRefusing } from './ca-target';
import { ExternalSecretCaProps } from './external-secret-ca';
import { checkLine, oneOf } from './reference';
import { CA_SECRET_NAME } from '../../certificates/ca-secret';
import { goDuration } from '../go-duration';

const KIND = 'ExternalSecret';

/** Longer than any vault's path or ARN. */
const MOST_CHARACTERS = 2048;

export function emitExternalSecret(target: CaTarget, props: ExternalSecretCaProps): ApiObject {
  const { key, secretStore, clusterSecretStore, refreshInterval } = props;
  const refuse = caRefusing(target, KIND);
  const store = oneOf('MTLS067', { secretStore, clusterSecretStore }, refuse);
  checkLine('key', key, MOST_CHARACTERS, refuse);
  return new ApiObject(target.scope, 'Resource', {
    apiVersion: 'external-secrets.io/v1',
    kind: KIND,
    metadata: { namespace: target.namespace, name: CA_SECRET_NAME },
    spec: {
      secretStoreRef: { kind: store.prop === 'secretStore' ? 'SecretStore' : 'ClusterSecretStore', name: store.name },
      refreshInterval: refreshInterval && goDuration(refreshInterval),
      // Owner would delete the mesh's CA with this object, Delete and Merge when the vault can't find it.
      target: { name: CA_SECRET_NAME, creationPolicy: 'Orphan', deletionPolicy: 'Retain' },
      // One extract, not single keys: a refresh between two reads would mix an old and a new CA.
      dataFrom: [{ extract: { key } }],
    },
  });
}
