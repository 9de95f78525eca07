import { FieldPath, fieldText } from '../../findings/finding';
import { nearest } from '../../findings/nearest';
import { shown } from '../../findings/safe-text';
import { CrdSchema } from '../crd-schema';
import { IstioKind } from '../istio-kinds';
import { Objection } from '../objection';
import { inventionRemedy } from './inventions';

/** How many field names a message lists at most. */
const LISTED = 12;

interface UnknownField {
  readonly kind: IstioKind;
  readonly field: FieldPath;
  readonly value: unknown;
  /** The fields that its object may have. */
  readonly siblings: readonly string[];
}

/** The objection to a field that the schema doesn't have, with what the writer most likely meant. */
export function unknownField({ kind, field, value, siblings }: UnknownField): Omit<Objection, 'severity' | 'field'> {
  const name = String(field[field.length - 1]);
  const listed = siblings.slice(0, LISTED).join(', ') + (siblings.length > LISTED ? ', …' : '');
  const parent = fieldText(field.slice(0, -1)) || `a ${kind.kind}`;
  return {
    code: 'ADMIT201',
    actual: `an unknown field (${shown(value)})`,
    expected: siblings.length === 0 ? `no field in ${parent}` : `a field that ${parent} has: ${listed}`,
    because: 'the API server refuses unknown fields, or drops them without effect where it is told to be lenient',
    fix: inventionRemedy(kind.kind, name) ?? remedy(kind, field, name, siblings),
  };
}

function remedy(kind: IstioKind, field: FieldPath, name: string, siblings: readonly string[]): string {
  const meant = nearest(name, siblings);
  if (meant !== undefined) return `write ${meant} instead of ${name}`;
  const elsewhere = placeOf(kind, name, field);
  return elsewhere ? `move it to ${elsewhere}, where ${kind.kind} has a field ${name}` : `remove ${name}`;
}

/** Where the kind does have a field of that name: the place that shares most steps with the field's, then the shortest. */
function placeOf(kind: IstioKind, name: string, field: FieldPath): string | undefined {
  const asked = field.map((step) => (typeof step === 'number' ? '[]' : step));
  const rank = (place: readonly string[]) => 100 * place.findIndex((step, index) => step !== asked[index]) - place.length;
  const [first, ...others] = placesOf(kind).get(name) ?? [];
  return others.reduce((best, place) => (rank(place) > rank(best) ? place : best), first)?.join('.').replaceAll('.[]', '[]');
}

type Places = Map<string, (readonly string[])[]>;

const places = new WeakMap<IstioKind, Places>();

/** By name, where a kind has fields of that name; kept, as an object may have thousands of unknown fields. */
function placesOf(kind: IstioKind): Places {
  let known = places.get(kind);
  if (!known) {
    known = new Map();
    addPlaces(kind.schema.properties?.spec ?? {}, ['spec'], known);
    places.set(kind, known);
  }
  return known;
}

function addPlaces(schema: CrdSchema, place: readonly string[], to: Places): void {
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const here = [...place, name];
    const others = to.get(name);
    if (others) others.push(here);
    else to.set(name, [here]);
    addPlaces(property, here, to);
  }
  if (schema.items) addPlaces(schema.items, [...place, '[]'], to);
  if (schema.additionalProperties) addPlaces(schema.additionalProperties, [...place, '*'], to);
}
