import { Admitted } from './admitted';
import { Colours } from './colours';
import { ConnectionFormat } from './connection-format';
import { csvLines } from './connections-csv';
import { tableLines } from './connections-table';
import { withInstalled } from '../configuration/installed';
import { printableJson } from '../findings/printable';
import { redacted, redactedJson } from '../findings/redaction';
import { MeshChange } from '../mesh/change/mesh-change';
import { Connection } from '../mesh/connections/connection';
import { ConnectionQuery, filterFor } from '../mesh/connections/selection';
import { Mesh, MeshOptions } from '../mesh/mesh';

/** The connections that a query wants, line by line: a mesh has millions, which nobody should hold at once. */
export interface PrintedConnections {
  readonly lines: Iterable<string>;
  /** What to know of the control plane. */
  readonly notes: readonly string[];
}

/**
 * The connections that a query wants. With facts, only those that a judged object takes part in or changes.
 *
 * @throws UnknownNameError if the query names what isn't there
 */
export function printedConnections(
  { judged, facts }: Admitted, options: MeshOptions & ConnectionQuery, format: ConnectionFormat, colours: Colours,
): PrintedConnections {
  const known = withInstalled(options, facts, judged);
  const change = facts.length > 0 ? MeshChange.of(judged, facts, known) : undefined;
  const mesh = change?.after ?? Mesh.of(judged, known);
  const connections = (change ?? mesh).connections(filterFor(mesh, options));
  return { lines: linesOf(connections, mesh, format, colours), notes: mesh.notes.map(redacted) };
}

function linesOf(connections: Iterable<Connection>, mesh: Mesh, format: ConnectionFormat, colours: Colours): Iterable<string> {
  switch (format) {
    case 'json': return jsonLines(connections);
    case 'csv': return csvLines(connections);
    default: return tableLines(connections, mesh, colours);
  }
}

/** One array, a connection a line. */
function* jsonLines(connections: Iterable<Connection>): Generator<string> {
  let before = '[';
  for (const connection of connections) {
    yield before;
    before = `${printableJson(redactedJson(JSON.stringify(connection)))},`;
  }
  yield before === '[' ? '[]' : before.slice(0, -1);
  if (before !== '[') yield ']';
}
