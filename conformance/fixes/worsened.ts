// What istiod makes worse of one mesh in another.
import type { Connection } from '../../src/mesh/calls/connections';
import type { Outcome } from '../../src/mesh/model/transport';
import type { Call, MeshVerdict, RefereeConnection } from '../connections/verdict';

const RANKS: Readonly<Record<Outcome, number>> = { undecided: -1, broken: 0, plaintext: 1, tls: 2, mtls: 3 };

const callOf = ({ client, requested }: Call) => `${client.kind} ${client.namespace}/${client.name} calls ${requested.host}:${requested.port}`;
const serverOf = (one: RefereeConnection) => (one.server ? `${callOf(one)} at ${one.server.kind} ${one.server.namespace}/${one.server.name}:${one.server.port}` : undefined);

/**
 * The calls that arrived and don't any more, or less protected, and the same of connections to servers that are still reached:
 * both by the referee's verdicts, where it could judge the call both times.
 * @param ours the model's connections before: of a call to which it finds no server, since the host is ambiguous, it promises nothing
 */
export function worsened(before: MeshVerdict, after: MeshVerdict, ours: readonly Connection[] = []): string[] {
  const ambiguous = ours.filter(({ server, undecidedBecause }) => !server && undecidedBecause === 'ambiguous-service');
  const unjudged = new Set([...before.unjudged, ...after.unjudged, ...ambiguous].map(callOf));
  const [former, latter] = [before, after].map(({ connections }) => connections.filter((one) => !unjudged.has(callOf(one))));
  const [calls, now] = [former, latter].map((all) => worst(all, callOf));
  const [servers, reached] = [former, latter].map((all) => worst(all, serverOf));
  return [
    ...[...calls].filter(([call, rank]) => rank > 0 && rank > (now.get(call) ?? 0)),
    ...[...servers].filter(([server, rank]) => rank > 0 && rank > (reached.get(server) ?? rank)),
  ].map(([text]) => text);
}

function worst(connections: readonly RefereeConnection[], keyOf: (one: RefereeConnection) => string | undefined): Map<string, number> {
  const found = new Map<string, number>();
  for (const one of connections) {
    const key = keyOf(one);
    if (key !== undefined) found.set(key, Math.min(RANKS[one.outcome], found.get(key) ?? RANKS.mtls));
  }
  return found;
}
