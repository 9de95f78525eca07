import { FieldPath, fieldText } from '../../findings/field-path';
import { nearest } from '../../findings/nearest';
import { CrdSchema } from '../crd-schema';
import { IstioKind } from '../istio-kinds';
import { Objection } from '../objection';
import { shown } from '../shown';
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
  const elsewhere = placeOf(kind.schema, name, field);
  return elsewhere ? `move it to ${elsewhere}, where ${kind.kind} has a field ${name}` : `remove ${name}`;
}

/** Where the kind does have a field of that name: the place that shares most steps with the field's, then the shortest. */
function placeOf(schema: CrdSchema, name: string, field: FieldPath): string | undefined {
  const asked = field.map((step) => (typeof step === 'number' ? '[]' : step));
  const places = placesOf(schema.properties?.spec ?? {}, name, ['spec']);
  const rank = (place: readonly string[]) => 100 * place.findIndex((step, index) => step !== asked[index]) - place.length;
  places.sort((one, other) => rank(other) - rank(one));
  return places[0]?.join('.').replaceAll('.[]', '[]');
}

function placesOf(schema: CrdSchema, name: string, place: readonly string[]): (readonly string[])[] {
  const here = schema.properties && Object.hasOwn(schema.properties, name) ? [[...place, name]] : [];
  const below = Object.entries(schema.properties ?? {}).flatMap(([key, property]) => placesOf(property, name, [...place, key]));
  const items = schema.items ? placesOf(schema.items, name, [...place, '[]']) : [];
  const values = schema.additionalProperties ? placesOf(schema.additionalProperties, name, [...place, '*']) : [];
  return [...here, ...below, ...items, ...values];
}
