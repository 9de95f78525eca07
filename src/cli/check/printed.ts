import { late } from '../../modules/late';
import type { CheckReport } from '../findings/check';
import { printedFindings, Printing, ReportFormat } from '../findings/formats';
import { printerFor } from '../output/printer';
import { Terminal } from '../output/terminal';

/** The report in a format, whose module is loaded only then. */
export function printedCheck(report: CheckReport, printing: Printing, terminal: Terminal): string {
  const { format, all, failOn } = printing;
  switch (format) {
    case 'json': return late<typeof import('./json')>(() => require('./json')).checkJson(report);
    case 'text':
      return late<typeof import('./text')>(() => require('./text')).checkText(report, { all, failOn, printer: printerFor(terminal) });
    default: return printedFindings([report], format, printing);
  }
}

/** The reports of several meshes in a format for programs, as one document. */
export function printedChecks(reports: readonly CheckReport[], format: Exclude<ReportFormat, 'text'>, printing: Printing): string {
  if (format === 'json') return late<typeof import('./json')>(() => require('./json')).checksJson(reports);
  return printedFindings(reports, format, printing);
}
