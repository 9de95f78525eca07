import { CheckReport } from './check';
import { codeTitles } from './code-titles';
import { Colours, paintOf } from './colours';
import { counted, numeral } from './numbers';
import { Paper, wrapped } from './paper';
import { AcknowledgedFinding, countsOf, isAdmission, isRefusal, ReportedFinding } from './report';
import { settledLines } from './settled-text';
import { failureLines, findingBlocks, markOf, readText, skippedText, textOf, TextPrinting, titleOf } from './text-report';
import { decidedText, undecidedBlocks } from './undecided-text';
import { reasonText } from '../findings/acknowledgement';
import { SEVERITIES } from '../findings/finding';
import { printable } from '../findings/safe-text';
import { Outcome, OUTCOMES } from '../mesh/calls/outcome';
import { ISTIO_MINOR } from '../mesh/config/istiods';
import { grouped } from '../mesh/inventory/collections';
import { compareTexts } from '../mesh/inventory/object';

/** What each outcome means. */
const MEANINGS: Readonly<Record<Outcome, string>> = {
  mtls: 'mutual TLS between the proxies',
  tls: 'TLS that the application ends, if it speaks TLS',
  plaintext: 'readable and forgeable on the way',
  broken: 'cannot be made',
  undecided: 'not known from these manifests',
};

/** From how many findings on the codes are listed once more, with their numbers. */
const MANY = 10;

/** The report of `check` as people read it: what comes of the connections first, the sum last. */
export function checkText(report: CheckReport, { all, failOn, paper }: TextPrinting): string {
  const { acknowledged, findings } = report;
  const { colours } = paper;
  return textOf([
    ...connectionBlocks(report, colours),
    ...undecidedBlocks(report, all, paper),
    ...findingBlocks(report, all, paper),
    ...acknowledged.length > 0 ? [acknowledgedLines(acknowledged, paper)] : [],
    ...findings.length > MANY ? [codeLines(findings, codeTitles(), colours)] : [],
    [...settledLines(report.settled), sumLine(report, colours), ...failureLines(report, failOn, paper), ...hintLines(findings, colours)],
  ]);
}

function connectionBlocks({ reading, size, connections: { connections, outcomes, undecided } }: CheckReport, colours: Colours): string[][] {
  if (reading.documents.length === 0) return [];
  const isPart = reading.facts.documents.length > 0;
  if (connections === 0) return [[isPart ? 'No connection has a part in what is judged, or is changed by it.' : 'No connections: the manifests hold no workload and service that it could call.']];
  const mesh = `${counted(size.workloads, 'workload')} and ${counted(size.services, 'service')} in ${counted(size.namespaces, 'namespace')}`;
  const width = numeral(connections).length;
  const lines = OUTCOMES.filter((outcome) => outcomes[outcome] > 0).map((outcome) =>
    `  ${numeral(outcomes[outcome]).padStart(width)}  ${paintOf(outcome, colours)(outcome.padEnd('undecided'.length))}  ${colours.dim(MEANINGS[outcome])}`);
  const reasons = Object.entries(undecided).sort().map(([reason, count]) => `  ${' '.repeat(width)}    ${colours.dim(`${numeral(count)} ${reason}`)}`);
  return [[`${colours.bold(mesh)}: ${counted(connections, 'connection')} ${isPart ? 'with a part in what is judged, or changed by it' : 'can be made or tried'}, in Istio ${ISTIO_MINOR}`, ...lines, ...reasons]];
}

function acknowledgedLines(acknowledged: readonly AcknowledgedFinding[], { colours, width }: Paper): string[] {
  return [colours.bold('Acknowledged'), ...acknowledged.flatMap((finding) => {
    const { code } = finding;
    const text = [`${titleOf(finding.object)}: ${reasonText(finding)}`, ...saidText(finding)].map(printable).join(' ');
    const [first, ...rest] = wrapped(text, width - code.length - 4);
    return [`  ${colours.dim(code)}  ${first}`, ...rest.map((line) => `  ${' '.repeat(code.length)}  ${line}`)];
  })];
}

/** Where somebody acknowledged a finding, if not on the object itself. */
function saidText({ by, saidIn }: AcknowledgedFinding): string[] {
  if (by === 'annotation') return [];
  return [saidIn ? `(${saidIn.file}:${saidIn.position.line})` : '(--acknowledge)'];
}

/** The codes of a long report with their numbers, each severity by itself: the worst first, then the most frequent. */
function codeLines(findings: readonly ReportedFinding[], titles: ReadonlyMap<string, string>, colours: Colours): string[] {
  const byCode = grouped(findings, (finding) => `${finding.code} ${isRefusal(finding)} ${finding.severity}`);
  const codes = [...byCode.values()]
    .map((found) => ({ code: found[0].code, found, rank: isRefusal(found[0]) ? -1 : SEVERITIES.indexOf(found[0].severity) }))
    .sort((left, right) => left.rank - right.rank || right.found.length - left.found.length || compareTexts(left.code, right.code));
  const width = Math.max(...codes.map(({ found }) => numeral(found.length).length));
  return [colours.bold('In short'), ...codes.map(({ code, found }) => [
    `  ${numeral(found.length).padStart(width)}`, markOf(found[0], colours, 'warning'.length), code, colours.dim(titles.get(code)!),
  ].join('  '))];
}

function hintLines(findings: readonly ReportedFinding[], colours: Colours): string[] {
  const [first] = SEVERITIES.flatMap((severity) => findings.filter((finding) => finding.severity === severity && !isAdmission(finding)));
  return first ? [colours.dim(`istio-mtls rules ${first.code} tells more.`)] : [];
}

function sumLine(report: CheckReport, colours: Colours): string {
  const { refused, warnings, infos, unreadable } = countsOf(report);
  const { connections } = report;
  const isOpen = connections.outcomes.undecided > 0;
  const errors = report.findings.filter((finding) => finding.severity === 'error' && !isRefusal(finding)).length;
  const parts = [
    refused > 0 ? colours.red(`${numeral(refused)} refused`) : '',
    errors > 0 ? colours.red(counted(errors, 'error')) : '',
    refused + errors + unreadable > 0 ? '' : isOpen ? 'no errors in what is decided' : colours.green('no errors'),
    isOpen ? colours.yellow(decidedText(connections)) : '',
    warnings > 0 ? colours.yellow(counted(warnings, 'warning')) : '',
    infos > 0 ? `${numeral(infos)} to know` : '',
    report.acknowledged.length > 0 ? `${numeral(report.acknowledged.length)} acknowledged` : '',
    unreadable > 0 ? colours.red(`${numeral(unreadable)} could not be read`) : '',
    skippedText(report),
  ];
  return `${readText(report)}: ${parts.filter(Boolean).join(', ')}.`;
}
