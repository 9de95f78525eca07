import { late } from '../../modules/late';
import { printedFindings, Printing } from '../findings/formats';
import { Report } from '../findings/report';
import { printerFor } from '../output/printer';
import { Terminal } from '../output/terminal';

/** The report in a format, whose module is loaded only then. */
export function printedValidate(report: Report, printing: Printing, terminal: Terminal): string {
  const { format, all, failOn } = printing;
  switch (format) {
    case 'json': return late<typeof import('./json')>(() => require('./json')).validateJson(report);
    case 'text':
      return late<typeof import('./text')>(() => require('./text')).validateText(report, { all, failOn, printer: printerFor(terminal) });
    default: return printedFindings([report], format, printing);
  }
}
