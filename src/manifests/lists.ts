import { isMapping } from './mapping';

/** Objects in one, as `kubectl get` prints several. */
export type List = Readonly<Record<string, unknown>>;

/** kubectl doesn't ask how the kind is called; what has none is no manifest, such as the values of a chart. */
export function isList(value: unknown): value is List {
  return isMapping(value) && value.items !== undefined && textOf(value.kind) !== '';
}

/** Whether an item of a List is a List itself, whatever its kind. */
export function isNestedList({ items }: Readonly<Record<string, unknown>>): boolean {
  return Array.isArray(items);
}

/** The items of a list of one kind need not say their kind. */
export function namedBy({ kind, apiVersion }: List, item: unknown): unknown {
  const itemKind = textOf(kind).replace(/List$/, '');
  if (!isMapping(item) || textOf(item.kind) !== '' || textOf(item.apiVersion) !== '' || itemKind === '') return item;
  return { ...item, kind: itemKind, ...apiVersion !== undefined && { apiVersion } };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
