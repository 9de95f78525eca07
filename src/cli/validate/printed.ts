import { printedFindings, Printing } from '../findings/formats';
import { Report } from '../findings/report';
import { printerFor } from '../output/printer';
import { Terminal } from '../output/terminal';

/** The report in a format, which is loaded when it is asked for. */
export function printedValidate(report: Report, printing: Printing, terminal: Terminal): string {
  const { format, all, failOn } = printing;
  /* eslint-disable @typescript-eslint/no-require-imports */
  switch (format) {
    case 'json': return (require('./json') as typeof import('./json')).validateJson(report);
    case 'text': return (require('./text') as typeof import('./text')).validateText(report, { all, failOn, printer: printerFor(terminal) });
    default: return printedFindings(report, format, printing);
  }
  /* eslint-enable @typescript-eslint/no-require-imports */
}
