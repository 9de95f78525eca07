import type { Context, Section } from '../context';
import { element, scrolling } from '../dom';
import { nameOf } from '../neighbours';
import { countsText, sign } from '../outcomes';
import { matches } from '../state';
import { byWorst, Counts, none, OUTCOMES, share, sum, worstOf } from '../traffic';
import { foundText, numeral } from '../words';

/** How many namespaces are shown on a side: nobody reads more than that. */
const MOST = 30;

export const matrix: Section = {
  id: 'matrix',
  title: 'Who calls whom',
  about: 'Rows are calling namespaces, columns are called namespaces. A cell shows the worst outcome and the share of mutual TLS, and links to the calls. Arrow keys move between cells.',
  reads: ['search'],
  draw: (context, tell) => {
    const { model, state } = context;
    const named = model.namespaces.map((_, index) => index).filter((index) => matches(state.search, nameOf(model, index)));
    const nameFor = (index: number): string => nameOf(model, index);
    const sides = [model.outOf, model.into].map((counts) => ({
      counts, all: counts.filter((one) => sum(one) > 0).length, named: named.filter((index) => sum(counts[index]) > 0),
    }));
    const [from, to] = sides.map((side) => chosen(side.named, side.counts, nameFor));
    tell(sides.map((side, index) => foundText(side.named.length, side.all, `${['calling', 'called'][index]} namespace`)).join(' '));
    if (from.shown.length === 0 || to.shown.length === 0) return [];
    const hidden = [...from.hidden > 0 ? [`${numeral(from.hidden)} calling`] : [], ...to.hidden > 0 ? [`${numeral(to.hidden)} called`] : []].join(' and ');
    return [
      ...hidden === '' ? [] : [element('p', { class: 'more' }, `Only the namespaces with the worst outcomes are shown, without ${hidden} ones. Search for a name to see others.`)],
      drawn(context, from.shown, to.shown),
    ];
  },
};

interface Chosen {
  readonly shown: readonly number[];
  readonly hidden: number;
}

/** The worst, in the order of their names. */
function chosen(namespaces: readonly number[], counts: readonly Counts[], nameFor: (namespace: number) => string): Chosen {
  const shown = [...namespaces].sort((left, right) => byWorst(counts[left], counts[right])).slice(0, MOST)
    .sort((left, right) => (nameFor(left) < nameFor(right) ? -1 : 1));
  return { shown, hidden: namespaces.length - shown.length };
}

function drawn(context: Context, from: readonly number[], to: readonly number[]): HTMLElement {
  const { model } = context;
  const cells = model.cells(from, to);
  const name = (index: number): string => nameOf(model, index);
  const grid: HTMLTableElement = element('table', { class: 'matrix', keydown: (event) => moved(grid, event as KeyboardEvent) },
    element('caption', { class: 'hidden' }, 'Outcomes of calls between namespaces: rows are calling, columns are called namespaces'),
    element('thead', {}, element('tr', {}, element('td', { class: 'corner' }, 'calls ↓ to →'), ...to.map((one) => element('th', { scope: 'col' }, element('span', {}, name(one)))))),
    element('tbody', {}, ...from.map((client, row) => element('tr', {},
      element('th', { scope: 'row' }, name(client)),
      ...to.map((server, column) => cell(context, {
        from: name(client), to: name(server), counts: cells.get(client)?.get(server) ?? none(), isFirst: row + column === 0,
      })),
    ))),
  );
  return scrolling('Who calls whom', grid);
}

function cell(context: Context, { from, to, counts, isFirst }: { from: string; to: string; counts: Counts; isFirst: boolean }): HTMLElement {
  const worst = worstOf(counts);
  if (worst === undefined) return element('td', {}, element('span', { class: 'empty', tabindex: isFirst ? 0 : -1 }, '·'));
  const text = `${from} to ${to}: ${countsText(counts)}`;
  return element('td', {}, element('a', {
    'class': OUTCOMES[worst], 'href': context.href({ section: 'calls', from, to, search: '' }), 'title': text, 'aria-label': text, 'tabindex': isFirst ? 0 : -1,
  }, worst === 0 ? sign(worst) : `${sign(worst)} ${share(counts)} %`));
}

const STEPS: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1],
};

/** Of all cells one is reached by the tabulator: arrow keys move on from it. */
function moved(grid: HTMLTableElement, event: KeyboardEvent): void {
  const at = document.activeElement?.closest('td');
  const step = STEPS[event.key];
  if (!at || !step) return;
  const row = grid.tBodies[0].rows[(at.parentElement as HTMLTableRowElement).sectionRowIndex + step[0]];
  const next = row?.cells[at.cellIndex + step[1]]?.querySelector<HTMLElement>('a, .empty');
  if (!next) return;
  event.preventDefault();
  (document.activeElement as HTMLElement).tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}
