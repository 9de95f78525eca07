import { InvalidArgumentError } from 'commander';
import { STANDARD_INPUT } from './sources';
import { isDnsLabel } from '../admission/metadata/kubernetes-names';
import { isCalendarDate } from '../findings/acknowledgement';

export function namespaceName(name: string): string {
  if (isDnsLabel(name)) return name;
  throw new InvalidArgumentError('A namespace\'s name has lower case letters, digits and \'-\', at most 63.');
}

/** The path of a file that isn't standard input. */
export function fileName(text: string): string {
  if (text !== STANDARD_INPUT && text !== '') return text;
  throw new InvalidArgumentError('It is the path of a file.');
}

export function revisionName(name: string): string {
  if (name !== '') return name;
  throw new InvalidArgumentError('A revision has a name.');
}

export function calendarDate(text: string): string {
  if (isCalendarDate(text)) return text;
  throw new InvalidArgumentError('It is a day, written as 2027-03-31.');
}
