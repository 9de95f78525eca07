import { fieldsText, placeText } from './words';
import { changedText, ReportedObject } from '../../changes/object-changes';
import { code } from '../output/markdown';

/** A changed object as programs read it. */
export function objectJson({ change, object, place, fields, more }: ReportedObject) {
  return { change, object, ...place && { file: place.file, line: place.position.line, column: place.position.column }, fields, moreFields: more };
}

/** The same in a comment of a pull request. */
export function objectCode(object: ReportedObject): string {
  return [changedText(object), placeText(object), fieldsText(object)].filter(Boolean).map(code).join(' ');
}
