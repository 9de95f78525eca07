import { UndefinedSubsets } from '../../admission/undefined-subsets';
import { AdmissionFacts } from '../../configuration/running-version';
import { objectionsTo } from '../admission/objections';
import { Report, reported, ReportedFinding } from '../findings/report';
import { objectsOf, Reading } from '../input/reading';
import { withoutPlaceholders } from '../input/templates';

/** Admission's objections to each object by itself, and routes to undefined subsets. */
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
  return reading.documents.flatMap((document, index) => (
    subsets.objections(document.object).map((objection) => reported(objection, document, index))));
}
