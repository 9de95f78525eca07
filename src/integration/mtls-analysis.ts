import { IConstruct } from 'constructs';
import type { AnalysisSettings } from './analysis-settings';
import { completeObjects, manifestsOf, MeshManifests } from './app-manifests';
import {
  analysisModules, AppVerdict, errorsIn, factsIn, firstConnections, objectsIn, placedIn, settingsOf, verdictOn, withAllCalls,
} from './app-mesh';
import { attachedTo, attachTo } from './attachments';
import {
  connectionStruct, Connection, ConnectionQuery, MissingFact, missingFactOf, Summary, summaryStruct,
  ToldFacts, toldFactsOf,
} from './connection';
import { ConstructPaths } from './construct-paths';
import type { EditedMesh } from './edited-manifests';
import { Explanation, explanationOf } from './explanation';
import { acknowledgedOf, FindingOrigins, findingOf, grownOf, Finding } from './finding';
import { IstioAdmission } from './istio-admission';
import { LeftOutConnections, leftOutStruct } from './left-out-connections';
import { MeshFacts } from './mesh-facts';
import { oneMeshOf, outsideMessages } from './mesh-scope';
import { MtlsAnalysisAttachOptions, MtlsAnalysisOptions } from './mtls-analysis-options';
import { MtlsChange } from './mtls-change';
import { MtlsAssumption } from './mtls-reporter';
import { MtlsWhatIf } from './mtls-what-if';
import { addJudge } from './once-per-synth';
import { annotatePaths } from './path-annotations';
import { withoutRepeated } from './repeated-findings';
import { synthFailures, validateFailOn } from './synth-failures';
import { warningsOf } from './synth-warnings';
import type { WouldDecide } from '../analysis/would-decide';
import { redacted } from '../findings/safe-text';
import type { ControlPlaneFacts } from '../mesh/config/control-plane-facts';

/**
 * Decides the outcome of each connection of a mesh, and finds mistakes in its manifests, before anything is deployed.
 *
 * For each client workload, service port and server, it decides from manifests alone as istiod and its proxies will: the
 * TLS that the client sends, the mode that the server enforces, and whether the connection will be mutual TLS, plaintext or
 * broken. A connection that depends on something that the manifests don't hold is undecided, never guessed.
 *
 * @see https://istio.io/latest/docs/concepts/security/#mutual-tls-authentication
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { MtlsAnalysis, StrictMeshMtls } from 'cdk8s-istio-mtls';
 *
 * const app = new App();
 * new StrictMeshMtls(new Chart(app, 'mesh'), 'strict');
 * MtlsAnalysis.attach(app); // app.synth() fails on errors from here on
 *
 * const analysis = MtlsAnalysis.of(app);
 * const findings = analysis.findings;
 * const broken = analysis.summary.broken;
 *
 * // Together with objects of the cluster, such as the output of `kubectl get namespaces,services,deployments -A -o yaml`:
 * const shop = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio-injection: enabled}}';
 * const change = MtlsAnalysis.of(app, { facts: [shop] });
 */
export class MtlsAnalysis {
  /**
   * Analyzes each synth of the app, and fails it on findings before anything is written, with one error that lists them all.
   *
   * Analyzes each mesh on its own: those at or below the scope, otherwise the one around it. Without an IstioMesh, the app is
   * one mesh.
   *
   * Another call for the same mesh adds its acknowledgements, facts, namespaces, revisions, kinds, mesh configs and variables
   * of istiod's environment, and replaces the other options that it sets.
   *
   * The reporter receives what doesn't fail the synth, once for each mesh: warnings, including those for acknowledgements that
   * match nothing, infos, notes on the control plane (`notes`), how many connections are decided, and what would decide the
   * others. By default, they go to standard error.
   *
   * With FailOn.UNDECIDED, undecided connections fail the synth too, with what would decide them; with FailOn.CONDITIONAL, those
   * and the findings that depend on who gets a sidecar where the objects don't show it.
   *
   * Attaches IstioAdmission as well, because an object that an API server rejects can't be analyzed correctly.
   *
   * @param scope the app, or a construct that holds meshes or is in one; the meshes may be created later
   * @throws if `failOn` is empty, or combines NEVER with others; if the configuration file or its baseline can't be read or isn't valid
   */
  public static attach(scope: IConstruct, options: MtlsAnalysisAttachOptions = {}): void {
    if (options.failOn) validateFailOn(options.failOn);
    const isFirst = attachTo(scope, options);
    const { istiodNamespace } = settingsOf(options).controlPlane(options);
    if (istiodNamespace !== undefined) MeshFacts.owners(scope).unowned.tellIstiodNamespace(istiodNamespace);
    IstioAdmission.attach(scope);
    if (!isFirst) return;
    completeObjects(scope, annotatePaths);
    addJudge(scope, () => MtlsAnalysis.failures);
  }

  /**
   * Analyzes the objects of a mesh, as they would be emitted now, including those that an API server would reject.
   *
   * @param scope names the mesh: the one at or below it, otherwise the one around it; the app, if it has one mesh or no IstioMesh
   * @throws if the scope holds several meshes, or is in none while other parts of the app are
   */
  public static of(scope: IConstruct, options: MtlsAnalysisOptions = {}): MtlsAnalysis {
    return MtlsAnalysis.ofManifests(manifestsOf(oneMeshOf(scope)), options);
  }

  /**
   * Analyzes YAML documents or JSON, including objects that an API server would reject, as far as they can be read. The
   * command `istio-mtls check` reports those and leaves them out of the mesh.
   *
   * @throws if a document, a fact, the configuration file or its baseline can't be read
   */
  public static ofYaml(text: string, options: MtlsAnalysisOptions = {}): MtlsAnalysis {
    return new MtlsAnalysis(objectsIn(text, 'manifests'), { paths: new Map(), isWholeApp: false }, {}, options);
  }

  private static ofManifests({ facts, manifests }: MeshManifests, options: MtlsAnalysisOptions): MtlsAnalysis {
    const paths = new Map<object, string>(manifests.map(({ apiObject, manifest }) => [manifest, apiObject.node.path]));
    return new MtlsAnalysis([...paths.keys()], { paths, isWholeApp: facts.istioMeshes.length === 0 }, facts.facts, options);
  }

  private static failures(mesh: MeshManifests): string[] {
    const attached = attachedTo(mesh.facts);
    if (!attached) return [];
    const { scope, options: { failOn: _, ...options } } = attached;
    const { facts } = mesh;
    const refused = [...outsideMessages(facts, 'MtlsAnalysis', scope), ...facts.contradictions(settingsOf(options).controlPlane(options))];
    if (refused.length > 0) return refused;
    const analysis = MtlsAnalysis.ofManifests(mesh, options);
    const { verdict, settings } = analysis;
    const [wouldDecide, callWarnings] = [() => analysis.wouldDecide, () => warningsOf(mesh)];
    const findings = options.allCalls ?? settings.allCalls ? analysis.findings : withoutRepeated(analysis.findings, mesh);
    return synthFailures({ analysis, findings, verdict, settings, wouldDecide, callWarnings, name: facts.nameAmongOthers }, attached);
  }

  /** Mistakes in the manifests, ordered by object, code and field; without acknowledged findings and those of a baseline. */
  public readonly findings: Finding[];

  /** Acknowledged findings, each with its reason, in the same order. */
  public readonly acknowledged: Finding[];

  /** Findings in the baseline of the configuration file, in the same order. */
  public readonly baselined: Finding[];

  /**
   * What findings presuppose where the manifests don't show who gets a sidecar, one sentence each: `Judged as if shop has sidecars,
   * as 6 objects expect, such as Sidecar shop/default.` Findings that depend on it have `conditions`.
   */
  public get presumptions(): string[] {
    return analysisModules().presumptionTexts(this.verdict.worlds?.facts ?? []).map(redacted);
  }

  /** How many connections have each outcome. */
  public readonly summary: Summary;

  /**
   * The possible connections that aren't judged, and would be with `allCalls`: their clients declare with annotation
   * `calls.istio-mtls/to` which calls they make. With facts, those of the whole mesh. Undefined if no workload declares its calls.
   */
  public get leftOut(): LeftOutConnections | undefined {
    const leftOut = analysisModules().leftOutIn(this.verdict.mesh);
    return leftOut && leftOutStruct(leftOut);
  }

  /**
   * Notes on the control plane, one sentence each: where options differ from the mesh config among the objects, which takes
   * precedence, and which versions or flags of Istio are known to decide differently from this analysis.
   */
  public readonly notes: string[];

  private readonly verdict: AppVerdict;
  private readonly settings: AnalysisSettings;
  private readonly paths: ReadonlyMap<object, string>;
  private readonly edited: Omit<EditedMesh, 'mesh'>;
  private known?: WouldDecide;

  private constructor(
    objects: object[], { paths, isWholeApp }: Omit<FindingOrigins, 'settings'>, declared: ControlPlaneFacts, options: MtlsAnalysisOptions,
  ) {
    const { parseYaml } = analysisModules();
    this.settings = settingsOf(options);
    const { known, placed } = placedIn(objects, declared, options, this.settings);
    this.paths = new Map(placed.map((object, index) => [object, paths.get(objects[index])!]));
    const origins = { paths: this.paths, settings: this.settings, isWholeApp };
    const facts = factsIn(options, known);
    const verdict = verdictOn(placed, facts, { ...known, parseYaml }, options, this.settings);
    const { findings, acknowledged, mesh, judged } = verdict;
    this.verdict = verdict;
    this.notes = mesh.notes.map(redacted);
    this.edited = {
      facts,
      manifests: placed,
      placed: (others) => placedIn(others, declared, options, this.settings).placed,
      errorsIn: (object) => errorsIn(object, known.istiodNamespace),
    };
    const { open, held, grown } = this.settings.settled(findings, ({ source }) => source, mesh);
    this.findings = open.map((finding) => ({ ...findingOf(finding, origins), ...grownOf(grown?.get(finding)) }));
    this.acknowledged = acknowledged.map((one) => acknowledgedOf(one, origins));
    this.baselined = held.map((finding) => findingOf(finding, origins));
    this.summary = summaryStruct(judged.summary());
  }

  /**
   * The facts that undecided connections depend on, those of most connections first. The first three that options can
   * supply say which options to set, as tried on the model.
   */
  public get missingFacts(): MissingFact[] {
    return this.wouldDecide.facts.map((fact) => missingFactOf(fact, analysisModules().waitingText(fact)));
  }

  /**
   * The effect of stating all of `missingFacts` that options can state; undefined if there are fewer than two, or if they decide nothing.
   */
  public get missingFactsTogether(): ToldFacts | undefined {
    const { together } = this.wouldDecide;
    return together && toldFactsOf(together);
  }

  /**
   * The objects that decide about requests, packets and gateways, and aren't checked, in a sentence such as `Not
   * checked: 1 AuthorizationPolicy, which concerns 4 connections called mtls`. Undefined if there are none.
   */
  public get unjudged(): string | undefined {
    return analysisModules().unjudgedText(analysisModules().unjudgedIn(...analysisModules().judgedCases(this.verdict)));
  }

  /**
   * What the decided connections take for granted, because the objects don't show it; empty if nothing is decided in any case.
   *
   * @see https://github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/blob/main/docs/assumptions.md
   */
  public get assumptions(): MtlsAssumption[] {
    return [...analysisModules().assumptionsIn(analysisModules().judgedCases(this.verdict))];
  }

  /**
   * The connections that match a query, ordered by client, requested host and port, and server. One whose outcome depends on namespaces
   * that the objects don't contain has `branches`, and matches a query by the outcome of any of them.
   *
   * @throws if the query names a client or service that doesn't exist, or if several workloads match the client
   */
  public connections(query: ConnectionQuery = {}): Connection[] {
    const paths = new ConstructPaths(this.verdict.mesh, this.paths);
    return firstConnections(this.verdict, query, this.paths).map((connection) => connectionStruct(connection, paths));
  }

  /**
   * Explains a client's calls to a service step by step: what handles the call, by the names that `istioctl proxy-config`
   * shows, which rules and policies apply, and both sides of the TLS handshake. If a call is broken or in plaintext, also
   * what the caller sees and a change that fixes it, tried on the mesh. The outcomes are those of `connections`.
   *
   * @param client `namespace/name`, or `kind/namespace/name` if several workloads have that name; the path of a construct
   * @param service `namespace/name`, its host, or the path of a construct
   * @param port the service's port; all ports if omitted
   * @throws if the client or service doesn't exist, or if several workloads match the client
   * @example
   *
   * import { MtlsAnalysis } from 'cdk8s-istio-mtls';
   *
   * const shop = 'apiVersion: v1\nkind: Service\nmetadata: {name: pay, namespace: shop}\nspec: {ports: [{port: 80}]}';
   * const web = 'apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec: {containers: []}';
   * const calls = MtlsAnalysis.ofYaml(`${shop}\n---\n${web}`).explain('shop/web', 'shop/pay', 80);
   * const text = calls[0].text; // as `istio-mtls explain` prints it; `json` has the same as data
   */
  public explain(client: string, service: string, port?: number): Explanation[] {
    const { callsNamed, explain, ExplanationsBothWays, workloadsNamed } = analysisModules();
    const { paths, edited: { facts, manifests } } = this;
    const mesh = withAllCalls(this.verdict.mesh);
    const callsOf = (namespace: string) => callsNamed(mesh, port === undefined ? service : `${service}:${port}`, { namespace, paths });
    const [both, all] = [ExplanationsBothWays.of(mesh), [...facts, ...manifests]];
    const clients = workloadsNamed(mesh, client, 'client', { paths });
    return clients.flatMap((one) => callsOf(one.namespace).map((call) => explanationOf(
      both ? both.explain(one, call, all) : explain(mesh, one, call, all))));
  }

  /**
   * What changes, applied in order, would do to the mesh: which connections change, and in which stages to apply the changes.
   * Findings and acknowledgements aren't compared. This analysis doesn't change.
   *
   * @throws if an object to remove doesn't exist
   * @example
   *
   * import { MtlsAnalysis, MtlsChange } from 'cdk8s-istio-mtls';
   *
   * const rule = 'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: legacy, namespace: shop}\nspec: {host: pay}';
   * const policy = 'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: default, namespace: shop}';
   * const next = MtlsAnalysis.ofYaml(rule).whatIf([
   *   MtlsChange.apply(`${policy}\nspec: {mtls: {mode: STRICT}}`),
   *   MtlsChange.remove('DestinationRule', 'shop', 'legacy'),
   * ]);
   * const groups = next.diff.groups; // from, to, connections, causes, example
   * const stages = next.plan().stages; // verdict, manifests, waits
   */
  public whatIf(changes: MtlsChange[]): MtlsWhatIf {
    const { EditedManifests } = analysisModules();
    const { mesh } = this.verdict;
    const edited = new EditedManifests({ ...this.edited, mesh });
    for (const change of changes) change._edit(edited);
    return MtlsWhatIf._of(mesh, edited);
  }

  private get wouldDecide(): WouldDecide {
    return this.known ??= analysisModules().wouldDecide(this.verdict.judged);
  }
}
