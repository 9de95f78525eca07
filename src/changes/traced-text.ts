import { TracedConnection } from '../mesh/calls/traced-connection';
import { becauseText, connectionText } from '../mesh/queries/connection-text';

/** The text of `connectionText`, of a connection in format 2. */
export function tracedText({ client, hops }: TracedConnection, calls: string): string {
  const { server } = lastOf(hops);
  return connectionText({ client: client.object!, server: server && { ...server.object, port: server.port } }, calls);
}

/** Why a connection has its outcome. */
export function tracedBecauseText({ transport: { because, undecidedBecause } }: TracedConnection): string {
  return becauseText({ undecidedBecause, because: because.map(({ object, field, effect }) => ({ ...object, field, effect })) });
}

/** Whether a server receives the call. */
export function hasServer({ hops }: TracedConnection): boolean {
  return lastOf(hops).server !== null;
}

function lastOf(hops: TracedConnection['hops']): TracedConnection['hops'][number] {
  return hops[hops.length - 1];
}
