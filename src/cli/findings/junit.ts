import { element, junitFile, output, SUITE, testCase, TestSuite, unreadableCase } from './junit-xml';
import { failuresOf, Report, ReportedFinding } from './report';
import { leftOutNotes } from '../../analysis/left-out';
import { reasonText } from '../../findings/acknowledgement';
import { FailWords, failsOn, findingSentence } from '../../findings/finding';
import { objectIdentity, titleOf } from '../../findings/object-identity';
import { printable } from '../../findings/safe-text';
import { grouped } from '../../mesh/collections';

/**
 * Reports as JUnit's XML, which CI servers show: a suite for each. Each object is a test. The findings that fail the run are its failures;
 * other findings, acknowledged or in a baseline too, are its output. Any other reason to fail is a test of its own.
 */
export function junitReport(reports: readonly Report[], failOn: FailWords): string {
  return junitFile(reports.map((report) => suiteOf(report, failOn)));
}

function suiteOf(report: Report, failOn: FailWords): TestSuite {
  const { findings, acknowledged, configured, leftOut, reading: { documents, unreadable } } = report;
  const failures = byObject(findings.filter((finding) => failsOn(finding, failOn)));
  const remarks = byObject(findings.filter((finding) => !failsOn(finding, failOn)));
  const known = byObject(acknowledged);
  const held = byObject([...configured?.baseline?.held.keys() ?? []]);
  // Findings on facts, or on no object, come after those on judged objects.
  const others = [failures, remarks, known, held].flatMap((some) => [...some.keys()]).filter((index) => index >= documents.length);
  const cases = [...documents.keys(), ...new Set(others.sort((left, right) => left - right))].map((index) => {
    const first = (failures.get(index) ?? remarks.get(index) ?? known.get(index) ?? held.get(index))?.[0];
    const document = documents[index];
    return testCase(titleOf(document ? objectIdentity(document.object) : first!.object),
      document?.file ?? first?.place?.file ?? 'istio-mtls', [
        ...(failures.get(index) ?? []).map((finding) => element('failure', { message: textOf(finding), type: finding.code },
          placeText(finding))),
        ...output([
          ...(remarks.get(index) ?? []).map(textOf),
          ...(known.get(index) ?? []).map((finding) => `${finding.code} acknowledged: ${printable(reasonText(finding))}`),
          ...(held.get(index) ?? []).map((finding) => `${finding.code} is in the baseline`),
        ]),
      ]);
  });
  const ofRun = failuresOf(report, failOn)
    .map((failure) => testCase('the run as a whole', 'istio-mtls', [element('failure', { message: failure, type: 'istio-mtls' }, '')]));
  return {
    name: configured?.configuration?.mesh === undefined ? SUITE : `${SUITE} ${configured.configuration.mesh}`,
    cases: [...cases, ...ofRun, ...unreadable.map(unreadableCase)],
    failures: failures.size + ofRun.length,
    errors: unreadable.length,
    remarks: leftOutNotes(leftOut),
  };
}

function textOf(finding: ReportedFinding): string {
  return printable(`${finding.code}: ${findingSentence(finding)}`);
}

function placeText({ place }: ReportedFinding): string {
  if (!place) return '';
  const { file, position } = place;
  return position ? `${file}:${position.line}:${position.column}` : file;
}

function byObject<T extends ReportedFinding>(findings: readonly T[]): ReadonlyMap<number, readonly T[]> {
  return grouped(findings, ({ objectIndex }) => objectIndex);
}
