import type { CheckReport } from './check';
import type { Package } from './package';
import { Printer, printerFor } from './printer';
import { Report } from './report';
import { Terminal } from './terminal';
import { FailWords } from '../findings/finding';

/** How `check` and `validate` can print. */
export const REPORT_FORMATS = ['text', 'json', 'sarif', 'junit', 'github'] as const;

export type ReportFormat = typeof REPORT_FORMATS[number];

/** How `connections` can print. */
export const CONNECTION_FORMATS = ['table', 'json', 'csv'] as const;

export type ConnectionFormat = typeof CONNECTION_FORMATS[number];

/** How `explain` can print. */
export const EXPLAIN_FORMATS = ['text', 'json'] as const;

export type ExplainFormat = typeof EXPLAIN_FORMATS[number];

/** The formats of `connections`' JSON: an array of connections, and an object that has them hop by hop. */
export const JSON_FORMATS = ['1', '2'] as const;

export type JsonFormat = typeof JSON_FORMATS[number];

/** How to print, and what the formats need for it. */
export interface Printing {
  readonly format: ReportFormat;
  /** Whether a text shows each finding, however many say the same. */
  readonly all: boolean;
  readonly failOn: FailWords;
  readonly packaged: Package;
}

/* eslint-disable @typescript-eslint/no-require-imports */

/** The report of `check` or `validate` in a format, which is loaded when it is asked for. */
export function printedReport(report: Report | CheckReport, printing: Printing, terminal: Terminal): string {
  const { format, failOn, packaged } = printing;
  switch (format) {
    case 'json': return jsonOf(report);
    case 'sarif': return (require('./sarif-report') as typeof import('./sarif-report')).sarifReport(report, packaged, failOn);
    case 'junit': return (require('./junit-report') as typeof import('./junit-report')).junitReport(report, failOn);
    case 'github': return (require('./github-report') as typeof import('./github-report')).githubReport(report, failOn);
    default: return textOf(report, printing, printerFor(terminal));
  }
}

function jsonOf(report: Report | CheckReport): string {
  const { checkJson, validateJson } = require('./json-report') as typeof import('./json-report');
  return isOfMesh(report) ? checkJson(report) : validateJson(report);
}

function textOf(report: Report | CheckReport, { all, failOn }: Printing, printer: Printer): string {
  if (isOfMesh(report)) return (require('./check-text') as typeof import('./check-text')).checkText(report, { all, failOn, printer });
  return (require('./text-report') as typeof import('./text-report')).validateText(report, { all, failOn, printer });
}

function isOfMesh(report: Report | CheckReport): report is CheckReport {
  return report.connections !== undefined;
}
