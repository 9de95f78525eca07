// The places of an object's spec, each with its schema.
import { schemaBelow, specSchema } from './kinds.mjs';

/** Every value below `spec`, spec itself first: `{ holder, key, value, schema, holderSchema }`; holder[key] is the value. */
export function placesOf(object) {
  const places = [];
  add(object, 'spec', specSchema(object.kind), undefined, places);
  return places;
}

function add(holder, key, schema, holderSchema, places) {
  const value = holder[key];
  if (value === undefined || schema === undefined) return;
  places.push({ holder, key, value, schema, holderSchema });
  if (Array.isArray(value)) value.forEach((_, index) => add(value, index, schemaBelow(schema, index), schema, places));
  else if (isMap(value)) Object.keys(value).forEach((name) => add(value, name, schemaBelow(schema, name), schema, places));
}

export const isMap = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

export function remove({ holder, key }) {
  if (Array.isArray(holder)) holder.splice(key, 1);
  else delete holder[key];
}
