import { ReportedObject } from './object-changes';
import { numeral } from '../findings/numeral';
import { titleOf } from '../findings/object-identity';

const SIGNS: Readonly<Record<ReportedObject['change'], string>> = { added: '+', changed: '~', removed: '-' };

/** `~ DestinationRule shop/ratings`. */
export function changedText({ change, object }: ReportedObject): string {
  return `${SIGNS[change]} ${titleOf(object)}`;
}

/** The first of many, and how many more. */
export function firstTexts(texts: readonly string[], most: number): string {
  return [...texts.slice(0, most), ...texts.length > most ? [`${numeral(texts.length - most)} more`] : []].join(', ');
}
