import { Colours } from './colours';
import { Folded, folded, foldedFindings } from './folding';
import { counted, numeral } from './numbers';
import { Paper, wrapped } from './paper';
import { Unreadable } from './path-problem';
import { countsOf, failuresOf, isRefusal, ObjectIdentity, Place, Report, ReportedFinding, Settled } from './report';
import { sourceLine } from './source-line';
import { FailOn } from '../findings/fail-on';
import { fieldText } from '../findings/field-path';
import { printable } from '../findings/printable';
import { Position } from '../manifests/source-text';
import { grouped } from '../mesh/inventory/collections';
import { compareTexts } from '../mesh/inventory/object';

/** Where what is told of a finding begins, behind its labels. */
const MARGIN = 14;

/** Before an object's title: what a manifest says begins no line. */
const TITLE_MARK = '▸ ';

type Sentence = Pick<ReportedFinding, 'code' | 'actual' | 'expected' | 'because' | 'fix'>;

/** How a text is printed. */
export interface TextPrinting {
  readonly all: boolean;
  readonly failOn: FailOn;
  readonly paper: Paper;
}

/** The report of `validate` as people read it: what could not be read last, the sum below. */
export function validateText(report: Report, { all, failOn, paper }: TextPrinting): string {
  const end = [...configurationLines(report.settled), sumLine(report, paper.colours), ...failureLines(report, failOn, paper)];
  return textOf([...findingBlocks(report, all, paper), end]);
}

/** Names the configuration file, if there is one, with what it leaves out. */
export function configurationLines({ configuration, off }: Partial<Settled> = {}): string[] {
  if (configuration === undefined) return [];
  return [printable(`Configuration: ${configuration}${off ? `, which turns off ${counted(off, 'finding')}` : ''}`)];
}

/** What makes the run fail besides the findings, where it isn't plain from them. */
export function failureLines(report: Report, failOn: FailOn, { colours }: Paper): string[] {
  return failuresOf(report, failOn).map((failure) => colours.red(`--fail-on ${failOn.join(',')}: ${failure}.`));
}

/** Blocks of lines with a blank line between them. */
export function textOf(blocks: readonly (readonly string[])[]): string {
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** Findings of one object are next to each other. */
export function findingBlocks({ findings, reading: { unreadable } }: Report, all: boolean, paper: Paper): string[][] {
  const { shown, more, oldVersions } = foldedFindings(findings, all);
  const groups = grouped(shown, ({ objectIndex }) => objectIndex).values();
  const problems = folded(unreadable, all, ({ code }) => code);
  return [
    ...[...groups].map((group) => objectBlock(group, more, paper)),
    ...oldVersions.length > 0 ? [oldVersionsBlock(oldVersions, paper)] : [],
    ...problems.shown.map((problem) => [...unreadableBlock(problem, paper), ...moreLines(problem, problems.more, paper)]),
  ];
}

function objectBlock(findings: readonly ReportedFinding[], more: Folded<ReportedFinding>['more'], paper: Paper): string[] {
  return [
    `${TITLE_MARK}${paper.colours.bold(printable(titleOf(findings[0].object)))}`,
    ...findings.flatMap((finding) => [...findingLines(finding, paper), ...moreLines(finding, more, paper)]),
  ];
}

/** How many follow that aren't shown. */
function moreLines<T extends { readonly code: string }>(last: T, more: Folded<T>['more'], { colours }: Paper): string[] {
  const hidden = more.get(last);
  return hidden === undefined ? [] : [colours.dim(`    and ${numeral(hidden)} more of ${last.code} (--all shows them)`)];
}

function oldVersionsBlock(findings: readonly ReportedFinding[], paper: Paper): string[] {
  const [first] = findings;
  const byVersion = [...grouped(findings, ({ object: { apiVersion } }) => apiVersion!)].map(([version, { length }]) => ({ version, length }));
  byVersion.sort((left, right) => right.length - left.length || compareTexts(left.version, right.version));
  return [`${markOf(first, paper.colours)}  ${counted(findings.length, 'object')} of old API versions  ${paper.colours.dim(first.code)}`, ...sentenceLines({
    ...first,
    actual: byVersion.map(({ version, length }) => `${version} (${numeral(length)})`).join(', '),
    expected: 'v1 of the same group',
    fix: 'write v1 in its place; nothing else changes (--all shows the objects)',
  }, undefined, paper)];
}

/** What a finding is of. */
export function titleOf({ kind = 'Object', namespace, name }: ObjectIdentity): string {
  const path = [namespace, name].filter(Boolean).join('/');
  return path === '' ? `${kind} without a name` : `${kind} ${path}`;
}

function findingLines(finding: ReportedFinding, paper: Paper): string[] {
  const { place, field, actual, code } = finding;
  const { colours } = paper;
  const head = [`  ${markOf(finding, colours)}`, ...place ? [placeText(place, colours)] : [], colours.dim(code)].join('  ');
  return [head, ...sentenceLines({ ...finding, actual: `${fieldText(field) || 'the document'} is ${actual}` }, place?.position, paper)];
}

/** How bad a finding is, in at least so many letters. */
export function markOf(finding: ReportedFinding, colours: Colours, width = 0): string {
  if (isRefusal(finding)) return colours.red(`✖ ${'refused'.padEnd(width)}`);
  switch (finding.severity) {
    case 'error': return colours.red(`✖ ${'error'.padEnd(width)}`);
    case 'warning': return colours.yellow(`⚠ ${'warning'.padEnd(width)}`);
    default: return colours.blue(`ℹ ${'info'.padEnd(width)}`);
  }
}

/** What could not be read, for a verb that prints nothing else of it. */
export function unreadableText(unreadable: readonly Unreadable[], paper: Paper): string {
  return textOf(unreadable.map((problem) => unreadableBlock(problem, paper)));
}

function unreadableBlock({ file, position, ...sentence }: Unreadable, paper: Paper): string[] {
  const { colours } = paper;
  const where = position ? placeText({ file, position }, colours) : colours.cyan(printable(file));
  return [`${colours.red('✖ could not read')}  ${where}  ${colours.dim(sentence.code)}`, ...sentenceLines(sentence, position, paper)];
}

function placeText({ file, position: { line, column } }: Place, colours: Colours): string {
  return colours.cyan(printable(`${file}:${line}:${column}`));
}

function sentenceLines({ actual, expected, because, fix }: Sentence, position: Position | undefined, { colours, width }: Paper): string[] {
  const source = position && sourceLine(position);
  const labelled = (label: string, text: string, paint = (word: string) => word) => wrapped(printable(text), width - MARGIN).map((line, index) =>
    `    ${index === 0 ? `${paint(label)}${' '.repeat(MARGIN - 4 - label.length)}` : ' '.repeat(MARGIN - 4)}${line}`);
  return [
    ...labelled('found:', actual),
    ...labelled('expected:', expected),
    ...because === undefined ? [] : labelled('because:', because),
    ...labelled('fix:', fix, colours.green),
    ...source ? [`      ${colours.dim(printable(source[0]))}`, `      ${colours.dim(printable(source[1]))}`] : [],
  ];
}

/** How much was read, and how much of it is refused. */
function sumLine(report: Report, colours: Colours): string {
  const { refused, errors, warnings, infos, unreadable } = countsOf(report);
  const parts = [
    refused > 0 ? colours.red(`${numeral(refused)} refused (${counted(errors, 'error')})`) : unreadable > 0 ? '' : 'nothing refused',
    warnings > 0 ? colours.yellow(counted(warnings, 'warning')) : '',
    infos > 0 ? `${numeral(infos)} to know` : '',
    unreadable > 0 ? colours.red(`${numeral(unreadable)} could not be read`) : '',
    skippedText(report),
  ];
  return `${readText(report)}: ${parts.filter(Boolean).join(', ')}.`;
}

export function readText(report: Report): string {
  const { objects, files, facts } = countsOf(report);
  return `${counted(objects, 'object')} in ${counted(files, 'file')}${facts > 0 ? `, with ${counted(facts, 'fact')}` : ''}`;
}

export function skippedText(report: Report): string {
  const { skipped } = countsOf(report);
  return skipped > 0 ? `${numeral(skipped)} skipped (--list-skipped tells which)` : '';
}
