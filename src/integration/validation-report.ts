import {
  AnalysisSettings, conditionalTexts, dependingOnInjection, judgedCases, leftOutIn, leftOutText, Mesh, notShownText, presumptionTexts,
  problemMessage, undecidedLines, undecidedMessage, unjudgedIn, unjudgedText, wouldDecide,
} from './analysis-modules';
import { FoundInFiles, isTwice, JudgedFiles, judgedFiles, withoutServing } from './judged-files';
import { FailOn } from './mtls-analysis-options';
import { validatedMeshes } from './validated-meshes';
import type { ValidationProperties } from './validation-properties';
import type { AnalysisBothWays } from '../analysis/analysis';
import { FAIL_ON_ERROR, failsOn, FailWords, fieldText, Finding, findingMessage, objectName, readFailOn } from '../findings/finding';
import { numeral } from '../findings/numeral';
import { refusalMessage } from '../findings/refusal';
import { printable, redacted } from '../findings/safe-text';

/** The parts of cdk8s-cli's plugin context that are used here. */
export interface ValidationContext {
  /** Paths of the synthesized files. */
  readonly manifests: readonly string[];
  readonly report: {
    addViolation(violation: Violation): void;
    submit(status: 'success' | 'failure'): void;
  };
  readonly logger: { log(message: string): void };
}

interface Violation {
  readonly ruleName: string;
  readonly recommendation: string;
  readonly fix: string;
  readonly violatingResources: readonly {
    readonly resourceName: string;
    readonly locations: readonly string[];
    readonly manifestPath: string;
  }[];
}

/**
 * Judges the files of a synth, object by object and as a mesh, or as each mesh of the configuration file. Fills cdk8s-cli's report, and
 * logs whatever doesn't fail the synth.
 */
export function reportOn({ manifests, report, logger }: ValidationContext, properties: ValidationProperties): void {
  const settings = AnalysisSettings.ofMeshes(properties.config);
  const { failOn: words } = properties;
  const failOn = words === undefined ? settings[0].failOn ?? FAIL_ON_ERROR : readFailOn(words, Object.values(FailOn));
  let status: 'success' | 'failure' = 'success';
  const answerOf = (mesh?: string): Answer => ({
    refuse: ({ recommendation, ...violation }) => {
      status = 'failure';
      report.addViolation({ ...violation, recommendation: mesh === undefined ? recommendation : `Mesh ${mesh}: ${recommendation}` });
    },
    log: (text) => logger.log(printable(mesh === undefined ? text : `mesh ${mesh}: ${text}`)),
  });
  const { meshes, isEach, refused, notes } = validatedMeshes(manifests, settings);
  for (const { details, file } of refused) {
    answerOf().refuse(violationOf(details, refusalMessage(details), file, details.field, file));
  }
  for (const note of notes) answerOf().log(redacted(note));
  const judged = meshes.map((mesh) => judgedFiles(mesh, properties));
  for (const one of judged) {
    reportOnMesh({ ...one, found: withoutServing(one.found, judged, isEach) }, failOn, answerOf(one.name));
  }
  report.submit(status);
}

/** What is said of one mesh. */
interface Answer {
  refuse(violation: Violation): void;
  log(text: string): void;
}

function reportOnMesh(
  { settings, files, problems, found, acknowledged, mesh, analysis }: JudgedFiles, failOn: FailWords, answer: Answer,
): void {
  for (const { path, problem } of problems) {
    const { line, column } = problem.position;
    answer.refuse(violationOf(problem, problemMessage(problem), path, `${line}:${column}`, path));
  }
  const { open, held } = settings.settled(found, ({ document }) => document?.object, mesh);
  for (const one of open) {
    const fails = isAdmission(one) || (isTwice(one) && !settings.mesh) ? one.severity === 'error' : failsOn(one, failOn);
    if (fails) answer.refuse(findingViolation(one, settings));
    else answer.log(`${placeText(one, settings)}: ${one.severity}: ${messageOf(one, settings)}`);
  }
  for (const text of mesh.notes) answer.log(redacted(text));
  for (const one of acknowledged) answer.log(`${placeText(one, settings)}: ${one.code} acknowledged: ${one.reason}`);
  if (held.length > 0) answer.log(`${held.length === 1 ? '1 finding is' : `${held.length} findings are`} in the baseline`);
  const isOpenFailure = failOn.includes('undecided') && settings.undecidedBeyond(mesh.summary().undecided) > 0;
  if (isOpenFailure) answer.refuse(undecidedViolation(mesh, files));
  if (failOn.includes('undecided')) for (const text of notShownIn(mesh)) answer.refuse(notShownViolation(text, files));
  if (failOn.includes('conditional')) for (const text of conditionalIn(analysis, mesh)) answer.refuse(conditionalViolation(text, files));
  for (const text of analysis.worlds ? presumptionTexts(analysis.worlds.facts) : []) answer.log(redacted(text));
  for (const line of coverageLines(mesh, analysis, isOpenFailure)) answer.log(line);
}

function isAdmission({ code }: Finding): boolean {
  return code.startsWith('ADMIT');
}

/** How many connections are decided, and what would decide the rest, unless that already fails the synth; and what isn't checked. */
function coverageLines(mesh: Mesh, { worlds }: AnalysisBothWays, isToldOf: boolean): readonly string[] {
  const summary = mesh.summary();
  const { connections, outcomes: { undecided } } = summary;
  const open = undecided === 0 || isToldOf ? [] : [
    `${numeral(connections - undecided)} of ${numeral(connections)} ${connections === 1 ? 'connection' : 'connections'} decided`,
    ...undecidedLines(summary, wouldDecide(mesh)),
  ];
  const leftOut = leftOutIn(mesh);
  const left = leftOut ? redacted(leftOutText(leftOut, 'allCalls judges them')) : '';
  const unjudged = unjudgedText(unjudgedIn(...judgedCases({ judged: mesh, worlds })));
  return [...open, ...left === '' ? [] : [left], unjudged ?? []].flat();
}

function undecidedViolation(mesh: Mesh, files: readonly string[]): Violation {
  const fix = 'set what the recommendation names as properties, or add the manifests';
  return violationOf({ code: 'undecided', fix }, undecidedMessage(mesh.summary(), wouldDecide(mesh)), 'the mesh', 'connections',
    files.join(', '));
}

/** Declared calls to what the manifests don't show, which are as undecided as others. */
function notShownIn(mesh: Mesh): readonly string[] {
  const leftOut = leftOutIn(mesh);
  return leftOut && leftOut.notShown.length > 0 ? [redacted(notShownText(leftOut))] : [];
}

function notShownViolation(text: string, files: readonly string[]): Violation {
  const fix = 'correct the annotation of the workload, or add the manifests of what it calls';
  return violationOf({ code: 'undecided', fix }, text, 'the mesh', 'connections', files.join(', '));
}

/** Why `conditional` fails the synth. */
function conditionalIn({ worlds, findings, unexpected }: AnalysisBothWays, mesh: Mesh): readonly string[] {
  if (!worlds) return [];
  const depending = dependingOnInjection(mesh, wouldDecide(mesh));
  return conditionalTexts({ facts: worlds.facts, depending, findings, unexpected }).map(redacted);
}

function conditionalViolation(text: string, files: readonly string[]): Violation {
  const fix = 'set injectedNamespaces, uninjectedNamespaces or installedRevisions as properties, or add the Namespaces';
  return violationOf({ code: 'conditional', fix }, text, 'the mesh', 'connections', files.join(', '));
}

function findingViolation(found: FoundInFiles, settings: AnalysisSettings): Violation {
  const { document, field } = found;
  const { file, line, column } = placeOf(found, settings);
  const { name } = (document?.object.metadata ?? {}) as { name?: string };
  const location = `${line}:${column} ${fieldText(field)}`;
  return violationOf(found, messageOf(found, settings), name ?? objectName(document?.object) ?? '', location, file);
}

function violationOf(
  { code, fix }: Pick<Finding, 'code' | 'fix'>, recommendation: string, resourceName: string, location: string, file: string,
): Violation {
  const resource = { resourceName: printable(resourceName), locations: [printable(location)], manifestPath: printable(file) };
  return { ruleName: code, recommendation, fix: printable(fix), violatingResources: [resource] };
}

function messageOf(found: FoundInFiles, settings: AnalysisSettings): string {
  const { document, code, field, actual, expected, because, fix } = found;
  if (document) return findingMessage(document.object, found);
  return refusalMessage({ code, kind: placeText(found, settings), field: fieldText(field), actual, expected, because, fix });
}

function placeText(found: FoundInFiles, settings: AnalysisSettings): string {
  const { file, line, column } = placeOf(found, settings);
  return `${file}:${line}:${column}`;
}

function placeOf(
  { document, field }: FoundInFiles, settings: AnalysisSettings,
): { readonly file: string; readonly line: number; readonly column: number } {
  if (document) return { file: document.file, ...document.positionOf(field) };
  const { file, position } = settings.acknowledgementPlace(field).place!;
  return { file, ...position };
}
