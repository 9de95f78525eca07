import { ClientTls, ClusterTls, TlsReason } from './client-tls';
import { PeerPolicies } from '../server/peer-policies';
import { enforcedMode } from '../server/server-mode';
import { Endpoint } from '../services/endpoint';

/** What a client sends to one endpoint, and why. */
export interface EndpointTls {
  readonly tls: ClientTls;
  readonly reason: TlsReason;
}

/**
 * Under auto mTLS each endpoint decides: it must say that it speaks the mesh's TLS, its port must not be
 * DISABLE, and no rule may have unmarked it.
 */
export function endpointTls(cluster: ClusterTls, endpoint: Endpoint, policies: PeerPolicies): EndpointTls {
  if (cluster.fixed !== undefined) return { tls: cluster.fixed, reason: cluster.reason };
  if (endpoint.tlsMode !== 'istio') return { tls: 'PLAINTEXT', reason: 'endpoint-without-tls' };
  if (cluster.hint !== undefined) {
    return cluster.hint === 'ISTIO_MUTUAL' ? { tls: 'ISTIO_MUTUAL', reason: 'auto-mtls' } : { tls: 'PLAINTEXT', reason: 'rule-hides-endpoint' };
  }
  return enforcedMode(policies, endpoint, endpoint.port).mode === 'DISABLE'
    ? { tls: 'PLAINTEXT', reason: 'endpoint-without-tls' }
    : { tls: 'ISTIO_MUTUAL', reason: 'auto-mtls' };
}
