import { numeral } from '../../findings/numeral';
import { countsOf, Report } from '../findings/report';
import { configurationLines, failureLines, findingBlocks, readText, skippedText, textOf, TextPrinting } from '../findings/text';
import { Colours, counted } from '../output/printer';

/** The report of `validate` as text for people: unreadable documents, then the total, last. */
export function validateText(report: Report, { all, failOn, printer }: TextPrinting): string {
  const end = [...configurationLines(report.configured), sumLine(report, printer.colours), ...failureLines(report, failOn, printer)];
  return textOf([...findingBlocks(report, all, printer), end]);
}

/** How much was read, and how much of it is refused. */
function sumLine(report: Report, colours: Colours): string {
  const { refused, errors, warnings, infos, unreadable } = countsOf(report);
  const parts = [
    refused > 0 ? colours.red(`${numeral(refused)} refused (${counted(errors, 'error')})`) : unreadable > 0 ? '' : 'nothing refused',
    warnings > 0 ? colours.yellow(counted(warnings, 'warning')) : '',
    infos > 0 ? `${numeral(infos)} to know` : '',
    unreadable > 0 ? colours.red(`${numeral(unreadable)} could not be read`) : '',
    skippedText(report),
  ];
  return `${readText(report)}: ${parts.filter(Boolean).join(', ')}.`;
}
