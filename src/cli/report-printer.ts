import type { CheckReport } from './check';
import { Package } from './package';
import { Paper, paperFor } from './paper';
import { Report } from './report';
import { ReportFormat } from './report-format';
import { Terminal } from './terminal';
import { FailOn } from '../findings/finding';

/** How to print, and what the formats need for it. */
export interface Printing {
  readonly format: ReportFormat;
  /** Whether a text shows each finding, however many say the same. */
  readonly all: boolean;
  readonly failOn: FailOn;
  readonly packaged: Package;
}

/* eslint-disable @typescript-eslint/no-require-imports */

/** The report of `check` or `validate` in a format, whose printer is loaded when it is asked for. */
export function printedReport(report: Report | CheckReport, printing: Printing, terminal: Terminal): string {
  const { format, failOn, packaged } = printing;
  switch (format) {
    case 'json': return jsonOf(report);
    case 'sarif': return (require('./sarif-report') as typeof import('./sarif-report')).sarifReport(report, packaged, failOn);
    case 'junit': return (require('./junit-report') as typeof import('./junit-report')).junitReport(report, failOn);
    case 'github': return (require('./github-report') as typeof import('./github-report')).githubReport(report, failOn);
    default: return textOf(report, printing, paperFor(terminal));
  }
}

function jsonOf(report: Report | CheckReport): string {
  const { checkJson, validateJson } = require('./json-report') as typeof import('./json-report');
  return isOfMesh(report) ? checkJson(report) : validateJson(report);
}

function textOf(report: Report | CheckReport, { all, failOn }: Printing, paper: Paper): string {
  if (isOfMesh(report)) return (require('./check-text') as typeof import('./check-text')).checkText(report, { all, failOn, paper });
  return (require('./text-report') as typeof import('./text-report')).validateText(report, { all, failOn, paper });
}

function isOfMesh(report: Report | CheckReport): report is CheckReport {
  return report.connections !== undefined;
}
