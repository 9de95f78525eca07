// Objects of Istio's kinds: valid ones, and ones with one to three mistakes.
import fc from 'fast-check';
import { valueBySchema } from './by-schema';
import { Draw } from './draw';
import { KINDS, specSchema } from './kinds';
import { MUTATIONS } from './mutations';
import type { Fields } from '../../manifest';

/** What reaches the rules beyond the schema is drawn more often: any mistake in the schema hides them. */
const OFTEN = ['write an odd text', 'add a field', 'copy a value from elsewhere', 'leave out anything', 'empty it', 'write a number out of range', 'repeat an item'];
const NAMES = [...Object.keys(MUTATIONS), ...OFTEN, ...OFTEN];

/** Valid objects by kind. */
export type Samples = Readonly<Record<string, readonly Fields[]>>;

export interface SampleObject {
  readonly id: string;
  readonly kind: string;
  readonly origin: 'sample' | 'schema';
  /** The names of the mistakes in it. */
  readonly mutations: readonly string[];
  /** What was made, and may be anything but a valid manifest. */
  readonly object: Fields;
}

/** One of ten is left as it is; larger objects are rarely asked for, since they hide what a mistake does. */
const MOST_BYTES = 20000;

/**
x that are the same for the same seed: `{ id, kind, origin, mutations, object }`.
 * @param samples valid objects by kind, which are taken as often as objects made from the schema
 */
export function sampleObjects(seed: number, count: number, samples: Samples = {}): SampleObject[] {
  const arbitrary = fc.gen().map((gen) => made(new Draw(gen), samples));
  return fc.sample(arbitrary, { seed, numRuns: count }).map((one, index) => ({ id: `${seed}/${index}`, ...one }));
}

function made(draw: Draw, samples: Samples): Omit<SampleObject, 'id'> {
  const { kind, group, versions } = draw.pick(KINDS);
  const known = samples[kind] ?? [];
  const sample = known.length > 0 && draw.once(2) ? draw.pick(known) : undefined;
  const object: Fields = sample ? fromSample(sample) : {
    apiVersion: `${group}/${draw.pick(versions)}`, kind, metadata: { name: 'object', namespace: 'default' }, spec: valueBySchema(draw, specSchema(kind), { kind, name: 'spec' }),
  };
  const mutations: string[] = [];
  for (let wanted = draw.once(10) ? 0 : draw.pick([1, 1, 1, 2, 2, 3]), tries = 0; mutations.length < wanted && tries < 20; tries += 1) {
    const name = draw.pick(NAMES);
    if (object.spec !== undefined && MUTATIONS[name](draw, object)) mutations.push(name);
  }
  return JSON.stringify(object).length > MOST_BYTES && draw.below(20) > 0 ? made(draw, samples) : { kind, origin: sample ? 'sample' : 'schema', mutations, object };
}

/** Without its namespace: each new one must be made in the cluster first. */
function fromSample({ apiVersion, kind, metadata, spec }: Fields): Fields {
  return structuredClone({ apiVersion, kind, metadata: { ...metadata, namespace: 'default' }, spec });
}
