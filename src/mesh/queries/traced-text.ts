import { becauseText, connectionText } from './connection-text';
import { TracedConnection, TracedReason } from '../calls/traced-connection';
import { meaningOf } from '../calls/undecided-meanings';
import { UndecidedReason } from '../model/transport';

/** The text of `connectionText`, of a connection in format 2. */
export function tracedText({ client, hops }: TracedConnection, calls: string): string {
  const { server } = lastOf(hops);
  return connectionText({ client: client.object!, server: server && { ...server.object, port: server.port } }, calls);
}

/** A decided connection, or a port's mode. */
interface Decided {
  readonly because: readonly TracedReason[];
  readonly undecidedBecause?: UndecidedReason;
}

/** Why a connection has its outcome, or a port its mode. */
export function tracedBecauseText(
  { because, undecidedBecause }: Pick<Decided, 'because'> & { readonly undecidedBecause?: string },
): string {
  return becauseText({ undecidedBecause, because: because.map(({ object, field, effect }) => ({ ...object, field, effect })) });
}

/** The same, with the meaning of an undecided connection's reason instead of its code. */
export function tracedMeaningText({ because, undecidedBecause }: Decided): string {
  return tracedBecauseText({ because, undecidedBecause: undecidedBecause && meaningOf(undecidedBecause) });
}

/** Whether a server receives the call. */
export function hasServer(connection: TracedConnection): boolean {
  return tracedServer(connection) !== null;
}

/** The server that receives the call; null for an external host, and if the manifests contain none. */
export function tracedServer({ hops }: TracedConnection): TracedConnection['hops'][number]['server'] {
  return lastOf(hops).server;
}

function lastOf(hops: TracedConnection['hops']): TracedConnection['hops'][number] {
  return hops[hops.length - 1];
}
