import { Colours } from './colours';
import { printable } from './printable';
import { countsOf, isRefusal, ObjectIdentity, Place, Report, ReportedFinding, Unreadable } from './report';
import { sourceLine } from './source-line';
import { fieldText } from '../findings/field-path';
import { Position } from '../manifests/manifest-problem';

type Sentence = Pick<ReportedFinding, 'code' | 'actual' | 'expected' | 'because' | 'fix'>;

/** The report of `validate` as people read it: what could not be read last, the sum below. */
export function validateText(report: Report, colours: Colours): string {
  return textOf([...findingBlocks(report, colours), [sumLine(report, colours)]]);
}

/** Blocks of lines with a blank line between them. */
export function textOf(blocks: readonly (readonly string[])[]): string {
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** Findings of one object are next to each other. */
export function findingBlocks({ findings, reading: { unreadable } }: Report, colours: Colours): string[][] {
  const groups = new Map<number, ReportedFinding[]>();
  for (const finding of findings) {
    const group = groups.get(finding.objectIndex);
    if (group) group.push(finding);
    else groups.set(finding.objectIndex, [finding]);
  }
  return [...[...groups.values()].map((group) => objectBlock(group, colours)), ...unreadable.map((problem) => unreadableBlock(problem, colours))];
}

function objectBlock(findings: readonly ReportedFinding[], colours: Colours): string[] {
  return [colours.bold(printable(subjectOf(findings[0]))), ...findings.flatMap((finding) => findingLines(finding, colours))];
}

/** What a finding is of: an object, or what was said for the run. */
export function subjectOf({ place, object }: Pick<ReportedFinding, 'place' | 'object'>): string {
  return place ? titleOf(object) : 'Acknowledgements of this run';
}

export function titleOf({ kind = 'Object', namespace, name }: ObjectIdentity): string {
  const path = [namespace, name].filter(Boolean).join('/');
  return path === '' ? `${kind} without a name` : `${kind} ${path}`;
}

function findingLines(finding: ReportedFinding, colours: Colours): string[] {
  const { place, field, actual, code } = finding;
  const head = [`  ${markOf(finding, colours)}`, ...place ? [placeText(place, colours)] : [], colours.dim(code)].join('  ');
  return [head, ...sentenceLines({ ...finding, actual: `${fieldText(field) || 'the document'} is ${actual}` }, place?.position, colours)];
}

function markOf(finding: ReportedFinding, colours: Colours): string {
  if (isRefusal(finding)) return colours.red('✖ refused');
  switch (finding.severity) {
    case 'error': return colours.red('✖ error');
    case 'warning': return colours.yellow('⚠ warning');
    default: return colours.blue('ℹ info');
  }
}

/** What could not be read, for a verb that prints nothing else of it. */
export function unreadableText(unreadable: readonly Unreadable[], colours: Colours): string {
  return textOf(unreadable.map((problem) => unreadableBlock(problem, colours)));
}

function unreadableBlock({ file, position, ...sentence }: Unreadable, colours: Colours): string[] {
  const where = position ? placeText({ file, position }, colours) : colours.cyan(printable(file));
  return [`${colours.red('✖ could not read')}  ${where}  ${colours.dim(sentence.code)}`, ...sentenceLines(sentence, position, colours)];
}

function placeText({ file, position: { line, column } }: Place, colours: Colours): string {
  return colours.cyan(printable(`${file}:${line}:${column}`));
}

function sentenceLines({ actual, expected, because, fix }: Sentence, position: Position | undefined, colours: Colours): string[] {
  const source = position && sourceLine(position);
  return [
    `    ${printable(actual)}`,
    `    expected: ${printable(expected)}`,
    ...because === undefined ? [] : [`    because:  ${printable(because)}`],
    `    ${colours.green('fix:')}      ${printable(fix)}`,
    ...source ? [`      ${colours.dim(printable(source[0]))}`, `      ${colours.dim(printable(source[1]))}`] : [],
  ];
}

/** How much was read, and how much of it is refused. */
function sumLine(report: Report, colours: Colours): string {
  const { refused, errors, warnings, unreadable } = countsOf(report);
  const parts = [
    refused > 0 ? colours.red(`${refused} refused (${counted(errors, 'error')})`) : 'nothing refused',
    warnings > 0 ? colours.yellow(counted(warnings, 'warning')) : '',
    unreadable > 0 ? colours.red(`${unreadable} could not be read`) : '',
    skippedText(report),
  ];
  return `${readText(report)}: ${parts.filter(Boolean).join(', ')}.`;
}

export function readText(report: Report): string {
  const { objects, files } = countsOf(report);
  return `${counted(objects, 'object')} in ${counted(files, 'file')}`;
}

export function skippedText(report: Report): string {
  const { skipped } = countsOf(report);
  return skipped > 0 ? `${counted(skipped, 'document')} skipped as no Kubernetes objects` : '';
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
