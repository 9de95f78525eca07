import { Duration } from 'cdk8s';

/** A CA that the External Secrets Operator copies from a vault. */
export interface ExternalSecretCaProps {
  /**
   * The secret's key in the vault. It must hold all keys of `cacerts`, by the names that istiod reads, and
   * nothing else: they are read together, so that certificate and private key always belong to each other.
   */
  readonly key: string;

  /**
   * Name of a SecretStore in istiod's namespace.
   *
   * @default - `clusterSecretStore` is given
   */
  readonly secretStore?: string;

  /**
   * Name of a ClusterSecretStore.
   *
   * @default - `secretStore` is given
   */
  readonly clusterSecretStore?: string;

  /**
   * How often the operator reads the vault again; zero for once.
   *
   * @default - the operator's, one hour
   */
  readonly refreshInterval?: Duration;
}
