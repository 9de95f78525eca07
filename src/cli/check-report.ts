import type { CheckReport } from './check';
import { CheckFormat } from './check-format';
import { Package } from './package';
import { paperFor } from './paper';
import { Terminal } from './terminal';
import { FailOn } from '../findings/fail-on';

/** How to print, and what the formats need for it. */
export interface Printing {
  readonly format: CheckFormat;
  readonly failOn: FailOn;
  readonly packaged: Package;
}

/* eslint-disable @typescript-eslint/no-require-imports */

/** The report in a format, whose printer is loaded when it is asked for. */
export function checkReport(report: CheckReport, { format, failOn, packaged }: Printing, terminal: Terminal): string {
  switch (format) {
    case 'json': return (require('./json-report') as typeof import('./json-report')).checkJson(report);
    case 'sarif': return (require('./sarif-report') as typeof import('./sarif-report')).sarifReport(report, packaged);
    case 'junit': return (require('./junit-report') as typeof import('./junit-report')).junitReport(report, failOn);
    case 'github': return (require('./github-report') as typeof import('./github-report')).githubReport(report);
    default: return (require('./check-text') as typeof import('./check-text')).checkText(report, paperFor(terminal), packaged);
  }
}
