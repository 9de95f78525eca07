import { settingsTexts } from './configuration-text';
import { failuresOf, Report } from './report';
import { staleLines } from './text';
import { leftOutNotes } from '../../analysis/left-out';
import { reasonText } from '../../findings/acknowledgement';
import { FailWords, findingSentence, Severity } from '../../findings/finding';
import { titleOf } from '../../findings/object-identity';
import { printable } from '../../findings/safe-text';
import { Place } from '../../manifests/source-text';
import { unreadableSentence } from '../input/read-text';

const COMMANDS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' };

/**
 * The report as workflow commands of GitHub Actions: annotations at the lines of
 * a change. Acknowledged findings are notices, so that they stay visible.
 */
export function githubReport(report: Report, failOn: FailWords): string {
  const { findings, acknowledged, configured, leftOut, reading: { unreadable } } = report;
  const mesh = configured?.configuration?.mesh;
  const annotation = (name: string, title: string, message: string, place?: Partial<Place>) => (
    command(name, mesh === undefined ? title : `${title} in mesh ${mesh}`, message, place));
  return [
    ...findings.map((finding) => (
      annotation(COMMANDS[finding.severity], finding.code, `${titleOf(finding.object)}: ${findingSentence(finding)}`, finding.place))),
    ...acknowledged.map((finding) => annotation('notice', finding.code, `${titleOf(finding.object)}: acknowledged, ${reasonText(finding)}`,
      finding.place)),
    ...configured?.baseline ? staleLines(configured.baseline).map((line) => annotation('notice', 'baseline', line)) : [],
    ...unreadable.map((problem) => annotation('error', problem.code, unreadableSentence(problem), problem)),
    ...settingsTexts(report).map((text) => annotation('notice', 'configuration', text)),
    ...leftOutNotes(leftOut).map((text) => annotation('notice', 'declared calls', text)),
    ...failuresOf(report, failOn).map((failure) => annotation('error', 'istio-mtls', failure)),
  ].map((line) => `${line}\n`).join('');
}

export function command(name: string, title: string, message: string, place: Partial<Place> = {}): string {
  const { file, position } = place;
  const properties = Object.entries({ file, line: position?.line, col: position?.column, title })
    .filter(([, value]) => value !== undefined);
  return `::${name} ${properties.map(([key, value]) => `${key}=${escapedProperty(String(value))}`).join(',')}::${escaped(message)}`;
}

/** Escapes as the runner expects: https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts. */
function escaped(text: string): string {
  return printable(text).replaceAll('%', '%25');
}

function escapedProperty(text: string): string {
  return escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
