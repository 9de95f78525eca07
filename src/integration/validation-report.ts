import { readFileSync } from 'node:fs';
import {
  AnalysisSettings, analyze, conditionalTexts, dependingOnInjection, duplicatesOf, judgedCases, leftOutIn, leftOutText, Mesh,
  notShownText, parseYaml, presumptionTexts, problemMessage, readManifests, runningVersion, undecidedLines, undecidedMessage, unjudgedIn,
  unjudgedText, withInstalled, WorkloadKinds, wouldDecide,
} from './analysis-modules';
import type { AnalysisFacts } from './analysis-settings';
import { FailOn } from './mtls-analysis-options';
import { admit } from '../admission/admission';
import type { AnalysisBothWays } from '../analysis/analysis';
import type { MeshFinding } from '../analysis/mesh-finding';
import { judgementDay, reasonText } from '../findings/acknowledgement';
import { FAIL_ON_ERROR, failsOn, fieldText, Finding, findingMessage, isRefusal, objectName, readFailOn } from '../findings/finding';
import { numeral } from '../findings/numeral';
import { refusalMessage } from '../findings/refusal';
import { printable, redacted } from '../findings/safe-text';
import type { ManifestObject } from '../manifests/manifests';

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

export interface ValidationProperties {
  /** The namespace of objects that don't name theirs; defaults to that of the configuration file, else `default`. */
  readonly namespace?: string;
  readonly istiodNamespace?: string;
  readonly rootNamespace?: string;
  /** The mode of the mesh, if no file holds a PeerAuthentication for all of it: STRICT, PERMISSIVE or DISABLE. */
  readonly meshMode?: string;
  readonly trustDomain?: string;
  readonly clusterDomain?: string;
  readonly istioVersion?: string;
  /** Environment variables of istiod. */
  readonly istiodEnv?: Readonly<Record<string, string>>;
  /** Files with istiod's mesh config or with the input of its installer, see docs/cli.md. */
  readonly meshConfigs?: readonly string[];
  /** Which findings of the analysis fail the synth, one word or several, see docs/pipeline.md; defaults to `error`. */
  readonly failOn?: string | readonly string[];
  readonly injectedNamespaces?: readonly string[];
  readonly uninjectedNamespaces?: readonly string[];
  readonly installedRevisions?: readonly string[];
  readonly partialNamespaces?: readonly string[];
  /** Kinds that run pods, in addition to those of Kubernetes and Argo's Rollout, see docs/configuration.md. */
  readonly workloadKinds?: unknown;
  /** The path of a configuration file, see docs/configuration.md; defaults to none. */
  readonly config?: string;
  /** Whether to judge every call that workloads may make, also those that they don't declare, see docs/callers.md. */
  readonly allCalls?: boolean;
  /** The day for which to check whether acknowledgements and certificates have expired; defaults to today. */
  readonly date?: string;
}

/** Judges the files of a synth, object by object and as a mesh. Fills cdk8s-cli's report, and logs whatever doesn't fail the synth. */
export function reportOn({ manifests, report, logger }: ValidationContext, properties: ValidationProperties): void {
  const settings = AnalysisSettings.of(properties.config);
  const failOn = properties.failOn === undefined ? settings.failOn ?? FAIL_ON_ERROR : readFailOn(properties.failOn, Object.values(FailOn));
  let status: 'success' | 'failure' = 'success';
  const refuse = (violation: Violation) => {
    status = 'failure';
    report.addViolation(violation);
  };
  const read = manifests.map((path) => ({ path, ...readManifests(readFileSync(path, 'utf8'), path) }));
  for (const { path, problems } of read) {
    for (const problem of problems) {
      refuse(violationOf(problem, problemMessage(problem), path, `${problem.position.line}:${problem.position.column}`, path));
    }
  }
  const { namespace = settings.namespace } = properties;
  const facts = settings.facts(properties, 'IstioValidation');
  const kinds = WorkloadKinds.with(facts.workloadKinds);
  const documents = read.flatMap((file) => file.documents).map((document) => document.inNamespace(namespace, kinds));
  const { found, acknowledged, mesh, analysis } = judged(documents, facts, properties, settings);
  const { open, held } = settings.settled(found, ({ document }) => document?.object, mesh);
  for (const one of open) {
    if (isAdmission(one) ? one.severity === 'error' : failsOn(one, failOn)) refuse(findingViolation(one, settings));
    else logger.log(printable(`${placeText(one, settings)}: ${one.severity}: ${messageOf(one, settings)}`));
  }
  for (const text of mesh.notes) logger.log(printable(redacted(text)));
  for (const one of acknowledged) logger.log(printable(`${placeText(one, settings)}: ${one.code} acknowledged: ${one.reason}`));
  if (held.length > 0) logger.log(`${held.length === 1 ? '1 finding is' : `${held.length} findings are`} in the baseline`);
  const isOpenFailure = failOn.includes('undecided') && settings.undecidedBeyond(mesh.summary().undecided) > 0;
  if (isOpenFailure) refuse(undecidedViolation(mesh, manifests));
  if (failOn.includes('undecided')) for (const text of notShownIn(mesh)) refuse(notShownViolation(text, manifests));
  if (failOn.includes('conditional')) for (const text of conditionalIn(analysis, mesh)) refuse(conditionalViolation(text, manifests));
  for (const text of analysis.worlds ? presumptionTexts(analysis.worlds.facts) : []) logger.log(printable(redacted(text)));
  for (const line of coverageLines(mesh, analysis, isOpenFailure)) logger.log(printable(line));
  report.submit(status);
}

/** A finding with its document; without one, it is about an acknowledgement of the configuration file. */
type Found = Finding & { readonly document?: ManifestObject; readonly connections?: number };

/** Judges documents object by object, and then as a mesh. */
function judged(
  documents: readonly ManifestObject[], facts: AnalysisFacts, properties: ValidationProperties, settings: AnalysisSettings,
): {
    readonly found: readonly Found[];
    readonly acknowledged: readonly (Found & { readonly reason: string })[];
    readonly mesh: Mesh;
    readonly analysis: AnalysisBothWays;
  } {
  const { date } = properties;
  const context = { istiodNamespace: facts.istiodNamespace, istioVersion: runningVersion(documents.map(({ object }) => object), facts) };
  const objected = documents.map((document) => ({ document, objections: admit(document.object, context) }));
  const admitted = objected.filter(({ objections }) => !objections.some(isRefusal)).map(({ document }) => document.object);
  const { allCalls = settings.allCalls } = properties;
  const mesh = Mesh.of(admitted, { ...withInstalled(facts, admitted), parseYaml, onlyDeclaredCalls: !allCalls });
  const today = judgementDay(date, 'IstioValidation');
  const analysis = analyze(mesh, { acknowledgements: settings.acknowledgements(), today, caHorizon: settings.caHorizon });
  const isDuplicate = duplicatesOf(analysis);
  const objections = objected.flatMap(({ document, objections: all }) =>
    all.filter(({ code }) => !isDuplicate(document.object, code)).map((objection) => ({ ...objection, document })));
  const bySource = new Map<object | undefined, ManifestObject>(documents.map((document) => [document.object, document]));
  const foundIn = (finding: MeshFinding): Found => ({ ...finding, document: bySource.get(finding.source) });
  return {
    found: [...objections, ...analysis.findings.map(foundIn)],
    acknowledged: analysis.acknowledged.map(({ finding, ...said }) => ({ ...foundIn(finding), reason: reasonText(said) })),
    mesh,
    analysis,
  };
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

function findingViolation(found: Found, settings: AnalysisSettings): Violation {
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

function messageOf(found: Found, settings: AnalysisSettings): string {
  const { document, code, field, actual, expected, because, fix } = found;
  if (document) return findingMessage(document.object, found);
  return refusalMessage({ code, kind: placeText(found, settings), field: fieldText(field), actual, expected, because, fix });
}

function placeText(found: Found, settings: AnalysisSettings): string {
  const { file, line, column } = placeOf(found, settings);
  return `${file}:${line}:${column}`;
}

function placeOf(
  { document, field }: Found, settings: AnalysisSettings,
): { readonly file: string; readonly line: number; readonly column: number } {
  if (document) return { file: document.file, ...document.positionOf(field) };
  const { file, position } = settings.acknowledgementPlace(field).place!;
  return { file, ...position };
}
