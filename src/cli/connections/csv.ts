import { printable, redacted } from '../../findings/safe-text';
import { objectText } from '../../mesh/inventory/object';
import { branchesText } from '../../mesh/worlds/branches-text';
import { casesText } from '../../mesh/worlds/cases-text';
import { ConditionalConnection } from '../../mesh/worlds/connections-both-ways';

type Column = readonly [string, (connection: ConditionalConnection) => string | number | undefined];

const COLUMNS: readonly Column[] = [
  ['client_kind', ({ client }) => client.kind],
  ['client_namespace', ({ client }) => client.namespace],
  ['client_name', ({ client }) => client.name],
  ['requested_host', ({ requested }) => requested.host],
  ['requested_port', ({ requested }) => requested.port],
  ['service_namespace', ({ service }) => service.namespace],
  ['service_name', ({ service }) => service.name],
  ['service_host', ({ service }) => service.host],
  ['service_port', ({ service }) => service.port],
  ['subset', ({ service }) => service.subset],
  ['server_kind', ({ server }) => server?.kind],
  ['server_namespace', ({ server }) => server?.namespace],
  ['server_name', ({ server }) => server?.name],
  ['server_port', ({ server }) => server?.port],
  ['client_tls', ({ clientTls }) => clientTls],
  ['server_mode', ({ serverMode }) => serverMode],
  ['outcome', ({ outcome }) => outcome],
  ['undecided_because', ({ undecidedBecause }) => undecidedBecause],
  ['because', ({ because }) => because.map((reason) => `${objectText(reason)} ${reason.field}: ${reason.effect}`).join('; ')],
  ['conditions', (connection) => (connection.branches ? branchesText(connection.branches) : casesText(connection))],
];

/** Connections as CSV (RFC 4180), one per line after a header. */
export function* csvLines(connections: Iterable<ConditionalConnection>): Generator<string> {
  yield COLUMNS.map(([name]) => name).join(',');
  for (const connection of connections) {
    yield COLUMNS.map(([, valueOf]) => quoted(inert(printable(redacted(String(valueOf(connection) ?? '')))))).join(',');
  }
}

function quoted(text: string): string {
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Prefixes a text that a spreadsheet would run as a formula with an apostrophe. No name that Kubernetes accepts begins like a formula. */
function inert(text: string): string {
  return /^[=+@\t-]/.test(text) ? `'${text}` : text;
}
