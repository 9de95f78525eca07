import { Counting, Decision, Decisions } from './decisions';
import { decisiveHop, Path, transportOf } from '../model/path';
import { Sender } from '../model/sender';

/** Why a connection is in plaintext: the first of these that applies. */
export type PlaintextReason =
  | 'client-without-sidecar'
  | 'server-without-sidecar'
  | 'unknown-sidecar' // istiod doesn't know that the server has one
  | 'rule' // a DestinationRule
  | 'policy' // a PeerAuthentication that is DISABLE
  | 'auto-mtls-off'
  | 'external'
  | 'not-all-servers' // a headless Service, one of whose servers has no sidecar
  | 'bypassed'; // the client's sidecar passes the call on as it comes

/** How many connections are in plaintext for a reason. */
export interface PlaintextCount {
  readonly reason: PlaintextReason;
  readonly connections: number;
  /** The namespaces of clients or servers without a sidecar; empty for other reasons. */
  readonly namespaces: ReadonlySet<string>;
}

/** By the number of connections, the most first. */
export function plaintextCounts(decisions: Decisions, counting: Counting = decisions): readonly PlaintextCount[] {
  const counts = new Map<PlaintextReason, { reason: PlaintextReason; connections: number; namespaces: Set<string> }>();
  for (const decision of decisions.all()) {
    for (const path of decision.paths) {
      if (transportOf(path).outcome !== 'plaintext') continue;
      const connections = counting.count(decision, path);
      if (connections === 0) continue;
      const reason = reasonOf(path);
      const known = counts.get(reason) ?? { reason, connections: 0, namespaces: new Set<string>() };
      counts.set(reason, known);
      known.connections += connections;
      for (const namespace of namespacesOf(reason, decision, path)) known.namespaces.add(namespace);
    }
  }
  return [...counts.values()].sort((left, right) => right.connections - left.connections || (left.reason < right.reason ? -1 : 1));
}

function reasonOf(path: Path): PlaintextReason {
  const { sent: { reason: tlsReason }, received: { receiver }, sender } = decisiveHop(path);
  switch (tlsReason) {
    case 'no-sidecar': return sender.members[0].proxy.encrypts === false ? 'client-without-sidecar' : 'bypassed';
    case 'rule': case 'rule-without-effect': case 'rule-hides-endpoint': return 'rule';
    case 'policy-disables': return 'policy';
    case 'endpoint-without-tls':
      return receiver?.mode === 'DISABLE' ? 'policy' : receiver?.mode === 'PERMISSIVE' ? 'unknown-sidecar' : 'server-without-sidecar';
    case 'not-all-endpoints': return receiver?.mode === 'NO_PROXY' ? 'server-without-sidecar' : 'not-all-servers';
    case 'auto-mtls-off': case 'external': return tlsReason;
    default: return 'bypassed';
  }
}

const HOMES = new WeakMap<Sender, readonly string[]>();

/** The namespaces of a sender's clients. */
function homesOf(sender: Sender): readonly string[] {
  let homes = HOMES.get(sender);
  if (!homes) HOMES.set(sender, homes = [...new Set(sender.members.map(({ namespace }) => namespace))]);
  return homes;
}

function namespacesOf(reason: PlaintextReason, { senders }: Decision, path: Path): readonly string[] {
  if (reason === 'client-without-sidecar') return [...senders].flatMap(homesOf);
  const server = decisiveHop(path).received.endpoint?.workload;
  return reason === 'server-without-sidecar' && server ? [server.namespace] : [];
}
