import { AcknowledgedFinding, CheckReport } from './check';
import { Colours } from './colours';
import { printable } from './printable';
import { countsOf, isRefusal } from './report';
import { counted, findingBlocks, readText, skippedText, textOf, titleOf } from './text-report';
import { Outcome } from '../mesh/connections/outcome';

/** What each outcome means, in the order in which one wants to read them. */
const OUTCOMES: readonly (readonly [Outcome, string])[] = [
  ['mtls', 'mutual TLS between the proxies'],
  ['tls', 'TLS that the application ends, if it speaks TLS'],
  ['plaintext', 'readable and forgeable on the way'],
  ['broken', 'cannot be made'],
  ['undecided', 'not known from these manifests'],
];

/** The report of `check` as people read it: what comes of the connections first, the sum last. */
export function checkText(report: CheckReport, colours: Colours): string {
  const { acknowledged } = report;
  return textOf([
    connectionLines(report, colours),
    ...findingBlocks(report, colours),
    ...acknowledged.length > 0 ? [acknowledgedLines(acknowledged, colours)] : [],
    [sumLine(report, colours)],
  ]);
}

function connectionLines({ connections: { connections, outcomes, undecided } }: CheckReport, colours: Colours): string[] {
  if (connections === 0) return ['No connections: the manifests hold no workload and service that it could call.'];
  const width = String(connections).length;
  const paints: Record<Outcome, (text: string) => string> = {
    mtls: colours.green, tls: colours.green, plaintext: colours.yellow, broken: colours.red, undecided: colours.dim,
  };
  const lines = OUTCOMES.filter(([outcome]) => outcomes[outcome] > 0).map(([outcome, meaning]) =>
    `  ${String(outcomes[outcome]).padStart(width)}  ${paints[outcome](outcome.padEnd('undecided'.length))}  ${colours.dim(meaning)}`);
  const reasons = Object.entries(undecided).sort().map(([reason, count]) => `  ${' '.repeat(width)}    ${colours.dim(`${count} ${reason}`)}`);
  return [colours.bold(`${counted(connections, 'connection')} can be made or tried`), ...lines, ...reasons];
}

function acknowledgedLines(acknowledged: readonly AcknowledgedFinding[], colours: Colours): string[] {
  return [colours.bold('Acknowledged'), ...acknowledged.map((finding) => {
    const { code, reason, by } = finding;
    return `  ${colours.dim(code)}  ${printable(titleOf(finding.object))}: ${printable(reason)}${by === 'annotation' ? '' : colours.dim(' (this run)')}`;
  })];
}

function sumLine(report: CheckReport, colours: Colours): string {
  const { refused, warnings, unreadable } = countsOf(report);
  const errors = report.findings.filter((finding) => finding.severity === 'error' && !isRefusal(finding)).length;
  const infos = report.findings.filter(({ severity }) => severity === 'info').length;
  const parts = [
    refused > 0 ? colours.red(`${refused} refused`) : '',
    errors > 0 ? colours.red(counted(errors, 'error')) : '',
    refused + errors === 0 ? colours.green('no errors') : '',
    warnings > 0 ? colours.yellow(counted(warnings, 'warning')) : '',
    infos > 0 ? `${infos} to know` : '',
    report.acknowledged.length > 0 ? `${report.acknowledged.length} acknowledged` : '',
    unreadable > 0 ? colours.red(`${unreadable} could not be read`) : '',
    skippedText(report),
  ];
  return `${readText(report)}: ${parts.filter(Boolean).join(', ')}.`;
}
