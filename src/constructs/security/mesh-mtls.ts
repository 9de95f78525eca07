import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { emitMeshClientRules, MeshClientTls } from './mesh-client-tls';
import { MtlsMode, peerAuthentication } from './peer-authentication';
import { peerPolicies } from './peer-policies';
import { MeshFacts } from '../../integration/mesh-facts';
import { pathIn } from '../api-object';
import { refusing } from '../refuse';

/** What a mesh-wide policy needs to know, whatever its mode. */
export interface StrictMeshMtlsProps {
  /**
   * Also emit the client half: DestinationRule `default` for `*.local` with ISTIO_MUTUAL, in the root namespace.
   *
   * Only for meshes without auto mTLS. It makes every sidecar send mutual TLS to every host under `.local`,
   * so it breaks the calls to hosts without a sidecar, the API server among them: name those in `exceptHosts`.
   *
   * @default - none: Istio's auto mTLS decides for each client
   */
  readonly clientTls?: MeshClientTls;
}

/** Properties of MeshMtls. */
export interface MeshMtlsProps extends StrictMeshMtlsProps {
  /** What proxies accept wherever no namespace or workload says otherwise. */
  readonly mode: MtlsMode;
}

/**
 * The mesh-wide mutual TLS mode: what every sidecar accepts unless a namespace or workload says otherwise.
 *
 * Is one PeerAuthentication named `default` in the mesh's root namespace, whatever the chart's, and with `clientTls` the
 * DestinationRules of the client half beside it. The root namespace is `istio-system` unless an IstioMesh says otherwise. A second mesh-wide policy in the app is an error at synth, because Istio keeps
 * the oldest and ignores the others without a word.
 *
 * @see https://istio.io/latest/docs/reference/config/security/peer_authentication/
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { MeshMtls, MtlsMode } from 'cdk8s-istio-mtls';
 *
 * const chart = new Chart(new App(), 'platform');
 * new MeshMtls(chart, 'mtls', { mode: MtlsMode.PERMISSIVE });
 */
export class MeshMtls extends ApiObject {
  /** The namespace whose policies apply to the whole mesh. */
  public readonly rootNamespace: string;

  public constructor(scope: Construct, id: string, props: MeshMtlsProps) {
    const { mode, clientTls } = props;
    const [kind, path] = ['PeerAuthentication', pathIn(scope, id)];
    const rootNamespace = MeshFacts.of(scope).read('rootNamespace', { kind, path });
    super(scope, id, peerAuthentication({ namespace: rootNamespace, name: 'default', mode }, refusing(kind, path)));
    this.rootNamespace = rootNamespace;
    if (clientTls) emitMeshClientRules(this, { ...clientTls, mode, rootNamespace });
    peerPolicies.add(this, { level: 'mesh', apiObject: this, namespace: this.rootNamespace, labels: () => ({}) });
  }
}

/**
 * Mutual TLS for the whole mesh: every sidecar refuses plaintext unless a namespace or workload says otherwise.
 *
 * Is one PeerAuthentication named `default` with mode STRICT in the mesh's root namespace, whatever the chart's: `istio-system` unless
 * an IstioMesh says otherwise. Clients need nothing:
 * Istio's auto mTLS, on by default, makes sidecars use mutual TLS. Clients without a sidecar are locked out.
 *
 * @see https://istio.io/latest/docs/tasks/security/authentication/authn-policy/#globally-enabling-istio-mutual-tls-in-strict-mode
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { StrictMeshMtls } from 'cdk8s-istio-mtls';
 *
 * const chart = new Chart(new App(), 'platform');
 * new StrictMeshMtls(chart, 'mtls');
 */
export class StrictMeshMtls extends MeshMtls {
  public constructor(scope: Construct, id: string, props: StrictMeshMtlsProps = {}) {
    super(scope, id, { ...props, mode: MtlsMode.STRICT });
  }
}
