import { IMtlsReporter } from './mtls-reporter';
import { MtlsRule } from './mtls-rule';

/** A finding that stays, and why; said for one run. A resource says it itself with the construct Acknowledgement. */
export interface MtlsAcknowledgement {
  /** The rule whose finding it is. */
  readonly code: MtlsRule;
  /** Why it stays. Not empty. */
  readonly reason: string;
  /**
   * Kind of the object.
   *
   * @default - any
   */
  readonly kind?: string;
  /**
   * Namespace of the object.
   *
   * @default - any
   */
  readonly namespace?: string;
  /**
   * Name of the object.
   *
   * @default - any
   */
  readonly name?: string;
  /**
   * Who answers for it: a team, a person.
   *
   * @default - no owner
   */
  readonly owner?: string;
  /**
   * The last day on which it counts, in UTC, such as `2027-03-31`. Afterwards its findings are reported again, and MTLS902
   * names the owner.
   *
   * @default - it doesn't end
   */
  readonly expires?: string;
}

/** A kind whose objects run pods. */
export interface MtlsWorkloadKind {
  /** The API group, such as `apps.kruise.io`: what stands before the slash of `apiVersion`. */
  readonly group: string;
  /** The kind, such as `CloneSet`. */
  readonly kind: string;
  /**
   * The field that holds the template of the pods, with their metadata and spec.
   *
   * @default 'spec.template'
   */
  readonly podTemplate?: string;
}

/** What the manifests don't say. */
export interface MtlsAnalysisOptions {
  /**
   * Where objects go that need a namespace and name none, as with `kubectl apply --namespace`.
   *
   * @default - `default`
   */
  readonly namespace?: string;
  /**
   * Namespaces that the manifests don't hold, and whose pods get sidecars unless they say no.
   *
   * @default - none: of the workloads in a namespace that isn't there, nothing is known
   */
  readonly injectedNamespaces?: string[];
  /**
   * The revisions of istiod that are installed.
   *
   * @default - all that namespaces and pods name
   */
  readonly installedRevisions?: string[];
  /**
   * Namespaces of which the manifests hold only a part, such as one of several charts for a namespace: nothing is said
   * to be missing there.
   *
   * @default - none: a namespace with a Service in the manifests has no other Services, one with a workload no others
   */
  readonly partialNamespaces?: string[];
  /**
   * Additional kinds that run pods, besides those of Kubernetes and Argo's Rollout, such as those of other operators.
   *
   * @default - none: objects of other kinds aren't workloads
   */
  readonly workloadKinds?: MtlsWorkloadKind[];
  /**
   * istiod's own namespace, where its mesh config and its CA are read.
   *
   * @default - the namespace of the app's MeshConfig; else 'istio-system', and mesh configs of any namespace
   */
  readonly istiodNamespace?: string;
  /**
   * The namespace whose policies apply to the whole mesh.
   *
   * @default - what the mesh config says; without one, the root namespace of the app's MeshMtls, else istiod's namespace
   */
  readonly rootNamespace?: string;
  /**
   * The first part of every identity.
   *
   * @default - what the mesh config says, else 'cluster.local'
   */
  readonly trustDomain?: string;
  /**
   * The DNS suffix of the cluster's Services.
   *
   * @default - the `clusterDomain` of the app's MeshConfig or Destinations, else 'cluster.local'
   */
  readonly clusterDomain?: string;
  /**
   * istiod's version, such as '1.30'. Of another than the one that is modelled, `notes` tell what it is known to decide
   * otherwise; connections go by it, or are undecided.
   *
   * @see https://github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/blob/main/docs/istio-versions.md
   * @default - what istiod's Deployment among the objects says, else what `meshConfigs` say, else the one that is modelled
   */
  readonly istioVersion?: string;
  /**
   * Variables of istiod's environment, such as `{ ENABLE_ENHANCED_DESTINATIONRULE_MERGE: 'false' }`. Of those that change
   * an outcome, connections go by some, and are undecided where they may concern others.
   *
   * @see https://github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/blob/main/docs/istio-versions.md
   * @default - those of istiod's Deployment among the objects, and of `meshConfigs`; they are added to these
   */
  readonly istiodEnv?: { readonly [name: string]: string };
  /**
   * Files with the mesh config that istiod reads, or with what its installer makes it of: Helm values, an IstioOperator, or
   * an Istio of the Sail operator; by their paths from the working directory. What a ConfigMap among the objects says
   * counts before them.
   *
   * @default - those of `configFile`, and what MeshConfig constructs declare that emit no ConfigMap
   */
  readonly meshConfigs?: string[];
  /**
   * Other objects in the cluster, which aren't judged: texts of YAML documents, or JSON, such as `kubectl get -o yaml` prints.
   * An object that is judged, too, takes the place of the fact. Of connections, only those count that a judged object takes
   * part in or changes; of facts, only those findings are told that the facts alone don't have. Facts that an API server would
   * refuse have no part in the mesh.
   *
   * @see https://github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/blob/main/docs/cli.md#facts
   * @default - none: the manifests are all that there is
   */
  readonly facts?: string[];
  /**
   * Findings that stay. One that matches no finding becomes a finding itself.
   *
   * @default - none
   */
  readonly acknowledgements?: MtlsAcknowledgement[];
  /**
   * A configuration file of the command `istio-mtls`, by its path from the working directory. Its facts and
   * acknowledgements are added to the others said here; its severities, its baseline and its `caHorizon` count; its `namespace`, and for
   * `attach` its `failOn`, count unless said here. What it says of files to read (`paths`, `with`) is for the command alone:
   * give `facts` instead.
   *
   * @see https://github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/blob/main/docs/configuration.md
   * @default - none, whatever lies in the working directory
   */
  readonly configFile?: string;
  /**
   * The day on which to check whether acknowledgements have expired, in UTC, such as `2027-03-31`.
   *
   * @default - today
   */
  readonly date?: string;
}

/** How a synth is judged. */
export interface MtlsAnalysisAttachOptions extends MtlsAnalysisOptions {
  /**
   * What fails the synth: all of these. Not empty.
   *
   * @default - that of `configFile`, else [FailOn.ERROR]
   */
  readonly failOn?: FailOn[];
  /**
   * Who is told what doesn't fail a synth: warnings, acknowledgements that match nothing among them, notes of the control plane, and
   * how many connections are decided.
   *
   * @default MtlsReporter.stderr()
   */
  readonly reporter?: IMtlsReporter;
}

/** What fails a synth. */
export enum FailOn {
  /** Findings of severity error. */
  ERROR = 'error',
  /** Findings of severity warning or worse. */
  WARNING = 'warning',
  /** All findings. */
  INFO = 'info',
  /** Connections that aren't decided. */
  UNDECIDED = 'undecided',
  /** Nothing that the analysis finds; to be said alone. What admission refuses still fails. */
  NEVER = 'never',
}
