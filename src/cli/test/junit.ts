import { ReportedFailure, TestReport } from './report';
import { nounOf } from '../../expectations/expectation';
import { witnessOutcome, witnessName } from '../../expectations/wording';
import { printable } from '../../findings/safe-text';
import { element, junitFile, output, SUITE, testCase, unreadableCase } from '../findings/junit-xml';
import { counted } from '../output/printer';

/** The report as JUnit's XML, which CI servers show. */
export function testJunit({ tests, file, reading: { unreadable } }: TestReport): string {
  const cases = tests.map(({ title, failures, expectation: { demand }, count }) => testCase(title, file, [
    ...failures.map((failure) => failureElement(failure, file)),
    ...failures.length === 0 ? output([counted(count, nounOf(demand))]) : [],
  ]));
  const failed = tests.filter(({ failures }) => failures.length > 0).length;
  return junitFile([{ name: SUITE, cases: [...cases, ...unreadable.map(unreadableCase)], failures: failed, errors: unreadable.length }]);
}

function failureElement({ kind, message, position: { line, column }, witness }: ReportedFailure, file: string): string {
  const place = `${file}:${line}:${column}`;
  return element('failure', { message: printable(message), type: kind }, [place, ...witness ? witnessLines(witness) : []].join('\n'));
}

function witnessLines(witness: NonNullable<ReportedFailure['witness']>): string[] {
  const { is, because } = witnessOutcome(witness);
  return [`e.g. ${printable(witnessName(witness))}`, ...because === '' ? [] : [printable(`is ${is}: ${because}`)]];
}
