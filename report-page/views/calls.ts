import type { Context, Section } from '../context';
import { Child, element, stepwise, table } from '../dom';
import { nameOf } from '../neighbours';
import { badge, outcomeOptions } from '../outcomes';
import { matches } from '../state';
import { FROM_WORST, OUTCOMES, Path } from '../traffic';
import { counted, numeral } from '../words';

/** A path with how many of the wanted clients take it. */
interface Row {
  readonly path: Path;
  readonly clients: number;
}

export const calls: Section = {
  id: 'calls',
  title: 'Calls',
  about: 'What a client sends, what the server takes, what comes of it, and by which objects. Clients that no rule tells apart share a line, with the reasons of one of them.',
  reads: ['search', 'outcome', 'from', 'to'],
  controls: (context) => {
    const names = namespaceOptions(context);
    return [context.choice('from', 'From', names), context.choice('to', 'To', names), context.choice('outcome', 'Outcome', outcomeOptions())];
  },
  draw: (context) => {
    const rows = rowsOf(context);
    if (rows.length === 0) return [element('p', {}, 'No calls are like this.')];
    const connections = rows.reduce((sum, { clients }) => sum + clients, 0);
    return [
      element('p', { role: 'status' }, `${counted(connections, 'connection')}, told in ${counted(rows.length, 'line')}.`),
      stepwise(rows, 'line', (shown) => table('Calls', ['Outcome', 'Clients', 'Calls', 'Server', 'Sends', 'Takes', 'Because'], shown.map((row) => cells(context, row)), 'calls'), 50),
    ];
  },
};

/** All namespaces as options of a choice, after `all`. */
export function namespaceOptions({ model }: Context): readonly (readonly [string, string])[] {
  const names = model.namespaces.map((_, index) => nameOf(model, index)).sort();
  return [['', 'all'], ...names.map((name) => [name, name] as const)];
}

function rowsOf({ model, state: { search, outcome, from, to } }: Context): readonly Row[] {
  const wanted = OUTCOMES.indexOf(outcome as typeof OUTCOMES[number]);
  const [client, server] = [from, to].map((name) => (name === '' ? undefined : model.namespaces.findIndex((_, index) => nameOf(model, index) === name)));
  return model.paths
    .filter((path) => (wanted < 0 || path.outcome === wanted) && (server === undefined || path.server.namespace === server))
    .map((path) => ({ path, clients: client === undefined ? model.sizeOf(path.clients) : model.sizeIn(path.clients, client) }))
    .filter(({ path, clients }) => clients > 0 && (search === '' || matches(search, path.call, model.serverName(path.server), path.because, clientsText(path, model))))
    .sort((left, right) => FROM_WORST.indexOf(left.path.outcome) - FROM_WORST.indexOf(right.path.outcome) || right.clients - left.clients);
}

function cells({ model, state }: Context, { path, clients }: Row): readonly Child[] {
  const { call, server, port, outcome, clientTls, serverMode, because } = path;
  return [
    badge(outcome),
    clientsCell(path, clients, { model, state }),
    call,
    `${model.serverName(server)}:${port}${server.workload === undefined ? ' (no workload)' : ''}`,
    clientTls,
    serverMode,
    because === '' ? '–' : element('span', { class: 'because' }, because),
  ];
}

/** How many of a set's clients are named. */
const NAMED = 200;

function clientsCell(path: Path, clients: number, { model, state }: Pick<Context, 'model' | 'state'>): Child {
  const all = model.sizeOf(path.clients);
  if (all <= 2) return clientsText(path, model);
  const place = element('div');
  const heading = `${numeral(clients)} ${clients === 1 ? 'workload' : 'workloads'}${state.from === '' ? '' : ` of ${state.from}`}`;
  // Named when somebody asks: sets are large, and lines many.
  const details = element('details', {
    toggle: () => {
      if (place.hasChildNodes()) return;
      const names = model.membersOf(path.clients).map((one) => [one, model.nameOf(one)] as const)
        .filter(([one]) => state.from === '' || nameOf(model, model.workloads[one].namespace) === state.from).map(([, name]) => name);
      place.append(names.slice(0, NAMED).join(', '), names.length > NAMED ? ` and ${numeral(names.length - NAMED)} more` : '');
    },
  }, element('summary', {}, heading), place);
  return details;
}

function clientsText({ clients }: Path, model: Context['model']): string {
  return model.sizeOf(clients) <= 2 ? model.clientsText(model.membersOf(clients)) : '';
}
