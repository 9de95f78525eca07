import type { CheckReport } from '../findings/check';
import { printedFindings, Printing } from '../findings/formats';
import { printerFor } from '../output/printer';
import { Terminal } from '../output/terminal';

/** The report in a format, which is loaded when it is asked for. */
export function printedCheck(report: CheckReport, printing: Printing, terminal: Terminal): string {
  const { format, all, failOn } = printing;
  /* eslint-disable @typescript-eslint/no-require-imports */
  switch (format) {
    case 'json': return (require('./json') as typeof import('./json')).checkJson(report);
    case 'text': return (require('./text') as typeof import('./text')).checkText(report, { all, failOn, printer: printerFor(terminal) });
    default: return printedFindings(report, format, printing);
  }
  /* eslint-enable @typescript-eslint/no-require-imports */
}
