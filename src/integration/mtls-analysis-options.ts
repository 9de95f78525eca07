import { IMtlsReporter } from './mtls-reporter';
import { MtlsRule } from './mtls-rule';

/** A finding that is accepted for one analysis, and why. To accept it on the resource itself, use the construct Acknowledgement. */
export interface MtlsAcknowledgement {
  /** The rule whose findings are accepted, or the warning of declared calls. */
  readonly code: MtlsRule;
  /** Why the finding is accepted. Must not be empty. */
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
   * The team or person responsible.
   *
   * @default - no owner
   */
  readonly owner?: string;
  /**
   * The last day on which the acknowledgement holds, in UTC, such as `2027-03-31`. After it, the findings are reported again,
   * and MTLS902 names the owner.
   *
   * @default - it doesn't expire
   */
  readonly expires?: string;
}

/** A kind of object that runs pods. */
export interface MtlsWorkloadKind {
  /** The API group, such as `apps.kruise.io`: the part of `apiVersion` before the slash. */
  readonly group: string;
  /** The kind, such as `CloneSet`. */
  readonly kind: string;
  /**
   * The field that holds the pod template, with the metadata and spec of the pods.
   *
   * @default 'spec.template'
   */
  readonly podTemplate?: string;
}

/** Options of an analysis: facts about the mesh that the manifests don't hold, and accepted findings. */
export interface MtlsAnalysisOptions {
  /**
   * The namespace of objects that need one but don't name it, as with `kubectl apply --namespace`.
   *
   * @default - that of `configFile`, else `default`
   */
  readonly namespace?: string;
  /**
   * Namespaces that the manifests don't hold and whose pods get sidecars unless they opt out; `*` for all of them except those in
   * `uninjectedNamespaces`.
   *
   * @default - none: nothing is assumed about sidecars in a namespace that the manifests don't hold
   */
  readonly injectedNamespaces?: string[];
  /**
   * Namespaces that the manifests don't hold and whose pods get sidecars only if they ask for one; `*` for all of them except those
   * in `injectedNamespaces`.
   *
   * @default - none
   */
  readonly uninjectedNamespaces?: string[];
  /**
   * The installed revisions of istiod, or their tags; `default` is the one that the label `istio-injection: enabled` asks for.
   *
   * @default - every revision that a namespace or pod names
   */
  readonly installedRevisions?: string[];
  /**
   * Namespaces that the manifests hold only partly, such as with one of several charts for a namespace. Nothing is reported
   * as missing there.
   *
   * @default - none: manifests with a Service of a namespace hold all its Services, and those with a workload all its workloads
   */
  readonly partialNamespaces?: string[];
  /**
   * Kinds that run pods, such as those of an operator, in addition to those of Kubernetes and Argo's Rollout.
   *
   * @default - none: objects of other kinds aren't workloads
   */
  readonly workloadKinds?: MtlsWorkloadKind[];
  /**
   * Whether to judge every call that workloads may make. Otherwise workloads with annotation `calls.istio-mtls/to` make only
   * the calls that it lists, and `leftOut` counts the others; `whatIf` judges those of either state. `explain` always judges every call.
   *
   * @see https://github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/blob/main/docs/callers.md#declared-calls
   * @default - that of `config`; else false
   */
  readonly allCalls?: boolean;
  /**
   * istiod's namespace, which holds its mesh config and its CA.
   *
   * @default - that of `meshConfigs`, else of the app's IstioMesh; else 'istio-system', with mesh configs of any namespace
   */
  readonly istiodNamespace?: string;
  /**
   * The namespace whose policies apply to the whole mesh.
   *
   * @default - that of the mesh config, else of the app's IstioMesh, else istiod's namespace
   */
  readonly rootNamespace?: string;
  /**
   * The mode of the mesh, for objects that hold no PeerAuthentication for all of it.
   *
   * @default - Istio's default, PERMISSIVE
   */
  readonly meshMode?: MeshWideMode;
  /**
   * The trust domain: the first part of every identity.
   *
   * @default - that of the mesh config, else of the app's IstioMesh, else 'cluster.local'
   */
  readonly trustDomain?: string;
  /**
   * The DNS suffix of the cluster's Services.
   *
   * @default - that of `meshConfigs`, else of the app's IstioMesh, else 'cluster.local'
   */
  readonly clusterDomain?: string;
  /**
   * istiod's version, such as '1.30'. If it isn't the modelled version, `notes` list its known differences; connections
   * follow them or are undecided.
   *
   * @see https://github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/blob/main/docs/istio-versions.md
   * @default - that of istiod's Deployment among the objects, else of `meshConfigs`, else the modelled version
   */
  readonly istioVersion?: string;
  /**
   * Environment variables of istiod, such as `{ ENABLE_ENHANCED_DESTINATIONRULE_MERGE: 'false' }`. Some of those that change
   * outcomes are modelled; connections that depend on others are undecided.
   *
   * @see https://github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/blob/main/docs/istio-versions.md
   * @default - those of istiod's Deployment among the objects, and of `meshConfigs`; both are added to these
   */
  readonly istiodEnv?: { readonly [name: string]: string };
  /**
   * Files with istiod's mesh config, or with the input of its installer: Helm values, an IstioOperator, or an Istio of the
   * Sail operator. Paths are relative to the working directory. A ConfigMap among the objects takes precedence.
   *
   * @default - those of `configFile`, and MeshConfig constructs that emit no ConfigMap
   */
  readonly meshConfigs?: string[];
  /**
   * Other objects of the cluster, which aren't checked: YAML documents or JSON, such as the output of `kubectl get -o yaml`. A
   * checked object replaces the one of the same name. Only connections that a checked object takes part in or changes count,
   * and findings that the other objects have by themselves aren't reported. Those that an API server would reject are ignored.
   *
   * @see https://github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/blob/main/docs/cli.md#other-objects-of-the-cluster
   * @default - none: the manifests are the whole mesh
   */
  readonly facts?: string[];
  /**
   * Accepted findings. An acknowledgement that matches no finding is itself a finding.
   *
   * @default - none
   */
  readonly acknowledgements?: MtlsAcknowledgement[];
  /**
   * A configuration file of the command `istio-mtls`, by its path from the working directory. Its facts and acknowledgements
   * are added to those given here. Its severities, its baseline and its `caHorizon` apply; so do its `namespace`, its
   * `allCalls` and, for `attach`, its `failOn`, unless given here. The files that it names (`paths`, `with`) are for the command only: pass
   * `facts` instead.
   *
   * @see https://github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/blob/main/docs/configuration.md
   * @default - none, even if the working directory holds one
   */
  readonly configFile?: string;
  /**
   * The day for which to check whether acknowledgements and certificates have expired, in UTC, such as `2027-03-31`.
   *
   * @default - today
   */
  readonly date?: string;
}

/** Options of MtlsAnalysis.attach: how each synth is judged. */
export interface MtlsAnalysisAttachOptions extends MtlsAnalysisOptions {
  /**
   * What fails the synth: any of these. Must not be empty.
   *
   * @default - that of `configFile`, else [FailOn.ERROR]
   */
  readonly failOn?: FailOn[];
  /**
   * Receives what doesn't fail a synth: warnings, including those for acknowledgements that match nothing, notes on the
   * control plane, and how many connections are decided.
   *
   * @default MtlsReporter.stderr()
   */
  readonly reporter?: IMtlsReporter;
  /**
   * Whether each workload of the mesh is emitted with the path of its construct, such as `shop/web/Resource`, as the annotation
   * `constructs.istio-mtls/path`. By this path or that of a construct around it, such as `shop/web`, the command `istio-mtls` finds the
   * workload, whatever its name. The annotation is on the workload itself, not on its pod template, so no pods restart, and
   * decides nothing.
   *
   * @see https://github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/blob/main/docs/explain.md#names
   * @default false
   */
  readonly constructPaths?: boolean;
}

/** What fails a synth. */
export enum FailOn {
  /** Findings of severity error. */
  ERROR = 'error',
  /** Findings of severity warning or worse. */
  WARNING = 'warning',
  /** All findings. */
  INFO = 'info',
  /** Undecided connections. */
  UNDECIDED = 'undecided',
  /** Findings and connections that depend on who gets a sidecar where the manifests don't show it. */
  CONDITIONAL = 'conditional',
  /** Nothing that the analysis finds; can't be combined with others. Objects that admission rejects still fail the synth. */
  NEVER = 'never',
}

/** The mode of a mesh: which connections sidecars accept where no closer policy says otherwise. */
export enum MeshWideMode {
  /** Mutual TLS only. */
  STRICT = 'STRICT',
  /** Mutual TLS and plaintext. */
  PERMISSIVE = 'PERMISSIVE',
  /** Plaintext only. */
  DISABLE = 'DISABLE',
}
