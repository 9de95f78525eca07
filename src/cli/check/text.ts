import { connectionBlocks } from './connection-counts';
import { brokenText } from './world-columns';
import { assumptionsText } from '../../analysis/assumptions';
import { unjudgedText } from '../../analysis/unjudged';
import { saysMore, waitingText } from '../../analysis/would-decide';
import { reasonText } from '../../findings/acknowledgement';
import { fieldText, isRefusal, SEVERITIES } from '../../findings/finding';
import { numeral } from '../../findings/numeral';
import { titleOf } from '../../findings/object-identity';
import { printable } from '../../findings/safe-text';
import { wrapped } from '../../findings/wrapped';
import { grouped } from '../../mesh/collections';
import { compareTexts } from '../../mesh/inventory/object';
import { CheckReport } from '../findings/check';
import { AcknowledgedFinding, countsOf, isAdmission, ReportedFinding, AppliedConfiguration, SettledBaseline } from '../findings/report';
import {
  configurationLines, decidedText, dimmedLines, failureLines, findingBlocks, growthText, markOf, readText, skippedText, staleLines,
  objectBlocks, textOf, TextPrinting,
} from '../findings/text';
import { noticeTexts } from '../findings/world-notice';
import { codeTitles } from '../output/package';
import { Colours, counted, Printer } from '../output/printer';

/** Number of findings from which the report also lists each code with its count. */
const MANY = 10;

/** The report of `check` as people read it: the outcomes of connections first, the totals last. */
export function checkText(report: CheckReport, { all, failOn, printer }: TextPrinting): string {
  const { acknowledged, findings } = report;
  const { colours } = printer;
  return textOf([
    ...connectionBlocks(report, all, printer),
    ...undecidedBlocks(report, all, printer),
    ...findingBlocks(report, all, printer),
    ...all ? unexpectedBlocks(report, printer) : [],
    ...acknowledged.length > 0 ? [acknowledgedLines(acknowledged, printer)] : [],
    ...findings.length > MANY ? [codeLines(findings, codeTitles(), colours)] : [],
    [
      ...settledLines(report.configured), sumLine(report, colours), ...restLines(report, all, printer),
      ...failureLines(report, failOn, printer), ...hintLines(findings, colours),
    ],
  ]);
}

/** Findings with values of missing facts that nothing expects: they don't count. */
function unexpectedBlocks({ worlds }: CheckReport, printer: Printer): string[][] {
  if (!worlds || worlds.unexpected.length === 0) return [];
  const { colours } = printer;
  return [[colours.bold('Not expected')], ...objectBlocks(worlds.unexpected, printer)];
}

function acknowledgedLines(acknowledged: readonly AcknowledgedFinding[], { colours, width }: Printer): string[] {
  return [colours.bold('Acknowledged'), ...acknowledged.flatMap((finding) => {
    const { code } = finding;
    const text = [`${titleOf(finding.object)}: ${reasonText(finding)}`, ...saidText(finding)].map(printable).join(' ');
    const [first, ...rest] = wrapped(text, width - code.length - 4);
    return [`  ${colours.dim(code)}  ${first}`, ...rest.map((line) => `  ${' '.repeat(code.length)}  ${line}`)];
  })];
}

/** Where an acknowledgement is, if not on the object itself. */
function saidText({ by, saidIn }: AcknowledgedFinding): string[] {
  if (by === 'annotation') return [];
  return [saidIn ? `(${saidIn.file}:${saidIn.position.line})` : '(--acknowledge)'];
}

/** The codes of a long report with their counts, for each severity: the worst severity first, then the most frequent code. */
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
  return first ? [colours.dim(`See istio-mtls rules ${first.code}.`)] : [];
}

function sumLine(report: CheckReport, colours: Colours): string {
  const { refused, warnings, infos, unreadable } = countsOf(report);
  const { connections, worlds } = report;
  const isOpen = connections.outcomes.undecided > 0;
  const errors = errorsIn(report);
  const { broken } = connections.outcomes;
  const isClean = refused + errors + unreadable === 0;
  const none = isOpen ? 'no errors in decided connections' : 'no errors';
  const parts = [
    refused > 0 ? colours.red(`${numeral(refused)} refused`) : '',
    errors > 0 ? colours.red(counted(errors, 'error')) : '',
    isClean ? (isOpen || broken > 0 ? none : colours.green(none)) : '',
    isClean && broken > 0 && !worlds ? colours.red(`${counted(broken, 'connection')} broken`) : '',
    isOpen ? colours.yellow(decidedText(connections, worlds)) : '',
    worlds ? colours.red(brokenText(worlds)) : '',
    warnings > 0 ? colours.yellow(counted(warnings, 'warning')) : '',
    infos > 0 ? `${numeral(infos)} to know` : '',
    report.acknowledged.length > 0 ? `${numeral(report.acknowledged.length)} acknowledged` : '',
    unreadable > 0 ? colours.red(`${numeral(unreadable)} could not be read`) : '',
    skippedText(report),
  ];
  return `${readText(report)}: ${parts.filter(Boolean).join(', ')}.`;
}

/** Errors of the analysis. */
function errorsIn({ findings }: CheckReport): number {
  return findings.filter((finding) => finding.severity === 'error' && !isRefusal(finding)).length;
}

/** What the total doesn't cover: unchecked objects, and the assumptions behind "no errors". */
function restLines(report: CheckReport, all: boolean, printer: Printer): string[] {
  const { refused, unreadable } = countsOf(report);
  const isClean = refused + errorsIn(report) + unreadable === 0;
  const { worlds } = report;
  const texts = [strictText(report), unjudgedText(report.unjudged), isClean ? assumptionsText(report.assumptions) : undefined];
  return dimmedLines([...worlds ? noticeTexts(worlds, all) : [], ...texts.filter((text) => text !== undefined)], printer);
}

/** Undefined if no more connections break in a mesh that is STRICT. */
function strictText({ brokenIfStrict }: CheckReport): string | undefined {
  if (brokenIfStrict === undefined) return undefined;
  const breaking = `${counted(brokenIfStrict, 'more connection')} ${brokenIfStrict === 1 ? 'breaks' : 'break'}`;
  return `No PeerAuthentication for the whole mesh is shown: if it is STRICT, ${breaking} (--mesh-mode STRICT says which).`;
}

/** How many facts a text shows. */
const SHOWN_FACTS = 5;

/** The facts that would decide the undecided connections, the most wanted first. Empty if they would only repeat the reasons. */
function undecidedBlocks({ connections: summary, wouldDecide }: CheckReport, all: boolean, { colours }: Printer): string[][] {
  // Both columns show what the others would decide.
  const facts = wouldDecide.facts.filter(({ need }) => need !== 'namespace' && need !== 'revision');
  if (!saysMore({ facts }, summary)) return [];
  const shown = all ? facts : facts.slice(0, SHOWN_FACTS);
  const width = Math.max(...shown.map(({ connections }) => numeral(connections).length));
  return [[
    colours.bold(`What would decide the ${counted(summary.outcomes.undecided, 'undecided connection')}`),
    ...shown.map((fact) => `  ${numeral(fact.connections).padStart(width)} ${printable(waitingText(fact))}`),
    ...facts.length > shown.length ? [colours.dim(`  and ${numeral(facts.length - shown.length)} more (--all shows them)`)] : [],
  ]];
}

/** How many findings that exceed the baseline are shown. */
const SHOWN_AGAIN = 3;

/** The configuration file and baseline, and how many findings they leave out. */
function settledLines(configured: AppliedConfiguration | undefined): string[] {
  const { baseline } = configured ?? {};
  return [...configurationLines(configured), ...baseline ? [...baselineLines(baseline), ...staleLines(baseline)].map(printable) : []];
}

function baselineLines({ path, held, grown }: SettledBaseline): string[] {
  const refused = new Set([...held.keys()].filter(isRefusal).map(({ objectIndex }) => objectIndex)).size;
  const without = refused === 0 ? '' : `; ${counted(refused, 'refused object')} ${refused === 1 ? 'isn\'t' : 'aren\'t'} part of the mesh`;
  const first = [...grown].slice(0, SHOWN_AGAIN)
    .map(([finding, growth]) => `  reported again: ${subjectText(finding)}: ${growthText(growth)}`);
  const more = grown.size > SHOWN_AGAIN ? [`  and ${numeral(grown.size - SHOWN_AGAIN)} more`] : [];
  return [`Baseline: ${path}, which excludes ${counted(held.size, 'known finding')}${without}`, ...first, ...more];
}

function subjectText({ code, object, field }: ReportedFinding): string {
  return `${code} ${titleOf(object)} ${fieldText(field)}`.trimEnd();
}
