import { FailOn } from './fail-on';

/** A finding that stays, and why; said for one run. A resource says it itself with the construct Acknowledgement. */
export interface MtlsAcknowledgement {
  /** The finding's code, such as `MTLS103`. */
  readonly code: string;
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
}

/** What the manifests don't say. */
export interface MtlsAnalysisOptions {
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
   * Findings that stay. One that matches no finding becomes a finding itself.
   *
   * @default - none
   */
  readonly acknowledgements?: MtlsAcknowledgement[];
}

/** How a synth is judged. */
export interface MtlsAnalysisAttachOptions extends MtlsAnalysisOptions {
  /**
   * What fails the synth: all of these. Not empty.
   *
   * @default [FailOn.ERROR]
   */
  readonly failOn?: FailOn[];
}
