import { severityOfReplaced } from './alternatives';
import { Report, reported, ReportedFinding } from './report';
import type { AdmissionContext } from '../../admission/admission';
import { AnalysisBothWays, analyze, Judged, judgedCases, meshIn } from '../../analysis/analysis';
import { Assumption, assumptionsIn } from '../../analysis/assumptions';
import { Depending, dependingOnInjection } from '../../analysis/conditional';
import { duplicatesOf } from '../../analysis/judgement';
import { LeftOut, leftOutIn } from '../../analysis/left-out';
import { MeshFinding } from '../../analysis/mesh-finding';
import { brokenIfStrict } from '../../analysis/mesh-mode';
import { Unjudged, unjudgedIn } from '../../analysis/unjudged';
import { WouldDecide, wouldDecide } from '../../analysis/would-decide';
import { withInstalled } from '../../configuration/installed';
import { StatedAcknowledgement, CalendarDate } from '../../findings/acknowledgement';
import { redactedTexts, redactedValue } from '../../findings/redacted-value';
import { redacted } from '../../findings/safe-text';
import { Summary } from '../../mesh/calls/connections';
import { PlaintextCount, plaintextCounts } from '../../mesh/calls/plaintext';
import { MeshChange } from '../../mesh/change/mesh-change';
import { JudgedMesh, Mesh, MeshOptions } from '../../mesh/mesh';
import { SummaryBothWays, summaryBothWays } from '../../mesh/worlds/both-ways';
import { AdmissionElsewhere, admitted, objectedIn, refusedIn } from '../admission/admission';
import { Note } from '../input/raw-sources';
import { objectsOf, Reading } from '../input/reading';
import { withoutPlaceholders } from '../input/templates';

/** The user's input other than the manifests. */
export interface CheckOptions extends AdmissionContext, MeshOptions {
  readonly acknowledgements: readonly StatedAcknowledgement[];
  /** Acknowledgements that expire before this day are ignored. */
  readonly today: CalendarDate;
  /** The number of days from today for which certificates of a CA should be valid. Default: 90. */
  readonly caHorizon?: number;
}

/** The size of the mesh in the manifests. */
interface Size {
  /** Namespaces with a workload or a service. */
  readonly namespaces: number;
  readonly workloads: number;
  readonly services: number;
}

/** The result of `check`: findings on each object, and on the mesh or, with facts, on the change of it. */
export interface CheckReport extends Report {
  readonly size: Size;
  /** With facts, only those that a judged object takes part in or changes. */
  readonly connections: Summary;
  /** Why connections are in plaintext; with facts, without namespaces. */
  readonly plaintext: readonly PlaintextCount[];
  /** The possible connections that aren't judged; undefined if no workload declares its calls, or if all calls are judged. */
  readonly leftOut?: LeftOut;
  /** The facts that would decide the undecided connections. */
  readonly wouldDecide: WouldDecide;
  /** How many more connections break if the mesh is STRICT; undefined: none does, or the manifests show its mode. */
  readonly brokenIfStrict?: number;
  /** Settings about requests, packets and gateways that aren't checked. */
  readonly unjudged: Unjudged;
  /** The assumptions behind the connections that are decided, if only with certain Namespaces and revisions. */
  readonly assumptions: readonly Assumption[];
}

/** The mesh to judge, or a change of it. */
interface Model {
  readonly mesh: Mesh;
  readonly judged: Judged;
  readonly findings: () => AnalysisBothWays;
}

/** The verdict on a model. */
type Verdict = AnalysisBothWays & Pick<Model, 'mesh' | 'judged'> & { readonly connections: Summary };

const NONE: ReadonlySet<number> = new Set();

/**
 * Judges the mesh without the objects that an API server or istiod would refuse: they don't exist after an apply. While a second thread
 * runs admission, the first judges the mesh with all objects, since usually none is refused; otherwise it judges again without those.
 */
export async function check(
  reading: Reading, options: CheckOptions, elsewhere?: AdmissionElsewhere,
): Promise<CheckReport & Pick<Model, 'mesh' | 'judged'>> {
  const hoped = elsewhere && attempt(() => {
    const model = modelOf(reading, NONE, options);
    return elsewhere.hasRefused() ? undefined : verdictOn(model);
  });
  const objected = await objectedIn(reading, options, elsewhere);
  const refused = refusedIn(objected);
  const verdict = (refused.size === 0 ? hoped?.() : undefined) ?? verdictOn(modelOf(reading, refused, options));
  const { findings, acknowledged, unexpected, mesh, judged, connections } = verdict;
  const isDuplicate = duplicatesOf(verdict);
  const { objected: open, problems } = withoutPlaceholders(reading, objected);
  const ofJudged = open.filter(({ objectIndex }) => objectIndex < reading.documents.length);
  const objections = ofJudged.filter(({ objection, objectIndex }) => !isDuplicate(reading.documents[objectIndex].object, objection.code))
    .map(({ objection, objectIndex }) => reported(objection, reading.documents[objectIndex], objectIndex));
  const placed = placer(reading, options.acknowledgements);
  const worlds = verdict.worlds && reportedWorlds(summaryBothWays(verdict.worlds));
  const wanted = wouldDecide(judged, worlds);
  const cases = judgedCases(verdict);
  return {
    reading: { ...reading, unreadable: [...reading.unreadable, ...problems], notes: [...reading.notes, ...notesOf(mesh)] },
    findings: [...objections, ...findings.map(placed)].sort((left, right) => left.objectIndex - right.objectIndex),
    acknowledged: acknowledged.map(({ finding, reason, ...rest }) => ({ ...placed(finding), ...rest, reason: redacted(reason) })),
    size: sizeOf(mesh),
    mesh,
    judged,
    connections,
    plaintext: plaintextIn(mesh, judged),
    leftOut: redactedValue(leftOutIn(mesh)),
    wouldDecide: wanted,
    worlds: worlds && { ...worlds, depending: dependingIn(verdict, wanted), unexpected: unexpected.map(placed) },
    brokenIfStrict: strictIn(verdict),
    unjudged: unjudgedIn(...cases),
    assumptions: assumptionsIn(cases),
  };
}

/** Decides once, and only if asked. */
function dependingIn({ judged }: Verdict, wanted: WouldDecide): () => Depending {
  let known: Depending | undefined;
  return () => known ??= dependingOnInjection(judged, wanted);
}

function modelOf(reading: Reading, refused: ReadonlySet<number>, options: CheckOptions): Model {
  const { judged, facts } = admitted(reading, refused);
  const known = withInstalled(options, facts, judged);
  const { acknowledgements, today, caHorizon } = options;
  const said = { acknowledgements, today, caHorizon };
  if (reading.facts.documents.length > 0) {
    const change = MeshChange.of(judged, facts, known);
    return { mesh: change.after, judged: change, findings: () => analyze(change, said) };
  }
  const mesh = Mesh.of(judged, known);
  return { mesh, judged: mesh, findings: () => analyze(mesh, said) };
}

function verdictOn({ mesh, judged, findings }: Model): Verdict {
  return { ...findings(), mesh, judged, connections: judged.summary() };
}

/** In a change, only some clients of a decision count, so the counts name no namespaces. */
function plaintextIn(mesh: Mesh, judged: JudgedMesh): readonly PlaintextCount[] {
  const counts = plaintextCounts(mesh.decisions, judged.counting);
  return judged === mesh ? counts : counts.map((one) => ({ ...one, namespaces: new Set<string>() }));
}

/** Names come from manifests, which may hold a secret by mistake. */
function reportedWorlds(worlds: SummaryBothWays): SummaryBothWays {
  return { ...worlds, facts: redactedValue(worlds.facts) };
}

/** Where it isn't known who has a sidecar, as objects expect it. */
function strictIn({ worlds, mesh, judged }: Verdict): number | undefined {
  return worlds ? brokenIfStrict(worlds.weak.judged, meshIn(worlds.weak.judged)) : brokenIfStrict(judged, mesh);
}

function sizeOf({ workloads, registry: { services } }: Mesh): Size {
  const namespaces = new Set([...workloads, ...services].map(({ namespace }) => namespace)).size;
  return { namespaces, workloads: workloads.length, services: services.length };
}

function notesOf({ notes }: Mesh): Note[] {
  return notes.map((text) => ({ about: 'control plane', text: redacted(text) }));
}

/** Defers an error until the result is used: if objects are refused, it never is. */
function attempt<T>(make: () => T): () => T {
  try {
    const made = make();
    return () => made;
  } catch (error) {
    return () => { throw error; };
  }
}

/** Finds the manifest of a finding. An acknowledgement, or a mesh config given by an option, has none. */
function placer(
  reading: Reading, { length: acknowledgements }: readonly StatedAcknowledgement[],
): (finding: MeshFinding) => ReportedFinding {
  const documents = objectsOf(reading);
  let indexes: Map<object, number> | undefined;
  return ({ source, object, replacedBy, ...finding }) => {
    indexes ??= new Map(documents.map((document, index) => [document.object, index]));
    if (!source) {
      const [, numberInRun] = finding.field as ['acknowledgements', number];
      return {
        ...redactedTexts(finding), object: redactedValue({ ...object, namespace: undefined }), objectIndex: documents.length + numberInRun,
      };
    }
    const index = indexes.get(source) ?? acknowledgements + indexes.size;
    indexes.set(source, index);
    const replacedIn = replacedBy && documents[indexes.get(replacedBy) ?? -1]?.file;
    if (index < documents.length) return withReplacing(reported(finding, documents[index], index), replacedIn);
    return { ...redactedTexts(finding), object: redactedValue(object), objectIndex: index };
  };
}

/** Adds the file of the manifest that replaces the object's: both may be intended. */
function withReplacing(finding: ReportedFinding, replacedIn: string | undefined): ReportedFinding {
  if (replacedIn === undefined) return finding;
  const found = { ...finding, replacedIn };
  return { ...found, severity: severityOfReplaced(found) };
}
