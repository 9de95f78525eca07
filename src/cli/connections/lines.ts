import { csvLines } from './csv';
import { ConnectionFormat } from './formats';
import { arrayLines, Envelope, envelopeLines } from './json';
import { leftOutIn, leftOutText } from '../../analysis/left-out';
import { withInstalled } from '../../configuration/installed';
import { paintOf } from '../../explain/text/paint';
import { printable, redacted } from '../../findings/safe-text';
import { wrapped } from '../../findings/wrapped';
import { Connection } from '../../mesh/calls/connections';
import { meaningOf } from '../../mesh/calls/undecided-meanings';
import { MeshChange } from '../../mesh/change/mesh-change';
import { ObjectName, objectText } from '../../mesh/inventory/object';
import { Mesh, MeshOptions } from '../../mesh/mesh';
import { ConnectionQuery, filterFor } from '../../mesh/queries/selection';
import { branchesText } from '../../mesh/worlds/branches-text';
import { casesText } from '../../mesh/worlds/cases-text';
import { ConditionalConnection, ConnectionsBothWays } from '../../mesh/worlds/connections-both-ways';
import { Admitted } from '../admission/admission';
import { Note } from '../input/raw-sources';
import { Colours, Printer } from '../output/printer';

/** The connections that match a query, as a stream of lines: a mesh may have millions, too many for memory. */
export interface ConnectionLines {
  readonly lines: Iterable<string>;
  /** Notes on the control plane, unless the lines contain them. */
  readonly notes: readonly string[];
}

/**
 * Prints the connections that match a query. With facts, only those that a judged object takes part in or changes.
 *
 * @param envelope the other fields of format 2; undefined for the other formats
 * @throws UnknownNameError if the query names something that the mesh doesn't have
 */
export function printedConnections(
  { judged, facts }: Admitted, options: MeshOptions & ConnectionQuery, format: ConnectionFormat, printer: Printer, envelope?: Envelope,
): ConnectionLines {
  const known = withInstalled(options, facts, judged);
  const change = facts.length > 0 ? MeshChange.of(judged, facts, known) : undefined;
  const mesh = change?.after ?? Mesh.of(judged, known);
  const filter = filterFor(mesh, options);
  const notes = notesOf(mesh);
  const listed = ConnectionsBothWays.of(change ?? mesh) ?? change ?? mesh;
  if (!envelope) return { lines: linesOf(listed.connections(filter), mesh, format, printer), notes: notes.map(({ text }) => text) };
  const reading = { ...envelope.reading, notes: [...envelope.reading.notes, ...notes] };
  return { lines: envelopeLines({ ...envelope, reading }, listed.tracedConnections(filter)), notes: [] };
}

/** On the control plane, and how many connections aren't listed because no workload declares them. */
function notesOf(mesh: Mesh): readonly Note[] {
  const leftOut = leftOutIn(mesh);
  const notes: Note[] = mesh.notes.map((text) => ({ about: 'control plane', text }));
  const text = leftOut ? leftOutText(leftOut, '--all-calls lists them') : '';
  if (text !== '') notes.push({ about: 'calls', text });
  return notes.map((note) => ({ ...note, text: redacted(note.text) }));
}

function linesOf(connections: Iterable<ConditionalConnection>, mesh: Mesh, format: ConnectionFormat, printer: Printer): Iterable<string> {
  switch (format) {
    case 'json': return arrayLines(withoutBranches(connections));
    case 'csv': return csvLines(connections);
    default: return printer.width === Infinity ? tableLines(connections, mesh, printer.colours) : terminalLines(connections, mesh, printer);
  }
}

/** Format 1 has no place for conditions: connections that depend on them are undecided. */
function* withoutBranches(connections: Iterable<ConditionalConnection>): Generator<Connection> {
  for (const { branches: _, cases: __, ...connection } of connections) yield connection;
}

/** A table for people. Column widths come from the mesh, so that lines can be printed before the last connection is decided. */
function* tableLines(connections: Iterable<ConditionalConnection>, mesh: Mesh, colours: Colours): Generator<string> {
  const columns = columnsOf(mesh);
  yield colours.bold(aligned(columns.map(({ title }) => title), columns).join('  ').trimEnd());
  for (const connection of connections) yield rowOf(connection, columns, colours).join('  ').trimEnd();
}

/** The table in the width of a terminal: BECAUSE is below its connection, and if that is still too wide, all columns are stacked. */
function* terminalLines(
  connections: Iterable<ConditionalConnection>, mesh: Mesh, { colours, columns: width = WIDTH }: Printer,
): Generator<string> {
  const columns = columnsOf(mesh).slice(0, -1);
  const fits = columns.reduce((sum, column) => sum + column.width + 2, 'PERMISSIVE'.length) <= width;
  if (fits) yield colours.bold(aligned(columns.map(({ title }) => title), columns).join('  ').trimEnd());
  for (const connection of connections) {
    const [outcome, client, called, server, clientTls, serverMode, because] = rowOf(connection, [], colours);
    if (fits) yield rowOf(connection, columns, colours).slice(0, -1).join('  ').trimEnd();
    const known = [server === '-' ? '' : `server ${server}`, serverMode === 'UNKNOWN' ? '' : `mode ${serverMode}`,
      clientTls === 'UNKNOWN' ? '' : `client sends ${clientTls}`];
    const stacked = [`${client} → ${called}`, known.filter(Boolean).join(', ')].filter(Boolean);
    const texts = [...fits ? [] : stacked, ...because === '' ? [] : [because]];
    const lines = texts.flatMap((text) => wrapped(text, width - STACKED)).map((line) => `${' '.repeat(STACKED)}${line}`);
    const pad = ' '.repeat(Math.max(0, STACKED - connection.outcome.length));
    yield (fits ? lines : [`${outcome}${pad}${lines[0].trimStart()}`, ...lines.slice(1)]).join('\n');
  }
}

/** The width if the terminal doesn't state one, and the column in which texts below an outcome begin. */
const [WIDTH, STACKED] = [100, 11];

interface ConnectionColumn {
  readonly title: string;
  readonly width: number;
}

function columnsOf({ workloads, decisions: { calls } }: Mesh): readonly ConnectionColumn[] {
  const name = widest(workloads.map(nameText));
  return [
    { title: 'OUTCOME', width: 'undecided'.length },
    { title: 'CLIENT', width: name },
    { title: 'CALLS', width: widest(calls.map(callText)) },
    { title: 'SERVER', width: name + ':65535'.length },
    { title: 'CLIENT TLS', width: 'ISTIO_MUTUAL'.length },
    { title: 'SERVER MODE', width: 0 },
    { title: 'BECAUSE', width: 0 },
  ].map(({ title, width }) => ({ title, width: Math.max(title.length, width) }));
}

function aligned(cells: readonly string[], columns: readonly ConnectionColumn[]): string[] {
  return cells.map((cell, index) => cell.padEnd(columns[index]?.width ?? 0));
}

function rowOf(connection: ConditionalConnection, columns: readonly ConnectionColumn[], colours: Colours): readonly string[] {
  const [outcome, ...cells] = aligned(cellsOf(connection).map((cell) => printable(redacted(cell))), columns);
  return [paintOf(connection.outcome, colours)(outcome), ...cells];
}

function cellsOf(connection: ConditionalConnection): string[] {
  const { client, requested, service, server, clientTls, serverMode, outcome, undecidedBecause, because, branches } = connection;
  const sentOn = service.host === requested.host && service.port === requested.port && service.subset === undefined;
  const chain = because.map((reason) => `${objectText(reason)}: ${reason.effect}`);
  const why = [...undecidedBecause ? [meaningOf(undecidedBecause)] : [], ...chain, casesText(connection)];
  return [
    outcome,
    nameText(client),
    callText(requested),
    server ? `${nameText(server)}:${server.port}` : sentOn ? '-' : callText(service),
    clientTls,
    serverMode,
    branches ? branchesText(branches) : why.filter(Boolean).join('; '),
  ];
}

/** The kind is printed only if it isn't Deployment, which most are. */
function nameText({ kind, namespace, name }: ObjectName): string {
  return `${kind === 'Deployment' ? '' : `${kind.toLowerCase()}/`}${namespace}/${name}`;
}

function callText({ host, port }: { readonly host: string; readonly port: number }): string {
  return `${host}:${port}`;
}

function widest(texts: readonly string[]): number {
  return texts.reduce((width, { length }) => Math.max(width, length), 0);
}
