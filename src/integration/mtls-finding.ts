import { FindingSeverity } from './finding-severity';
import { MtlsObjectChange } from './mtls-object-change';

/** Something that the manifests of a mesh get wrong. */
export interface MtlsFinding {
  /** Of the rules that `istio-mtls rules` lists, such as `MTLS101`. */
  readonly code: string;

  /** How bad it is. */
  readonly severity: FindingSeverity;

  /** Kind of the object that one must edit. */
  readonly kind: string;

  /** Its namespace; empty for objects without one. */
  readonly namespace: string;

  /** Its name. */
  readonly name: string;

  /**
   * Path of the construct that emits the object.
   *
   * @default - the manifests came from a text
   */
  readonly constructPath?: string;

  /** The field, as Kubernetes writes it: `spec.trafficPolicy.tls.mode`; empty for the object as a whole. */
  readonly field: string;

  /** The whole finding in one sentence: the object, the field, what it is, what was expected, why, and the remedy. */
  readonly message: string;

  /** The remedy: one action. */
  readonly fix: string;

  /**
   * The remedy as a change of YAML. It was tried on the mesh: the finding goes, no other comes instead, and no call fares worse.
   *
   * @default - no change is known to be right
   */
  readonly change?: MtlsObjectChange;

  /**
   * How many connections it concerns.
   *
   * @default - the rule isn't about connections
   */
  readonly connections?: number;
}

/** A finding that somebody acknowledged, with the reason. */
export interface AcknowledgedMtlsFinding extends MtlsFinding {
  /** Why it stays. */
  readonly reason: string;

  /**
   * Who answers for it.
   *
   * @default - nobody is named
   */
  readonly owner?: string;

  /**
   * The last day on which it stays, `YYYY-MM-DD`.
   *
   * @default - it doesn't end
   */
  readonly expires?: string;
}
