import { Context, Section, Tell } from './context';
import { element, printWhole } from './dom';
import { calls } from './views/calls';
import { certificates } from './views/certificates';
import { changes } from './views/changes';
import { findings } from './views/findings';
import { graph } from './views/graph';
import { matrix } from './views/matrix';
import { namespaces } from './views/namespaces';
import { overview } from './views/overview';
import { undecided } from './views/undecided';
import { counted } from './words';
import type { ReportData } from '../src/report/data';

const data = JSON.parse(document.getElementById('data')!.textContent) as ReportData;
const context = new Context(data);
const sections: readonly Section[] = [
  overview, ...data.changes ? [changes] : [], namespaces, matrix, graph, findings, undecided, certificates, calls,
];
/** How many entries each section shows. */
const found = new Map<Section, number>();
const drawnSections = sections.map(drawn);

document.getElementById('page')!.replaceChildren(
  element('a', { class: 'skip', href: '#overview' }, 'Skip to the report'),
  header(),
  element('nav', { 'aria-label': 'Sections' },
    element('ul', {}, ...sections.map(({ id, title }) => element('li', {}, element('a', { href: `#${id}` }, title)))),
    search(),
    results()),
  element('main', {}, ...drawnSections),
);
printWhole();
const goTo = (): void => document.getElementById(context.state.section)?.scrollIntoView();
context.listen((changed) => { if (changed.has('section')) goTo(); });
addEventListener('hashchange', goTo);
goTo();

function header(): HTMLElement {
  const { paths, date, istio, version, size } = data;
  const facts = size.facts > 0 ? `, with ${counted(size.facts, 'fact')}` : '';
  return element('header', {},
    element('h1', {}, 'Mutual TLS report'),
    element('p', {}, `${paths.join(' ')}, checked on ${date}: ${counted(size.objects, 'object')} in ${counted(size.files, 'file')}${facts}. Istio ${istio}, istio-mtls ${version}.`),
    theme(),
  );
}

/** Light or dark, where somebody wants another one than the system says. */
function theme(): HTMLElement {
  const select = element('select', { change: () => { document.documentElement.dataset.theme = select.value; } },
    ...[['', 'system'], ['light', 'light'], ['dark', 'dark']].map(([value, text]) => element('option', { value }, text)));
  return element('label', { class: 'theme' }, 'Colours ', select);
}

function search(): HTMLElement {
  const input = element('input', { type: 'search', placeholder: 'name, code or text', autocomplete: 'off', spellcheck: 'false' });
  let waiting = 0;
  input.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(() => context.change({ search: input.value.trim() }), 150);
  });
  const sync = (): void => { if (input.value.trim() !== context.state.search) input.value = context.state.search; };
  context.listen(sync);
  sync();
  return element('label', { class: 'search' }, 'Search ', input);
}

function drawn(section: Section): HTMLElement {
  const status = element('p', { class: 'status', role: 'status' });
  const tell: Tell = (text, count) => {
    status.textContent = text;
    if (count !== undefined) found.set(section, count);
  };
  const content = element('div', {}, ...section.draw(context, tell));
  context.listen((changed) => {
    if (section.reads.some((name) => changed.has(name))) content.replaceChildren(...section.draw(context, tell));
  });
  const controls = section.controls?.(context) ?? [];
  return element('section', { 'id': section.id, 'aria-labelledby': `${section.id}-title` },
    element('h2', { id: `${section.id}-title` }, section.title),
    element('p', { class: 'about' }, section.about),
    ...controls.length > 0 ? [element('div', { class: 'controls' }, ...controls)] : [],
    status,
    content,
  );
}

/** How many entries a search has found in which section: each leads there. */
function results(): HTMLElement {
  const list = element('ul', { 'class': 'results', 'aria-label': 'Search results' });
  const draw = (): void => {
    list.hidden = context.state.search === '';
    list.replaceChildren(...sections.flatMap((section) => {
      const { id, noun } = section;
      const count = found.get(section) ?? 0;
      return noun === undefined ? [] : [element('li', {}, element('a', { href: context.href({ section: id }) }, counted(count, noun).replace(/^0 /, 'no ')))];
    }));
  };
  context.listen(draw);
  draw();
  return list;
}
