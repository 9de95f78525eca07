import { Colours } from './colours';
import { printable } from './printable';
import { countsOf, Finding, ObjectIdentity, Report, Unreadable } from './report';
import { sourceLine } from './source-line';
import { fieldText } from '../findings/field-path';
import { Position } from '../manifests/manifest-problem';

type Sentence = Pick<Finding, 'code' | 'actual' | 'expected' | 'because' | 'fix'>;

/** The report as people read it: what could not be read last, the sum below. */
export function textReport(report: Report, colours: Colours): string {
  const blocks = [
    ...groupsOf(report.findings).map((findings) => objectBlock(findings, colours)),
    ...report.unreadable.map((problem) => unreadableBlock(problem, colours)),
    summary(report, colours),
  ];
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** Findings of one object are next to each other. */
function groupsOf(findings: readonly Finding[]): Finding[][] {
  const groups = new Map<number, Finding[]>();
  for (const finding of findings) {
    const group = groups.get(finding.objectIndex);
    if (group) group.push(finding);
    else groups.set(finding.objectIndex, [finding]);
  }
  return [...groups.values()];
}

function objectBlock(findings: readonly Finding[], colours: Colours): string[] {
  return [colours.bold(printable(titleOf(findings[0].object))), ...findings.flatMap((finding) => findingLines(finding, colours))];
}

function titleOf({ kind = 'Object', namespace, name }: ObjectIdentity): string {
  const path = [namespace, name].filter(Boolean).join('/');
  return path === '' ? `${kind} without a name` : `${kind} ${path}`;
}

function findingLines({ severity, file, position, field, ...sentence }: Finding, colours: Colours): string[] {
  const mark = severity === 'error' ? colours.red('✖ refused') : colours.yellow('⚠ warning');
  return [`  ${mark}  ${place(file, position, colours)}  ${colours.dim(sentence.code)}`, ...sentenceLines({ ...sentence, actual: `${fieldText(field) || 'the document'} is ${sentence.actual}` }, position, colours)];
}

function unreadableBlock({ file, position, ...sentence }: Unreadable, colours: Colours): string[] {
  return [`${colours.red('✖ could not read')}  ${place(file, position, colours)}  ${colours.dim(sentence.code)}`, ...sentenceLines(sentence, position, colours)];
}

function place(file: string, position: Position | undefined, colours: Colours): string {
  return colours.cyan(printable(position ? `${file}:${position.line}:${position.column}` : file));
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

function summary(report: Report, colours: Colours): string[] {
  const { files, objects, refused, errors, warnings, unreadable, skipped } = countsOf(report);
  const parts = [
    refused > 0 ? colours.red(`${refused} refused (${counted(errors, 'error')})`) : 'nothing refused',
    warnings > 0 ? colours.yellow(counted(warnings, 'warning')) : '',
    unreadable > 0 ? colours.red(`${unreadable} could not be read`) : '',
    skipped > 0 ? `${counted(skipped, 'document')} skipped as no Kubernetes objects` : '',
  ];
  return [`${counted(objects, 'object')} in ${counted(files, 'file')}: ${parts.filter(Boolean).join(', ')}.`];
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
