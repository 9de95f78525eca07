import type { AnalysisSettings } from './analysis-settings';
import { MESH_FOR_EACH } from './mesh-refusals';
import type { Acknowledged } from '../analysis/acknowledgements';
import type { MeshFinding } from '../analysis/mesh-finding';
import type { Growth } from '../baseline/baseline';
import { conditionText } from '../findings/condition';
import { fieldText } from '../findings/finding';
import { redactedTexts, redactedValue } from '../findings/redacted-value';
import { refusalMessage } from '../findings/refusal';
import { redacted } from '../findings/safe-text';
import { mapping, text } from '../manifests/mapping';

/** A fact that manifests don't contain, with a value: a namespace has injection or not, a revision is installed or not. */
export interface Condition {
  /** `namespace` or `revision`. */
  readonly fact: string;
  /** The name of the namespace or revision. */
  readonly name: string;
  /** Whether the namespace has injection, or the revision is installed. */
  readonly holds: boolean;
}

/** A mistake in the manifests of a mesh. */
export interface Finding {
  /** The code of the rule, such as `MTLS101`; `istio-mtls rules` lists them all. */
  readonly code: string;

  /** Its severity. */
  readonly severity: FindingSeverity;

  /** Kind of the object to edit. */
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
   * @default - the object isn't in the manifests
   */
  readonly apiVersion?: string;

  /**
   * The field, step by step: `spec`, `subsets`, `0`, `name`; empty for the object as a whole. `MtlsAnalysis` always sets it.
   *
   * @default - not set
   */
  readonly path?: string[];

  /**
   * The field's value, in words. `MtlsAnalysis` always sets it.
   *
   * @default - not set
   */
  readonly actual?: string;

  /**
   * The expected value, in words. `MtlsAnalysis` always sets it.
   *
   * @default - not set
   */
  readonly expected?: string;

  /**
   * Why that is expected.
   *
   * @default - the expectation explains itself
   */
  readonly because?: string;

  /** The whole finding: object, field, actual value, expected value, reason and fix. */
  readonly message: string;

  /** The fix: one action. */
  readonly fix: string;

  /**
   * The fix as a change of YAML: an object as `change` in docs/schemas/check.schema.json, with fields to set and remove, the whole
   * object to add, or its deletion. It was tried on the mesh: the finding disappears, no new one appears, and no call gets worse.
   *
   * @default - no change is known to fix it
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- jsii has no other type for arbitrary JSON
  readonly change?: any;

  /**
   * How many connections the finding is about.
   *
   * @default - the rule isn't about connections
   */
  readonly connections?: number;

  /**
   * The values of facts that the manifests don't contain with which the finding holds; `message` says them, too.
   *
   * @default - it holds with any
   */
  readonly conditions?: Condition[];

  /**
   * How plainly objects expect these values: `strong` if only sidecars read them; `weak` if other proxies do, too, so that an
   * error is a warning.
   *
   * @default - it holds with any
   */
  readonly expectation?: string;

  /**
   * The number of such findings in the baseline, if there are more now or they are about more connections.
   *
   * @default - the baseline has none, or no fewer
   */
  readonly baselineCount?: number;

  /**
   * The number of connections that they are about in the baseline.
   *
   * @default - the baseline has none, or the rule isn't about connections
   */
  readonly baselineConnections?: number;

  /**
   * Broken declared calls that the finding may be about and the baseline doesn't hold, each `Deployment/shop/web → host:port`.
   *
   * @default - none, or the baseline doesn't have the finding
   */
  readonly newBrokenCalls?: string[];

  /**
   * Why the finding is accepted.
   *
   * @default - it isn't acknowledged
   */
  readonly reason?: string;

  /**
   * Where it was acknowledged: `annotation` of the object, or `run` for the options or the configuration file.
   *
   * @default - it isn't acknowledged
   */
  readonly by?: string;

  /**
   * The team or person responsible for the acknowledgement.
   *
   * @default - it isn't acknowledged, or has no owner
   */
  readonly owner?: string;

  /**
   * The last day on which the acknowledgement holds, in UTC, such as `2027-03-31`.
   *
   * @default - it isn't acknowledged, or the acknowledgement doesn't expire
   */
  readonly expires?: string;
}

/** The severity of a finding. */
export enum FindingSeverity {
  /** Something is broken or exposed. */
  ERROR = 'error',
  /** Something has an unexpected effect. */
  WARNING = 'warning',
  /** Good to know. */
  INFO = 'info',
}

/** Where findings come from: the construct that emits an object, and the configuration file. */
export interface FindingOrigins {
  readonly paths: ReadonlyMap<object, string>;
  readonly settings: AnalysisSettings;
  /** Whether the objects are an app's without an IstioMesh, which may be several environments. */
  readonly isWholeApp: boolean;
}

/** A finding as a jsii value, for every language. */
export function findingOf(
  { object: { kind, namespace, name }, source, ...finding }: MeshFinding, { paths, settings, isWholeApp }: FindingOrigins,
): Finding {
  const { code, severity, connections, conditions, expectation } = finding;
  const { change, actual, expected, because, ...texts } = redactedTexts(finding);
  const fix = isWholeApp && code === 'MTLS601' ? `${texts.fix}, or ${MESH_FOR_EACH}` : texts.fix;
  const constructPath = source && paths.get(source);
  const said = source ? { field: finding.field } : settings.acknowledgementPlace(finding.field);
  const field = fieldText(said.field);
  const fullName = [namespace, name].filter(Boolean).join('/');
  const ofRun = said.place ? `${said.place.file}:${said.place.position.line}:${said.place.position.column}` : 'MtlsAnalysis';
  const subject = source ? { kind, name: fullName, path: constructPath } : { kind: ofRun };
  const condition = conditions && conditionText(conditions);
  const message = refusalMessage({ code, ...subject, condition, field: field || 'the document', actual, expected, because, fix });
  const apiVersion = text(mapping(source).apiVersion);
  const shown = redactedValue({ kind, namespace, name, apiVersion, field, path: said.field.map(String), actual, expected, because, fix });
  const conditional = conditions && { conditions: redactedValue([...conditions]), expectation };
  return { code, severity: severity as FindingSeverity, ...shown, constructPath, message, change, connections, ...conditional };
}

/** What the baseline holds of a finding that has grown beyond it. */
export function grownOf(growth: Growth | undefined): Pick<Finding, 'baselineCount' | 'baselineConnections' | 'newBrokenCalls'> {
  if (!growth) return {};
  const { entry, calls } = growth;
  return { baselineCount: entry.count, baselineConnections: entry.connections, ...calls.length > 0 && { newBrokenCalls: [...calls] } };
}

export function acknowledgedOf({ finding, reason, owner, expires, by }: Acknowledged, origins: FindingOrigins): Finding {
  return { ...findingOf(finding, origins), reason: redacted(reason), by, owner, expires };
}
