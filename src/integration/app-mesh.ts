import type { AnalysisFacts, AnalysisSettings } from './analysis-settings';
import { MeshManifests } from './app-manifests';
import { attachedTo } from './attachments';
import type { ConnectionQuery } from './connection';
import { MtlsAnalysisOptions } from './mtls-analysis-options';
import type { AnalysisBothWays } from '../analysis/analysis';
import { judgementDay } from '../findings/acknowledgement';
import { isRefusal, type Finding } from '../findings/finding';
import { redacted } from '../findings/safe-text';
import type { TracedConnection } from '../mesh/calls/traced-connection';
import type { MeshChange } from '../mesh/change/mesh-change';
import type { ControlPlaneFacts } from '../mesh/config/control-plane-facts';
import type { Mesh, MeshOptions } from '../mesh/mesh';
import { late } from '../modules/late';

/** A mesh of an app and its facts. */
export interface AppMesh {
  readonly mesh: Mesh;
  /** The path of the construct that emits each of its objects. */
  readonly pathOf: ReadonlyMap<object, string>;
  /** Contradictions between options and the app's constructs about the control plane, one sentence each. With any, the mesh isn't valid. */
  readonly contradictions: readonly string[];
}

/** By the manifests of a synth: several checks ask for their mesh. */
const OF_SYNTH = new WeakMap<MeshManifests, AppMesh>();

/** @param options default to those of the mesh's MtlsAnalysis */
export function meshOfApp(manifests: MeshManifests, options?: MtlsAnalysisOptions): AppMesh {
  if (options) return appMeshOf(manifests, options);
  let found = OF_SYNTH.get(manifests);
  if (!found) OF_SYNTH.set(manifests, found = appMeshOf(manifests, attachedTo(manifests.facts)?.options ?? {}));
  return found;
}

function appMeshOf({ facts: declared, manifests }: MeshManifests, options: MtlsAnalysisOptions): AppMesh {
  const { Mesh: model, parseYaml, withInstalled } = analysisModules();
  const settings = settingsOf(options);
  const { known, placed } = placedIn(manifests.map(({ manifest }) => manifest), declared.facts, options, settings);
  const facts = factsIn(options, known);
  return {
    mesh: model.of(placed, { ...withInstalled({ ...known, parseYaml }, facts, placed), existing: facts.length > 0 ? facts : undefined }),
    pathOf: new Map(placed.map((object, index) => [object, manifests[index].apiObject.node.path])),
    contradictions: declared.contradictions(settings.controlPlane(options)),
  };
}

/** Loaded on first use, so that importing the library stays fast. */
export function analysisModules(): typeof import('./analysis-modules') {
  return late<typeof import('./analysis-modules')>(() => require('./analysis-modules'));
}

export function settingsOf({ configFile }: MtlsAnalysisOptions): AnalysisSettings {
  return analysisModules().AnalysisSettings.of(configFile);
}

export function objectsIn(text: string, file: string): Readonly<Record<string, unknown>>[] {
  const { readManifests, problemMessage } = analysisModules();
  const { documents, problems } = readManifests(text, file);
  if (problems.length > 0) throw new Error(problems.map(problemMessage).join('\n'));
  return documents.map(({ object }) => object);
}

/** Objects with their namespaces set, and the facts about their mesh. */
export function placedIn(
  objects: readonly object[], declared: ControlPlaneFacts, options: MtlsAnalysisOptions, settings: AnalysisSettings,
): { readonly known: AnalysisFacts; readonly placed: object[] } {
  const { inNamespace, WorkloadKinds, bothFacts } = analysisModules();
  const namespace = options.namespace ?? settings.namespace;
  const told = settings.facts(options, 'MtlsAnalysis');
  const known = { ...told, ...bothFacts(told, declared) };
  const kinds = WorkloadKinds.with(known.workloadKinds);
  return { known, placed: objects.map((object) => inNamespace(object as Readonly<Record<string, unknown>>, namespace, kinds)) };
}

/** Leaves out facts that an API server would reject, because no cluster can hold them. */
export function factsIn({ facts = [] }: MtlsAnalysisOptions, { istiodNamespace }: ControlPlaneFacts): object[] {
  return facts.flatMap((text, index) => objectsIn(text, `facts[${index}]`))
    .filter((object) => errorsIn(object, istiodNamespace).length === 0);
}

/** Why an object would be rejected. Loads admission on demand, because few analyses have facts or changes. */
export function errorsIn(object: object, istiodNamespace: string | undefined): readonly Finding[] {
  const { admit } = late<typeof import('../admission/admission')>(() => require('../admission/admission'));
  return admit(object, { istiodNamespace }).filter(isRefusal);
}

/** The analysis of an app's mesh; with facts, `judged` is the change that its objects make in their mesh. */
export interface AppVerdict extends AnalysisBothWays {
  readonly mesh: Mesh;
  readonly judged: Mesh | MeshChange;
}

/** The analysis of a mesh, or of a change to the mesh of the facts. */
export function verdictOn(
  objects: object[], facts: object[], meshOptions: MeshOptions, options: MtlsAnalysisOptions, settings: AnalysisSettings,
): AppVerdict {
  const { analyze, Mesh: model, MeshChange: change, withInstalled } = analysisModules();
  const said = {
    acknowledgements: settings.acknowledgements(options.acknowledgements),
    today: judgementDay(options.date, 'MtlsAnalysis'),
    caHorizon: settings.caHorizon,
  };
  const known = { ...withInstalled(meshOptions, facts, objects), onlyDeclaredCalls: !(options.allCalls ?? settings.allCalls) };
  if (facts.length > 0) {
    const judged = change.of(objects, facts, known);
    return { ...analyze(judged, said), mesh: judged.after, judged };
  }
  const mesh = model.of(objects, known);
  return { ...analyze(mesh, said), mesh, judged: mesh };
}

/** The default limit of a query. */
const LIMIT = 1000;

/**
 * The first connections that match a query.
 *
 * @param paths the paths of the constructs that emit objects
 */
export function firstConnections(
  { mesh, judged }: AppVerdict, { client, service, outcome, limit = LIMIT }: ConnectionQuery, paths: ReadonlyMap<object, string>,
): readonly TracedConnection[] {
  const { ConnectionsBothWays, filterFor } = analysisModules();
  const listed = ConnectionsBothWays.of(judged) ?? judged;
  const found: TracedConnection[] = [];
  for (const connection of listed.tracedConnections(filterFor(mesh, { client, service, outcome, paths }))) {
    if (found.length >= limit) break;
    found.push(connection);
  }
  return found;
}

/** The mesh in which every workload may make every call. */
export function withAllCalls(mesh: Mesh): Mesh {
  return mesh.declarations.size > 0 ? mesh.withAllCalls() : mesh;
}

/** How many possible connections aren't judged; undefined if all are. */
export function leftOutSentence(mesh: Mesh): string | undefined {
  const { leftOutIn, leftOutText } = analysisModules();
  const leftOut = leftOutIn(mesh);
  return (leftOut && redacted(leftOutText(leftOut, 'allCalls judges them'))) || undefined;
}
