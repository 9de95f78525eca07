import { FieldFault } from './fields';
import { FieldPath, fieldText, Finding, ObjectChange } from '../findings/finding';
import { compareTexts, ObjectName, objectText } from '../mesh/inventory/object';

/** A fault that a rule has found in an object of the mesh. */
export interface Found extends FieldFault, Omit<Finding, 'code' | 'severity' | 'change'> {
  /** The number of connections, if the rule is about connections. */
  readonly connections?: number;
  /** The source of the manifest that comes later and replaces the object's. */
  readonly replacedBy?: object;
}

/** A finding of the analysis, of an object of the mesh. */
export interface MeshFinding extends Finding {
  readonly object: ObjectName;
  /** The object that the mesh was built from; undefined if it isn't among the manifests. */
  readonly source?: object;
  /** The number of connections, if the rule is about connections. */
  readonly connections?: number;
  /** Changes that may fix it, still untried. */
  readonly remedies?: readonly ObjectChange[];
  /** The source of the manifest that comes later and replaces the object's. */
  readonly replacedBy?: object;
}

/** `DestinationRule shop/ratings spec.trafficPolicy.tls`: a key of the field. */
export function fieldRefText({ object, field }: Pick<MeshFinding, 'object' | 'field'>): string {
  return `${objectText(object)} ${fieldText(field)}`;
}

/** A key of a finding: its code and field. */
export function findingKey({ code, ...ref }: MeshFinding): string {
  return `${code} ${fieldRefText(ref)}`;
}

/** Sorts by object, code and field. */
export function inOrder<F extends MeshFinding>(findings: readonly F[]): readonly F[] {
  const fields = new Map(findings.map(({ field }) => [field, fieldText(field)]));
  return [...findings].sort((left, right) => compareFindings(left, right, fields));
}

function compareFindings(left: MeshFinding, right: MeshFinding, fields: ReadonlyMap<FieldPath, string>): number {
  return compareTexts(left.object.namespace, right.object.namespace)
    || compareTexts(left.object.kind, right.object.kind)
    || compareTexts(left.object.name, right.object.name)
    || compareTexts(left.code, right.code)
    || compareTexts(fields.get(left.field)!, fields.get(right.field)!)
    || compareTexts(left.actual, right.actual);
}
