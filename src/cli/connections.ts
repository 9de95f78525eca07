import { Admitted } from './admitted';
import { Colours } from './colours';
import { ConnectionFormat } from './connection-format';
import { csvLines } from './connections-csv';
import { arrayLines, Envelope, envelopeLines } from './connections-json';
import { tableLines } from './connections-table';
import { withInstalled } from '../configuration/installed';
import { redacted } from '../findings/safe-text';
import { Connection } from '../mesh/calls/connections';
import { ConnectionQuery, filterFor } from '../mesh/calls/selection';
import { MeshChange } from '../mesh/change/mesh-change';
import { Mesh, MeshOptions } from '../mesh/mesh';

/** The connections that a query wants, line by line: a mesh has millions, which nobody should hold at once. */
export interface PrintedConnections {
  readonly lines: Iterable<string>;
  /** What to know of the control plane, where the lines don't tell it. */
  readonly notes: readonly string[];
}

/**
 * The connections that a query wants. With facts, only those that a judged object takes part in or changes.
 *
 * @param envelope has JSON printed in format 2, with this around the connections
 * @throws UnknownNameError if the query names what isn't there
 */
export function printedConnections(
  { judged, facts }: Admitted, options: MeshOptions & ConnectionQuery, format: ConnectionFormat, colours: Colours, envelope?: Envelope,
): PrintedConnections {
  const known = withInstalled(options, facts, judged);
  const change = facts.length > 0 ? MeshChange.of(judged, facts, known) : undefined;
  const mesh = change?.after ?? Mesh.of(judged, known);
  const filter = filterFor(mesh, options);
  const notes = mesh.notes.map(redacted);
  if (!envelope) return { lines: linesOf((change ?? mesh).connections(filter), mesh, format, colours), notes };
  const { reading } = envelope;
  const told = [...reading.notes, ...notes.map((text) => ({ about: 'control plane' as const, text }))];
  return { lines: envelopeLines({ ...envelope, reading: { ...reading, notes: told } }, (change ?? mesh).tracedConnections(filter)), notes: [] };
}

function linesOf(connections: Iterable<Connection>, mesh: Mesh, format: ConnectionFormat, colours: Colours): Iterable<string> {
  switch (format) {
    case 'json': return arrayLines(connections);
    case 'csv': return csvLines(connections);
    default: return tableLines(connections, mesh, colours);
  }
}
