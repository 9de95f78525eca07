import { objectsOf, Reading, ReadObject } from './reading';
import { Report, reported, ReportedFinding } from './report';
import { withoutPlaceholders } from './templates';
import { admit } from '../admission/admission';
import { Objection } from '../admission/objection';
import { UndefinedSubsets } from '../admission/undefined-subsets';
import { AdmissionFacts, rootNamespaceIn, runningVersion } from '../configuration/running-version';

/** What admission has against one of the objects that were read; plain, so that one thread can hand it to another. */
export interface Objected {
  readonly objectIndex: number;
  readonly objection: Objection;
}

/** @param tell is told each at once */
export function objectionsTo(
  objects: readonly Pick<ReadObject, 'object'>[], facts: AdmissionFacts, tell?: (objection: Objection) => void,
): Objected[] {
  const found: Objected[] = [];
  const { istiodNamespace } = facts;
  const all: readonly unknown[] = objects.map(({ object }) => object);
  const context = { istiodNamespace, istioVersion: runningVersion(all, facts), rootNamespace: rootNamespaceIn(all, facts) };
  for (const [objectIndex, { object }] of objects.entries()) {
    for (const objection of admit(object, context)) {
      found.push({ objectIndex, objection });
      tell?.(objection);
    }
  }
  return found;
}

/** What an API server or istiod has against each object by itself, and against routes to subsets that nobody defines. */
export function validate(reading: Reading, facts: AdmissionFacts, clusterDomain?: string): Report {
  const { documents } = reading;
  const { objected, problems } = withoutPlaceholders(reading, objectionsTo(objectsOf(reading), facts));
  const findings = objected.filter(({ objectIndex }) => objectIndex < documents.length)
    .map(({ objection, objectIndex }) => reported(objection, documents[objectIndex], objectIndex));
  return {
    reading: { ...reading, unreadable: [...reading.unreadable, ...problems] },
    findings: [...findings, ...subsetFindings(reading, clusterDomain)],
    acknowledged: [],
  };
}

function subsetFindings(reading: Reading, clusterDomain: string | undefined): ReportedFinding[] {
  const subsets = new UndefinedSubsets(objectsOf(reading).map(({ object }) => object), clusterDomain);
  return reading.documents.flatMap((document, index) => subsets.objections(document.object).map((objection) => reported(objection, document, index)));
}
