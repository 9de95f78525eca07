import { Expectation, EXPECTATION_FIELDS, readExpectation } from './expectation';
import { SettingsDocument, readSettingsText } from '../configuration/settings-file';
import { FieldPath } from '../findings/finding';
import { Position } from '../manifests/source-text';

/** A file of expectations, see docs/test.md. */
export interface ExpectationsFile {
  /** Its name in messages. */
  readonly file: string;
  readonly expectations: readonly Expectation[];
  /** The position of a field in the file. */
  positionOf(field: FieldPath): Position;
}

/** @throws SettingsError if the file can't be read, or isn't valid */
export function loadExpectations(file: string): ExpectationsFile {
  return readExpectations(readSettingsText(file, 'create it, or name another file'), file);
}

/**
 * Reads the text of a file of expectations.
 *
 * @throws SettingsError with all faults
 */
export function readExpectations(text: string, file: string): ExpectationsFile {
  const document = new SettingsDocument(text, file);
  // If a text isn't YAML, nothing else is reported.
  document.finish();
  const fields = document.fields(['$schema', 'tests']);
  fields.text('$schema');
  const tests = fields.list('tests');
  if (fields.value('tests') === undefined) fields.missing('tests', 'a list of tests');
  if (tests?.length === 0) {
    document.fault(['tests'], {
      code: 'API092',
      actual: 'an empty list',
      expected: 'at least one test',
      because: 'a run without tests would always pass',
      fix: 'add one',
    });
  }
  const expectations = fields.mappings('tests', EXPECTATION_FIELDS).flatMap((entry) => readExpectation(entry, document) ?? []);
  document.finish();
  return { file, expectations, positionOf: (field) => document.positionOf(field) };
}
