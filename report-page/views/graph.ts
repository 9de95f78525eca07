import { Graph, layout } from '@dagrejs/dagre';
import type { Context, Section } from '../context';
import { drawn, foldable, scrolling, table } from '../dom';
import { callsInto, callsOutOf, GraphEdge, GraphNode, nameOf, Neighbourhood } from '../neighbours';
import { countsText, sign } from '../outcomes';
import { byWorst, OUTCOMES, sum, worstOf } from '../traffic';
import { counted, numeral } from '../words';

const HEIGHT = 30;
/** About how wide a letter is, and how many are shown. */
const [LETTER, LETTERS] = [7.2, 36];
const MARGIN = 12;

export const graph: Section = {
  id: 'graph',
  title: 'Graph of a namespace',
  about: 'Clients are on the left, what they call is on the right. Clients whose calls all have the same outcomes share a box. A line has the worst outcome of its calls. Boxes link to the calls.',
  reads: ['around', 'direction'],
  controls: (context) => [
    context.choice('around', 'Namespace', [['', 'with the worst outcomes'], ...namespacesOf(context).map((index) => nameOf(context.model, index)).map((name) => [name, name] as const)]),
    context.choice('direction', 'Calls', [['', 'into the namespace'], ['out', 'to other namespaces']]),
  ],
  draw: (context, tell) => {
    const { model, state } = context;
    const known = namespacesOf(context);
    const namespace = known.find((index) => nameOf(model, index) === state.around)
      ?? [...known].sort((left, right) => byWorst(model.into[left], model.into[right]))[0];
    if (namespace === undefined) {
      tell('No namespace has calls.');
      return [];
    }
    const isOut = state.direction === 'out';
    const found = isOut ? callsOutOf(model, namespace) : callsInto(model, namespace);
    const name = nameOf(model, namespace);
    if (found.edges.length === 0) {
      tell(isOut ? `No workload of ${name} calls another namespace.` : `No workload calls into ${name}.`);
      return [];
    }
    tell(summaryOf(found, name, isOut));
    return [
      scrolling(`Graph of the calls around ${name}`, picture(context, found, name), 'graph'),
      foldable('Show as a table', () => [table(`Calls around ${name}`, ['Clients', 'Call', 'Outcomes'], [...found.edges].map(({ from, to, counts }) =>
        [found.clients[from].label, found.servers[to].label, countsText(counts)]))]),
    ];
  },
};

function summaryOf({ clients, servers, hidden }: Neighbourhood, name: string, isOut: boolean): string {
  const [direction, called, left] = isOut ? ['out of', 'group of namespaces', 'client'] : ['into', 'server', 'server'];
  const groups = `${numeral(servers.length)} ${servers.length === 1 ? called : called.replace(/^\w+/, '$&s')}`;
  const more = hidden === 0 ? '' : ` ${counted(hidden, left)} with better outcomes or later names ${hidden === 1 ? 'isn\'t' : 'aren\'t'} shown.`;
  return `Calls ${direction} ${name}: ${counted(clients.length, 'group')} of clients, ${groups}.${more}`;
}

/** Namespaces that call or are called, by name. */
function namespacesOf({ model }: Context): readonly number[] {
  return model.namespaces.map((_, index) => index).filter((index) => sum(model.into[index]) + sum(model.outOf[index]) > 0)
    .sort((left, right) => (nameOf(model, left) < nameOf(model, right) ? -1 : 1));
}

function picture(context: Context, { clients, servers, edges }: Neighbourhood, name: string): SVGElement {
  const plan = new Graph({ directed: true });
  plan.setGraph({ rankdir: 'LR', nodesep: 10, ranksep: Math.min(320, 140 + 6 * servers.length), marginx: MARGIN, marginy: MARGIN });
  plan.setDefaultEdgeLabel(() => ({}));
  for (const [index, node] of clients.entries()) plan.setNode(`c${index}`, { width: widthOf(node), height: HEIGHT });
  for (const [index, node] of servers.entries()) plan.setNode(`s${index}`, { width: widthOf(node), height: HEIGHT });
  for (const { from, to } of edges) plan.setEdge(`c${from}`, `s${to}`);
  layout(plan);
  const { width = 0, height = 0 } = plan.graph() as { width?: number; height?: number };
  const box = (id: string): Box => plan.node(id) as Box;
  // The worst are drawn last, above the others.
  const inOrder = [...edges].sort((left, right) => byWorst(right.counts, left.counts));
  return drawn('svg', { 'viewBox': `0 0 ${width} ${height}`, 'width': width, 'height': height, 'role': 'group', 'aria-label': `Graph of the calls around ${name}` },
    ...inOrder.map((edge) => {
      const to = box(`s${edge.to}`);
      return line(edge, box(`c${edge.from}`), { ...to, y: to.y + arrival(edge, edges, (from) => box(`c${from}`).y) });
    }),
    ...clients.map((node, index) => boxOf(context, node, box(`c${index}`), 'from')),
    ...servers.map((node, index) => boxOf(context, node, box(`s${index}`), 'to')),
  );
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** How far from the middle of a server's box a line arrives: each by itself, in the order of the clients. */
function arrival({ from, to }: GraphEdge, edges: readonly GraphEdge[], heightOf: (client: number) => number): number {
  const arriving = edges.filter((edge) => edge.to === to).map((edge) => edge.from).sort((left, right) => heightOf(left) - heightOf(right));
  const step = Math.min(12, HEIGHT / arriving.length);
  return (arriving.indexOf(from) - (arriving.length - 1) / 2) * step;
}

function widthOf({ label }: GraphNode): number {
  return Math.ceil(Math.min(label.length, LETTERS) * LETTER) + 24;
}

function shortened(label: string): string {
  return label.length <= LETTERS ? label : `${label.slice(0, LETTERS - 1)}…`;
}

function line({ counts }: GraphEdge, from: Box, to: Box): SVGElement {
  const outcome = worstOf(counts)!;
  const [x1, x2] = [from.x + from.width / 2, to.x - to.width / 2];
  const bend = (x2 - x1) / 2;
  return drawn('g', { class: `edge ${OUTCOMES[outcome]}` },
    drawn('title', {}, countsText(counts)),
    drawn('path', { d: `M ${x1} ${from.y} C ${x1 + bend} ${from.y} ${x2 - bend} ${to.y} ${x2 - 14} ${to.y}` }),
    drawn('text', { 'x': x2 - 7, 'y': to.y + 4, 'text-anchor': 'middle', 'aria-hidden': 'true' }, sign(outcome)),
  );
}

function boxOf(context: Context, node: GraphNode, { x, y, width, height }: Box, side: 'from' | 'to'): SVGElement {
  const { model } = context;
  const shown = drawn('g', { class: `node ${side}${node.isOutside ? ' outside' : ''}` },
    drawn('title', {}, namesText(node)),
    drawn('rect', { x: x - width / 2, y: y - height / 2, width, height, rx: 6 }),
    drawn('text', { 'x': x, 'y': y + 4, 'text-anchor': 'middle' }, shortened(node.label)),
  );
  if (node.namespace === undefined) return shown;
  const href = context.href({ section: 'calls', [side]: nameOf(model, node.namespace), search: side === 'to' && node.names.length === 1 ? node.names[0] : '' });
  return drawn('a', { href }, shown);
}

/** How many names a box tells where a pointer rests on it. */
const TOLD = 30;

function namesText({ names, isOutside }: GraphNode): string {
  const told = names.slice(0, TOLD).join(', ') + (names.length > TOLD ? ` and ${numeral(names.length - TOLD)} more` : '');
  return isOutside ? `${told}: the manifests contain no workload for it` : told;
}
