import { Colours, paintOf } from './colours';
import { printable, redacted } from '../findings/safe-text';
import { Connection } from '../mesh/calls/connections';
import { ObjectName, objectText } from '../mesh/inventory/object';
import { Mesh } from '../mesh/mesh';

/** Connections for the eye. The widths come from the mesh, so that the first line needn't wait for the last. */
export function* tableLines(connections: Iterable<Connection>, { workloads, decisions: { calls } }: Mesh, colours: Colours): Generator<string> {
  const name = widest(workloads.map(nameText));
  const columns = [
    { title: 'OUTCOME', width: 'undecided'.length },
    { title: 'CLIENT', width: name },
    { title: 'CALLS', width: widest(calls.map(callText)) },
    { title: 'SERVER', width: name + ':65535'.length },
    { title: 'CLIENT TLS', width: 'ISTIO_MUTUAL'.length },
    { title: 'SERVER MODE', width: 0 },
    { title: 'BECAUSE', width: 0 },
  ].map(({ title, width }) => ({ title, width: Math.max(title.length, width) }));
  const aligned = (cells: readonly string[]): string[] => cells.map((cell, index) => cell.padEnd(columns[index].width));
  yield colours.bold(aligned(columns.map(({ title }) => title)).join('  ').trimEnd());
  for (const connection of connections) {
    const [outcome, ...cells] = aligned(cellsOf(connection).map((cell) => printable(redacted(cell))));
    yield [paintOf(connection.outcome, colours)(outcome), ...cells].join('  ').trimEnd();
  }
}

function cellsOf({ client, requested, service, server, clientTls, serverMode, outcome, undecidedBecause, because }: Connection): string[] {
  const sentOn = service.host === requested.host && service.port === requested.port && service.subset === undefined;
  const chain = because.map((reason) => `${objectText(reason)}: ${reason.effect}`);
  return [
    outcome,
    nameText(client),
    callText(requested),
    server ? `${nameText(server)}:${server.port}` : sentOn ? '-' : callText(service),
    clientTls,
    serverMode,
    [...undecidedBecause ? [undecidedBecause] : [], ...chain].join('; '),
  ];
}

/** Most are Deployments: only the others say their kind. */
function nameText({ kind, namespace, name }: ObjectName): string {
  return `${kind === 'Deployment' ? '' : `${kind.toLowerCase()}/`}${namespace}/${name}`;
}

function callText({ host, port }: { readonly host: string; readonly port: number }): string {
  return `${host}:${port}`;
}

function widest(texts: readonly string[]): number {
  return texts.reduce((width, { length }) => Math.max(width, length), 0);
}
