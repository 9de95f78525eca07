import { Evidence } from './evidence';
import { RULES } from './rules';
import { fieldText } from '../findings/field-path';
import { Finding } from '../findings/finding';
import { Mesh } from '../mesh/mesh';
import { compareTexts, MeshObject } from '../mesh/objects/mesh-object';

/** A finding of the analysis, of an object of the mesh. */
export interface MeshFinding extends Finding {
  /** `object.source` is the very object that the mesh was made from. */
  readonly object: MeshObject;
  /** How many connections it concerns, where the rule is about connections. */
  readonly connections?: number;
}

/** Everything that the rules find in a mesh, by object, code and field. */
export function analyze(mesh: Mesh): readonly MeshFinding[] {
  const evidence = new Evidence(mesh);
  return RULES.flatMap((rule) => [...rule.find(evidence)].map((found) => ({ code: rule.code, severity: rule.severity, ...found })))
    .sort(compareFindings);
}

function compareFindings(left: MeshFinding, right: MeshFinding): number {
  return compareTexts(left.object.namespace, right.object.namespace)
    || compareTexts(left.object.kind, right.object.kind)
    || compareTexts(left.object.name, right.object.name)
    || compareTexts(left.code, right.code)
    || compareTexts(fieldText(left.field), fieldText(right.field))
    || compareTexts(left.actual, right.actual);
}
