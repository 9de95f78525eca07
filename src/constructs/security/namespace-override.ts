import { ApiObject } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { MtlsMode, peerAuthentication } from './peer-authentication';
import { peerPolicies } from './peer-policies';
import { coreObject, pathIn } from '../api-object';
import { namespaceOf } from '../namespace';
import { refusing } from '../refuse';

/** Properties of NamespaceOverride. */
export interface NamespaceOverrideProps {
  /** What proxies in this namespace accept, unless a workload overrides it. */
  readonly mode: MtlsMode;

  /**
   * The namespace that the mode applies to. Not with `NamespaceOverride.ofNamespace`, which knows it.
   *
   * @default - the chart's namespace; an error if it has none
   */
  readonly namespace?: string;

  /**
   * Name of the PeerAuthentication.
   *
   * @default 'default', as in Istio's documentation
   */
  readonly name?: string;
}

/**
 * Istio's PeerAuthentication for one namespace: sets its mutual TLS mode, which overrides the mesh's.
 *
 * Emits one PeerAuthentication without a selector in that namespace.
 *
 * @throws if neither `namespace` nor the chart names a namespace, or if `mode` isn't a mode of Istio; at synth, if the app has a
 * second policy for the same namespace (Istio applies only the oldest), or if it is the root namespace (the policy would
 * apply to the whole mesh)
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
  /**
   * Sets the mode of a namespace of the app.
   *
   * @param of a Namespace, as a construct of cdk8s-plus (any version) or an ApiObject
   * @throws as the constructor does, if `of` isn't a Namespace, and if `props` has a `namespace`
   */
  public static ofNamespace(scope: Construct, id: string, of: IConstruct, props: NamespaceOverrideProps): NamespaceOverride {
    const refuse = refusing('PeerAuthentication', pathIn(scope, id));
    const { name } = coreObject(of, {
      kind: 'Namespace',
      code: 'API018',
      field: 'namespace',
      fix: "pass the Namespace, or its name as 'namespace' to new NamespaceOverride",
    }, refuse);
    if (props.namespace === undefined) return new NamespaceOverride(scope, id, { ...props, namespace: name });
    throw refuse({
      code: 'API012',
      field: 'namespace',
      actual: 'given to ofNamespace',
      expected: "no 'namespace'",
      because: `the mode applies to namespace '${name}'`,
      fix: "remove 'namespace'",
    });
  }

  /** The namespace that the mode applies to. */
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
