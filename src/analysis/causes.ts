import { tlsSettingsOf } from './fields';
import { DecidedHop } from '../mesh/calls/decisions';
import { TlsReason } from '../mesh/model/transport';
import { isWildcard } from '../mesh/names/hosts';

/** Why a connection is broken. Each broken connection has one cause, and each cause is reported by one rule. */
export type Cause =
  | 'plaintext-rule' // a DestinationRule says DISABLE
  | 'empty-tls' // it says so by naming no mode
  | 'rule-without-effect' // a DestinationRule's TLS is left out, since its certificates can't be had
  | 'disable-policy' // the namespace's or mesh's PeerAuthentication is DISABLE, and the client's istiod goes by that
  | 'unasked-plaintext' // auto mTLS doesn't hold, though no policy says so
  | 'client-without-sidecar'
  | 'excluded-outbound-port' // the client's annotation leads the call around its sidecar
  | 'passthrough' // the client's proxy doesn't know what is called, and lets it pass as it is
  | 'black-hole' // the same, and it lets nothing unknown pass
  | 'mtls-without-proxy'
  | 'mtls-unknown-address' // a machine or an address, which manifests don't say enough of
  | 'wildcard-mtls-without-proxy' // the same, by a DestinationRule for many hosts
  | 'excluded-inbound-port' // the server has a sidecar, but its port goes around it
  | 'mtls-disabled-port' // a DestinationRule says ISTIO_MUTUAL, the server DISABLE
  | 'unseen-disable' // auto mTLS doesn't look at the server's policy there
  | 'foreign-tls-strict-server'
  | 'foreign-tls-http-port'
  | 'other-protocol' // the server's proxy expects HTTP, and gets something else
  | 'unreachable-destination'
  | 'undefined-subset'
  | 'proxy-protocol'
  | 'wrong-identity';

/** The rule that reports each cause. */
export const CODE_OF_CAUSE: Readonly<Record<Cause, string>> = {
  'plaintext-rule': 'MTLS101',
  'disable-policy': 'MTLS102',
  'client-without-sidecar': 'MTLS103',
  'passthrough': 'MTLS105',
  'black-hole': 'MTLS106',
  'mtls-without-proxy': 'MTLS107',
  'mtls-disabled-port': 'MTLS108',
  'foreign-tls-strict-server': 'MTLS109',
  'foreign-tls-http-port': 'MTLS110',
  'unseen-disable': 'MTLS112',
  'excluded-inbound-port': 'MTLS113',
  'unreachable-destination': 'MTLS114',
  'unasked-plaintext': 'MTLS115',
  'excluded-outbound-port': 'MTLS116',
  'mtls-unknown-address': 'MTLS119',
  'other-protocol': 'MTLS121',
  'proxy-protocol': 'MTLS125',
  'empty-tls': 'MTLS307',
  'rule-without-effect': 'MTLS308',
  'undefined-subset': 'MTLS311',
  'wildcard-mtls-without-proxy': 'MTLS312',
  'wrong-identity': 'MTLS507',
};

/** Why a proxy sends plaintext to a service that it knows. */
const PLAINTEXT: Readonly<Record<Exclude<TlsReason, 'auto-mtls' | 'no-sidecar'>, Cause>> = {
  'rule': 'plaintext-rule',
  'rule-without-effect': 'rule-without-effect',
  'policy-disables': 'disable-policy',
  'auto-mtls-off': 'unasked-plaintext',
  'external': 'unasked-plaintext',
  'endpoint-without-tls': 'unasked-plaintext',
  'not-all-endpoints': 'unasked-plaintext',
  'rule-hides-endpoint': 'unasked-plaintext',
};

/** The cause of a broken hop. */
export function causeOf(decided: DecidedHop): Cause {
  const { brokenBecause, sent: { tls: clientTls }, received: { receiver } } = decided.hop;
  switch (brokenBecause) {
    case 'forbidden-destination': return 'black-hole';
    case 'unknown-destination':
    case 'no-servers': return 'unreachable-destination';
    case 'other-servers': return 'wrong-identity';
    case 'undefined-subset':
    case 'other-protocol':
    case 'proxy-protocol':
    case 'wrong-identity': return brokenBecause;
    case undefined: break;
  }
  switch (clientTls) {
    case 'PLAINTEXT': return causeOfPlaintext(decided);
    case 'ISTIO_MUTUAL': return causeOfMtls(decided);
    default: return receiver?.mode === 'STRICT' ? 'foreign-tls-strict-server' : 'foreign-tls-http-port';
  }
}

/** Why a client sends plaintext, or passes on the application's TLS, whether or not that breaks the call. */
function causeOfPlaintext({ hop }: DecidedHop): Cause {
  const { travel, sent: { reason: tlsReason } } = hop;
  if (tlsReason === 'rule' && tlsSettingsOf(hop)?.fields.includes('mode') === false) return 'empty-tls';
  if (travel === 'direct') return hop.sender.scope ? 'excluded-outbound-port' : 'client-without-sidecar';
  return tlsReason === 'auto-mtls' || tlsReason === 'no-sidecar' ? 'passthrough' : PLAINTEXT[tlsReason];
}

function causeOfMtls({ hop: { received: { receiver, endpoint }, sent: { reason: tlsReason }, rule } }: DecidedHop): Cause {
  if (receiver?.mode === 'DISABLE') return tlsReason === 'rule' ? 'mtls-disabled-port' : 'unseen-disable';
  if (endpoint?.workload?.proxy.encrypts === true) return 'excluded-inbound-port';
  if (!endpoint?.workload) return 'mtls-unknown-address';
  return tlsReason === 'rule' && isWildcard(rule!.host) ? 'wildcard-mtls-without-proxy' : 'mtls-without-proxy';
}
