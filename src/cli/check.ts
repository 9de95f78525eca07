import type { Objected } from './objected';
import { Reading } from './reading';
import { isRefusal, Report, reported, ReportedFinding } from './report';
import type { AdmissionContext } from '../admission/admission';
import { Analysis, analyze } from '../analysis/analysis';
import { MeshFinding } from '../analysis/mesh-finding';
import { toldInFull } from '../analysis/told-in-full';
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

/** What comes of a mesh. */
type Verdict = Analysis & { readonly connections: Summary };

/**
 * The mesh is that of the objects which an API server and istiod would let in: the others aren't there after an apply.
 * While a second thread admits, most likely all of them, the mesh of all is judged; if some are refused, once more.
 */
export async function check(reading: Reading, options: CheckOptions, elsewhere?: Promise<readonly Objected[] | undefined>): Promise<CheckReport> {
  const hoped = elsewhere && attempt(() => verdictOn(reading, new Set(), options));
  const objected = await elsewhere ?? objectionsHere(reading, options);
  const refused = new Set(objected.filter(({ objection }) => isRefusal(objection)).map(({ objectIndex }) => objectIndex));
  const verdict = hoped && refused.size === 0 ? hoped() : verdictOn(reading, refused, options);
  const { findings, acknowledged, connections } = verdict;
  const isTold = toldInFull(verdict);
  const objections = objected.filter(({ objection, objectIndex }) => !isTold(reading.documents[objectIndex].object, objection.code))
    .map(({ objection, objectIndex }) => reported(objection, reading.documents[objectIndex], objectIndex));
  const placed = placer(reading);
  return {
    reading,
    findings: [...objections, ...findings.map(placed)].sort((left, right) => left.objectIndex - right.objectIndex),
    acknowledged: acknowledged.map(({ finding, reason, by }) => ({ ...placed(finding), reason, by })),
    connections,
  };
}

function objectionsHere(reading: Reading, options: CheckOptions): readonly Objected[] {
  // Loaded when it runs: mostly the second thread has it.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { objectionsTo } = require('./objected') as typeof import('./objected');
  return objectionsTo(reading, options);
}

function verdictOn({ documents }: Reading, refused: ReadonlySet<number>, options: CheckOptions): Verdict {
  const mesh = Mesh.of(documents.filter((_, index) => !refused.has(index)).map(({ object }) => object), options);
  return { ...analyze(mesh, options.acknowledgements), connections: mesh.summary() };
}

/** Keeps an error for who wants the result: of objects that are refused, nobody does. */
function attempt<T>(make: () => T): () => T {
  try {
    const made = make();
    return () => made;
  } catch (error) {
    return () => { throw error; };
  }
}

/** Finds the manifest that a finding is of. */
function placer({ documents }: Reading): (finding: MeshFinding) => ReportedFinding {
  const indexes = new Map(documents.map(({ object }, index) => [object as object, index]));
  return ({ source, object, ...finding }) => {
    const index = source && indexes.get(source);
    return index === undefined ? { ...finding, object, objectIndex: documents.length } : reported(finding, documents[index], index);
  };
}
