import { isAbsolute, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { codeTitles } from './code-titles';
import { Package, pageOf } from './package';
import { failuresOf, Place, Report, ReportedFinding, Unreadable } from './report';
import { titleOf } from './text-report';
import { CATALOGUE } from '../analysis/analysis';
import { RuleSummary } from '../analysis/rule';
import { reasonText } from '../findings/acknowledgement';
import { FailOn } from '../findings/fail-on';
import { Severity } from '../findings/finding';
import { printableJson } from '../findings/printable';
import { findingSentence } from '../findings/sentence';

const LEVELS: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = { error: 'error', warning: 'warning', info: 'note' };

type BaselineState = 'new' | 'unchanged' | 'updated';

/** The report as SARIF 2.1.0, which code scanning of GitHub, GitLab and Azure DevOps reads. */
export function sarifReport(report: Report, packaged: Package, failOn: FailOn): string {
  const { reading: { unreadable } } = report;
  const results = resultsOf(report);
  return `${printableJson(JSON.stringify({
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [{
      tool: { driver: { name: 'istio-mtls', semanticVersion: packaged.version, rules: rulesOf(results, packaged) } },
      columnKind: 'utf16CodeUnits',
      invocations: [{
        executionSuccessful: unreadable.length === 0,
        toolExecutionNotifications: [...unreadable.map(notificationOf), ...failuresOf(report, failOn).map((text) => ({ level: 'error', message: { text } }))],
      }],
      results,
    }],
  }, null, 2))}\n`;
}

/** Where a run was held against a baseline, each result says how it compares. */
function resultsOf({ findings, acknowledged, settled }: Report) {
  const baseline = settled?.baseline;
  const resultIn = (finding: ReportedFinding, baselineState: BaselineState) => ({ ...resultOf(finding), ...baseline && { baselineState } });
  return [
    ...findings.map((finding) => resultIn(finding, baseline?.grown.has(finding) ? 'updated' : 'new')),
    ...acknowledged.map((finding) => ({
      ...resultIn(finding, 'new'), suppressions: [{ kind: finding.by === 'annotation' ? 'inSource' : 'external', justification: reasonText(finding) }],
    })),
    ...[...baseline?.held ?? []].map(([finding, { reason }]) => ({
      ...resultIn(finding, 'unchanged'), suppressions: [{ kind: 'external', justification: reason ?? 'in the baseline' }],
    })),
  ];
}

/** The rules that have results, each with its page: code scanning shows it beside them. */
function rulesOf(results: readonly { readonly ruleId: string }[], packaged: Package) {
  const titles = codeTitles(packaged);
  return [...new Set(results.map(({ ruleId }) => ruleId))].sort().map((id) => {
    const rule = CATALOGUE.find(({ code }) => code === id);
    return { id, shortDescription: { text: titles.get(id)! }, ...rule && pagedRule(rule, packaged) };
  });
}

function pagedRule(rule: RuleSummary, packaged: Package) {
  const page = pageOf(rule, packaged);
  return { name: rule.name, help: { text: page, markdown: page }, defaultConfiguration: { level: LEVELS[rule.severity] } };
}

function resultOf(finding: ReportedFinding) {
  const { code, severity, place, change } = finding;
  const title = titleOf(finding.object);
  return {
    ruleId: code,
    level: LEVELS[severity],
    message: { text: `${title}: ${findingSentence(finding)}` },
    locations: [{ ...place && physicalLocation(place), logicalLocations: [{ fullyQualifiedName: title, kind: 'resource' }] }],
    ...change && { properties: { change } },
  };
}

function notificationOf({ code, file, position, actual, expected, fix }: Unreadable) {
  return {
    descriptor: { id: code },
    level: 'error',
    message: { text: `${file} is ${actual}; expected ${expected}. Fix: ${fix}.` },
    locations: [position ? physicalLocation({ file, position }) : { physicalLocation: { artifactLocation: { uri: uriOf(file) } } }],
  };
}

function physicalLocation({ file, position: { line, column } }: Place) {
  return { physicalLocation: { artifactLocation: { uri: uriOf(file) }, region: { startLine: line, startColumn: column } } };
}

/** Relative paths stay so: code scanning takes them from the repository's root. A URI has no halves of characters. */
function uriOf(name: string): string {
  const file = name.replace(/\p{Cs}/gu, '\ufffd');
  if (isAbsolute(file)) return pathToFileURL(file).href;
  return file.split(sep === '/' ? '/' : /[\\/]/).map(encodeURIComponent).join('/').replace(/^\.\//, '');
}
