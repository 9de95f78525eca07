import { objectionsTo } from './objected';
import { objectsOf, Reading } from './reading';
import { Report, reported, ReportedFinding } from './report';
import { AdmissionContext } from '../admission/admission';
import { UndefinedSubsets } from '../admission/undefined-subsets';

/** What an API server or istiod has against each object by itself, and against routes to subsets that nobody defines. */
export function validate(reading: Reading, context: AdmissionContext, clusterDomain?: string): Report {
  return { reading, findings: [...admissionFindings(reading, context), ...subsetFindings(reading, clusterDomain)], acknowledged: [] };
}

function admissionFindings({ documents }: Reading, context: AdmissionContext): ReportedFinding[] {
  return objectionsTo(documents, context).map(({ objection, objectIndex }) => reported(objection, documents[objectIndex], objectIndex));
}

function subsetFindings(reading: Reading, clusterDomain: string | undefined): ReportedFinding[] {
  const subsets = new UndefinedSubsets(objectsOf(reading).map(({ object }) => object), clusterDomain);
  return reading.documents.flatMap((document, index) => subsets.objections(document.object).map((objection) => reported(objection, document, index)));
}
