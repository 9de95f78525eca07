import { CheckReport } from './check';
import { printable } from './printable';
import { Place, unreadableSentence } from './report';
import { staleLines } from './settled-text';
import { subjectOf } from './text-report';
import { reasonText } from '../findings/acknowledgement';
import { Severity } from '../findings/finding';
import { findingSentence } from '../findings/sentence';

const COMMANDS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' };

/**
 * The report as workflow commands of GitHub Actions: annotations at the lines of a change. Acknowledged findings are
 * notices, so that they stay to be seen.
 */
export function githubReport({ findings, acknowledged, settled, reading: { unreadable } }: CheckReport): string {
  return [
    ...findings.map((finding) => command(COMMANDS[finding.severity], finding.code, `${subjectOf(finding)}: ${findingSentence(finding)}`, finding.place)),
    ...acknowledged.map((finding) => command('notice', finding.code, `${subjectOf(finding)}: acknowledged, ${reasonText(finding)}`, finding.place)),
    ...settled?.baseline ? staleLines(settled.baseline).map((line) => command('notice', 'baseline', line)) : [],
    ...unreadable.map((problem) => command('error', problem.code, unreadableSentence(problem), problem)),
  ].map((line) => `${printable(line)}\n`).join('');
}

function command(name: string, code: string, message: string, place: Partial<Place> = {}): string {
  const { file, position } = place;
  const properties = Object.entries({ file, line: position?.line, col: position?.column, title: code }).filter(([, value]) => value !== undefined);
  return `::${name} ${properties.map(([key, value]) => `${key}=${escapedProperty(String(value))}`).join(',')}::${escaped(message)}`;
}

/** As the runner reads them: https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts. */
function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapedProperty(text: string): string {
  return escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
