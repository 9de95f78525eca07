import { Construct } from 'constructs';
import { MeshMtls, StrictMeshMtlsProps } from './mesh-mtls';
import { MtlsMode } from './mtls-mode';

/**
 * Mutual TLS for the whole mesh: every sidecar refuses plaintext unless a namespace or workload says otherwise.
 *
 * Is one PeerAuthentication named `default` in the root namespace with mode STRICT. Clients need nothing:
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
