import { ReportedRefusal, whyRefusedText } from './refusals';
import { placeText } from './words';
import { numeral } from '../../findings/numeral';
import { titleOf } from '../../findings/object-identity';
import { printable } from '../../findings/safe-text';
import { Colours } from '../output/printer';

interface Printing {
  /** Whether those that wouldn't be rejected before the change fail the run. */
  readonly isFailing: boolean;
  /** How many are shown. */
  readonly most: number;
  readonly colours: Colours;
}

/** The objects of NEW that would be rejected, each with the first objection. */
export function refusalLines(refusals: readonly ReportedRefusal[], { isFailing, most, colours }: Printing): string[] {
  const markOf = ({ gates }: ReportedRefusal): string => {
    if (gates.length === 0) return colours.dim('▸');
    return isFailing ? colours.red('✖') : colours.yellow('⚠');
  };
  return [
    colours.bold('Rejected by the API server or istiod'),
    ...refusals.slice(0, most).flatMap((refusal) => [
      [`${markOf(refusal)} ${colours.bold(printable(titleOf(refusal.object)))}`, colours.cyan(printable(placeText(refusal)))]
        .filter(Boolean).join('  '),
      `    ${printable(whyRefusedText(refusal))}`,
    ]),
    ...refusals.length > most ? [colours.dim(`  and ${numeral(refusals.length - most)} more (--all shows them)`)] : [],
  ];
}
