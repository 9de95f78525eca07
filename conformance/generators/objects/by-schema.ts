// Values that a CRD's schema allows, drawn at random; the rules beyond the schema hold more often than not.
import { type Draw } from './draw';
import { alternatives, EXCLUSIVE } from './kinds';
import { fittingKey, fittingText } from './texts';
import type { CrdSchema } from '../../../src/admission/crds';

const NUMBERS = [0, 1, 2, 5, 50, 80, 100, 443, 503, 8080, 15443, 65535, 100000];

/** Without these a kind does nothing, which istiod refuses. */
const WANTED: Readonly<Record<string, readonly string[]>> = {
  VirtualService: ['hosts', 'http', 'route', 'destination'], Gateway: ['servers', 'selector'], Sidecar: ['egress'], AuthorizationPolicy: ['rules'], WorkloadEntry: ['address'],
  DestinationRule: ['trafficPolicy'], WorkloadGroup: ['template'], EnvoyFilter: ['configPatches', 'match', 'patch', 'value'],
};

/** What a value is for, which says what fits: of which kind the object is, and in which field it stands. */
interface Purpose {
  readonly kind: string;
  readonly name: string;
}

/** @param depth how many levels are above: deep values are smaller */
export function valueBySchema(draw: Draw, schema: CrdSchema, about: Purpose, depth = 0): unknown {
  if (schema.enum) return draw.pick(schema.enum);
  if (schema['x-kubernetes-int-or-string']) return draw.once(2) ? 1 : '50%';
  switch (schema.type) {
    case 'boolean': return draw.once(2);
    case 'integer': return draw.pick(inRange(schema));
    case 'number': return draw.pick([...inRange(schema), ...(draw.once(3) ? [0.5, 33.3] : [])]);
    case 'string': return fittingText(draw, about.kind, about.name, schema);
    case 'array': return list(draw, schema, about, depth);
    default: return schema.additionalProperties ? map(draw, schema.additionalProperties, about, depth) : object(draw, schema, about, depth);
  }
}

function inRange({ minimum = 0, maximum = 2 ** 31 - 1 }: CrdSchema): readonly number[] {
  const numbers = NUMBERS.filter((number) => number >= minimum && number <= maximum);
  return numbers.length > 0 ? numbers : [minimum];
}

function list(draw: Draw, { items, minItems = 1, maxItems = 2 }: CrdSchema, about: Purpose, depth: number): unknown[] {
  const length = Math.max(minItems, Math.min(maxItems, draw.pick([1, 1, 1, 2])));
  return Array.from({ length }, () => valueBySchema(draw, items!, about, depth + 1));
}

function map(draw: Draw, values: CrdSchema, about: Purpose, depth: number): object {
  const entry = () => [fittingKey(draw, about.name), valueBySchema(draw, values, about, depth + 1)];
  return Object.fromEntries(Array.from({ length: draw.pick([1, 1, 2]) }, entry));
}

function object(draw: Draw, schema: CrdSchema, { kind }: Purpose, depth: number): object {
  const chosen: Record<string, unknown> = {};
  for (const name of fieldsOf(draw, schema, kind, depth)) chosen[name] = valueBySchema(draw, schema.properties![name], { kind, name }, depth + 1);
  return chosen;
}

/** The required fields, one of each group of alternatives, and some of the others. */
function fieldsOf(draw: Draw, schema: CrdSchema, kind: string, depth: number): string[] {
  const { properties = {}, required = [] } = schema;
  const names = Object.keys(properties);
  const groups = alternatives(schema).map(({ names: group, optional }) =>
    ({ group, kept: optional && draw.once(depth + 1) && depth > 0 ? undefined : draw.pick(group) }));
  const grouped = groups.flatMap(({ group }) => group);
  const useful = draw.once(8) ? [] : (WANTED[kind] ?? []).filter((name) => names.includes(name) && !grouped.includes(name));
  const wanted = new Set([...required, ...useful, ...groups.flatMap(({ kept }) => kept ?? [])]);
  const free = names.filter((name) => !grouped.includes(name) && !wanted.has(name));
  for (const name of draw.some(free, draw.pick(depth < 2 ? [1, 2, 3] : [0, 0, 1, 2]))) wanted.add(name);
  for (const apart of draw.once(8) ? [] : EXCLUSIVE) {
    const [, ...others] = apart.filter((name) => wanted.has(name) && !required.includes(name));
    for (const name of others) wanted.delete(name);
  }
  return names.filter((name) => wanted.has(name));
}
