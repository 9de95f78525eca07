import { ApiObject, Duration } from 'cdk8s';
import { caRefusing, CaTarget, checkLine, checkName, goDuration, ProxyTrust } from './ca-emitter';
import { CA_SECRET_NAME, FOUR_KEY_FORM } from '../../certificates/ca-secret';
import { checkMadeBy, Refuse } from '../refuse';

/** A CA that the External Secrets Operator copies from a vault. */
export interface ExternalSecretCaProps {
  /**
   * The key of the secret in the vault. The secret must have all keys of `cacerts`, with the names that istiod reads, and no
   * others. They are read together, so that certificate and private key always match.
   */
  readonly key: string;

  /** The store of the vault. */
  readonly store: ExternalSecretStore;

  /**
   * The time between two reads of the vault; zero for a single read.
   *
   * @default - the operator's, one hour
   */
  readonly refreshInterval?: Duration;
}

/** A store of the External Secrets Operator, by its kind. */
export class ExternalSecretStore {
  /**
   * A SecretStore in istiod's namespace.
   *
   * @param name of the SecretStore
   */
  public static secretStore(name: string): ExternalSecretStore {
    return new ExternalSecretStore('SecretStore', name);
  }

  /**
   * A ClusterSecretStore.
   *
   * @param name of the ClusterSecretStore
   */
  public static clusterSecretStore(name: string): ExternalSecretStore {
    return new ExternalSecretStore('ClusterSecretStore', name);
  }

  private constructor(private readonly kind: string, private readonly name: string) {}

  /**
   * A reference to it, as in an ExternalSecret.
   *
   * @internal
   */
  public _ref(refuse: Refuse): { readonly kind: string; readonly name: string } {
    checkName('store', this.name, refuse);
    return { kind: this.kind, name: this.name };
  }
}

const KIND = 'ExternalSecret';

/** Longer than any vault's path or ARN. */
const MOST_CHARACTERS = 2048;

export function emitExternalSecret(target: CaTarget, props: ExternalSecretCaProps): ApiObject {
  const { key, store, refreshInterval } = props;
  const refuse = caRefusing(target, KIND);
  checkMadeBy('ExternalSecretStore', { field: 'store', value: store, member: '_ref' }, refuse);
  const secretStoreRef = store._ref(refuse);
  checkLine('key', key, MOST_CHARACTERS, refuse);
  return new ApiObject(target.scope, 'Resource', {
    apiVersion: 'external-secrets.io/v1',
    kind: KIND,
    metadata: { namespace: target.namespace, name: CA_SECRET_NAME },
    spec: {
      secretStoreRef,
      refreshInterval: refreshInterval && goDuration(refreshInterval),
      // Owner would delete the mesh's CA with this object; Delete and Merge if the vault's entry is missing.
      target: {
        name: CA_SECRET_NAME, creationPolicy: 'Orphan', deletionPolicy: 'Retain', template: target.trust && templateWith(target.trust),
      },
      // One extract, not individual keys: a refresh between two reads would mix an old and a new CA.
      dataFrom: [{ extract: { key } }],
    },
  });
}

/** The keys of the vault's entry, with other roots. A missing key becomes an empty value, with which istiod doesn't start. */
function templateWith({ rootCert }: ProxyTrust): object {
  const copied = FOUR_KEY_FORM.map((key) => [key, `{{ index . "${key}" }}`]);
  return { engineVersion: 'v2', type: 'Opaque', data: { ...Object.fromEntries(copied), 'root-cert.pem': rootCert } };
}
