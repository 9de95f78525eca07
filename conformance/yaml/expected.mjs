// What the library should read, from what kubectl read.
import { isObject, parsed } from './values.mjs';

/** How the objects of a document are found in its value, where kubectl gives none. */
const WAYS = [(value) => itemsOf(value, named), (value) => itemsOf(value, (item) => item), (value) => [value]];

/**
 * The objects: `{ lists, hasOther }`. kubectl itself flattens Lists when it sends what they hold. Where it objects to the
 * content of a document, which admission judges, any of the lists will do: its items, named after the List or not, or the
 * document as it is. `hasOther` tells whether a document or item is no object.
 */
export function expectedOf({ documents = [] }) {
  const lists = WAYS.map((objectsOf) => documents.flatMap((document) => (document.error ? objectsOf(parsed(document.value)) : document.objects.map(parsed))));
  return { lists: lists.map((list) => list.filter(isObject)), hasOther: !lists[0].every(isObject) };
}

function itemsOf(value, nameOf) {
  if (!isObject(value) || !Array.isArray(value.items)) return [value];
  return value.items.flatMap((item) => itemsOf(nameOf(item, value), nameOf));
}

/** An item without kind and apiVersion has those that its List says. */
function named(item, { kind, apiVersion }) {
  if (!isObject(item) || item.kind || item.apiVersion || typeof kind !== 'string' || kind === 'List') return item;
  return { ...item, kind: kind.replace(/List$/, ''), ...apiVersion && { apiVersion } };
}
