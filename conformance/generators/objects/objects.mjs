// Objects of Istio's kinds: valid ones, and ones with one to three mistakes.
import fc from 'fast-check';
import { valueBySchema } from './by-schema.mjs';
import { Draw } from './draw.mjs';
import { KINDS, specSchema } from './kinds.mjs';
import { MUTATIONS } from './mutations.mjs';

/** What reaches the rules beyond the schema is drawn more often: any mistake in the schema hides them. */
const OFTEN = ['write an odd text', 'add a field', 'copy a value from elsewhere', 'leave out anything', 'empty it', 'write a number out of range', 'repeat an item'];
const NAMES = [...Object.keys(MUTATIONS), ...OFTEN, ...OFTEN];

/** One of ten is left as it is; larger objects are rarely asked for, since they hide what a mistake does. */
const MOST_BYTES = 20000;

/**
 * `count` objects that are the same for the same seed: `{ id, kind, origin, mutations, object }`.
 * @param samples valid objects by kind, which are taken as often as objects made from the schema
 */
export function sampleObjects(seed, count, samples = {}) {
  const arbitrary = fc.gen().map((gen) => made(new Draw(gen), samples));
  return fc.sample(arbitrary, { seed, numRuns: count }).map((one, index) => ({ id: `${seed}/${index}`, ...one }));
}

function made(draw, samples) {
  const { kind, group, versions } = draw.pick(KINDS);
  const known = samples[kind] ?? [];
  const sample = known.length > 0 && draw.once(2) ? draw.pick(known) : undefined;
  const object = sample ? fromSample(sample) : {
    apiVersion: `${group}/${draw.pick(versions)}`, kind, metadata: { name: 'object', namespace: 'default' }, spec: valueBySchema(draw, specSchema(kind), { kind, name: 'spec' }),
  };
  const mutations = [];
  for (let wanted = draw.once(10) ? 0 : draw.pick([1, 1, 1, 2, 2, 3]), tries = 0; mutations.length < wanted && tries < 20; tries += 1) {
    const name = draw.pick(NAMES);
    if (object.spec !== undefined && MUTATIONS[name](draw, object)) mutations.push(name);
  }
  return JSON.stringify(object).length > MOST_BYTES && draw.below(20) > 0 ? made(draw, samples) : { kind, origin: sample ? 'sample' : 'schema', mutations, object };
}

/** Without its namespace: each new one must be made in the cluster first. */
function fromSample({ apiVersion, kind, metadata, spec }) {
  return structuredClone({ apiVersion, kind, metadata: { ...metadata, namespace: 'default' }, spec });
}
