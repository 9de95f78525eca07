import type { Context, Section } from '../context';
import { element, scrolling, stepwise } from '../dom';
import { nameOf } from '../neighbours';
import { bar } from '../outcomes';
import { matches, ownKey } from '../state';
import { byWorst, Counts, OUTCOMES, share, sum } from '../traffic';
import { foundText, numeral } from '../words';

interface Row {
  readonly name: string;
  readonly workloads: number;
  readonly into: Counts;
  readonly findings: number;
  /** Findings that the baseline has. */
  readonly known: number;
}

/** How a column sorts, most interesting first. */
const SORTS: Readonly<Record<string, (left: Row, right: Row) => number>> = {
  worst: (left, right) => byWorst(left.into, right.into),
  name: (left, right) => (left.name < right.name ? -1 : 1),
  workloads: (left, right) => right.workloads - left.workloads,
  share: (left, right) => shareOf(left.into) - shareOf(right.into),
  findings: (left, right) => right.findings - left.findings,
};

export const namespaces: Section = {
  id: 'namespaces',
  title: 'Namespaces',
  about: 'Calls into each namespace, from any namespace, and the share that uses mutual TLS.',
  noun: 'namespace',
  reads: ['search', 'sort'],
  draw: (context, tell) => {
    const all = rowsOf(context);
    const rows = all.filter(({ name }) => matches(context.state.search, name));
    const sort = ownKey(SORTS, context.state.sort) ?? 'worst';
    rows.sort((left, right) => SORTS[sort](left, right) || SORTS.name(left, right));
    tell(all.length === 0 ? 'The manifests contain no workload and no service.' : foundText(rows.length, all.length, 'namespace'), rows.length);
    return rows.length === 0 ? [] : [stepwise(rows, 'namespace', (shown) => drawn(context, shown, sort), 15)];
  },
};

function rowsOf({ model, data }: Context): Row[] {
  const [findings, known] = [data.findings, data.known].map(countsByNamespace);
  const workloads = model.namespaces.map(() => 0);
  for (const { namespace } of model.workloads) workloads[namespace]++;
  return model.namespaces.flatMap((name, index) => {
    if (workloads[index] + sum(model.into[index]) === 0) return [];
    return [{
      name: nameOf(model, index),
      workloads: workloads[index],
      into: model.into[index],
      findings: findings.get(name) ?? 0,
      known: known.get(name) ?? 0,
    }];
  });
}

function countsByNamespace(findings: readonly { readonly namespace: string }[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { namespace } of findings) counts.set(namespace, (counts.get(namespace) ?? 0) + 1);
  return counts;
}

function drawn(context: Context, rows: readonly Row[], sort: string): HTMLElement {
  const column = (key: string, label: string): HTMLElement => element('th', { 'scope': 'col', 'aria-sort': sort === key ? 'descending' : undefined },
    element('button', { type: 'button', click: () => context.change({ sort: key }) }, label));
  return scrolling('Namespaces', element('table', { class: 'namespaces' },
    element('caption', { class: 'hidden' }, 'Calls into each namespace by outcome'),
    element('thead', {}, element('tr', {},
      column('name', 'Namespace'), column('workloads', 'Workloads'), column('share', 'mTLS'), column('worst', 'Calls into it'),
      ...OUTCOMES.slice(1).map((outcome) => element('th', { scope: 'col', class: 'number' }, outcome)), column('findings', 'Findings'), ...context.data.baseline ? [element('th', { scope: 'col', class: 'number' }, 'Known')] : [])),
    element('tbody', {}, ...rows.map((row) => drawnRow(context, row))),
  ));
}

function drawnRow(context: Context, { name, workloads, into, findings, known }: Row): HTMLElement {
  const number = (count: number, href: string): HTMLElement => element('td', { class: 'number' }, count === 0 ? '·' : element('a', { href }, numeral(count)));
  return element('tr', {},
    element('th', { scope: 'row' }, element('a', { href: context.href({ section: 'graph', around: name, direction: '', search: '' }) }, name)),
    element('td', { class: 'number' }, numeral(workloads)),
    element('td', { class: 'number' }, sum(into) === 0 ? '–' : `${share(into)} %`),
    element('td', {}, sum(into) === 0 ? 'none' : bar(into)),
    ...OUTCOMES.slice(1).map((outcome, index) => number(into[index + 1], context.href({ section: 'calls', to: name, outcome, search: '' }))),
    number(findings, context.href({ section: 'findings', namespace: name, status: 'open', search: '' })),
    ...context.data.baseline ? [number(known, context.href({ section: 'findings', namespace: name, status: 'known', search: '' }))] : [],
  );
}

/** Namespaces that nobody calls are last. */
function shareOf(counts: Counts): number {
  return sum(counts) === 0 ? Infinity : counts[0] / sum(counts);
}
