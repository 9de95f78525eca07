import { loadAll } from 'js-yaml';
import { fc } from './fast-check';
import { readObject } from '../../../src/mesh/inventory/object';
import { exampleTexts } from '../documents/examples-of-rules';

const names = [...new Set(exampleTexts.flatMap((text) => [...text.matchAll(/([\w./-]+):/g)].map(([, name]) => name)))].sort();

/** An anchor of YAML can be within itself. */
const endless: Record<string, unknown> = {};
endless.x = [endless];

/** `undefined` takes the field away. */
const junk = fc.constantFrom<unknown>(
  undefined, null, '', 'x', '*', '~', '.', '80', 'constructor', 0, -1, 1.5, 80, NaN, 1e21, true, new Date(0), new Date(NaN),
  [], [null], [''], [0, 'x'], [[]], [{}], {}, { x: null }, { '': '' }, { constructor: 'x' }, { x: { x: [1] } }, endless,
);

/** Which field gets which junk, or which field is added next to it. */
const spoiling = fc.record({ field: fc.noBias(fc.nat()), value: junk, beside: fc.option(fc.constantFrom('creationTimestamp', ...names)) });

type Spoiling = typeof spoiling extends fc.Arbitrary<infer T> ? T : never;

interface Slot {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

/** Every field and entry within a value. */
function slotsOf(value: unknown): Slot[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...slotsOf(holder[key])]);
}

function spoiled(text: string, spoilings: readonly Spoiling[]): unknown[] {
  const objects = loadAll(text);
  const slots = objects.flatMap(slotsOf);
  for (const { field, value, beside } of spoilings) {
    const { holder, key } = slots[field % slots.length];
    if (beside !== null && !Array.isArray(holder)) holder[beside] = structuredClone(value);
    else if (value === undefined && !Array.isArray(holder)) delete holder[key];
    else holder[key] = structuredClone(value);
  }
  return distinct(objects);
}

/** The last of two manifests of an object applies, so their order matters. */
function distinct(objects: unknown[]): unknown[] {
  return [...new Map(objects.map((object, index) => {
    const read = readObject(object);
    return [read ? `${read.kind} ${read.namespace}/${read.name}` : index, object];
  })).values()];
}

/** The manifests of an example, with junk in some of their fields. */
export const spoiledManifests: fc.Arbitrary<unknown[]> = fc
  .tuple(fc.constantFrom(...exampleTexts), fc.array(spoiling, { minLength: 1, maxLength: 4 }))
  .map(([text, changes]) => spoiled(text, changes));
