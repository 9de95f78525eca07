import { isMapping } from './mapping';

/** A list of objects, as `kubectl get` prints. */
export type List = Readonly<Record<string, unknown>>;

/** Like kubectl, accepts a list of any kind. Without a kind it isn't a manifest, but may be values of a chart. */
export function isList(value: unknown): value is List {
  return isMapping(value) && value.items !== undefined && textOf(value.kind) !== '';
}

/** Whether an item of a List is a List itself, whatever its kind. */
export function isNestedList({ items }: Readonly<Record<string, unknown>>): boolean {
  return Array.isArray(items);
}

/** An item with kind and apiVersion, which a list of one kind may leave out in its items. */
export function namedBy({ kind, apiVersion }: List, item: unknown): unknown {
  const itemKind = textOf(kind).replace(/List$/, '');
  if (!isMapping(item) || textOf(item.kind) !== '' || textOf(item.apiVersion) !== '' || itemKind === '') return item;
  return { ...item, kind: itemKind, ...apiVersion !== undefined && { apiVersion } };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
