import { Reading } from './reading';
import { isRefusal, Report, reported, ReportedFinding } from './report';
import { admissionFindings } from './validate';
import { AdmissionContext } from '../admission/admission';
import { analyze } from '../analysis/analysis';
import { MeshFinding } from '../analysis/mesh-finding';
import { Acknowledgement } from '../findings/acknowledgement';
import { Mesh, MeshOptions } from '../mesh/mesh';
import { Summary } from '../mesh/summary';

/** What the user says besides the manifests. */
export interface CheckOptions extends AdmissionContext, MeshOptions {
  readonly acknowledgements: readonly Acknowledgement[];
}

/** What `check` found: of each object by itself, and of the mesh that they make. */
export interface CheckReport extends Report {
  readonly connections: Summary;
  readonly acknowledged: readonly AcknowledgedFinding[];
}

export interface AcknowledgedFinding extends ReportedFinding {
  readonly reason: string;
  readonly by: 'annotation' | 'run';
}

/** The mesh is that of the objects which an API server and istiod would let in: the others aren't there after an apply. */
export function check(reading: Reading, options: CheckOptions): CheckReport {
  const objections = admissionFindings(reading, options);
  const refused = new Set(objections.filter(isRefusal).map(({ objectIndex }) => objectIndex));
  const mesh = Mesh.of(reading.documents.filter((_, index) => !refused.has(index)).map(({ object }) => object), options);
  const { findings, acknowledged } = analyze(mesh, options.acknowledgements);
  const placed = placer(reading);
  return {
    reading,
    findings: [...objections, ...findings.map(placed)].sort((left, right) => left.objectIndex - right.objectIndex),
    acknowledged: acknowledged.map(({ finding, reason, by }) => ({ ...placed(finding), reason, by })),
    connections: mesh.summary(),
  };
}

/** Finds the manifest that a finding is of. */
function placer({ documents }: Reading): (finding: MeshFinding) => ReportedFinding {
  const indexes = new Map(documents.map(({ object }, index) => [object as object, index]));
  return ({ source, object, ...finding }) => {
    const index = source && indexes.get(source);
    return index === undefined ? { ...finding, object, objectIndex: documents.length } : reported(finding, documents[index], index);
  };
}
