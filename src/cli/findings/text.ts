import type { CheckReport } from './check';
import { fileText } from './configuration-file';
import { countsOf, failuresOf, Report, ReportedFinding, AppliedConfiguration, SettledBaseline } from './report';
import { noticeTexts } from './world-notice';
import { leftOutNotes } from '../../analysis/left-out';
import { unjudgedText } from '../../analysis/unjudged';
import { saysMore } from '../../analysis/would-decide';
import { Growth } from '../../baseline/baseline';
import type { SourcePlace } from '../../changes/object-changes';
import { conditionText } from '../../findings/condition';
import { FailWords, fieldText, isRefusal } from '../../findings/finding';
import { numeral } from '../../findings/numeral';
import { titleOf } from '../../findings/object-identity';
import { printable } from '../../findings/safe-text';
import { wrapped } from '../../findings/wrapped';
import { Position } from '../../manifests/source-text';
import type { Summary } from '../../mesh/calls/connections';
import { grouped } from '../../mesh/collections';
import { compareTexts } from '../../mesh/inventory/object';
import type { SummaryBothWays } from '../../mesh/worlds/both-ways';
import { Unreadable } from '../input/read-text';
import { Colours, counted, Printer } from '../output/printer';

/** The column in which a finding's texts begin, after their labels. */
const MARGIN = 14;

/** Precedes an object's title, so that no line begins with text of a manifest. */
const TITLE_MARK = '▸ ';

type Sentence = Pick<ReportedFinding, 'code' | 'actual' | 'expected' | 'because' | 'fix'>;

/** The options of a text report. */
export interface TextPrinting {
  readonly all: boolean;
  readonly failOn: FailWords;
  readonly printer: Printer;
}

/** The configuration file, if there is one, with the number of findings that it turns off. */
export function configurationLines({ configuration, off }: Partial<AppliedConfiguration> = {}): string[] {
  if (configuration === undefined) return [];
  return [printable(`Configuration: ${fileText(configuration)}${off ? `, which turns off ${counted(off, 'finding')}` : ''}`)];
}

/** The line about stale entries, if there are any. */
export function staleLines({ path, stale }: SettledBaseline): string[] {
  if (stale.length === 0) return [];
  const entries = stale.length === 1 ? '1 entry' : `${numeral(stale.length)} entries`;
  return [`${entries} of ${path} ${stale.length === 1 ? 'matches' : 'match'} no finding anymore: `
    + `--write-baseline drops ${stale.length === 1 ? 'it' : 'them'}`];
}

/** Reasons to fail other than findings, unless the findings make them plain. */
export function failureLines(report: Report, failOn: FailWords, { colours }: Printer): string[] {
  return failuresOf(report, failOn).map((failure) => colours.red(`--fail-on ${failOn.join(',')}: ${failure}.`));
}

/** Notes below a result on what it relies on. */
export function dimmedLines(texts: readonly string[], { colours, width }: Printer): string[] {
  return texts.flatMap((text) => wrapped(printable(text), width).map((line) => colours.dim(line)));
}

/** Blocks of lines with a blank line between them. */
export function textOf(blocks: readonly (readonly string[])[]): string {
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** Some findings, those of one object next to each other. */
export function objectBlocks(
  findings: readonly ReportedFinding[], printer: Printer, more: Folded<ReportedFinding>['more'] = new Map(),
): string[][] {
  const groups = grouped(findings, ({ objectIndex }) => objectIndex).values();
  return [...groups].map((group) => objectBlock(group, more, printer));
}

/** The findings, and what could not be read. */
export function findingBlocks({ findings, reading: { unreadable } }: Report, all: boolean, printer: Printer): string[][] {
  const { shown, more, oldVersions } = foldedFindings(findings, all);
  const problems = folded(unreadable, all, ({ code }) => code);
  return [
    ...objectBlocks(shown, printer, more),
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

/** The line that counts the findings not shown. */
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
  const { place, field, actual, code, conditions } = finding;
  const { colours } = printer;
  const condition = conditions ? [colours.yellow(printable(conditionText(conditions)))] : [];
  const head = [`  ${markOf(finding, colours)}`, ...place ? [placeText(place, colours)] : [], colours.dim(code), ...condition].join('  ');
  return [head, ...sentenceLines({ ...finding, actual: `${fieldText(field) || 'the document'} is ${actual}` }, place?.position, printer)];
}

/** The severity, padded to a width. */
export function markOf(finding: ReportedFinding, colours: Colours, width = 0): string {
  if (isRefusal(finding)) return colours.red(`✖ ${'refused'.padEnd(width)}`);
  switch (finding.severity) {
    case 'error': return colours.red(`✖ ${'error'.padEnd(width)}`);
    case 'warning': return colours.yellow(`⚠ ${'warning'.padEnd(width)}`);
    default: return colours.blue(`ℹ ${'info'.padEnd(width)}`);
  }
}

/** The unreadable documents and paths, for a verb that prints no other part of them. */
export function unreadableText(unreadable: readonly Unreadable[], printer: Printer): string {
  return textOf(unreadable.map((problem) => unreadableBlock(problem, printer)));
}

export function unreadableBlock({ file, position, ...sentence }: Unreadable, printer: Printer): string[] {
  const { colours } = printer;
  const where = placeText({ file, position }, colours);
  return [`${colours.red('✖ could not read')}  ${where}  ${colours.dim(sentence.code)}`, ...sentenceLines(sentence, position, printer)];
}

function placeText({ file, position }: SourcePlace, colours: Colours): string {
  return colours.cyan(printable(position ? `${file}:${position.line}:${position.column}` : file));
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

/** Why a finding is reported although the baseline holds one. */
export function growthText({ entry, count, connections, calls: [first, ...others] }: Growth): string {
  if (count > entry.count) return `${numeral(count)} findings; the baseline has ${numeral(entry.count)}`;
  if (connections <= (entry.connections ?? Infinity) && first !== undefined) {
    const more = others.length === 0 ? '' : ` and ${counted(others.length, 'other broken call')}`;
    return `${first}${more}; ${others.length === 0 ? 'it isn\'t' : 'they aren\'t'} among the broken calls of the baseline`;
  }
  return `${counted(connections, 'connection')}; the baseline has ${numeral(entry.connections!)}`;
}

/**
 * What is undecided, unjudged, or judged as if there were sidecars, printed beside formats that can't hold it: no finding there doesn't
 * mean a pass.
 */
export function coverageNote({
  connections, wouldDecide, unjudged, worlds, leftOut,
}: Pick<CheckReport, 'connections' | 'wouldDecide' | 'unjudged' | 'worlds' | 'leftOut'>): string {
  const others = saysMore(wouldDecide, connections) ? 'what would decide the others' : 'why the others aren\'t';
  const isOpen = connections.outcomes.undecided > 0;
  const lines = [
    ...isOpen ? [`${decidedText(connections, worlds)}: -o text shows ${others}`] : [],
    ...worlds ? noticeTexts(worlds, false).map(printable) : [],
    leftOutNotes(leftOut).map(printable),
    unjudgedText(unjudged) ?? [],
  ];
  return lines.flat().map((line) => `${line}\n`).join('');
}

/**
 * `4 of 11 connections decided (36 %)`; rounded down, so that only all of them are 100 %. Where they depend on who has a sidecar:
 * `4 of 11 connections decided either way (36 %), 7 with those sidecars, 8 without`.
 */
export function decidedText({ connections, outcomes: { undecided } }: Summary, worlds?: SummaryBothWays): string {
  const decided = connections - undecided;
  const text = `${numeral(decided)} of ${counted(connections, 'connection')} decided${worlds ? ' either way' : ''} `
    + `(${Math.floor((100 * decided) / connections)} %)`;
  if (!worlds) return text;
  const [all, none] = [worlds.with, worlds.without].map((one) => numeral(one.connections - one.outcomes.undecided));
  return `${text}, ${all} with those sidecars, ${none} without`;
}

/** How many columns of a line are shown; JSON may be one line of megabytes. */
const SOURCE_WIDTH = 120;

/** Characters that take two columns on a terminal. */
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g;

/** The source line, and a caret below the column (combining characters take no room); only a part of a long line is shown. */
export function sourceLine({ line, column, text }: Position): readonly [string, string] | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const start = text.length <= SOURCE_WIDTH ? 0 : Math.max(0, Math.min(column - 1 - SOURCE_WIDTH / 3, text.length - SOURCE_WIDTH));
  const shown = `${start > 0 ? '…' : ''}${text.slice(start, start + SOURCE_WIDTH)}${start + SOURCE_WIDTH < text.length ? '…' : ''}`;
  const number = `${line} | `;
  const before = printable(text.slice(start, column - 1)).replace(/\p{M}/gu, '').replace(WIDE, '  ').replace(/[^\t]/g, ' ');
  return [`${number}${shown}`, `${' '.repeat(number.length - 2)}| ${start > 0 ? ' ' : ''}${before}^`];
}

/** How many findings of one code and severity are shown. */
const SHOWN = 3;

/** The code for an old API version, reported once for all objects. */
const OLD_VERSION = 'ADMIT108';

/** The first items of each sort, and how many more there are. */
interface Folded<T> {
  readonly shown: readonly T[];
  /** The number of hidden items, by the last item shown of the sort. */
  readonly more: ReadonlyMap<T, number>;
}

/** Findings of a text report, folded by code and severity, except those reported once. */
export interface FoldedFindings extends Folded<ReportedFinding> {
  /** Findings of old API versions, if there are several. */
  readonly oldVersions: readonly ReportedFinding[];
}

/** Folds each severity on its own, so that no error hides behind warnings. */
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
