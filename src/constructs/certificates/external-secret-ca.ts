import { ApiObject, Duration } from 'cdk8s';
import { caRefusing, CaTarget, checkLine, checkName, goDuration, Trust } from './ca-emitter';
import { CA_SECRET_NAME, FOUR_KEY_FORM } from '../../certificates/ca-secret';
import { checkMadeBy, Refuse } from '../refuse';

/** A CA that the External Secrets Operator copies from a vault. */
export interface ExternalSecretCaProps {
  /**
   * The secret's key in the vault. It must hold all keys of `cacerts`, by the names that istiod reads, and
   * nothing else: they are read together, so that certificate and private key always belong to each other.
   */
  readonly key: string;

  /** The store of the vault. */
  readonly store: ExternalSecretStore;

  /**
   * How often the operator reads the vault again; zero for once.
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
   * A reference to it, as an ExternalSecret has it.
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
      // Owner would delete the mesh's CA with this object, Delete and Merge when the vault can't find it.
      target: { name: CA_SECRET_NAME, creationPolicy: 'Orphan', deletionPolicy: 'Retain', template: target.trust && templateWith(target.trust) },
      // One extract, not single keys: a refresh between two reads would mix an old and a new CA.
      dataFrom: [{ extract: { key } }],
    },
  });
}

/** The keys of an entry in the vault, with other roots; an entry that lacks one gives an empty value, with which istiod doesn't start. */
function templateWith({ rootCert }: Trust): object {
  const copied = FOUR_KEY_FORM.map((key) => [key, `{{ index . "${key}" }}`]);
  return { engineVersion: 'v2', type: 'Opaque', data: { ...Object.fromEntries(copied), 'root-cert.pem': rootCert } };
}
