import { objectionsTo } from './objected';
import { Reading } from './reading';
import { Report, reported, ReportedFinding } from './report';
import { AdmissionContext } from '../admission/admission';
import { UndefinedSubsets } from '../admission/undefined-subsets';

/** What an API server or istiod has against each object by itself, and against routes to subsets that nobody defines. */
export function validate(reading: Reading, context: AdmissionContext): Report {
  return { reading, findings: [...admissionFindings(reading, context), ...subsetFindings(reading)], acknowledged: [] };
}

function admissionFindings(reading: Reading, context: AdmissionContext): ReportedFinding[] {
  return objectionsTo(reading, context).map(({ objection, objectIndex }) => reported(objection, reading.documents[objectIndex], objectIndex));
}

function subsetFindings({ documents }: Reading): ReportedFinding[] {
  const subsets = new UndefinedSubsets(documents.map(({ object }) => object));
  return documents.flatMap((document, index) => subsets.objections(document.object).map((objection) => reported(objection, document, index)));
}
