import { counted, numeral } from './words';

/** What an element may be given: texts and numbers as attributes, true for one without a value, functions as listeners. */
type Attributes = Readonly<Record<string, string | number | boolean | undefined | ((event: Event) => void)>>;

export type Child = Node | string | undefined;

/** An element of HTML. Whatever a manifest says comes into it as text. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K, attributes: Attributes = {}, ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  return filled(document.createElement(name), attributes, children);
}

/** An element of SVG. */
export function drawn<K extends keyof SVGElementTagNameMap>(
  name: K, attributes: Attributes = {}, ...children: readonly Child[]
): SVGElementTagNameMap[K] {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);
}

function filled<E extends Element>(made: E, attributes: Attributes, children: readonly Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name, value);
    else if (value === true) made.setAttribute(name, '');
    else if (value !== undefined && value !== false) made.setAttribute(name, String(value));
  }
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

/** A table: its names first, each row's first cell a heading of the row. */
export function table(caption: string, names: readonly Child[], rows: readonly (readonly Child[])[], className = ''): HTMLElement {
  return scrolling(caption, element('table', { class: className },
    element('caption', { class: 'hidden' }, caption),
    element('thead', {}, element('tr', {}, ...names.map((name) => element('th', { scope: 'col' }, name)))),
    element('tbody', {}, ...rows.map(([first, ...others]) => element('tr', {}, element('th', { scope: 'row' }, first), ...others.map((cell) => element('td', {}, cell))))),
  ));
}

/** What may be wider than a screen, and is scrolled by itself: the keyboard reaches it, and screen readers name it. */
export function scrolling(label: string, content: Element, className = ''): HTMLElement {
  return element('div', { 'class': `scrolls ${className}`.trim(), 'tabindex': 0, 'role': 'region', 'aria-label': label }, content);
}

/** How many of a long list are shown at first, and with each further click. */
const STEP = 100;

/** A list that begins short, and says how much more there is; on paper it is whole. */
export function stepwise<T>(values: readonly T[], noun: string, draw: (shown: readonly T[]) => Node, step = STEP): HTMLElement {
  let chosen = step;
  const place = element('div', { class: 'stepwise', beforeprint: () => show(values.length), afterprint: () => show(chosen) });
  const show = (length: number): void => {
    const more = values.length - length;
    place.replaceChildren(draw(values.slice(0, length)), ...more > 0 ? [element('p', { class: 'more' },
      `${numeral(length)} of ${counted(values.length, noun)} shown. `,
      element('button', { type: 'button', click: () => show(chosen = length + step) }, `Show ${numeral(Math.min(step, more))} more`))] : []);
  };
  show(step);
  return place;
}

/** What is drawn when somebody unfolds it, and on paper, unless it is too long for that. */
export function foldable(summary: string, draw: () => readonly (Node | string)[], isPrinted = true): HTMLElement {
  const details = element('details', {
    class: isPrinted ? undefined : 'long',
    toggle: () => {
      if (details.childElementCount === 1) details.append(element('div', {}, ...draw()));
    },
  }, element('summary', {}, summary));
  return details;
}

/** Has the browser print what clicks would show: long lists whole, and what is folded up. */
export function printWhole(): void {
  let folded: readonly HTMLDetailsElement[] = [];
  const pass = (name: string): void => {
    for (const list of document.querySelectorAll('.stepwise')) list.dispatchEvent(new Event(name));
  };
  addEventListener('beforeprint', () => {
    pass('beforeprint');
    folded = [...document.querySelectorAll<HTMLDetailsElement>('details:not([open], .long)')];
    for (const details of folded) {
      details.dispatchEvent(new Event('toggle'));
      details.open = true;
    }
  });
  addEventListener('afterprint', () => {
    for (const details of folded) details.open = false;
    pass('afterprint');
  });
}
