// What the library should read, from what kubectl read.
import type { KubectlReading } from './readers';
import { isObject, parsed } from './values';

/**
 * The objects of all documents. kubectl itself takes Lists apart when it sends what they hold. Where it objects to the
 * content of a document, which admission judges, they are its items, or the document as it is. Some may be no objects.
 */
export function expectedOf(reading: KubectlReading): unknown[] {
  return documentsOf(reading).flat();
}

/** The same, document by document. */
export function documentsOf({ documents }: KubectlReading): unknown[][] {
  return (documents ?? []).map(({ value, objects, error }) => (error ? itemsOf(parsed(value)) : objects.map(parsed)));
}

/** Whether a document, or an item of a List, is no object; of an item that is null kubectl makes one without a name. */
export function hasNoObject({ documents }: KubectlReading): boolean {
  return (documents ?? []).some(({ value }) => !itemsOf(parsed(value)).every(isObject));
}

/** Whether kubectl refuses a List because its items are no list, or one is a List itself. */
export function hasRefusedItems({ documents }: KubectlReading): boolean {
  return (documents ?? []).some(({ value, error }) => error !== undefined && isRefused(parsed(value)));
}

interface List extends Record<string, unknown> {
  readonly kind: string;
  readonly items: unknown;
}

function isRefused(value: unknown): boolean {
  if (!isList(value) || value.items === null) return false;
  return !Array.isArray(value.items) || value.items.some(isListItself);
}

/** The items of a List that are none themselves. */
function itemsOf(value: unknown): unknown[] {
  if (!isList(value)) return [value];
  return Array.isArray(value.items) ? value.items.filter((item) => !isListItself(item)).map((item) => named(item, value)) : [];
}

/** What has no kind is none. */
function isList(value: unknown): value is List {
  return isObject(value) && isName(value.kind) && value.items !== undefined;
}

function isListItself(item: unknown): boolean {
  return isObject(item) && Array.isArray(item.items);
}

/** An item without kind and apiVersion has those that its List says. */
function named(item: unknown, { kind, apiVersion }: List): unknown {
  if (!isObject(item) || isName(item.kind) || isName(item.apiVersion) || kind === 'List') return item;
  return { ...item, kind: kind.replace(/List$/, ''), ...apiVersion !== undefined && { apiVersion } };
}

/** What kubectl takes for a kind or a version; anything else is none. */
function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
