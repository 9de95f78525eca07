import { ConfigurationFile } from './configuration-file';
import { PrintedPlace, placeJson, ReadCounts } from './json';
import { ReportedFinding, AppliedConfiguration, SettledBaseline } from './report';
import { BaselineEntry, Growth } from '../../baseline/baseline';
import { Condition } from '../../findings/condition';
import { FieldPath, fieldText, ObjectChange, Severity } from '../../findings/finding';
import { ObjectIdentity } from '../../findings/object-identity';

/** What is wrong with an object. */
export interface PrintedFinding extends PrintedPlace {
  /**
   * error: with an ADMIT code, the object is rejected; with an MTLS code, something is broken or exposed. warning: something has an
   * unexpected effect. info: additional information.
   */
  readonly severity: Severity;
  /**
   * istio-mtls rules CODE explains it.
   *
   * @pattern ^(ADMIT|MTLS)\d{3}$
   */
  readonly code: string;
  /**
   * The path as given; <stdin> for standard input. Missing if the finding isn't in a manifest, such as for an acknowledgement on the
   * command line.
   */
  readonly file?: string;
  /** The object, as far as it is known; * stands for any, in an acknowledgement on the command line that matches no finding. */
  readonly object: ObjectIdentity;
  /** The field in Kubernetes' notation, such as spec.http[0].route; empty for the object as a whole. */
  readonly field: string;
  /** The path of the field. For an acknowledgement of the run: its index. */
  readonly path: FieldPath;
  readonly actual: string;
  readonly expected: string;
  readonly because?: string;
  readonly fix: string;
  /**
   * The fix as a change of YAML, tried on the mesh: the finding disappears, no new one appears, and no call gets worse. Missing if no
   * change is known to fix it.
   */
  readonly change?: ObjectChange;
  /** The number of connections that it is about, if the rule is about connections. */
  readonly connections?: number;
  /** The values of facts with which it holds. Missing if it holds with any. */
  readonly if?: readonly Condition[];
  /**
   * strong: objects that only sidecars read expect these values. weak: objects that other proxies read, too, expect them, and an error
   * is a warning. Missing if nothing expects them, or if it holds with any.
   */
  readonly expectation?: 'strong' | 'weak';
}

/** A finding that isn't acknowledged. */
export interface PrintedOpenFinding extends PrintedFinding {
  /** The number of findings that it stands for; --all lists each. */
  readonly alike?: number;
  /** What the baseline holds of it, if there is more now. */
  readonly baseline?: PrintedGrowth;
}

/** What a baseline holds of a finding. */
interface PrintedGrowth {
  /** @minimum 1 */
  readonly count: number;
  readonly connections?: number;
  /** Broken declared calls that it doesn't hold, each `Deployment/shop/web → ratings.shop.svc.cluster.local:9080`. */
  readonly newCalls?: readonly string[];
}

/** How much was read, and found in it. */
export interface FindingCounts extends ReadCounts {
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
}

/** The files of settings that a report comes from, and what they leave out of it. */
export interface PrintedSettled {
  /** The configuration file of the run. Missing if there is none. */
  readonly configuration?: PrintedConfiguration;
  /** The baseline of the run. Missing if there is none. */
  readonly baseline?: PrintedBaseline;
}

/** A configuration file, with what its severities leave out. */
interface PrintedConfiguration extends ConfigurationFile {
  /** The number of findings that its severities turn off. */
  readonly off: number;
}

/** A baseline, with what it leaves out. */
interface PrintedBaseline {
  readonly path: string;
  /** The number of findings that it holds; they aren't listed in findings. */
  readonly matched: number;
  /** Entries that no longer match a finding. */
  readonly stale: readonly PrintedEntry[];
  /** The number of undecided connections that exceed it. */
  readonly undecidedBeyond: number;
}

/** An entry of a baseline. */
interface PrintedEntry {
  /** @pattern ^(ADMIT|MTLS)\d{3}$ */
  readonly code: string;
  readonly object: Pick<BaselineEntry, 'group' | 'kind' | 'namespace' | 'name'>;
  readonly field: string;
  /** @minimum 1 */
  readonly count: number;
  readonly connections?: number;
  readonly reason?: string;
}

/** A finding as JSON. */
export function findingJson(finding: ReportedFinding, growth?: Growth): PrintedOpenFinding {
  const { severity, code, place, object, field, actual, expected, because, fix, change, connections, alike } = finding;
  const { conditions, expectation } = finding;
  return {
    severity,
    code,
    ...place && { file: place.file, ...place.position && placeJson(place.position) },
    object,
    field: fieldText(field),
    path: field,
    actual,
    expected,
    because,
    fix,
    change,
    connections,
    if: conditions,
    expectation,
    alike,
    ...growth && { baseline: growthJson(growth) },
  };
}

function growthJson({ entry: { count, connections }, calls }: Growth): PrintedGrowth {
  return { count, connections, ...calls.length > 0 && { newCalls: calls } };
}

export function settledJson(configured: AppliedConfiguration | undefined): PrintedSettled {
  if (!configured) return {};
  const { configuration, off, baseline } = configured;
  return {
    ...configuration === undefined ? {} : { configuration: { ...configuration, off } },
    ...baseline && { baseline: baselineJson(baseline) },
  };
}

function baselineJson({ path, held, stale, undecidedBeyond }: SettledBaseline): PrintedBaseline {
  return { path, matched: held.size, stale: stale.map(entryJson), undecidedBeyond };
}

function entryJson({ code, group, kind, namespace, name, field, count, connections, reason }: BaselineEntry): PrintedEntry {
  return { code, object: { group, kind, namespace, name }, field, count, connections, reason };
}
