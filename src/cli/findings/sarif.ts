import { isAbsolute, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { settingsTexts } from './configuration-text';
import { failuresOf, Report, ReportedFinding } from './report';
import { noticeTexts } from './world-notice';
import { CATALOGUE } from '../../analysis/analysis';
import { leftOutNotes } from '../../analysis/left-out';
import { RuleSummary } from '../../analysis/rule';
import type { SourcePlace } from '../../changes/object-changes';
import { reasonText } from '../../findings/acknowledgement';
import { FailWords, findingSentence, Severity } from '../../findings/finding';
import { objectIdentity, ObjectIdentity, titleOf } from '../../findings/object-identity';
import { printableJson, redacted } from '../../findings/safe-text';
import { Unreadable } from '../input/read-text';
import { Reading, ReadObject } from '../input/reading';
import { codeTitles, Package, pageOf } from '../output/package';

const LEVELS: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = { error: 'error', warning: 'warning', info: 'note' };

type BaselineState = 'new' | 'unchanged' | 'updated';

/** Reports as SARIF 2.1.0, which code scanning of GitHub, GitLab and Azure DevOps reads: a run for each. */
export function sarifReport(reports: readonly Report[], packaged: Package, failOn: FailWords): string {
  return `${printableJson(JSON.stringify({
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: reports.map((report) => runOf(report, packaged, failOn)),
  }, null, 2))}\n`;
}

function runOf(report: Report, packaged: Package, failOn: FailWords) {
  const { reading: { unreadable }, configured } = report;
  const results = resultsOf(report);
  const settings = settingsTexts(report);
  return {
    tool: { driver: { name: 'istio-mtls', semanticVersion: packaged.version, rules: rulesOf(results, packaged) } },
    // Code scanning takes the part before the last slash for the category, and keeps one analysis of each.
    ...configured?.configuration?.mesh !== undefined && { automationDetails: { id: `istio-mtls/${configured.configuration.mesh}/` } },
    columnKind: 'utf16CodeUnits',
    invocations: [{
      executionSuccessful: unreadable.length === 0,
      ...settings.length > 0 && { toolConfigurationNotifications: settings.map((text) => ({ level: 'note', message: { text } })) },
      toolExecutionNotifications: [
        ...unreadable.map(notificationOf),
        ...failuresOf(report, failOn).map((text) => ({ level: 'error', message: { text } })),
        ...leftOutNotes(report.leftOut).map((text) => ({ level: 'note', message: { text } })),
        ...report.worlds ? noticeTexts(report.worlds, false).map((text) => ({ level: 'note', message: { text } })) : [],
      ],
    }],
    results,
  };
}

/** Writes fixes at the places of the run's objects. */
class FixWriter {
  private readonly documents = new Map<string, ReadObject | undefined>();

  public constructor(private readonly reading: Reading) {
    for (const document of reading.documents) {
      const key = keyOf(objectIdentity(document.object));
      this.documents.set(key, this.documents.has(key) ? undefined : document); // Two documents under one key are ambiguous.
    }
  }

  /** Undefined if the text can't be edited, such as in a file of facts. */
  public fixesOf({ change, objectIndex, fix }: ReportedFinding) {
    const document = change && (change.manifest ? this.reading.documents[objectIndex] : this.documents.get(keyOf(change.object)));
    const edit = document?.edit(change!);
    if (!document || !edit || redacted(edit.text) !== edit.text) return undefined;
    const { from, to, text } = edit;
    const deletedRegion = { startLine: from.line, startColumn: from.column, endLine: to.line, endColumn: to.column };
    const replacements = [{ deletedRegion, ...text !== '' && { insertedContent: { text } } }];
    return [{ description: { text: fix }, artifactChanges: [{ artifactLocation: { uri: uriOf(document.file) }, replacements }] }];
  }
}

function keyOf({ apiVersion, kind, namespace = 'default', name }: ObjectIdentity): string {
  return `${apiVersion} ${kind} ${namespace === '' ? 'default' : namespace}/${name}`;
}

/** The results; with a baseline, each has a `baselineState`. */
function resultsOf({ findings, acknowledged, configured, reading }: Report) {
  const baseline = configured?.baseline;
  const writer = new FixWriter(reading);
  const resultIn =
    (finding: ReportedFinding, baselineState: BaselineState) => ({ ...resultOf(finding, writer), ...baseline && { baselineState } });
  return [
    ...findings.map((finding) => resultIn(finding, baseline?.grown.has(finding) ? 'updated' : 'new')),
    ...acknowledged.map((finding) => ({
      ...resultIn(finding, 'new'),
      suppressions: [{ kind: finding.by === 'annotation' ? 'inSource' : 'external', justification: reasonText(finding) }],
    })),
    ...[...baseline?.held ?? []].map(([finding, { reason }]) => ({
      ...resultIn(finding, 'unchanged'), suppressions: [{ kind: 'external', justification: reason ?? 'in the baseline' }],
    })),
  ];
}

/** The rules that have results, each with its page: code scanning shows it beside them. */
function rulesOf(results: readonly { readonly ruleId: string }[], packaged: Package) {
  const titles = codeTitles();
  return [...new Set(results.map(({ ruleId }) => ruleId))].sort().map((id) => {
    const rule = CATALOGUE.find(({ code }) => code === id);
    return { id, shortDescription: { text: titles.get(id)! }, ...rule && pagedRule(rule, packaged) };
  });
}

function pagedRule(rule: RuleSummary, packaged: Package) {
  const page = pageOf(rule, packaged);
  return { name: rule.name, help: { text: page, markdown: page }, defaultConfiguration: { level: LEVELS[rule.severity] } };
}

function resultOf(finding: ReportedFinding, writer: FixWriter) {
  const { code, severity, place, change } = finding;
  const fixes = writer.fixesOf(finding);
  const title = titleOf(finding.object);
  return {
    ruleId: code,
    level: LEVELS[severity],
    message: { text: `${title}: ${findingSentence(finding)}` },
    locations: [{ ...place && physicalLocation(place), logicalLocations: [{ fullyQualifiedName: title, kind: 'resource' }] }],
    ...fixes && { fixes },
    ...change && { properties: { change } },
  };
}

function notificationOf({ code, file, position, actual, expected, fix }: Unreadable) {
  return {
    descriptor: { id: code },
    level: 'error',
    message: { text: `${file} is ${actual}; expected ${expected}. Fix: ${fix}.` },
    locations: [physicalLocation({ file, position })],
  };
}

function physicalLocation({ file, position }: SourcePlace) {
  const region = position && { startLine: position.line, startColumn: position.column };
  return { physicalLocation: { artifactLocation: { uri: uriOf(file) }, ...region && { region } } };
}

/** Keeps relative paths, which code scanning resolves from the repository's root. A lone surrogate can't be in a URI. */
function uriOf(name: string): string {
  const file = name.replace(/\p{Cs}/gu, '\ufffd');
  if (isAbsolute(file)) return pathToFileURL(file).href;
  return file.split(sep === '/' ? '/' : /[\\/]/).map(encodeURIComponent).join('/').replace(/^\.\//, '');
}
