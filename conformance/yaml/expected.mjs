// What the library should read, from what kubectl read.
import { isObject, parsed } from './values.mjs';

/** How the objects of a document are found in its value, where kubectl gives none. */
const WAYS = [(value) => itemsOf(value, named), (value) => itemsOf(value, (item) => item), (value) => [value]];

/**
 * Lists of objects, of which any will do. kubectl itself flattens Lists when it sends what they hold. Where it objects to
 * the content of a document, which admission judges, it may be its items, named after the List or not, or the document as
 * it is. Some may be no objects.
 */
export function expectedOf(reading) {
  return documentsOf(reading).map((documents) => documents.flat());
}

/** The same, document by document. */
export function documentsOf({ documents = [] }) {
  return WAYS.map((objectsOf) => documents.map((document) => (document.error ? objectsOf(parsed(document.value)) : document.objects.map(parsed))));
}

/** Whether a document, or an item of a List, is no object; of an item that is null kubectl makes one without a name. */
export function hasNoObject({ documents = [] }) {
  return documents.some(({ value }) => !WAYS[1](parsed(value)).every(isObject));
}

function itemsOf(value, nameOf) {
  if (!isObject(value) || !isName(value.kind) || !Array.isArray(value.items)) return [value];
  return value.items.flatMap((item) => itemsOf(nameOf(item, value), nameOf));
}

/** An item without kind and apiVersion has those that its List says. */
function named(item, { kind, apiVersion }) {
  if (!isObject(item) || isName(item.kind) || isName(item.apiVersion) || typeof kind !== 'string' || kind === 'List') return item;
  return { ...item, kind: kind.replace(/List$/, ''), ...apiVersion && { apiVersion } };
}

/** What kubectl takes for a kind or a version; anything else is none. */
function isName(value) {
  return typeof value === 'string' && value !== '';
}
