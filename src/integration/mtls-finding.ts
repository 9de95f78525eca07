import type { AnalysisSettings } from './analysis-settings';
import type { Acknowledged } from '../analysis/acknowledgements';
import type { MeshFinding } from '../analysis/mesh-finding';
import type { Growth } from '../baseline/baseline';
import { fieldText, ObjectChange } from '../findings/finding';
import { refusalMessage } from '../findings/refusal';
import { redacted, redactedTexts, redactedValue } from '../findings/safe-text';
import { mapping, text } from '../manifests/mapping';

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

  /**
   * API version of the object.
   *
   * @default - the finding is about no object of the manifests
   */
  readonly apiVersion?: string;

  /**
   * The field, step by step: `spec`, `subsets`, `0`, `name`; empty for the object as a whole. `MtlsAnalysis` always sets it.
   *
   * @default - not told
   */
  readonly path?: string[];

  /**
   * What the field is. `MtlsAnalysis` always sets it.
   *
   * @default - not told
   */
  readonly actual?: string;

  /**
   * What was expected of it. `MtlsAnalysis` always sets it.
   *
   * @default - not told
   */
  readonly expected?: string;

  /**
   * Why that was expected.
   *
   * @default - no reason is needed
   */
  readonly because?: string;

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

  /**
   * How many such findings the baseline holds, where there are more now or they concern more connections.
   *
   * @default - the baseline holds none
   */
  readonly baselineCount?: number;

  /**
   * How many connections they concern in the baseline.
   *
   * @default - the baseline holds none, or the rule isn't about connections
   */
  readonly baselineConnections?: number;
}

/** A finding that somebody acknowledged, with the reason. */
export interface AcknowledgedMtlsFinding extends MtlsFinding {
  /** Why it stays. */
  readonly reason: string;

  /**
   * Who says so: `annotation` of the object, or `run`: the options or the configuration file. `MtlsAnalysis` always sets it.
   *
   * @default - not told
   */
  readonly by?: string;

  /**
   * Who answers for it.
   *
   * @default - no owner
   */
  readonly owner?: string;

  /**
   * The last day on which it stays, `YYYY-MM-DD`.
   *
   * @default - it doesn't end
   */
  readonly expires?: string;
}

/** How bad a finding is. */
export enum FindingSeverity {
  /** Something breaks, or is exposed. */
  ERROR = 'error',
  /** Something will surprise. */
  WARNING = 'warning',
  /** Good to know. */
  INFO = 'info',
}

/** A change of one object: fields that are set and removed; where the object isn't there yet, the whole of it; or that it is deleted. */
export interface MtlsObjectChange {
  /** API version of the object. */
  readonly apiVersion: string;

  /** Kind of the object. */
  readonly kind: string;

  /** Its namespace; empty for objects without one. */
  readonly namespace: string;

  /** Its name. */
  readonly name: string;

  /** The fields to change, in this order; none where the object is to be added or deleted. */
  readonly fields: MtlsFieldChange[];

  /**
   * The object to add.
   *
   * @default - the object is there
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- jsii has no other word for any JSON
  readonly manifest?: any;

  /**
   * Whether the object is to be deleted.
   *
   * @default false
   */
  readonly delete?: boolean;
}

/** A field that is set or removed. */
export interface MtlsFieldChange {
  /** `set` or `remove`. */
  readonly op: string;

  /** The field, step by step: `spec`, `subsets`, `0`, `name`. What isn't there on the way is made; a number leads into a list. */
  readonly path: string[];

  /**
   * What the field becomes.
   *
   * @default - the field is removed
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- jsii has no other word for any JSON
  readonly value?: any;
}

/** Where findings come from: which construct emits an object, and which file says what for the run. */
export interface FindingOrigins {
  readonly paths: ReadonlyMap<object, string>;
  readonly settings: AnalysisSettings;
}

/** A finding in the words of every language. */
export function findingOf({ object: { kind, namespace, name }, source, ...finding }: MeshFinding, { paths, settings }: FindingOrigins): MtlsFinding {
  const { code, severity, connections } = finding;
  const { fix, change, actual, expected, because } = redactedTexts(finding);
  const constructPath = source && paths.get(source);
  const said = source ? { field: finding.field } : settings.acknowledgementPlace(finding.field);
  const field = fieldText(said.field);
  const fullName = [namespace, name].filter(Boolean).join('/');
  const ofRun = said.place ? `${said.place.file}:${said.place.position.line}:${said.place.position.column}` : 'MtlsAnalysis';
  const subject = source ? { kind, name: fullName, path: constructPath } : { kind: ofRun };
  const message = refusalMessage({ code, ...subject, field: field || 'the document', actual, expected, because, fix });
  const apiVersion = text(mapping(source).apiVersion);
  const shown = redactedValue({ kind, namespace, name, apiVersion, field, path: said.field.map(String), actual, expected, because, fix });
  return { code, severity: severity as FindingSeverity, ...shown, constructPath, message, change: change && changeOf(change), connections };
}

/** What the baseline holds of a finding that has grown beyond it. */
export function grownOf(growth: Growth | undefined): Pick<MtlsFinding, 'baselineCount' | 'baselineConnections'> {
  return growth ? { baselineCount: growth.entry.count, baselineConnections: growth.entry.connections } : {};
}

export function changeOf({ object, fields, ...whole }: ObjectChange): MtlsObjectChange {
  return { ...object, fields: (fields ?? []).map(({ path, ...field }) => ({ ...field, path: path.map(String) })), ...whole };
}

export function acknowledgedOf({ finding, reason, owner, expires, by }: Acknowledged, origins: FindingOrigins): AcknowledgedMtlsFinding {
  return { ...findingOf(finding, origins), reason: redacted(reason), by, owner, expires };
}
