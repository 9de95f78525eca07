import { Unreadable } from './read-text';
import { objectsOf, Reading, ReadObject } from './reading';
import type { Objected } from './validate';
import { FieldPath, fieldText, valueAt } from '../findings/finding';
import { numeral } from '../findings/numeral';
import { redacted, shown } from '../findings/safe-text';
import { unreadable } from '../manifests/problems';
import { grouped } from '../mesh/inventory/collections';

/** A variable of Flux and envsubst, and a template in quotes: both are YAML, but no value yet. */
const PLACEHOLDER = /\$\{\w+(?:[-:=+?#%/^,][^{}]*)?\}|\{\{[^{}]*\}\}/;

/** Objections without those to values that are substituted before an apply, and one problem for each file with such values. */
export interface Substituted {
  readonly objected: readonly Objected[];
  readonly problems: readonly Unreadable[];
}

export function withoutPlaceholders(reading: Reading, all: readonly Objected[]): Substituted {
  const documents = objectsOf(reading);
  const open: Objected[] = [];
  const values: PlaceholderValue[] = [];
  for (const objected of all) {
    const document = documents[objected.objectIndex];
    const text = placeholderAt(document, objected.objection.field);
    if (text === undefined) open.push(objected);
    else values.push({ document, field: objected.objection.field, text });
  }
  return { objected: open, problems: [...grouped(values, ({ document }) => document.file).values()].map(problemOf) };
}

interface PlaceholderValue {
  readonly document: ReadObject;
  readonly field: FieldPath;
  readonly text: string;
}

/** The value of a field, or its name, if that is to be substituted. */
function placeholderAt({ object }: ReadObject, field: FieldPath): string | undefined {
  const name = field[field.length - 1];
  return [valueAt(object, field), name].find((value): value is string => typeof value === 'string' && PLACEHOLDER.test(value));
}

function problemOf(values: readonly PlaceholderValue[]): Unreadable {
  const [{ document, field, text }] = values;
  const { file, object } = document;
  const others = new Set(values.map((one) => `${one.document.positionOf(one.field).line} ${fieldText(one.field)}`)).size - 1;
  const first = `${redacted(shown(text))} in ${fieldText(field)} of ${String(object.kind)}`;
  const more = others === 0 ? '' : `, and ${numeral(others)} more such value${others === 1 ? '' : 's'}`;
  const isVariable = text.includes('${');
  return {
    ...unreadable('ADMIT158', `${first}${more}`, file, document.positionOf(field)),
    expected: isVariable ? 'the value of the variable' : 'the value of the template',
    because: 'an API server would refuse such values as they stand, so their objects aren\'t part of the mesh',
    fix: isVariable ? 'substitute first, as Flux and envsubst do, and check the result' : 'render the template first, and check the result',
  };
}
