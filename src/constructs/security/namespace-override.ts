import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { MtlsMode, peerAuthentication } from './peer-authentication';
import { peerPolicies } from './peer-policies';
import { pathIn } from '../api-object';
import { namespaceOf } from '../namespace';
import { refusing } from '../refuse';

/** Properties of NamespaceOverride. */
export interface NamespaceOverrideProps {
  /** What the proxies of this namespace accept, unless a workload says otherwise. */
  readonly mode: MtlsMode;

  /**
   * The namespace whose workloads are meant.
   *
   * @default - the chart's namespace; without one it is an error
   */
  readonly namespace?: string;

  /**
   * Name of the PeerAuthentication.
   *
   * @default 'default', the name that Istio's documentation uses
   */
  readonly name?: string;
}

/**
 * The mutual TLS mode of one namespace, instead of the mesh's.
 *
 * Is one PeerAuthentication without selector in that namespace. At synth, a second one for the same
 * namespace is an error, because Istio keeps the oldest and ignores the others; so is the root namespace, where
 * the policy would hold for the whole mesh.
 *
 * @throws if neither `namespace` nor the chart names a namespace
 * @see https://istio.io/latest/docs/reference/config/security/peer_authentication/
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { MtlsMode, NamespaceOverride } from 'cdk8s-istio-mtls';
 *
 * const shop = new Chart(new App(), 'shop', { namespace: 'shop' });
 * new NamespaceOverride(shop, 'migration', { mode: MtlsMode.PERMISSIVE });
 */
export class NamespaceOverride extends ApiObject {
  /** The namespace whose workloads are meant. */
  public readonly namespace: string;

  public constructor(scope: Construct, id: string, props: NamespaceOverrideProps) {
    const { mode, name = 'default' } = props;
    const path = pathIn(scope, id);
    const namespace = namespaceOf({ scope, path, kind: 'PeerAuthentication', asked: props.namespace });
    super(scope, id, peerAuthentication({ namespace, name, mode }, refusing('PeerAuthentication', path)));
    this.namespace = namespace;
    peerPolicies.add(this, { level: 'namespace', apiObject: this, namespace: this.namespace, labels: () => ({}) });
  }
}
