import type { CheckReport } from './check';
import { Report } from './report';
import { FailWords } from '../../findings/finding';
import { late } from '../../modules/late';
import type { Package } from '../output/package';

/** The output formats of `check` and `validate`. */
export const REPORT_FORMATS = ['text', 'json', 'sarif', 'junit', 'github'] as const;

export type ReportFormat = typeof REPORT_FORMATS[number];

/** The output format, with its parameters. */
export interface Printing {
  readonly format: ReportFormat;
  /** Whether the text shows all findings, even repeated ones. */
  readonly all: boolean;
  readonly failOn: FailWords;
  readonly packaged: Package;
}

/** Reports in a format that both verbs share, whose module is loaded only then. */
export function printedFindings(
  reports: readonly (Report | CheckReport)[], format: Exclude<ReportFormat, 'text' | 'json'>, { failOn, packaged }: Printing,
): string {
  switch (format) {
    case 'sarif': return late<typeof import('./sarif')>(() => require('./sarif')).sarifReport(reports, packaged, failOn);
    case 'junit': return late<typeof import('./junit')>(() => require('./junit')).junitReport(reports, failOn);
    default: {
      const { githubReport } = late<typeof import('./github')>(() => require('./github'));
      return reports.map((report) => githubReport(report, failOn)).join('');
    }
  }
}
