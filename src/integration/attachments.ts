import { IConstruct } from 'constructs';
import { MeshFacts } from './mesh-facts';
import { MtlsAnalysisAttachOptions } from './mtls-analysis-options';
import { IMtlsReporter, MtlsReporter } from './mtls-reporter';

/** A call of MtlsAnalysis.attach. */
interface Attachment {
  /** It names the meshes. */
  readonly scope: IConstruct;
  readonly options: MtlsAnalysisAttachOptions;
}

/** The attachments of an app, and the reporter for those without one. */
interface AppAttachments {
  readonly all: Attachment[];
  readonly reporter: IMtlsReporter;
}

const apps = new WeakMap<IConstruct, AppAttachments>();

/** Attaches MtlsAnalysis to the meshes that a scope names at synth; returns whether it is the app's first attachment. */
export function attachTo(scope: IConstruct, options: MtlsAnalysisAttachOptions): boolean {
  const { root } = scope.node;
  const known = apps.get(root);
  if (known) known.all.push({ scope, options });
  else apps.set(root, { all: [{ scope, options }], reporter: MtlsReporter.stderr() });
  return !known;
}

/** How MtlsAnalysis is attached to a mesh. */
export interface Attached {
  readonly options: Omit<MtlsAnalysisAttachOptions, 'reporter'>;
  readonly reporter: IMtlsReporter;
  /** The scope of an attachment that names the mesh. */
  readonly scope: IConstruct;
}

/** How MtlsAnalysis is attached to a mesh; undefined if it isn't. */
export function attachedTo(mesh: MeshFacts): Attached | undefined {
  const app = apps.get(mesh.root);
  if (!app) return undefined;
  const owners = MeshFacts.owners(mesh.root);
  const [first, ...others] = app.all.filter(({ scope }) => owners.isNamedBy(scope, mesh));
  if (!first) return undefined;
  const { reporter = app.reporter, ...options } = others.reduce((known, { options: added }) => combined(known, added), first.options);
  return { options, reporter, scope: first.scope };
}

/** The options of two calls of `attach`: lists add up, and of other options the later ones count. */
function combined(known: MtlsAnalysisAttachOptions, added: MtlsAnalysisAttachOptions): MtlsAnalysisAttachOptions {
  const both = <T>(one?: T[], other?: T[]): T[] | undefined => (one && other ? [...one, ...other] : one ?? other);
  return {
    failOn: added.failOn ?? known.failOn,
    reporter: added.reporter ?? known.reporter,
    namespace: added.namespace ?? known.namespace,
    injectedNamespaces: both(known.injectedNamespaces, added.injectedNamespaces),
    uninjectedNamespaces: both(known.uninjectedNamespaces, added.uninjectedNamespaces),
    installedRevisions: both(known.installedRevisions, added.installedRevisions),
    partialNamespaces: both(known.partialNamespaces, added.partialNamespaces),
    constructPaths: added.constructPaths ?? known.constructPaths,
    allCalls: added.allCalls ?? known.allCalls,
    istiodNamespace: added.istiodNamespace ?? known.istiodNamespace,
    rootNamespace: added.rootNamespace ?? known.rootNamespace,
    meshMode: added.meshMode ?? known.meshMode,
    trustDomain: added.trustDomain ?? known.trustDomain,
    clusterDomain: added.clusterDomain ?? known.clusterDomain,
    istioVersion: added.istioVersion ?? known.istioVersion,
    istiodEnv: { ...known.istiodEnv, ...added.istiodEnv },
    meshConfigs: both(known.meshConfigs, added.meshConfigs),
    workloadKinds: both(known.workloadKinds, added.workloadKinds),
    facts: both(known.facts, added.facts),
    acknowledgements: both(known.acknowledgements, added.acknowledgements),
    configFile: added.configFile ?? known.configFile,
    date: added.date ?? known.date,
  };
}

