import type { ReportData } from '../../src/report/data';
import type { Context, Section } from '../context';
import { Child, element, foldable, stepwise, table } from '../dom';
import { nameOf } from '../neighbours';
import { badge, branchesBadges, outcomeOptions } from '../outcomes';
import { missingWords } from '../state';
import { badnessOf, OUTCOMES, outcomesOf, Path, TrafficModel } from '../traffic';
import { counted, foundText, numeral } from '../words';

/** A path with how many of the wanted clients take it. */
interface Row {
  readonly path: Path;
  readonly clients: number;
  /** The clients that a search has found; undefined: it is about the path itself, whoever takes it. */
  readonly only?: readonly number[];
}

export const calls: Section = {
  id: 'calls',
  title: 'Calls',
  about: 'What each client sends, what the server accepts, the outcome, and the objects that decide it. Clients that no rule distinguishes share a line, with the reasons for one of them.',
  noun: 'connection',
  reads: ['search', 'outcome', 'from', 'to'],
  controls: (context) => {
    const { worlds } = context.data;
    const names = namespaceOptions(context);
    return [context.choice('from', 'From', names), context.choice('to', 'To', names), context.choice('outcome', worlds?.conditional ? 'Outcome in some case' : 'Outcome', outcomeOptions())];
  },
  draw: (context, tell) => {
    const rows = rowsOf(context);
    const connections = rows.reduce((sum, { clients }) => sum + clients, 0);
    const all = Object.values(context.data.outcomes).reduce((sum, count) => sum + count, 0);
    tell(foundText(connections, all, 'connection').replace(/\.$/, rows.length === 0 ? '.' : `, in ${counted(rows.length, 'line')}.`), connections);
    return rows.length === 0 ? [] : [
      ...unlistedNote(context.data),
      stepwise(rows, 'line', (shown) => table('Calls', ['Outcome', 'Clients', 'Calls', 'Server', 'Sends', 'Accepts', 'Because'], shown.map((row) => cells(context, row)), 'calls'), 50),
    ];
  },
};

/** Where outcomes depend on facts that the manifests lack, but lines don't show how. */
function unlistedNote({ worlds }: ReportData): readonly Node[] {
  if (worlds?.unlisted === undefined) return [];
  return [element('p', { class: 'aside' }, `Undecided calls may depend on ${worlds.whether}. Their outcomes in each case aren't listed, as ${worlds.unlisted}.`)];
}

/** All namespaces as options of a choice, after `all`. */
export function namespaceOptions({ model }: Context): readonly (readonly [string, string])[] {
  const names = model.namespaces.map((_, index) => nameOf(model, index)).sort();
  return [['', 'all'], ...names.map((name) => [name, name] as const)];
}

function rowsOf({ model, state: { search, outcome, from, to } }: Context): readonly Row[] {
  const wanted = OUTCOMES.indexOf(outcome as typeof OUTCOMES[number]);
  const [client, server] = [from, to].map((name) => (name === '' ? undefined : model.namespaces.findIndex((_, index) => nameOf(model, index) === name)));
  const found = finder(model, search);
  return model.paths
    .filter((path) => (wanted < 0 || outcomesOf(path).includes(wanted)) && (server === undefined || path.server.namespace === server))
    .map((path): Row => {
      const only = found(path)?.filter((one) => client === undefined || model.workloads[one].namespace === client);
      return { path, only, clients: only?.length ?? (client === undefined ? model.sizeOf(path.clients) : model.sizeIn(path.clients, client)) };
    })
    .filter(({ clients }) => clients > 0)
    .sort((left, right) => badnessOf(left.path) - badnessOf(right.path) || casesOf(left.path) - casesOf(right.path) || right.clients - left.clients);
}

function casesOf({ branches }: Path): number {
  return branches?.length ?? 1;
}

function conditionsOf({ branches = [] }: Path): readonly string[] {
  return branches.map(([, condition]) => condition);
}

/** Of a path that doesn't have all words of a search: the clients whose names have the others. */
function finder(model: TrafficModel, search: string): (path: Path) => readonly number[] | undefined {
  if (search === '') return () => undefined;
  const names = model.workloads.map((_, index) => model.nameOf(index).toLowerCase());
  const byWords = new Map<string, readonly number[]>();
  return (path) => {
    const missing = missingWords(search, path.call, model.serverName(path.server), path.because, ...conditionsOf(path));
    if (missing.length === 0) return undefined;
    const key = missing.join(' ');
    const named = byWords.get(key) ?? names.flatMap((name, index) => (missing.every((word) => name.includes(word)) ? [index] : []));
    byWords.set(key, named);
    return named.filter((one) => model.has(path.clients, one));
  };
}

function cells(context: Context, row: Row): readonly Child[] {
  const { model } = context;
  const { call, server, port, outcome, clientTls, serverMode, because, branches } = row.path;
  return [
    branches ? branchesBadges(branches) : badge(outcome),
    clientsCell(context, row),
    call,
    `${model.serverName(server)}:${port}${server.workload === undefined ? ' (no workload)' : ''}`,
    clientTls,
    serverMode,
    because === '' ? '–' : element('span', { class: 'because' }, because),
  ];
}

/** How many of a set's clients are named, and how many on paper. */
const [NAMED, PRINTED] = [200, 40];

function clientsCell({ model, state: { from } }: Context, { path, clients, only }: Row): Child {
  const all = (): readonly number[] => (only ?? model.membersOf(path.clients).filter((one) => from === '' || nameOf(model, model.workloads[one].namespace) === from));
  if (clients <= 2) return model.clientsText(all());
  // Named when somebody asks: sets are large, and lines many.
  return foldable(`${counted(clients, 'workload')}${from === '' ? '' : ` of ${from}`}`, () => {
    const names = all().map((one) => model.nameOf(one));
    return [names.slice(0, NAMED).join(', '), names.length > NAMED ? ` and ${numeral(names.length - NAMED)} more` : ''];
  }, clients <= PRINTED);
}
