import { fieldText } from './field-path';
import { Finding } from './finding';
import { redacted } from './redaction';

/** A finding in one sentence, without the object that it is of: `spec.mtls.mode is …; expected …, because …. Fix: ….` */
export function findingSentence({ field, actual, expected, because, fix }: Pick<Finding, 'field' | 'actual' | 'expected' | 'because' | 'fix'>): string {
  return redacted(`${fieldText(field) || 'the document'} is ${actual}; expected ${expected}${because ? `, because ${because}` : ''}. Fix: ${fix}.`);
}
