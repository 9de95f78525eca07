// Manifests may hold anything: the analysis reads what it can, never throws, and doesn't look at their order.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { load, loadAll } from 'js-yaml';
import { analyze } from '../../src/analysis/analysis';
import { Mesh } from '../../src/mesh/mesh';
import { readObject } from '../../src/mesh/objects/mesh-object';
import { sentenceOf } from '../support/analysis';

const SEED = 20261125;
const FIXTURES = join(__dirname, 'rules');

const texts = readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml')).sort()
  .map((name) => readFileSync(join(FIXTURES, name), 'utf8'));

const names = [...new Set(texts.flatMap((text) => [...text.matchAll(/([\w./-]+):/g)].map(([, name]) => name)))].sort();

/** An anchor of YAML can be within itself. */
const endless: Record<string, unknown> = {};
endless.x = [endless];

/** `undefined` takes the field away. */
const junk = fc.constantFrom<unknown>(
  undefined, null, '', 'x', '*', '~', '.', '80', 'constructor', 0, -1, 1.5, 80, NaN, 1e21, true, new Date(0), new Date(NaN),
  [], [null], [''], [0, 'x'], [[]], [{}], {}, { x: null }, { '': '' }, { constructor: 'x' }, { x: { x: [1] } }, endless,
);

/** Which field of all gets which junk, or what other field beside it. */
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

/** Of two manifests of one object the last counts: there the order is meant to matter. */
function distinct(objects: unknown[]): unknown[] {
  return [...new Map(objects.map((object, index) => {
    const read = readObject(object);
    return [read ? `${read.kind} ${read.namespace}/${read.name}` : index, object];
  })).values()];
}

function told(objects: unknown[]): unknown {
  const mesh = Mesh.of(objects, { parseYaml: load });
  return { findings: analyze(mesh).findings.map(sentenceOf).sort(), connections: [...mesh.connections()], summary: mesh.summary() };
}

test('junk in any field is neither crashed on nor told otherwise in another order', () => {
  const spoilings = fc.array(spoiling, { minLength: 1, maxLength: 4 });
  fc.assert(fc.property(fc.constantFrom(...texts), spoilings, fc.nat(), (text, changes, turn) => {
    const objects = spoiled(text, changes);
    const at = turn % (objects.length + 1);
    const turned = [...objects.slice(at), ...objects.slice(0, at)].reverse();
    expect(told(turned)).toEqual(told(objects));
  }), { seed: SEED, numRuns: 1500, interruptAfterTimeLimit: 8000 });
});
