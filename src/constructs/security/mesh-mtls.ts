import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { emitMeshClientRules, MeshClientTls } from './mesh-client-tls';
import { MtlsMode, peerAuthentication } from './peer-authentication';
import { peerPolicies } from './peer-policies';
import { MeshFacts } from '../../integration/mesh-facts';
import { pathIn } from '../api-object';
import { refusing } from '../refuse';

/** Properties of StrictMeshMtls. */
export interface StrictMeshMtlsProps {
  /**
   * Also emits the client half: a DestinationRule `default` for `*.local` with mode ISTIO_MUTUAL, in the root namespace.
   *
   * Only for meshes without auto mTLS. Every sidecar then sends mutual TLS to every host under `.local`, which breaks
   * calls to hosts without a sidecar, such as the API server: list those in `exceptHosts`.
   *
   * @default - none: Istio's auto mTLS decides for each connection
   */
  readonly clientTls?: MeshClientTls;
}

/** Properties of MeshMtls. */
export interface MeshMtlsProps extends StrictMeshMtlsProps {
  /** What proxies accept where no namespace or workload overrides it. */
  readonly mode: MtlsMode;
}

/**
 * Istio's PeerAuthentication for the mesh: sets the mutual TLS mode, what every sidecar accepts unless a namespace or workload
 * overrides it.
 *
 * Emits one PeerAuthentication named `default`, and with `clientTls` the DestinationRules of the client half. All are in
 * the mesh's root namespace, regardless of the chart's: `istio-system`, or that of an IstioMesh.
 *
 * @throws if `mode` isn't a mode of Istio, if `clientTls` is given with mode DISABLE, or if one of `exceptHosts` isn't a valid name
 * that the client half covers; at synth, if the app has a second mesh-wide policy (Istio applies only the oldest)
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
  /** The mesh's root namespace, whose policies apply to the whole mesh. */
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
 * Istio's PeerAuthentication for the mesh, in mode STRICT: every sidecar rejects plaintext unless a namespace or workload overrides
 * it.
 *
 * Emits one PeerAuthentication named `default` with mode STRICT in the mesh's root namespace, regardless of the chart's:
 * `istio-system`, or that of an IstioMesh. Clients with a sidecar need no configuration: auto mTLS, on by default, makes
 * them send mutual TLS. Clients without a sidecar can no longer connect.
 *
 * @throws as MeshMtls does
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
