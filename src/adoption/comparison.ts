import { CallExpression, Expression } from './expression';
import { shown } from '../findings/safe-text';
import { isMapping, Mapping } from '../manifests/mapping';

/** Keys and indices that lead to a value. */
type Path = readonly (string | number)[];

/** Where two values differ first; undefined on a side: it has nothing there. */
interface Difference {
  readonly path: Path;
  readonly one: unknown;
  readonly other: unknown;
}

/** The values in which one value is another than the other, whatever the order of keys: as few and as deep as that is possible. */
function* differences(one: unknown, other: unknown, path: Path = []): Generator<Difference> {
  if (one === other) return;
  if (isMapping(one) && isMapping(other)) {
    for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
      yield* differences(own(one, key), own(other, key), [...path, key]);
    }
  } else if (Array.isArray(one) && Array.isArray(other) && one.length === other.length) {
    for (const index of one.keys()) yield* differences(one[index], other[index], [...path, index]);
  } else {
    yield { path, one, other };
  }
}

function own(mapping: Mapping, key: string): unknown {
  return Object.hasOwn(mapping, key) ? mapping[key] : undefined;
}

export function isSame(one: unknown, other: unknown): boolean {
  return differences(one, other).next().done === true;
}

/** Whether a construct writes all of an object but something of its metadata that isn't what it is called. */
export function differsInMetadataOnly(written: unknown, object: unknown): boolean {
  return [...differences(written, object)].every(({ path: [field, key] }) => (
    field === 'metadata' && key !== undefined && key !== 'name' && key !== 'namespace'));
}

/** What a construct writes otherwise than the object has it. */
export function differenceText(construct: string, written: unknown, object: unknown): string {
  const found = [...differences(written, object)];
  const { path, one, other } = found.find((difference) => difference.path[0] !== 'metadata')
    ?? found.find((difference) => difference.path[1] === 'name') ?? found[0];
  const field = path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('');
  if (one === undefined) return `${construct} would leave out ${field}`;
  if (other === undefined) return `${construct} would add ${field}`;
  if ([one, other].some((value) => typeof value === 'string' && value.includes('\n'))) {
    return `${field} is another text than ${construct} would write`;
  }
  return `${field} is ${shown(other)}, and ${construct} would write ${shown(one)}`;
}

/** The fields that are known of a mapping: `true` for a value that is taken as it is, a list for the items of one. */
export type KnownFields = true | { readonly [field: string]: KnownFields } | readonly [KnownFields];

/** The first field that isn't known. */
export function firstUnknownField(value: unknown, known: KnownFields): string | undefined {
  if (known === true) return undefined;
  if (isItems(known)) {
    return firstOf(Array.isArray(value) ? value.entries() : [], (index, item) => joined(`[${index}]`, firstUnknownField(item, known[0])));
  }
  if (!isMapping(value)) return undefined;
  return firstOf(Object.entries(value),
    (field, one) => (Object.hasOwn(known, field) ? joined(field, firstUnknownField(one, known[field])) : field));
}

function isItems(known: KnownFields): known is readonly [KnownFields] {
  return Array.isArray(known);
}

function firstOf<K>(entries: Iterable<[K, unknown]>, find: (key: K, value: unknown) => string | undefined): string | undefined {
  for (const [key, value] of entries) {
    const found = find(key, value);
    if (found !== undefined) return found;
  }
  return undefined;
}

function joined(field: string, below: string | undefined): string | undefined {
  return below === undefined ? undefined : `${field}${below.startsWith('[') ? '' : '.'}${below}`;
}

/** The patches that make one value of another, as calls of JsonPatch: of null and of empty metadata cdk8s writes nothing. */
export function patchesOf(written: unknown, object: unknown): readonly CallExpression[] {
  return [...differences(written, object)].map(({ path, one, other }) => {
    const pointer = path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
    if (other === undefined) return CallExpression.of('JsonPatch.remove', pointer);
    const isItem = typeof path.at(-1) === 'number';
    return CallExpression.of(one === undefined && !isItem ? 'JsonPatch.add' : 'JsonPatch.replace', pointer, other as Expression);
  });
}
