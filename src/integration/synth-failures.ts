import type { AnalysisSettings } from './analysis-settings';
import { analysisModules, AppVerdict, leftOutSentence, settingsOf } from './app-mesh';
import { Attached, attachedTo } from './attachments';
import type { MissingFact } from './connection';
import { Finding, FindingSeverity } from './finding';
import type { MeshFacts } from './mesh-facts';
import { FailOn } from './mtls-analysis-options';
import { IMtlsReporter, MtlsReportContent, MtlsReporter, reportOf } from './mtls-reporter';
import type { WouldDecide } from '../analysis/would-decide';
import { FailWords, failsOn, faultIn } from '../findings/finding';
import { refusal } from '../findings/refusal';
import { printable, redacted } from '../findings/safe-text';

/** The analysis of a mesh in a synth. */
interface SynthAnalysis {
  /** What its MtlsAnalysis says of it. */
  readonly analysis: Omit<MtlsReportContent, 'mesh' | 'warnings' | 'callWarnings' | 'infos' | 'leftOut'>;
  /** Without those that only repeat what a construct refuses. */
  readonly findings: readonly Finding[];
  readonly verdict: AppVerdict;
  readonly settings: AnalysisSettings;
  /** Computed only if it is needed, because it takes time. */
  readonly wouldDecide: () => WouldDecide;
  /** Those of the mesh's constructs; computed only if it is needed. */
  readonly callWarnings: () => string[];
  /** The mesh, if the app has several. */
  readonly name?: string;
}

/** What fails the synths of a mesh, as its MtlsAnalysis is attached; nothing of the analysis if it isn't. */
export function failOnOf(mesh: MeshFacts): FailWords {
  const attached = attachedTo(mesh);
  return attached ? wordsOf(attached, settingsOf(attached.options)) : [];
}

function wordsOf({ options }: Attached, { failOn }: AnalysisSettings): FailWords {
  return options.failOn ?? failOn ?? [FailOn.ERROR];
}

/** What fails a synth. The rest goes to the reporter. */
export function synthFailures(synth: SynthAnalysis, attached: Attached): string[] {
  const { analysis, findings, verdict, settings, wouldDecide, name } = synth;
  const failOn = wordsOf(attached, settings);
  const subject = name === undefined ? 'MtlsAnalysis' : `MtlsAnalysis (${name})`;
  const found = findings.filter((finding) => failsOn(finding, failOn)).map(({ message }) => message);
  const { undecided } = verdict.judged.summary();
  const isOpenFailure = failOn.includes(FailOn.UNDECIDED) && settings.undecidedBeyond(undecided) > 0;
  reportTo(attached.reporter, synth, failOn, isOpenFailure);
  if (failOn.includes(FailOn.CONDITIONAL)) found.push(...conditionalFailures(synth, subject));
  if (!isOpenFailure) return found;
  const told = analysisModules().undecidedMessage(verdict.judged.summary(), wouldDecide());
  return [...found, [`${subject}: ${told}`, ...addedNamespaces(analysis.missingFacts)].join('; ')];
}

/** @param isToldOf whether an error of the synth already reports undecided connections */
function reportTo(reporter: IMtlsReporter, synth: SynthAnalysis, failOn: FailWords, isToldOf: boolean): void {
  const { analysis, findings, verdict, wouldDecide, name } = synth;
  if (reporter instanceof MtlsReporter && !reporter._isListening) return;
  const passing = (severity: FindingSeverity) => (
    findings.filter((finding) => finding.severity === severity && !failsOn(finding, failOn)));
  const [warnings, infos] = [passing(FindingSeverity.WARNING), passing(FindingSeverity.INFO)];
  const { notes, presumptions, summary, missingFacts, missingFactsTogether, unjudged, assumptions } = analysis;
  const undecided = isToldOf ? [] : [
    ...analysisModules().undecidedLines(verdict.judged.summary(), wouldDecide()), ...addedNamespaces(missingFacts),
  ];
  const leftOut = leftOutSentence(verdict.mesh);
  const callWarnings = synth.callWarnings();
  const content = {
    warnings, callWarnings, infos, notes, presumptions, summary, leftOut, missingFacts, missingFactsTogether, unjudged, assumptions,
  };
  reporter.report(reportOf(name === undefined ? content : { mesh: name, ...content }, undecided));
}

/** How many Namespaces a line names. */
const NAMED = 3;

/** How the app itself decides what waits for Namespaces. */
function addedNamespaces(facts: readonly MissingFact[]): readonly string[] {
  const names = facts.filter(({ need }) => need === 'namespace').map(({ subject }) => subject);
  if (names.length === 0) return [];
  const others = names.length > NAMED ? `, and ${names.length - NAMED} more,` : '';
  const listed = `${names.length === 1 ? 'Namespace' : 'Namespaces'} ${names.slice(0, NAMED).join(', ')}${others}`;
  return [printable(redacted(`or add ${listed} to the app, with injectionLabels of IstioMesh if the pods get sidecars`))];
}

/** What states who gets a sidecar, as a fix. */
export const STATE_INJECTION = 'list namespaces in injectedNamespaces or uninjectedNamespaces, and revisions in installedRevisions, '
  + 'or add the Namespaces to the app, with injectionLabels of IstioMesh if their pods get sidecars';

/** Why a synth fails with FailOn.CONDITIONAL. */
function conditionalFailures({ verdict, wouldDecide }: SynthAnalysis, subject: string): readonly string[] {
  const { worlds, findings, unexpected, judged } = verdict;
  if (!worlds) return [];
  const { conditionalTexts, dependingOnInjection } = analysisModules();
  return conditionalTexts({ facts: worlds.facts, depending: dependingOnInjection(judged, wouldDecide()), findings, unexpected })
    .map((text) => printable(redacted(`${subject}: ${text}; expected nothing to, because failOn says so. Fix: ${STATE_INJECTION}.`)));
}

/** @throws if the list is empty, or combines NEVER with others */
export function validateFailOn(failOn: readonly FailOn[]): void {
  const fault = faultIn(failOn, Object.values(FailOn));
  if (!fault) return;
  throw refusal({
    code: 'API081',
    kind: 'MtlsAnalysis',
    field: 'failOn',
    ...fault,
    because: 'it would be unclear when synth should fail',
    fix: 'leave it out, or name what fails the synth',
  });
}
