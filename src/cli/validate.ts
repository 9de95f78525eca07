import { Reading } from './reading';
import { Report, reported, ReportedFinding } from './report';
import { admit, AdmissionContext } from '../admission/admission';
import { UndefinedSubsets } from '../admission/undefined-subsets';

/** What an API server or istiod has against each object by itself, and against routes to subsets that nobody defines. */
export function validate(reading: Reading, context: AdmissionContext): Report {
  return { reading, findings: [...admissionFindings(reading, context), ...subsetFindings(reading)] };
}

export function admissionFindings({ documents }: Reading, context: AdmissionContext): ReportedFinding[] {
  return documents.flatMap((document, index) => admit(document.object, context).map((objection) => reported(objection, document, index)));
}

function subsetFindings({ documents }: Reading): ReportedFinding[] {
  const subsets = new UndefinedSubsets(documents.map(({ object }) => object));
  return documents.flatMap((document, index) => subsets.objections(document.object).map((objection) => reported(objection, document, index)));
}
