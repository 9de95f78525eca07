import { printableJson, redactedJson } from '../../findings/safe-text';
import { Connection } from '../../mesh/calls/connections';
import { TracedConnection } from '../../mesh/calls/traced-connection';
import type { ConfigurationFile } from '../findings/configuration-file';
import { PrintedReading, PrintedState, readingJson, stateJson } from '../findings/json';
import { Reading } from '../input/reading';

/** Format 1: one array, one connection per line. See docs/schemas/connections.schema.json. */
export function* arrayLines(connections: Iterable<Connection>): Generator<string> {
  let before = '[';
  for (const connection of connections) {
    yield before;
    before = `${lineOf(connection)},`;
  }
  yield before === '[' ? '[]' : before.slice(0, -1);
  if (before !== '[') yield ']';
}

/**
 * What istio-mtls connections -o json --format 2 prints
 *
 * The connections come last, one per line: they are printed as they are decided.
 */
export interface PrintedConnections extends PrintedState, PrintedReading {
  /** Increases when a field changes its meaning or is removed. New fields may be added at any time. */
  readonly format: 2;
  /** Ordered by client, requested host and port, and server. */
  readonly connections: readonly TracedConnection[];
}

/** The fields of format 2 other than the connections. */
export interface Envelope {
  readonly reading: Reading;
  /** How many of the judged objects would be refused. */
  readonly refused: number;
  /** The configuration file. */
  readonly configuration?: ConfigurationFile;
}

/** Format 2: an object whose last field has the connections, one per line. See docs/schemas/connections-2.schema.json. */
export function* envelopeLines({ reading, refused, configuration }: Envelope, connections: Iterable<TracedConnection>): Generator<string> {
  const head: Omit<PrintedConnections, 'connections'> = {
    format: 2, ...stateJson(reading, refused, configuration), ...readingJson(reading),
  };
  yield `${printableJson(JSON.stringify(head)).slice(0, -1)},"connections":[`;
  let before: string | undefined;
  for (const connection of connections) {
    if (before !== undefined) yield `${before},`;
    before = lineOf(connection);
  }
  if (before !== undefined) yield before;
  yield ']}';
}

function lineOf(connection: Connection | TracedConnection): string {
  return printableJson(redactedJson(JSON.stringify(connection)));
}
