import type { CheckReport } from './check';
import { countsOf, failuresOf, Report, ReportedFinding, AppliedConfiguration, SettledBaseline } from './report';
import { unjudgedText } from '../../analysis/unjudged';
import { saysMore } from '../../analysis/would-decide';
import { Growth } from '../../baseline/baseline';
import { FailWords, fieldText, isRefusal } from '../../findings/finding';
import { numeral } from '../../findings/numeral';
import { titleOf } from '../../findings/object-identity';
import { printable } from '../../findings/safe-text';
import { wrapped } from '../../findings/wrapped';
import { Place, Position } from '../../manifests/source-text';
import type { Summary } from '../../mesh/calls/connections';
import { grouped } from '../../mesh/collections';
import { compareTexts } from '../../mesh/inventory/object';
import type { BothWays } from '../../mesh/worlds/both-ways';
import { Unreadable } from '../input/read-text';
import { Colours, counted, Printer } from '../output/printer';

/** Where what is told of a finding begins, behind its labels. */
const MARGIN = 14;

/** Before an object's title: what a manifest says begins no line. */
const TITLE_MARK = '▸ ';

type Sentence = Pick<ReportedFinding, 'code' | 'actual' | 'expected' | 'because' | 'fix'>;

/** How a text is printed. */
export interface TextPrinting {
  readonly all: boolean;
  readonly failOn: FailWords;
  readonly printer: Printer;
}

/** Names the configuration file, if there is one, with what it leaves out. */
export function configurationLines({ configuration, off }: Partial<AppliedConfiguration> = {}): string[] {
  if (configuration === undefined) return [];
  return [printable(`Configuration: ${configuration}${off ? `, which turns off ${counted(off, 'finding')}` : ''}`)];
}

/** The line of stale entries, if there are some. */
export function staleLines({ path, stale }: SettledBaseline): string[] {
  if (stale.length === 0) return [];
  const entries = stale.length === 1 ? '1 entry' : `${numeral(stale.length)} entries`;
  return [`${entries} of ${path} ${stale.length === 1 ? 'matches' : 'match'} no finding anymore: `
    + `--write-baseline drops ${stale.length === 1 ? 'it' : 'them'}`];
}

/** What makes the run fail besides the findings, where it isn't plain from them. */
export function failureLines(report: Report, failOn: FailWords, { colours }: Printer): string[] {
  return failuresOf(report, failOn).map((failure) => colours.red(`--fail-on ${failOn.join(',')}: ${failure}.`));
}

/** What a result rests on, below it. */
export function dimmedLines(texts: readonly string[], { colours, width }: Printer): string[] {
  return texts.flatMap((text) => wrapped(printable(text), width).map((line) => colours.dim(line)));
}

/** Blocks of lines with a blank line between them. */
export function textOf(blocks: readonly (readonly string[])[]): string {
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** Findings of one object are next to each other. */
export function findingBlocks({ findings, reading: { unreadable } }: Report, all: boolean, printer: Printer): string[][] {
  const { shown, more, oldVersions } = foldedFindings(findings, all);
  const groups = grouped(shown, ({ objectIndex }) => objectIndex).values();
  const problems = folded(unreadable, all, ({ code }) => code);
  return [
    ...[...groups].map((group) => objectBlock(group, more, printer)),
    ...oldVersions.length > 0 ? [oldVersionsBlock(oldVersions, printer)] : [],
    ...problems.shown.map((problem) => [...unreadableBlock(problem, printer), ...moreLines(problem, problems.more, printer)]),
  ];
}

function objectBlock(findings: readonly ReportedFinding[], more: Folded<ReportedFinding>['more'], printer: Printer): string[] {
  return [
    `${TITLE_MARK}${printer.colours.bold(printable(titleOf(findings[0].object)))}`,
    ...findings.flatMap((finding) => [...findingLines(finding, printer), ...moreLines(finding, more, printer)]),
  ];
}

/** How many follow that aren't shown. */
function moreLines<T extends { readonly code: string }>(last: T, more: Folded<T>['more'], { colours }: Printer): string[] {
  const hidden = more.get(last);
  return hidden === undefined ? [] : [colours.dim(`    and ${numeral(hidden)} more of ${last.code} (--all shows them)`)];
}

function oldVersionsBlock(findings: readonly ReportedFinding[], printer: Printer): string[] {
  const [first] = findings;
  const byVersion =
    [...grouped(findings, ({ object: { apiVersion } }) => apiVersion!)].map(([version, { length }]) => ({ version, length }));
  byVersion.sort((left, right) => right.length - left.length || compareTexts(left.version, right.version));
  return [`${markOf(first, printer.colours)}  ${counted(findings.length, 'object')} of old API versions  `
    + `${printer.colours.dim(first.code)}`, ...sentenceLines({
    ...first,
    actual: byVersion.map(({ version, length }) => `${version} (${numeral(length)})`).join(', '),
    expected: 'v1 of the same group',
    fix: 'write v1 instead; nothing else changes (--all shows the objects)',
  }, undefined, printer)];
}

function findingLines(finding: ReportedFinding, printer: Printer): string[] {
  const { place, field, actual, code } = finding;
  const { colours } = printer;
  const head = [`  ${markOf(finding, colours)}`, ...place ? [placeText(place, colours)] : [], colours.dim(code)].join('  ');
  return [head, ...sentenceLines({ ...finding, actual: `${fieldText(field) || 'the document'} is ${actual}` }, place?.position, printer)];
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
export function unreadableText(unreadable: readonly Unreadable[], printer: Printer): string {
  return textOf(unreadable.map((problem) => unreadableBlock(problem, printer)));
}

export function unreadableBlock({ file, position, ...sentence }: Unreadable, printer: Printer): string[] {
  const { colours } = printer;
  const where = position ? placeText({ file, position }, colours) : colours.cyan(printable(file));
  return [`${colours.red('✖ could not read')}  ${where}  ${colours.dim(sentence.code)}`, ...sentenceLines(sentence, position, printer)];
}

function placeText({ file, position: { line, column } }: Place, colours: Colours): string {
  return colours.cyan(printable(`${file}:${line}:${column}`));
}

function sentenceLines(
  { actual, expected, because, fix }: Sentence, position: Position | undefined, { colours, width }: Printer,
): string[] {
  const source = position && sourceLine(position);
  const labelled =
    (label: string, text: string, paint = (word: string) => word) => wrapped(printable(text), width - MARGIN).map((line, index) =>
      `    ${index === 0 ? `${paint(label)}${' '.repeat(MARGIN - 4 - label.length)}` : ' '.repeat(MARGIN - 4)}${line}`);
  return [
    ...labelled('found:', actual),
    ...labelled('expected:', expected),
    ...because === undefined ? [] : labelled('because:', because),
    ...labelled('fix:', fix, colours.green),
    ...source ? [`      ${colours.dim(printable(source[0]))}`, `      ${colours.dim(printable(source[1]))}`] : [],
  ];
}

export function readText(report: Report): string {
  const { objects, files, facts } = countsOf(report);
  return `${counted(objects, 'object')} in `
    + `${counted(files, 'file')}${facts > 0 ? `, beside ${counted(facts, 'object')} taken as given` : ''}`;
}

export function skippedText(report: Report): string {
  const { skipped } = countsOf(report);
  return skipped > 0 ? `${numeral(skipped)} skipped (--list-skipped shows them)` : '';
}

/** Why a finding is reported although the baseline has it. */
export function growthText({ entry, count, connections }: Growth): string {
  if (count > entry.count) return `${numeral(count)} findings; the baseline has ${numeral(entry.count)}`;
  return `${counted(connections, 'connection')}; the baseline has ${numeral(entry.connections!)}`;
}

/** What isn't decided or judged, beside formats that have no place for it: nothing found there is no pass. */
export function coverageNote({
  connections, wouldDecide, unjudged,
}: Pick<CheckReport, 'connections' | 'wouldDecide' | 'unjudged'>): string {
  const others = saysMore(wouldDecide, connections) ? 'what would decide the others' : 'why the others aren\'t';
  const isOpen = connections.outcomes.undecided > 0;
  return [...isOpen ? [`${decidedText(connections)}: -o text shows ${others}`] : [], unjudgedText(unjudged) ?? []].flat()
    .map((line) => `${line}\n`).join('');
}

/** `4 of 11 connections decided (36 %)`; rounded down, so that only all of them are 100 %. */
export function decidedText({ connections, outcomes: { undecided } }: Summary, worlds?: BothWays): string {
  const decided = connections - undecided;
  const text = `${numeral(decided)} of ${counted(connections, 'connection')} decided (${Math.floor((100 * decided) / connections)} %)`;
  if (!worlds) return text;
  const [all, none] = [worlds.with, worlds.without].map((one) => numeral(one.connections - one.outcomes.undecided));
  return `${text}, ${all} with those sidecars, ${none} without`;
}

/** How much of a line is shown; JSON may be one line of megabytes. */
const SOURCE_WIDTH = 120;

/** What takes two columns on a terminal. */
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g;

/** A line, and a caret below the column, where combining characters take no room; a long line is cut out around it. */
export function sourceLine({ line, column, text }: Position): readonly [string, string] | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const start = text.length <= SOURCE_WIDTH ? 0 : Math.max(0, Math.min(column - 1 - SOURCE_WIDTH / 3, text.length - SOURCE_WIDTH));
  const shown = `${start > 0 ? '…' : ''}${text.slice(start, start + SOURCE_WIDTH)}${start + SOURCE_WIDTH < text.length ? '…' : ''}`;
  const number = `${line} | `;
  const before = printable(text.slice(start, column - 1)).replace(/\p{M}/gu, '').replace(WIDE, '  ').replace(/[^\t]/g, ' ');
  return [`${number}${shown}`, `${' '.repeat(number.length - 2)}| ${start > 0 ? ' ' : ''}${before}^`];
}

/** How many of one sort a text shows. */
const SHOWN = 3;

/** What says no more than that an API version is old: told once for all objects. */
const OLD_VERSION = 'ADMIT108';

/** The first of each sort, and how many more there are. */
interface Folded<T> {
  readonly shown: readonly T[];
  /** By the last one that is shown. */
  readonly more: ReadonlyMap<T, number>;
}

/** Findings as a text shows them: folded by code and severity, but for what is told once. */
export interface FoldedFindings extends Folded<ReportedFinding> {
  /** Findings of old API versions, if there are several. */
  readonly oldVersions: readonly ReportedFinding[];
}

/** Severities are folded apart, so that no error hides behind warnings. */
export function foldedFindings(findings: readonly ReportedFinding[], all: boolean): FoldedFindings {
  const old = all ? [] : findings.filter(({ code }) => code === OLD_VERSION);
  const oldVersions = old.length > 1 ? old : [];
  const others = oldVersions.length > 0 ? findings.filter(({ code }) => code !== OLD_VERSION) : findings;
  return { ...folded(others, all, ({ code, severity }) => `${code} ${severity}`), oldVersions };
}

function folded<T>(values: readonly T[], all: boolean, sortOf: (value: T) => string): Folded<T> {
  const more = new Map<T, number>();
  if (all) return { shown: values, more };
  const hidden = new Set<T>();
  for (const same of grouped(values, sortOf).values()) {
    if (same.length <= SHOWN) continue;
    more.set(same[SHOWN - 1], same.length - SHOWN);
    for (const value of same.slice(SHOWN)) hidden.add(value);
  }
  return { shown: values.filter((value) => !hidden.has(value)), more };
}
