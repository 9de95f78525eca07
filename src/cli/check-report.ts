import { CheckReport } from './check';
import { CheckFormat } from './check-format';
import { checkText } from './check-text';
import { githubReport } from './github-report';
import { checkJson } from './json-report';
import { junitReport } from './junit-report';
import { Package } from './package';
import { paperFor } from './paper';
import { Bar } from './report';
import { sarifReport } from './sarif-report';
import { Terminal } from './terminal';

/** How to print, and what the formats need for it. */
export interface Printing {
  readonly format: CheckFormat;
  readonly bar: Bar;
  readonly packaged: Package;
}

export function checkReport(report: CheckReport, { format, bar, packaged }: Printing, terminal: Terminal): string {
  switch (format) {
    case 'json': return checkJson(report);
    case 'sarif': return sarifReport(report, packaged);
    case 'junit': return junitReport(report, bar);
    case 'github': return githubReport(report);
    default: return checkText(report, paperFor(terminal), packaged);
  }
}
