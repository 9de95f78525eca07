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
  return element('div', { 'class': 'scrolls', 'tabindex': 0, 'role': 'region', 'aria-label': caption }, element('table', { class: className },
    element('caption', { class: 'hidden' }, caption),
    element('thead', {}, element('tr', {}, ...names.map((name) => element('th', { scope: 'col' }, name)))),
    element('tbody', {}, ...rows.map(([first, ...others]) => element('tr', {}, element('th', { scope: 'row' }, first), ...others.map((cell) => element('td', {}, cell))))),
  ));
}

/** How many of a long list are shown at first, and with each further click. */
const STEP = 100;

/** A list that begins short, and says how much more there is. */
export function stepwise<T>(values: readonly T[], noun: string, draw: (shown: readonly T[]) => Node, step = STEP): HTMLElement {
  const place = element('div');
  const show = (length: number): void => {
    const more = values.length - length;
    place.replaceChildren(draw(values.slice(0, length)), ...more > 0 ? [element('p', { class: 'more' },
      `${numeral(length)} of ${counted(values.length, noun)} shown. `,
      element('button', { type: 'button', click: () => show(length + step) }, `Show ${numeral(Math.min(step, more))} more`))] : []);
  };
  show(step);
  return place;
}
