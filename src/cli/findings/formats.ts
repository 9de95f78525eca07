import type { CheckReport } from './check';
import { Report } from './report';
import { FailWords } from '../../findings/finding';
import { late } from '../../modules/late';
import type { Package } from '../output/package';

/** How `check` and `validate` can print. */
export const REPORT_FORMATS = ['text', 'json', 'sarif', 'junit', 'github'] as const;

export type ReportFormat = typeof REPORT_FORMATS[number];

/** How to print, and what the formats need for it. */
export interface Printing {
  readonly format: ReportFormat;
  /** Whether a text shows each finding, however many say the same. */
  readonly all: boolean;
  readonly failOn: FailWords;
  readonly packaged: Package;
}

/** The report in a format that is the same for both verbs, which is loaded when it is asked for. */
export function printedFindings(
  report: Report | CheckReport, format: Exclude<ReportFormat, 'text' | 'json'>, { failOn, packaged }: Printing,
): string {
  switch (format) {
    case 'sarif': return late<typeof import('./sarif')>(() => require('./sarif')).sarifReport(report, packaged, failOn);
    case 'junit': return late<typeof import('./junit')>(() => require('./junit')).junitReport(report, failOn);
    default: return late<typeof import('./github')>(() => require('./github')).githubReport(report, failOn);
  }
}
