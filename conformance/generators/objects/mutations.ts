// Mistakes that are made in an object: each takes one that it may change, and answers whether it found a place.
import { valueBySchema } from './by-schema';
import { type Draw } from './draw';
import { alternatives, EXCLUSIVE, schemaOf } from './kinds';
import { metadataMistake, topMistake, typeMistake } from './metadata';
import { isMap, placesOf, remove, type Place } from './places';
import { ODD_TEXTS } from './texts';
import type { CrdSchema } from '../../../src/admission/crds';
import type { Fields } from '../../manifest';

const OTHER_TYPES = [1, 0, 1.5, -1, 'text', '1', 'true', true, false, {}, [], [null], { a: 1 }, [1], ['a'], null];
const ODD_NUMBERS = [
  -1, 0, 1, 99, 101, 600, 65535, 65536, 2 ** 31 - 1, 2 ** 31, -(2 ** 31) - 1, 2 ** 32 - 1,
  2 ** 32, 2 ** 53, -(2 ** 53), 2 ** 64, 1.5, 0.00001, 1e300, -0.5,
];
const INVENTED = ['maxSessionAge', 'maxSessionAgeGrace', 'peers', 'tls', 'mode', 'enabled', 'foo', 'constructor', 'toString', 'x-y', 'a.b', 'a[0]', '0', ''];

/** Makes one mistake in an object, in place; says whether it found where to. */
type Mutation = (draw: Draw, object: Fields) => boolean;

/** Runs `change` at one of the places for which `fits` holds. */
const at = (fits: (place: Place) => boolean, change: (draw: Draw, place: Place, object: Fields) => void): Mutation => (draw, object) => {
  const places = placesOf(object).filter(fits);
  if (places.length === 0) return false;
  change(draw, draw.pick(places), object);
  return true;
};

const isField = ({ holder, key }: Place) => isMap(holder) && key !== 'spec';
const isOwnField = (place: Place) => isField(place) && place.holderSchema?.properties !== undefined;
const isNumber = ({ schema }: Place) => schema.type === 'integer' || schema.type === 'number';
const isRequired = ({ holderSchema, key }: Place) => holderSchema?.required?.includes(key) ?? false;
type Value = Pick<Place, 'value' | 'schema'>;

const absent = ({ value, schema }: Value) => Object.keys(schema.properties ?? {}).filter((name) => !Object.hasOwn(value, name));
const hasRoom = (place: Place) => isMap(place.value) && absent(place).length > 0;
const rivals = ({ value, schema }: Value) => [...alternatives(schema).map(({ names }) => names), ...EXCLUSIVE]
  .filter((names) => names.some((name) => Object.hasOwn(value, name))).flat().filter((name) => absent({ value, schema }).includes(name));

/** Writes a copy, for a later mistake may change it. */
function set({ holder, key }: Place, value: unknown): void {
  holder[key] = structuredClone(value);
}

export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'rename a field': at(isOwnField, (draw, { holder, key, value }) => {
    delete holder[key];
    const cut = draw.below(key.length);
    holder[draw.pick([snake(key), key.slice(0, cut) + key.slice(cut + 1), `${key}s`, key[0].toUpperCase() + key.slice(1), key.toLowerCase(), `${key} `])] = value;
  }),
  'add an unknown field': at(({ value }) => isMap(value), (draw, { value }, { kind }) => {
    value[draw.once(2) ? draw.pick(INVENTED) : draw.pick(fieldNames(kind))] = structuredClone(draw.pick(OTHER_TYPES));
  }),
  'write another type': at(() => true, (draw, place) => set(place, draw.pick(OTHER_TYPES))),
  'write a number out of range': at(isNumber, (draw, place) => {
    const { minimum = 0, maximum = 2 ** 32 } = place.schema;
    set(place, draw.pick([minimum - 1, maximum + 1, minimum, maximum, ...ODD_NUMBERS]));
  }),
  'write another word': at(({ schema }) => schema.enum !== undefined, (draw, place) => {
    set(place, draw.pick([String(place.value).toLowerCase(), `${place.value}S`, '', 'DEFAULT', ...place.schema.enum!]));
  }),
  'leave out a required field': at(isRequired, (_, place) => remove(place)),
  'leave out anything': at(({ key }) => key !== 'spec', (_, place) => remove(place)),
  'empty it': at(({ value }) => typeof value === 'object' || typeof value === 'string', (_, place) => {
    set(place, Array.isArray(place.value) ? [] : typeof place.value === 'string' ? '' : {});
  }),
  'write an odd text': at(({ schema }) => schema.type === 'string' && !schema.enum, (draw, place) => set(place, draw.pick(ODD_TEXTS))),
  'write too much': at(({ schema }) => schema.maxLength !== undefined || schema.maxItems !== undefined || schema.maxProperties !== undefined, (draw, place, { kind }) => set(place, tooMuch(draw, place, kind))),
  'add a field': at(hasRoom, (draw, { value, schema, key }, { kind }) => {
    const name = draw.pick(absent({ value, schema }));
    value[name] = valueBySchema(draw, schema.properties![name], { kind, name }, key === 'spec' ? 1 : 2);
  }),
  'add a field that excludes another': at((place) => isMap(place.value) && rivals(place).length > 0, (draw, place, { kind }) => {
    const name = draw.pick(rivals(place));
    place.value[name] = valueBySchema(draw, place.schema.properties![name], { kind, name }, 2);
  }),
  'repeat an item': at(({ value }) => Array.isArray(value) && value.length > 0, (draw, { value }) => {
    value.push(structuredClone(draw.pick(value)));
  }),
  'add an odd key': at(({ value, schema }) => isMap(value) && schema.additionalProperties !== undefined, (draw, { value, schema, key }, { kind }) => {
    value[draw.pick(ODD_TEXTS)] = valueBySchema(draw, schema.additionalProperties!, { kind, name: key }, 2);
  }),
  'copy a value from elsewhere': at(() => true, (draw, place, object) => {
    const isOther = ({ value }: Place) => typeof value === typeof place.value && value !== place.value && JSON.stringify(value).length < 2000;
    const others = placesOf(object).filter(isOther);
    if (others.length > 0) set(place, draw.pick(others).value);
  }),
  'change the metadata': metadataMistake,
  'change the version': typeMistake,
  'change what is beside metadata': topMistake,
};

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function tooMuch(draw: Draw, { value, schema, key }: Place, kind: string): unknown {
  if (schema.maxLength !== undefined) return draw.pick(['a', '1', 'ü', '😀']).repeat(schema.maxLength + draw.below(2));
  if (schema.maxItems !== undefined) {
    const item = Array.isArray(value) && value.length > 0 ? value[0] : valueBySchema(draw, schema.items!, { kind, name: key }, 3);
    return Array.from({ length: schema.maxItems + draw.below(2) }, () => structuredClone(item));
  }
  const entry = valueBySchema(draw, schema.additionalProperties!, { kind, name: key }, 3);
  return Object.fromEntries(Array.from({ length: schema.maxProperties! + draw.below(2) }, (_, index) => [`key-${index}`, entry]));
}

const names = new Map<string, readonly string[]>();
function fieldNames(kind: string): readonly string[] {
  const known = names.get(kind) ?? [...collect(schemaOf(kind), new Set())];
  names.set(kind, known);
  return known;
}

function collect({ properties = {}, items, additionalProperties }: CrdSchema, into: Set<string>): Set<string> {
  for (const [name, schema] of Object.entries(properties)) collect(schema, into.add(name));
  if (items) collect(items, into);
  if (additionalProperties) collect(additionalProperties, into);
  return into;
}
