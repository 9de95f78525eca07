import { Unreadable } from './read-text';
import { objectsOf, Reading, ReadObject } from './reading';
import { FieldPath, fieldText, valueAt } from '../../findings/finding';
import { numeral } from '../../findings/numeral';
import { redacted, shown } from '../../findings/safe-text';
import { unreadable } from '../../manifests/problems';
import { grouped } from '../../mesh/collections';

/** A variable of Flux or envsubst, or a quoted template: both are valid YAML, but not yet a value. */
const PLACEHOLDER = /\$\{\w+(?:[-:=+?#%/^,][^{}]*)?\}|\{\{[^{}]*\}\}/;

/** A variable of envsubst without braces. Elsewhere than in names and labels, a dollar may be meant, such as in a regular expression. */
const BARE_VARIABLE = /\$[A-Za-z_]/;

/** An objection of admission to one of the objects that were read. */
interface Objected {
  readonly objectIndex: number;
  readonly objection: { readonly field: FieldPath };
}

/** Objections except those to placeholders, and one problem for each file with placeholders. */
export interface Substituted<T> {
  readonly objected: readonly T[];
  readonly problems: readonly Unreadable[];
}

export function withoutPlaceholders<T extends Objected>(reading: Reading, all: readonly T[]): Substituted<T> {
  const documents = objectsOf(reading);
  const open: T[] = [];
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

/** The value or name of a field if it contains a placeholder. */
function placeholderAt({ object }: ReadObject, field: FieldPath): string | undefined {
  const name = field[field.length - 1];
  const isPlaceholder = (text: string) => PLACEHOLDER.test(text) || (field.includes('metadata') && BARE_VARIABLE.test(text));
  return [valueAt(object, field), name].find((value): value is string => typeof value === 'string' && isPlaceholder(value));
}

function problemOf(values: readonly PlaceholderValue[]): Unreadable {
  const [{ document, field, text }] = values;
  const { file, object } = document;
  const others = new Set(values.map((one) => `${one.document.positionOf(one.field)?.line} ${fieldText(one.field)}`)).size - 1;
  const first = `${redacted(shown(text))} in ${fieldText(field)} of ${String(object.kind)}`;
  const more = others === 0 ? '' : `, and ${numeral(others)} more such value${others === 1 ? '' : 's'}`;
  const isVariable = text.includes('$');
  return {
    ...unreadable('ADMIT158', `${first}${more}`, file, { line: 1, column: 1 }),
    position: document.positionOf(field),
    expected: isVariable ? 'the value of the variable' : 'the value of the template',
    because: 'an API server would refuse such values as they stand, so their objects aren\'t part of the mesh',
    fix: isVariable ? 'substitute first, as Flux and envsubst do, and check the result' : 'render the template first, and check the result',
  };
}
